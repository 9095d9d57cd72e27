"""Checks sentences of the quotes' own words: their order, which name stands where, and seams between two quotes."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import fmean

from bot.writer.comparison import content_words, share_held, stems
from bot.writer.roles import Named, names_in
from bot.writer.source import Source
from bot.writer.written import Fault, Problem
from index.terms import STOP_WORDS, fold

# From this share of held words on a sentence has the quotes' own, and with fewer of its pairs of neighbours in them
# these are in another order.
OWN_WORDS = 0.9
MIN_PAIRS = 0.25
# Shorter sentences have too few pairs, and shorter pieces stand in many sentences.
_FEWEST_WORDS = 6
_PIECE = 4
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_JOINS = re.compile(r"[,;:–—(]|\b(?:and|or|but|while|whereas|nor|with|versus|between)\s*$", re.IGNORECASE)
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
    return [_SCRAMBLED] if is_own and _shared_pairs(text, sources) < MIN_PAIRS else []


def misplaced(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a name stands between two words that have another name between them in the quotes.

    Not among names that are joined ("Iran and Russia"), nor between two words without meaning.
    """
    theirs: dict[_Place, set[str]] = defaultdict(set)
    for source in sources:
        for name, place in _places(source.text):
            theirs[place].add(name.key)
    for name, place in _places(text):
        others = theirs.get(place, set())
        is_telling = any(word and word not in STOP_WORDS for word in place)
        if others and name.key not in others and is_telling and not _is_joined(text, name):
            return [_MISPLACED]
    return []


def spliced(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return whether a sentence is the beginning of one quote and the end of another, with nothing between them."""
    if len(sources) < 2:
        return []
    words = [fold(each[0]) for each in _WORD.finditer(text)]
    quotes = [[fold(each[0]) for each in _WORD.finditer(source.text)] for source in sources]
    begin = max(_shared_beginning(words, quote) for quote in quotes)
    end = max(_shared_beginning(words[::-1], quote[::-1]) for quote in quotes)
    is_whole = any(_holds(quote, words) for quote in quotes)
    return [_SPLICED] if not is_whole and min(begin, end) >= _PIECE and begin + end >= len(words) else []


def _shared_pairs(text: str, sources: Sequence[Source]) -> float:
    """Return the share of a sentence's neighbouring words that are neighbours in the quotes; 1 without any."""
    held = {pair for each in sources for pair in pairwise(stems(each.text))}
    ours = list(pairwise(stems(text)))
    return fmean(pair in held for pair in ours) if ours else 1.0


def _places(text: str) -> Iterator[tuple[Named, _Place]]:
    """Yield the names of a text with the words before and after each."""
    words = list(_WORD.finditer(text))
    for name in names_in(text):
        before = [fold(each[0]) for each in words if each.end() <= name.start][-1:]
        after = [fold(each[0]) for each in words if each.start() >= name.end][:1]
        yield name, ("".join(before), "".join(after))


def _is_joined(text: str, name: Named) -> bool:
    before, after = text[: name.start].rstrip(), text[name.end :].lstrip()
    return bool(_JOINS.search(before[-12:]) or _JOINS.match(after) or re.match(r"(?:and|or|nor|with)\b", after))


def _shared_beginning(words: Sequence[str], others: Sequence[str]) -> int:
    """Return the length of the longest beginning of `words` that stands in `others`."""
    longest = 0
    for at in range(len(others)):
        count = 0
        while count < len(words) and at + count < len(others) and words[count] == others[at + count]:
            count += 1
        longest = max(longest, count)
    return longest


def _holds(words: Sequence[str], piece: Sequence[str]) -> bool:
    return _shared_beginning(piece, words) == len(piece)
