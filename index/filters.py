"""What a search is confined to, and which passages that leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlite_utils import Database

from index.vector_index import Ids


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is confined to; an empty filter confines nothing.

    `publishers` and `collections` are alternatives among themselves, compared without regard to case. `since` and
    `until` are inclusive; an article that states no date never passes a date filter.
    """

    publishers: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.publishers or self.collections or self.since or self.until)


def article_condition(db: Database, filters: Filters) -> tuple[str, dict[str, str]]:
    """The filters as an SQL condition over `articles`, and its named values; `1` where there are none."""
    parts: list[str] = []
    values: dict[str, str] = {}
    for column, wanted in (("publisher", filters.publishers), ("collection", filters.collections)):
        if wanted:
            names = {f"{column}_{place}": value for place, value in enumerate(_as_stored(db, column, wanted))}
            values |= names
            parts.append(f"articles.{column} IN ({', '.join(f':{name}' for name in names)})")
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
    sql = f"""SELECT passages.id FROM articles JOIN passages ON passages.article_id = articles.id
        WHERE {condition} ORDER BY passages.id"""
    return np.fromiter((row[0] for row in db.execute(sql, values)), dtype=np.int64)


def searched_articles(db: Database, filters: Filters) -> tuple[int, str | None, str | None]:
    """How many articles pass the filters, and their first and last date (`YYYY-MM-DD`)."""
    condition, values = article_condition(db, filters)
    row = db.execute(
        f"""SELECT count(*), substr(min(published_at), 1, 10), substr(max(published_at), 1, 10)
        FROM articles WHERE {condition}""",
        values,
    ).fetchone()
    return int(row[0]), row[1], row[2]


def unknown_publishers(db: Database, publishers: Sequence[str]) -> list[str]:
    """Those of the given publishers that no article has."""
    return [name for name in publishers if not _as_stored(db, "publisher", [name])]


def _as_stored(db: Database, column: str, wanted: Sequence[str]) -> list[str]:
    """The names in a column that equal a wanted one but for case; SQLite itself knows the case of ASCII only."""
    folded = {name.casefold() for name in wanted}
    stored = db.execute(f"SELECT DISTINCT {column} FROM articles WHERE {column} IS NOT NULL ORDER BY 1")
    return [name for (name,) in stored if name.casefold() in folded]
