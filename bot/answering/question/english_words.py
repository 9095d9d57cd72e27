"""The English words that are known without any article: those of the packaged model's vocabulary, and their forms."""

import json
from collections.abc import Iterator, Mapping
from functools import cache

from index.embedding.models import REINSTALL, packaged_weights
from index.errors import ModelUnavailable

# Endings of forms that a vocabulary of 20,000 words leaves out, and what their base may have had instead.
_ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("es", "e"),
    ("es", ""),
    ("s", ""),
    ("ed", "e"),
    ("ed", ""),
    ("ing", "e"),
    ("ing", ""),
    ("er", "e"),
    ("er", ""),
    ("ly", ""),
    ("ness", ""),
    ("less", ""),
)
_PREFIXES = ("anti", "counter", "de", "dis", "inter", "mis", "non", "out", "over", "post", "pre", "re", "sub", "un")
_SHORTEST_BASE = 3
# "retier" is no "re" + "tier".
_SHORTEST_PREFIXED = 5
_SHORTEST_PART = 4


@cache
def english_words() -> Mapping[str, int]:
    """Return the whole words of the packaged model's vocabulary, of three letters or more, with their rank.

    The common ones come first, and so have the lower ranks.

    Raises:
        ModelUnavailable: the packaged model is not installed or can't be read.
    """
    path = packaged_weights().with_name("tokenizer.json")
    try:
        pieces: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"The packaged embedding model's words can't be read ({path}).", REINSTALL) from error
    return {
        piece: rank
        for piece, rank in pieces.items()
        if len(piece) >= _SHORTEST_BASE and piece.isascii() and piece.isalpha()
    }


def is_english(word: str) -> bool:
    """Return whether a lower-case word is known as English: listed, a form of a listed word, or two joined."""
    known = english_words()
    if word in known or any(base in known for base in bases(word)):
        return True
    for prefix in _PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= _SHORTEST_PREFIXED and (rest in known or any(b in known for b in bases(rest))):
            return True
    return any(
        word[:cut] in known and word[cut:] in known for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    )


def bases(word: str) -> Iterator[str]:
    """Yield what a word may be a regular form of: "vetoing" of "veto", "Icelands" of "Iceland"; not checked."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_BASE:
            base = word.removesuffix(ending)
            yield base + instead
            if ending in {"ed", "ing", "er"} and not instead and base[-1] == base[-2]:
                yield base[:-1]
