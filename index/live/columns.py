"""What filters ask of articles, in columns in memory: their publishers, collections and days."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.filters import Filters
from index.live.new_passages import numbers_of

Mask = NDArray[np.bool_]
Slots = NDArray[np.int32]

# The slot of an article that is not known: it passes no filter.
NOWHERE = 0

_NONE = np.empty(0, dtype=np.int64)

# Past so many changed articles at once it is faster to read all.
MOST_FOLLOWED = 1000

# Each from an index that holds the column: the rows themselves hold the articles' texts. One row for each value, with
# the ids of its articles.
_COLUMNS = {
    "publisher": "SELECT publisher, group_concat(id) FROM articles INDEXED BY articles_by_publisher GROUP BY 1",
    "collection": "SELECT collection, group_concat(id) FROM articles INDEXED BY articles_by_content GROUP BY 1",
    "day": "SELECT substr(published_at, 1, 10), group_concat(id) FROM articles INDEXED BY articles_by_date GROUP BY 1",
}
_OF_SOME = """SELECT id, publisher, collection, substr(published_at, 1, 10) FROM articles
    WHERE id IN (SELECT value FROM json_each(?))"""


class Column:
    """One value of every article, as the number of that value; what is not stated is number 0."""

    def __init__(self, articles: int, slots: Mapping[str | None, Slots]) -> None:
        """Makes the column of so many articles, from the slots of each value."""
        self._numbers: dict[str | None, int] = {None: 0}
        self._codes: Slots = np.zeros(articles, dtype=np.int32)
        for value, those in slots.items():
            self._codes[those] = self._numbers.setdefault(value, len(self._numbers))

    def append(self, values: Iterable[str | None]) -> None:
        """Adds articles at the end."""
        numbers = self._numbers
        added = np.fromiter((numbers.setdefault(value, len(numbers)) for value in values), dtype=np.int32)
        self._codes = np.concatenate([self._codes, added])

    def put(self, slot: int, value: str | None) -> None:
        """Changes an article's value."""
        self._codes[slot] = self._numbers.setdefault(value, len(self._numbers))

    def passing(self, passes: Callable[[str | None], bool]) -> Mask:
        """Of every article whether its value passes; each different value is asked about once."""
        allowed = np.fromiter((passes(value) for value in self._numbers), dtype=np.bool_, count=len(self._numbers))
        found: Mask = allowed[self._codes]
        return found

    def counts(self, articles: Mask) -> dict[str | None, int]:
        """How many of some articles have each value; those that none of them has are left out."""
        counts = np.bincount(self._codes[articles], minlength=len(self._numbers)).tolist()
        return {value: count for value, count in zip(self._numbers, counts, strict=True) if count}


class ArticleColumns:
    """The articles of a database by slot; slots are in the order of ids, an article that is gone keeps its own."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.read()

    def read(self) -> None:
        """Reads all articles."""
        found = {
            name: {value: numbers_of(ids) for value, ids in self._db.execute(sql).fetchall()}
            for name, sql in _COLUMNS.items()
        }
        self._ids = np.concatenate([[NOWHERE], np.sort(np.concatenate([_NONE, *found["collection"].values()]))])
        self._columns = {
            name: Column(len(self._ids), {value: self.slots(ids) for value, ids in values.items()})
            for name, values in found.items()
        }
        self._is_there = np.ones(len(self._ids), dtype=np.bool_)
        self._is_there[NOWHERE] = False

    def update(self, article_ids: Collection[int]) -> bool:
        """Reads articles anew that were stored, changed or removed; tells whether slots moved."""
        if not article_ids:
            return False
        if len(article_ids) > MOST_FOLLOWED:
            self.read()
            return True
        rows = self._db.execute(_OF_SOME, (json.dumps(sorted(article_ids)),)).fetchall()
        last = int(self._ids[-1])
        known = self.slots(np.array(sorted(article_ids), dtype=np.int64))
        self._is_there[known] = False
        if any(row[0] < last and not self.slots(np.array([row[0]]))[0] for row in rows):
            # Ids only grow; where somebody gave one in the middle, slots would be out of order.
            self.read()
            return True
        new = sorted(row for row in rows if row[0] > last)
        self._ids = np.concatenate([self._ids, np.array([row[0] for row in new], dtype=np.int64)])
        self._is_there = np.concatenate([self._is_there, np.ones(len(new), dtype=np.bool_)])
        for place, column in enumerate(self._columns.values(), 1):
            column.append(row[place] for row in new)
            for row in rows:
                if row[0] <= last:
                    slot = int(self.slots(np.array([row[0]]))[0])
                    column.put(slot, row[place])
                    self._is_there[slot] = True
        return False

    def slots(self, article_ids: NDArray[np.int64]) -> Slots:
        """The slot of each article; that of one which is not known is NOWHERE."""
        places = np.minimum(np.searchsorted(self._ids, article_ids), len(self._ids) - 1)
        return np.where(self._ids[places] == article_ids, places, NOWHERE).astype(np.int32)

    def passing(self, filters: Filters) -> Mask | None:
        """Of every slot whether its article passes the filters; None where all do that are there."""
        found = self._is_there.copy()
        for name, passes in filters.by_column().items():
            found &= self._columns[name].passing(passes)
        return None if found.sum() == self._is_there.sum() else found

    def counts(self, name: str, filters: Filters) -> dict[str | None, int]:
        """How many of the articles that pass the filters have each value of a column."""
        passing = self.passing(filters)
        return self._columns[name].counts(self._is_there if passing is None else passing)
