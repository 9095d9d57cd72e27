"""Recognises countries and groups by all their names: territories, demonyms, capitals, leaders by year."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from index.terms import fold, word_spans

# Adds to Babel's territory names (CLDR): code or group to names, seats, and leaders with first and last year.
ALIASES_FILE = Path(__file__).with_name("aliases.json")
# Also ordinary English words or parts of other names: names only when capitalised.
_CASED = frozenset(
    """us pole poles dane turk turks turkey isi rus xi lula sofia aden lima chad georgia jordan jersey who un santiago
    asia""".split()
)
# Names only in capitals: "Us" and "Un" may open a sentence.
_CAPITALS = frozenset(("us", "un", "isi"))
# Cased words that are countries all the same in a text without capitals.
_CASED_COUNTRIES = frozenset(("turkey", "chad", "georgia", "jordan"))
_WORD = re.compile(r"[^\W_]+")
# Surnames too common to identify a leader.
_COMMON_SURNAMES = frozenset(
    """johnson clinton harris khan cameron francis castro morrison turnbull harper sharif pence vance austin sullivan
    kerry bolton kirby wallace thatcher ahmed ibrahim mohamed hussein singh salman abdullah hassan conte michel martin
    santos sanchez fernandez jordan petro biya allen alberto ortega blair brown carney""".split()
)
_MIN_SURNAME_LETTERS = 5
# First and last year of all names but leaders'; a leader still in office has one year less.
_ALWAYS = (0, 9999)


@dataclass(frozen=True, slots=True)
class Mention:
    """A country or group in a text: its code, and character offsets; `is_leader` if a leader's name stands for it."""

    id: str
    start: int
    end: int
    is_leader: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    id: str
    first: int = _ALWAYS[0]
    last: int = _ALWAYS[1]

    @property
    def is_lasting(self) -> bool:
        return (self.first, self.last) == _ALWAYS


def mentions(text: str, year: int | None = None) -> list[Mention]:
    """Return the countries and groups that a text names, in order; the longest name at a position wins.

    Args:
        text: any text.
        year: when it was written, which decides whom a leader then spoke for. None means the latest office.
    """
    written, is_lower = _WORD.findall(text), text.islower()
    folded, table, lengths = _fold_words(written), _table(), _lengths()
    found: list[tuple[int, int, tuple[_Name, ...]]] = []
    for index, word in enumerate(folded):
        if word not in lengths or (found and index < found[-1][1]):
            continue
        for count in lengths[word]:
            names = table.get(tuple(folded[index : index + count])) if index + count <= len(folded) else None
            if names and (count > 1 or _is_name(word, written[index], is_lower=is_lower)):
                found.append((index, index + count, names))
                break
    if not found:
        return []
    spans = list(word_spans(text))
    return [
        Mention(
            _id_in_year(names, year), spans[first][0], spans[end - 1][1], not any(each.is_lasting for each in names)
        )
        for first, end, names in found
    ]


def entity_ids(text: str, year: int | None = None) -> frozenset[str]:
    """Return the codes of all countries and groups that a text names."""
    return frozenset(each.id for each in mentions(text, year))


@cache
def entity_name(code: str) -> str:
    """Return the English name of a country (CLDR), or the first name of a group; the code itself for neither."""
    territory = Locale("en").territories.get(code)
    return str(territory) if territory else next(iter(_ours().get(code, {}).get("names", [code])))


@cache
def lasting_names() -> frozenset[str]:
    """Return the folded names of one word that always stand for the same country or group: no leaders' names."""
    return frozenset(key[0] for key, names in _table().items() if len(key) == 1 and names[0].is_lasting)


@cache
def leader_names() -> frozenset[str]:
    """Return the folded surnames that stand for a country's or group's leader."""
    return frozenset(key[0] for key, names in _table().items() if len(key) == 1 and not names[0].is_lasting)


def _is_name(word: str, written: str, *, is_lower: bool) -> bool:
    if word not in _CASED or (is_lower and word in _CASED_COUNTRIES):
        return True
    return written.isupper() if word in _CAPITALS else written[:1].isupper()


def _id_in_year(names: tuple[_Name, ...], year: int | None) -> str:
    """Return whom a name stood for in a year; the nearest office if none covers it."""
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
        if not name.is_lasting:
            surnames.setdefault(key[-1], set()).add(name.id)
            leaders.append((key[-1], name))
    for surname, name in leaders:
        is_rare = (
            len(surname) >= _MIN_SURNAME_LETTERS and surname not in _COMMON_SURNAMES and len(surnames[surname]) == 1
        )
        if is_rare and (surname,) not in table:
            table[surname,] = (name,)
    return table


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Return the word counts of the names that begin with each word, longest first."""
    lengths: dict[str, set[int]] = {}
    for key in _table():
        lengths.setdefault(key[0], set()).add(len(key))
    return {first: tuple(sorted(counts, reverse=True)) for first, counts in lengths.items()}


def _fold_words(written: Sequence[str]) -> Sequence[str]:
    """Fold each word by itself, since folding a whole text may change the number of its words."""
    joined = " ".join(written)
    return joined.lower().split() if joined.isascii() else [fold(word) for word in written]


@cache
def _ours() -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = json.loads(ALIASES_FILE.read_text(encoding="utf-8"))
    return entries


def _all_names() -> Iterator[tuple[str, _Name]]:
    ours = _ours()
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
            yield written, _Name(code, first, last or _ALWAYS[1] - 1)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a name stands for: the code of a country or group, and whether the name is that of one of its leaders."""

    id: str
    is_leader: bool


def find_named(name: str) -> Named | None:
    """Return whom a whole name stands for; None if the table does not know it."""
    key = tuple(_fold_words(_WORD.findall(name)))
    found = _table().get(key)
    if not found:
        return None
    is_leader = not any(each.is_lasting for each in found)
    return Named(_id_in_year(found, None), is_leader)
