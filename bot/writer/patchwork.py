"""Checks sentences of the quotes' own words: their order, which name stands where, and seams between two quotes."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import fmean

from bot.writer.comparison import content_words, share_held, stems
from bot.writer.roles import Named, names_in
from bot.writer.source import Source
from bot.writer.written import Fault, Problem
from index.terms import STOP_WORDS, fold

# A sentence with fewer of its pairs of neighbours in the quotes has their words in another order. If it has hardly any
# other words than theirs, it has so for certain below the second share: a reworded one has more.
OWN_WORDS = 0.9
MIN_PAIRS, FEWEST_PAIRS = 0.25, 0.15
# Shorter sentences have too few pairs, and shorter pieces stand in many sentences.
_FEWEST_WORDS = 6
_PIECE = 4
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SEAM = re.compile(r"[,;:–—()]")
# What joins a name to another one, before it in so many characters, and behind it.
_LONGEST_JOIN = 12
_JOINED_BEFORE = re.compile(r"(?:[,;:–—(]|\b(?:and|or|but|while|whereas|nor|with|versus|between))\s*$", re.IGNORECASE)
_JOINED_AFTER = re.compile(r"\s*(?:[,;:–—(]|(?:and|or|nor|with)\b)")
_SCRAMBLED = Problem(Fault.UNSUPPORTED, "It has the words of the quotes in another order.")
_MISPLACED = Problem(Fault.ROLES, "In the quotes another name stands in this place.")
_SPLICED = Problem(Fault.ROLES, "It joins halves of two sentences.")

# The words on both sides of a name; empty at the ends of a text.
_Place = tuple[str, str]


def scrambled(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return whether a sentence has the words of its quotes in an order that they have in none."""
    return [_SCRAMBLED] if _shared_pairs(text, sources) < MIN_PAIRS else []


def shuffled(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return whether a sentence of hardly any other words than its quotes' has them in an order of its own."""
    words = [each.stem for each in content_words(text)]
    held = frozenset().union(*(each.stems for each in sources))
    is_own = len(stems(text)) >= _FEWEST_WORDS and share_held(words, held) >= OWN_WORDS
    return [_SCRAMBLED] if is_own and _shared_pairs(text, sources) < FEWEST_PAIRS else []


def misplaced(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a name stands between two words that have another name between them in the quotes.

    Not if it stands beside one of these words elsewhere in the quotes, nor among names that are joined ("Iran and
    Russia"), nor between two words without meaning.
    """
    between: dict[_Place, set[str]] = defaultdict(set)
    beside: set[tuple[int, str, str]] = set()
    for source in sources:
        for name, place in _places(source.text):
            between[place].add(name.key)
            beside |= {(side, word, name.key) for side, word in enumerate(place)}
    for name, place in _places(text):
        others = between.get(place, set())
        telling = [(side, word, name.key) for side, word in enumerate(place) if word and word not in STOP_WORDS]
        is_known = name.key in others or any(each in beside for each in telling)
        if others and telling and not is_known and not _is_joined(text, name):
            return [_MISPLACED]
    return []


def spliced(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return whether a sentence is a piece of one quote and a piece of another, with nothing between them."""
    matches = list(_WORD.finditer(text))
    words = [fold(each[0]) for each in matches]
    quotes = [[fold(each[0]) for each in _WORD.finditer(source.text)] for source in sources]
    begins = [_shared_beginning(words, quote) for quote in quotes]
    ends = [_shared_beginning(words[::-1], quote[::-1]) for quote in quotes]
    if any(begin + end >= len(words) for begin, end in zip(begins, ends, strict=True)):
        return []
    begin, end = max(begins, default=0), max(ends, default=0)
    if min(begin, end) < _PIECE or begin + end < len(words):
        return []
    seams = zip(matches[len(words) - end - 1 : begin], matches[len(words) - end : begin + 1], strict=True)
    return [] if any(_SEAM.search(text[one.end() : other.start()]) for one, other in seams) else [_SPLICED]


def _shared_pairs(text: str, sources: Sequence[Source]) -> float:
    """Return the share of a sentence's neighbouring words that are neighbours in the quotes; 1 without any."""
    held = {pair for each in sources for pair in pairwise(stems(each.text))}
    ours = list(pairwise(stems(text)))
    return fmean(pair in held for pair in ours) if ours else 1.0


def _places(text: str) -> Iterator[tuple[Named, _Place]]:
    """Yield the names of a text with the words before and after each."""
    words = list(_WORD.finditer(text))
    starts, ends = [each.start() for each in words], [each.end() for each in words]
    for name in names_in(text):
        before, after = bisect_right(ends, name.start) - 1, bisect_left(starts, name.end)
        yield name, (
            fold(words[before][0]) if before >= 0 else "", fold(words[after][0]) if after < len(words) else "",
        )  # fmt: skip


def _is_joined(text: str, name: Named) -> bool:
    before = text[max(0, name.start - _LONGEST_JOIN) : name.start]
    return bool(_JOINED_BEFORE.search(before) or _JOINED_AFTER.match(text, name.end))


def _shared_beginning(words: Sequence[str], others: Sequence[str]) -> int:
    """Return the length of the longest beginning of `words` that stands in `others`."""
    longest = 0
    for at in range(len(others)):
        count = 0
        while count < len(words) and at + count < len(others) and words[count] == others[at + count]:
            count += 1
        longest = max(longest, count)
    return longest
