"""Which passages a reader may see: filters, resolved in memory and remembered until something changes."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from index.columns import ArticleColumns, Mask
from index.filters import Filters
from index.joined import JoinedPassages
from index.vector_index import Ids

# Every server reads through its own filters, most often the same ones. A megabyte each at a million passages.
REMEMBERED = 32


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The passages that pass some filters.

    `rows` `(n,)` tells it of every row of the generation, `joined` are the ids of those that joined since, ascending;
    `size` is how many these are together.
    """

    rows: Mask
    joined: Ids
    size: int

    @classmethod
    def of(cls, rows: Mask, joined: Ids) -> "Scope":
        """A scope of its parts."""
        return cls(rows, joined, int(np.count_nonzero(rows)) + len(joined))


class Scopes:
    """Resolves filters over a generation and what joined it.

    Args:
        db: the corpus, open for reading.
        passages: the passages that are there.
    """

    def __init__(self, db: Database, passages: JoinedPassages) -> None:
        self._passages = passages
        self._articles = ArticleColumns(db)
        self._remembered: OrderedDict[Filters, Scope | None] = OrderedDict()
        self._rows = self._articles.slots(passages.held_articles)

    def catch_up(self) -> None:
        """Takes in what changed of articles; after `catch_up` of the passages."""
        changed = self._passages.changed_articles
        if changed is None:
            self._articles.read()
        if changed is None or self._articles.update(changed):
            self._rows = self._articles.slots(self._passages.held_articles)
        self._remembered.clear()

    def of(self, filters: Filters) -> Scope | None:
        """The passages that pass the filters; None when all do."""
        if not filters:
            return None
        if filters not in self._remembered:
            self._remembered[filters] = self._resolved(filters)
        self._remembered.move_to_end(filters)
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return self._remembered[filters]

    def _resolved(self, filters: Filters) -> Scope | None:
        passing = self._articles.passing(filters)
        if passing is None:
            return None
        joined = passing[self._articles.slots(self._passages.articles)]
        return Scope.of(passing[self._rows] & self._passages.present, self._passages.ids[joined])
