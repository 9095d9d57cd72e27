"""Countries and groups under all their names: territory names, demonyms, capitals, seats of power, leaders by year."""

import json
from collections.abc import Iterator
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
_LONGEST = 6
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
    table, first_words = _table(), _first_words()
    is_small = text.islower()
    spans = list(word_spans(text))
    words = [fold(text[start:end]) for start, end in spans]
    found: list[Mention] = []
    past = 0
    for place, word in enumerate(words):
        if place < past or word not in first_words:
            continue
        for count in range(min(_LONGEST, len(words) - place), 0, -1):
            names = table.get(tuple(words[place : place + count]))
            start, end = spans[place][0], spans[place + count - 1][1]
            if names and (count > 1 or _is_name(word, text[start:end], is_small=is_small)):
                found.append(Mention(_at(names, year), start, end))
                past = place + count
                break
    return found


def ids(text: str, year: int | None = None) -> frozenset[str]:
    """The codes of all countries and groups that a text names."""
    return frozenset(each.id for each in mentions(text, year))


def _is_name(word: str, written: str, *, is_small: bool) -> bool:
    if word not in _CASED or (is_small and word in _TYPED_SMALL):
        return True
    return written.isupper() if word in _CAPITALS else written[:1].isupper()


def _at(names: tuple[_Name, ...], year: int | None) -> str:
    """Whom a name stood for in a year; the nearest office where none fits."""
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
def _first_words() -> frozenset[str]:
    return frozenset(key[0] for key in _table())


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
