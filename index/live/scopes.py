"""Resolves filters to passages in memory, cached until something changes."""

from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from index.filters import Filters
from index.generation.vector_index import Ids
from index.live.columns import ArticleColumns, Mask
from index.live.extents import Extent, Extents, FilterCache
from index.live.new_passages import PassageTracker


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


class Scopes:
    """Resolves filters over a generation and newer passages.

    Args:
        db: the corpus, open for reading.
        passages: the current passages.
    """

    def __init__(self, db: Database, passages: PassageTracker) -> None:
        self._passages = passages
        self._articles = ArticleColumns(db)
        self._scopes: FilterCache[Scope | None] = FilterCache()
        self._extents = Extents(self._articles)
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
        return self._extents.of(filters)

    def publishers(self, filters: Filters) -> list[str]:
        """Return the publishers of the articles that pass the filters, those with the most articles first."""
        return self._extents.publishers(filters)

    def unknown_publishers(self, filters: Filters) -> list[str]:
        """Return the filters' publishers that have no article in the filters' collections."""
        return self._extents.unknown_publishers(filters)

    def _resolve(self, filters: Filters) -> Scope | None:
        passing = self._articles.passing(filters)
        if passing is None:
            return None
        joined = passing[self._articles.slots(self._passages.articles)]
        return Scope.of(passing[self._rows] & self._passages.present, self._passages.ids[joined])
