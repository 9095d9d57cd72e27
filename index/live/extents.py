"""Counts the articles that pass filters, cached until something changes."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from index.filters import CLAIMED_MARK, Filters
from index.live.columns import ArticleColumns

# Each server has its own filters, many of them the same. A cached scope takes a megabyte at a million passages.
CACHE_SIZE = 32

Resolved = TypeVar("Resolved")


@dataclass(frozen=True, slots=True)
class Extent:
    """How many articles pass some filters, and the first and last day (`YYYY-MM-DD`) that any of them states."""

    articles: int
    first_day: str | None
    last_day: str | None


class FilterCache(OrderedDict[Filters, Resolved]):
    """A least-recently-used cache."""

    def get_or_resolve(self, filters: Filters, resolve: Callable[[Filters], Resolved]) -> Resolved:
        """Return the value for these filters; resolve it if it is not cached."""
        if filters not in self:
            self[filters] = resolve(filters)
        self.move_to_end(filters)
        if len(self) > CACHE_SIZE:
            self.popitem(last=False)
        return self[filters]


class Extents:
    """Which articles pass filters.

    Args:
        articles: the current articles; whoever updates them calls `clear`.
    """

    def __init__(self, articles: ArticleColumns) -> None:
        self._articles = articles
        self._cached: FilterCache[Extent] = FilterCache()

    def clear(self) -> None:
        """Forget what was counted."""
        self._cached.clear()

    def of(self, filters: Filters) -> Extent:
        """Return how many articles a search with these filters covers, and their first and last day."""
        return self._cached.get_or_resolve(filters, self._resolve)

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

    def _resolve(self, filters: Filters) -> Extent:
        days = self._articles.counts("day", filters)
        stated = [day for day in days if day]
        return Extent(sum(days.values()), min(stated, default=None), max(stated, default=None))
