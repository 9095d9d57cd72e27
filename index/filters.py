"""What a search is confined to, and which passages that leaves."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlite_utils import Database

from index.vector_index import Ids


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


def allowed_passages(db: Database, filters: Filters) -> Ids | None:
    """Ids of the passages that pass the filters, ascending; None when every passage does."""
    if not filters:
        return None
    condition, values = article_condition(db, filters)
    # A server reads "the shared collection and its own", which is often all there is.
    if db.execute(f"SELECT 1 FROM articles WHERE ({condition}) IS NOT TRUE LIMIT 1", values).fetchone() is None:
        return None
    # CROSS keeps the order: articles that pass, then their passages. Asked for sorted ids, SQLite reads every passage.
    sql = f"""SELECT passages.id FROM articles CROSS JOIN passages ON passages.article_id = articles.id
        WHERE {condition}"""
    allowed = np.fromiter((row[0] for row in db.execute(sql, values)), dtype=np.int64)
    allowed.sort()
    return allowed


def passing_articles(db: Database, filters: Filters, article_ids: Set[int]) -> set[int]:
    """Those of the given articles that pass the filters."""
    condition, values = article_condition(db, filters)
    # Ids are our own integers; an answer or a page of a list names a few dozen at most.
    wanted = ",".join(str(int(article_id)) for article_id in article_ids)
    rows = db.execute(f"SELECT id FROM articles WHERE id IN ({wanted}) AND {condition}", values)
    return {int(row[0]) for row in rows}


def searched_articles(db: Database, filters: Filters) -> tuple[int, str | None, str | None]:
    """How many articles pass the filters, and their first and last date (`YYYY-MM-DD`)."""
    condition, values = article_condition(db, filters)
    row = db.execute(
        f"""SELECT count(*), substr(min(published_at), 1, 10), substr(max(published_at), 1, 10)
        FROM articles WHERE {condition}""",
        values,
    ).fetchone()
    return int(row[0]), row[1], row[2]


def unknown_publishers(db: Database, filters: Filters) -> list[str]:
    """Those of the filters' publishers that no article has among the filters' collections."""
    unknown = []
    for name in filters.publishers:
        seen = Filters(publishers=(name,), collections=filters.collections, hidden_publishers=filters.hidden_publishers)
        condition, values = article_condition(db, seen)
        if db.execute(f"SELECT 1 FROM articles WHERE {condition} LIMIT 1", values).fetchone() is None:
            unknown.append(name)
    return unknown


def _marks(names: Iterable[str]) -> str:
    return ", ".join(f":{name}" for name in names)


def _as_stored(db: Database, column: str, wanted: Sequence[str]) -> list[str]:
    """The names in a column that equal a wanted one but for case; SQLite itself knows the case of ASCII only."""
    folded = {name.casefold() for name in wanted}
    stored = db.execute(f"SELECT DISTINCT {column} FROM articles WHERE {column} IS NOT NULL ORDER BY 1")
    return [name for (name,) in stored if name.casefold() in folded]
