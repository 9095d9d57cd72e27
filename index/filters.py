"""What a search is confined to, and which passages that leaves."""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlite_utils import Database

from corpus.article import ArticleFacts


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is confined to; an empty filter confines nothing.

    `publishers` and `collections` are alternatives among themselves, compared without regard to case; articles of the
    `hidden_publishers` never pass. `since` and `until` are inclusive; an article that states no date never passes a
    date filter.
    """

    publishers: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    hidden_publishers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.publishers or self.collections or self.hidden_publishers or self.since or self.until)

    def by_column(self) -> dict[str, Callable[[str | None], bool]]:
        """What values of an article's publisher, collection and day (`YYYY-MM-DD`) pass; where none is named, all."""
        found: dict[str, Callable[[str | None], bool]] = {}
        if self.collections:
            collections = _folded(self.collections)
            found["collection"] = lambda value: value is not None and value.casefold() in collections
        if self.publishers or self.hidden_publishers:
            wanted, hidden = _folded(self.publishers), _folded(self.hidden_publishers)
            found["publisher"] = partial(_may_publish, wanted=wanted, hidden=hidden)
        if self.since or self.until:
            first, last = (self.since or date.min).isoformat(), (self.until or date.max).isoformat()
            found["day"] = lambda value: value is not None and first <= value <= last
        return found

    def passing(self, articles: Iterable[ArticleFacts]) -> list[ArticleFacts]:
        """Those of some articles that pass, in order."""
        columns = self.by_column()
        return [
            article for article in articles if all(passes(_value(article, name)) for name, passes in columns.items())
        ]


def article_condition(db: Database, filters: Filters) -> tuple[str, dict[str, str]]:
    """The filters as an SQL condition over `articles`, and its named values; `1` where there are none."""
    parts: list[str] = []
    values: dict[str, str] = {}
    for column, wanted in (("publisher", filters.publishers), ("collection", filters.collections)):
        if wanted:
            names = {f"{column}_{place}": value for place, value in enumerate(_as_stored(db, column, wanted))}
            values |= names
            parts.append(f"articles.{column} IN ({_marks(names)})")
    if filters.hidden_publishers:
        hidden = _as_stored(db, "publisher", filters.hidden_publishers)
        names = {f"hidden_{place}": value for place, value in enumerate(hidden)}
        values |= names
        # An article that states no publisher is nobody's, and so not hidden.
        parts.append(f"coalesce(articles.publisher, '') NOT IN ({_marks(names)})")
    if filters.since:
        parts.append("substr(articles.published_at, 1, 10) >= :since")
        values["since"] = filters.since.isoformat()
    if filters.until:
        parts.append("substr(articles.published_at, 1, 10) <= :until")
        values["until"] = filters.until.isoformat()
    return " AND ".join(parts) or "1", values


def passing_articles(db: Database, filters: Filters, article_ids: Set[int]) -> set[int]:
    """Those of the given articles that pass the filters."""
    condition, values = article_condition(db, filters)
    # Ids are our own integers; an answer or a page of a list names a few dozen at most.
    wanted = ",".join(str(int(article_id)) for article_id in article_ids)
    rows = db.execute(f"SELECT id FROM articles WHERE id IN ({wanted}) AND {condition}", values)
    return {int(row[0]) for row in rows}


def _marks(names: Iterable[str]) -> str:
    return ", ".join(f":{name}" for name in names)


def _value(article: ArticleFacts, column: str) -> str | None:
    """What the article has in a column of `Filters.by_column`."""
    if column == "day":
        return article.published_at and article.published_at[:10]
    return article.publisher if column == "publisher" else article.collection


def _may_publish(name: str | None, wanted: Set[str], hidden: Set[str]) -> bool:
    # An article that states no publisher is nobody's, and so not hidden.
    if name is None:
        return not wanted
    folded = name.casefold()
    return (not wanted or folded in wanted) and folded not in hidden


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _as_stored(db: Database, column: str, wanted: Sequence[str]) -> list[str]:
    """The names in a column that equal a wanted one but for case; SQLite itself knows the case of ASCII only."""
    folded = _folded(wanted)
    # From name to name in the column's index: DISTINCT would read every article's entry.
    stored = db.execute(
        f"""WITH RECURSIVE names (name) AS (
            SELECT min({column}) FROM articles
            UNION ALL
            SELECT (SELECT min({column}) FROM articles WHERE {column} > name) FROM names WHERE name IS NOT NULL
        ) SELECT name FROM names WHERE name IS NOT NULL"""
    )
    return [name for (name,) in stored if name.casefold() in folded]
