"""What a reader may see: filters, resolved in memory and remembered until something changes."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from sqlite_utils import Database

from index.filters import Filters
from index.generation.vector_index import Ids
from index.live.columns import ArticleColumns, Mask
from index.live.new_passages import FollowedPassages

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


@dataclass(frozen=True, slots=True)
class Extent:
    """How many articles pass some filters, and the first and last day (`YYYY-MM-DD`) that any of them states."""

    articles: int
    first_day: str | None
    last_day: str | None


Resolved = TypeVar("Resolved")


class _Remembered(OrderedDict[Filters, Resolved]):
    """What the last filters came to."""

    def of(self, filters: Filters, resolve: Callable[[Filters], Resolved]) -> Resolved:
        """What filters come to; worked out where it is not remembered."""
        if filters not in self:
            self[filters] = resolve(filters)
        self.move_to_end(filters)
        if len(self) > REMEMBERED:
            self.popitem(last=False)
        return self[filters]


class Scopes:
    """Resolves filters over a generation and what joined it.

    Args:
        db: the corpus, open for reading.
        passages: the passages that are there.
    """

    def __init__(self, db: Database, passages: FollowedPassages) -> None:
        self._passages = passages
        self._articles = ArticleColumns(db)
        self._scopes: _Remembered[Scope | None] = _Remembered()
        self._extents: _Remembered[Extent] = _Remembered()
        self._rows = self._articles.slots(passages.held_articles)

    def catch_up(self) -> None:
        """Takes in what changed of articles; after `catch_up` of the passages."""
        changed = self._passages.changed_articles
        if changed is None:
            self._articles.read()
        if changed is None or self._articles.update(changed):
            self._rows = self._articles.slots(self._passages.held_articles)
        self._scopes.clear()
        self._extents.clear()

    def of(self, filters: Filters) -> Scope | None:
        """The passages that pass the filters; None when all do."""
        if not filters:
            return None
        return self._scopes.of(filters, self._resolved)

    def extent(self, filters: Filters) -> Extent:
        """How many articles a search under the filters looks through, and of which days."""
        return self._extents.of(filters, self._counted)

    def publishers(self, filters: Filters) -> list[str]:
        """The publishers of the articles that pass the filters, the one with the most articles first."""
        counts = self._articles.counts("publisher", filters)
        named = ((-count, name) for name, count in counts.items() if name)
        return [name for _, name in sorted(named)]

    def unknown_publishers(self, filters: Filters) -> list[str]:
        """Those of the filters' publishers that no article has among the filters' collections."""
        seen = Filters(collections=filters.collections, hidden_publishers=filters.hidden_publishers)
        known = {name.casefold() for name in self.publishers(seen)}
        return [name for name in filters.publishers if name.casefold() not in known]

    def _resolved(self, filters: Filters) -> Scope | None:
        passing = self._articles.passing(filters)
        if passing is None:
            return None
        joined = passing[self._articles.slots(self._passages.articles)]
        return Scope.of(passing[self._rows] & self._passages.present, self._passages.ids[joined])

    def _counted(self, filters: Filters) -> Extent:
        days = self._articles.counts("day", filters)
        stated = [day for day in days if day]
        return Extent(sum(days.values()), min(stated, default=None), max(stated, default=None))
