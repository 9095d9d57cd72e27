"""Keeps articles' publishers, collections, days and languages in memory, for filters."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.filters import CLAIMED_MARK, Filters
from index.live.new_passages import parse_ids

Mask = NDArray[np.bool_]
Slots = NDArray[np.int32]

# The slot of unknown articles; it passes no filter.
NOWHERE = 0

_NONE = np.empty(0, dtype=np.int64)

# Above this many changed articles it is faster to read all of them.
MAX_INCREMENTAL = 1000

_PUBLISHER = f"iif(publisher_basis = 'claimed', char({ord(CLAIMED_MARK)}) || publisher, publisher)"
# A row or more for each value, with the ids of its articles. Read from covering indexes: the rows hold the articles'
# texts.
_COLUMNS = {
    "publisher": f"""SELECT {_PUBLISHER}, group_concat(id) FROM articles INDEXED BY articles_by_publisher
        GROUP BY publisher, publisher_basis""",
    "collection": "SELECT collection, group_concat(id) FROM articles INDEXED BY articles_by_content GROUP BY 1",
    "day": "SELECT substr(published_at, 1, 10), group_concat(id) FROM articles INDEXED BY articles_by_date GROUP BY 1",
    "language": "SELECT language, group_concat(id) FROM articles INDEXED BY article_facts GROUP BY 1",
}
_SOME_ARTICLES = f"""SELECT id, {_PUBLISHER}, collection, substr(published_at, 1, 10), language FROM articles
    WHERE id IN (SELECT value FROM json_each(?))"""


class Column:
    """One value of every article, stored as a code; a missing value is code 0."""

    def __init__(self, articles: int, slots: Mapping[str | None, Slots]) -> None:
        """Create the column of this many articles from the slots of each value."""
        self._code_of: dict[str | None, int] = {None: 0}
        self._codes: Slots = np.zeros(articles, dtype=np.int32)
        for value, value_slots in slots.items():
            self._codes[value_slots] = self._code_of.setdefault(value, len(self._code_of))

    def append(self, values: Iterable[str | None]) -> None:
        """Add articles at the end."""
        code_of = self._code_of
        added = np.fromiter((code_of.setdefault(value, len(code_of)) for value in values), dtype=np.int32)
        self._codes = np.concatenate([self._codes, added])

    def put(self, slot: int, value: str | None) -> None:
        """Set an article's value."""
        self._codes[slot] = self._code_of.setdefault(value, len(self._code_of))

    def values(self) -> list[str | None]:
        """Return every value that an article has, or had; None comes first."""
        return list(self._code_of)

    def passing(self, passes: Callable[[str | None], bool]) -> Mask:
        """Return a mask of the articles whose value passes; calls `passes` once for each distinct value."""
        allowed = np.fromiter((passes(value) for value in self._code_of), dtype=np.bool_, count=len(self._code_of))
        mask: Mask = allowed[self._codes]
        return mask

    def counts(self, articles: Mask) -> dict[str | None, int]:
        """Count the masked articles by value, without values that none of them has."""
        counts = np.bincount(self._codes[articles], minlength=len(self._code_of)).tolist()
        return {value: count for value, count in zip(self._code_of, counts, strict=True) if count}


class ArticleColumns:
    """The articles of a database by slot, in the order of ids; a removed article keeps its slot."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.read()

    def read(self) -> None:
        """Read all articles."""
        columns = {name: self._read_column(sql) for name, sql in _COLUMNS.items()}
        self._ids = np.concatenate([[NOWHERE], np.sort(np.concatenate([_NONE, *columns["collection"].values()]))])
        self._columns = {
            name: Column(len(self._ids), {value: self.slots(ids) for value, ids in values.items()})
            for name, values in columns.items()
        }
        self._present = np.ones(len(self._ids), dtype=np.bool_)
        self._present[NOWHERE] = False

    def _read_column(self, sql: str) -> dict[str | None, NDArray[np.int64]]:
        """Return the ids of the articles with each value; a query may yield a value several times."""
        found: dict[str | None, list[NDArray[np.int64]]] = {}
        for value, ids in self._db.execute(sql).fetchall():
            found.setdefault(value, []).append(parse_ids(ids))
        return {value: np.concatenate(parts) for value, parts in found.items()}

    def update(self, article_ids: Collection[int]) -> bool:
        """Read articles that were added, changed or removed; return whether slots changed."""
        if not article_ids:
            return False
        if len(article_ids) > MAX_INCREMENTAL:
            self.read()
            return True
        rows = self._db.execute(_SOME_ARTICLES, (json.dumps(sorted(article_ids)),)).fetchall()
        last = int(self._ids[-1])
        known = self.slots(np.array(sorted(article_ids), dtype=np.int64))
        self._present[known] = False
        if any(row[0] < last and not self.slots(np.array([row[0]]))[0] for row in rows):
            # Ids only grow; one inserted in the middle would break the order of slots.
            self.read()
            return True
        new = sorted(row for row in rows if row[0] > last)
        self._ids = np.concatenate([self._ids, np.array([row[0] for row in new], dtype=np.int64)])
        self._present = np.concatenate([self._present, np.ones(len(new), dtype=np.bool_)])
        for field, column in enumerate(self._columns.values(), 1):
            column.append(row[field] for row in new)
            for row in rows:
                if row[0] <= last:
                    slot = int(self.slots(np.array([row[0]]))[0])
                    column.put(slot, row[field])
                    self._present[slot] = True
        return False

    def slots(self, article_ids: NDArray[np.int64]) -> Slots:
        """Return the slot of each article; NOWHERE for an unknown one."""
        positions = np.minimum(np.searchsorted(self._ids, article_ids), len(self._ids) - 1)
        return np.where(self._ids[positions] == article_ids, positions, NOWHERE).astype(np.int32)

    def values(self, name: str) -> list[str | None]:
        """Return the values that articles have, or had, in a column."""
        return self._columns[name].values()

    def passing(self, filters: Filters) -> Mask | None:
        """Return a mask of the slots whose article passes the filters; None if all articles pass."""
        mask = self._present.copy()
        for name, passes in filters.column_predicates().items():
            mask &= self._columns[name].passing(passes)
        return None if mask.sum() == self._present.sum() else mask

    def counts(self, name: str, filters: Filters) -> dict[str | None, int]:
        """Count the articles that pass the filters by their value in a column."""
        passing = self.passing(filters)
        return self._columns[name].counts(self._present if passing is None else passing)
