"""Resolves filters to passages in memory, cached until something changes."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from sqlite_utils import Database

from index.filters import CLAIMED_MARK, Filters
from index.generation.vector_index import Ids
from index.live.columns import ArticleColumns, Mask
from index.live.new_passages import PassageTracker

# Each server has its own filters, many of them the same. An entry takes a megabyte at a million passages.
CACHE_SIZE = 32


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The passages that pass some filters.

    `rows` `(n,)` is a mask of the generation's rows, `joined` are the ids of newer passages, ascending; `size` counts
    both.
    """

    rows: Mask
    joined: Ids
    size: int

    @classmethod
    def of(cls, rows: Mask, joined: Ids) -> "Scope":
        """Create a scope of its parts."""
        return cls(rows, joined, int(np.count_nonzero(rows)) + len(joined))


@dataclass(frozen=True, slots=True)
class Extent:
    """How many articles pass some filters, and the first and last day (`YYYY-MM-DD`) that any of them states."""

    articles: int
    first_day: str | None
    last_day: str | None


Resolved = TypeVar("Resolved")


class _Cache(OrderedDict[Filters, Resolved]):
    """A least-recently-used cache."""

    def get_or_resolve(self, filters: Filters, resolve: Callable[[Filters], Resolved]) -> Resolved:
        if filters not in self:
            self[filters] = resolve(filters)
        self.move_to_end(filters)
        if len(self) > CACHE_SIZE:
            self.popitem(last=False)
        return self[filters]


class Scopes:
    """Resolves filters over a generation and newer passages.

    Args:
        db: the corpus, open for reading.
        passages: the current passages.
    """

    def __init__(self, db: Database, passages: PassageTracker) -> None:
        self._passages = passages
        self._articles = ArticleColumns(db)
        self._scopes: _Cache[Scope | None] = _Cache()
        self._extents: _Cache[Extent] = _Cache()
        self._rows = self._articles.slots(passages.base_articles)

    def catch_up(self) -> None:
        """Read changed articles; call it after the tracker's `catch_up`."""
        changed = self._passages.changed_articles
        if changed is None:
            self._articles.read()
        if changed is None or self._articles.update(changed):
            self._rows = self._articles.slots(self._passages.base_articles)
        self._scopes.clear()
        self._extents.clear()

    def of(self, filters: Filters) -> Scope | None:
        """Return the passages that pass the filters; None if all do."""
        return self._scopes.get_or_resolve(filters, self._resolve) if filters else None

    def extent(self, filters: Filters) -> Extent:
        """Return how many articles a search with these filters covers, and their first and last day."""
        return self._extents.get_or_resolve(filters, self._resolve_extent)

    def publishers(self, filters: Filters) -> list[str]:
        """Return the publishers of the articles that pass the filters, those with the most articles first.

        Names that are only claimed are left out.
        """
        counts = self._articles.counts("publisher", filters)
        named = ((-count, name) for name, count in counts.items() if name and not name.startswith(CLAIMED_MARK))
        return [name for _, name in sorted(named)]

    def unknown_publishers(self, filters: Filters) -> list[str]:
        """Return the filters' publishers that have no article in the filters' collections."""
        known = {name.casefold() for name in self.publishers(filters.what_may_be_read())}
        return [name for name in filters.publishers if name.casefold() not in known]

    def _resolve(self, filters: Filters) -> Scope | None:
        passing = self._articles.passing(filters)
        if passing is None:
            return None
        joined = passing[self._articles.slots(self._passages.articles)]
        return Scope.of(passing[self._rows] & self._passages.present, self._passages.ids[joined])

    def _resolve_extent(self, filters: Filters) -> Extent:
        days = self._articles.counts("day", filters)
        stated = [day for day in days if day]
        return Extent(sum(days.values()), min(stated, default=None), max(stated, default=None))
