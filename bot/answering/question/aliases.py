"""Countries and groups under all their names: territory names, demonyms, capitals, seats of power, leaders by year."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale

from index.terms import fold, word_spans

# Our own beside Babel's territory names (CLDR): code or group to names, seats, and leaders with first and last year.
ALIASES_FILE = Path(__file__).with_name("aliases.json")
# Words that are also ordinary English, or parts of other names: taken as names only when capitalised.
_CASED = frozenset(
    """us pole poles dane turk turks turkey isi rus xi lula sofia aden lima chad georgia jordan jersey who un santiago
    asia""".split()
)
# Only in capitals: "us" and "un" are words of other meanings at the beginning of a sentence too.
_CAPITALS = frozenset(("us", "un", "isi"))
# Those of them that are countries in a question typed without capitals.
_TYPED_SMALL = frozenset(("turkey", "chad", "georgia", "jordan"))
_WORD = re.compile(r"[^\W_]+")
# Last names that too many others bear to stand for one leader.
_COMMON_SURNAMES = frozenset(
    """johnson clinton harris khan cameron francis castro morrison turnbull harper sharif pence vance austin sullivan
    kerry bolton kirby wallace thatcher ahmed ibrahim mohamed hussein singh salman abdullah hassan conte michel martin
    santos sanchez fernandez jordan petro biya allen orban abbas alberto ortega mubarak blair brown carney""".split()
) - {"orban", "abbas", "mubarak"}
_SHORTEST_SURNAME = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """A country or group named in a text: its code and where it stands."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Name:
    id: str
    first: int = 0
    last: int = 9999


def mentions(text: str, year: int | None = None) -> list[Mention]:
    """The countries and groups that a text names, in order; longer names win over those inside them.

    Args:
        text: any text.
        year: when it was written; decides for whom a leader spoke then. None takes the latest office.
    """
    written, is_small = _WORD.findall(text), text.islower()
    folded, table, lengths = _folded(written), _table(), _lengths()
    found: list[tuple[int, int, tuple[_Name, ...]]] = []
    for place, word in enumerate(folded):
        # Most words begin no name.
        if word not in lengths or (found and place < found[-1][1]):
            continue
        for count in lengths[word]:
            names = table.get(tuple(folded[place : place + count])) if place + count <= len(folded) else None
            if names and (count > 1 or _is_name(word, written[place], is_small=is_small)):
                found.append((place, place + count, names))
                break
    if not found:
        return []
    spans = list(word_spans(text))
    return [Mention(_at(names, year), spans[first][0], spans[past - 1][1]) for first, past, names in found]


def ids(text: str, year: int | None = None) -> frozenset[str]:
    """The codes of all countries and groups that a text names."""
    return frozenset(each.id for each in mentions(text, year))


def _is_name(word: str, written: str, *, is_small: bool) -> bool:
    if word not in _CASED or (is_small and word in _TYPED_SMALL):
        return True
    return written.isupper() if word in _CAPITALS else written[:1].isupper()


def _at(names: tuple[_Name, ...], year: int | None) -> str:
    """Whom a name stood for in a year; the nearest office where none fits."""
    if len(names) == 1:
        return names[0].id
    if year is None:
        return max(names, key=lambda name: name.last).id
    return min(names, key=lambda name: max(name.first - year, year - name.last, 0)).id


@cache
def _table() -> dict[tuple[str, ...], tuple[_Name, ...]]:
    table: dict[tuple[str, ...], tuple[_Name, ...]] = {}
    surnames: dict[str, set[str]] = {}
    leaders: list[tuple[str, _Name]] = []
    for written, name in _all_names():
        key = tuple(fold(written[start:end]) for start, end in word_spans(written))
        table[key] = (*table.get(key, ()), name)
        if name.last < 9999 or name.first:
            surnames.setdefault(key[-1], set()).add(name.id)
            leaders.append((key[-1], name))
    for surname, name in leaders:
        is_rare = len(surname) >= _SHORTEST_SURNAME and surname not in _COMMON_SURNAMES and len(surnames[surname]) == 1
        if is_rare and (surname,) not in table:
            table[surname,] = (name,)
    return table


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """For each word that a name begins with, of how many words such names are, most first."""
    lengths: dict[str, set[int]] = {}
    for key in _table():
        lengths.setdefault(key[0], set()).add(len(key))
    return {first: tuple(sorted(counts, reverse=True)) for first, counts in lengths.items()}


def _folded(written: Sequence[str]) -> Sequence[str]:
    """Words, each folded for itself: in a text folded as a whole there may be more or fewer of them."""
    joined = " ".join(written)
    # Most texts that are not ASCII are so for their quotation marks, which are in no word.
    return joined.lower().split() if joined.isascii() else [fold(word) for word in written]


def _all_names() -> Iterator[tuple[str, _Name]]:
    ours = json.loads(ALIASES_FILE.read_text(encoding="utf-8"))
    known = {name for entry in ours.values() for name in entry["names"]}
    for code, territory in Locale("en").territories.items():
        if len(code) == 2 and code not in {"ZZ", "XA", "XB", "EZ"}:
            for written in dict.fromkeys((territory, territory.split(" (")[0])):
                if written not in known:
                    yield written, _Name(code)
    for code, entry in ours.items():
        for written in (*entry["names"], *entry["seats"]):
            yield written, _Name(code)
        for written, (first, last) in entry["leaders"].items():
            yield written, _Name(code, first, last or 9998)
