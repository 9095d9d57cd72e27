"""Facts about the corpus as a whole: how much, from whom, from when to when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class CorpusFacts:
    """Counts, and the first and last date of publication (`YYYY-MM-DD`; None where no article states one)."""

    articles: int
    passages: int
    versions: int
    publishers: int
    undated: int
    first_date: str | None
    last_date: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class PublisherFacts:
    """One publisher (None: not stated), its articles, and its first and last date of publication."""

    publisher: str | None
    articles: int
    first_date: str | None
    last_date: str | None


def corpus_facts(db: Database, collections: Sequence[str] | None = None) -> CorpusFacts:
    """Counts over some collections, or over the whole database."""
    within, names = _within(collections)
    found = _by_publisher(db, collections)
    dates = [day for row in found for day in row[3:] if day]
    of_articles = f"WHERE article_id IN (SELECT id FROM articles WHERE {within})" if collections is not None else ""
    return CorpusFacts(
        articles=sum(row[1] for row in found),
        passages=db.execute(f"SELECT count(*) FROM passages {of_articles}", names).fetchone()[0],
        versions=db.execute(f"SELECT count(*) FROM versions {of_articles}", names).fetchone()[0],
        publishers=sum(row[0] is not None for row in found),
        undated=sum(row[2] for row in found),
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
        revision=revision(db),
    )


def publishers(db: Database, collections: Sequence[str] | None = None) -> list[PublisherFacts]:
    """Every publisher with its counts, the one with the most articles first."""
    return [PublisherFacts(name, count, *days) for name, count, _, *days in _by_publisher(db, collections)]


def _by_publisher(
    db: Database, collections: Sequence[str] | None
) -> list[tuple[str | None, int, int, str | None, str | None]]:
    """Of each publisher its name, articles, those without a date, and the first and last date; most articles first."""
    within, names = _within(collections)
    # From the index that holds what is told of articles: the rows hold the texts, a gigabyte of them at a million
    # passages.
    return db.execute(
        f"""SELECT publisher, count(*), count(*) - count(published_at),
        substr(min(published_at), 1, 10), substr(max(published_at), 1, 10)
        FROM articles INDEXED BY article_facts WHERE {within} GROUP BY publisher ORDER BY count(*) DESC, publisher""",
        names,
    ).fetchall()


def list_articles(
    db: Database, collections: Sequence[str] | None = None, *, words: str = "", limit: int = 25, offset: int = 0
) -> list[int]:
    """Ids of the articles that hold every given word in their title or publisher, newest first."""
    within, values = _listed(collections, words)
    sql = f"SELECT id FROM articles {_index(words)} WHERE {within} ORDER BY published_at DESC, id DESC LIMIT ? OFFSET ?"
    return [int(row[0]) for row in db.execute(sql, [*values, limit, offset])]


def count_articles(db: Database, collections: Sequence[str] | None = None, *, words: str = "") -> int:
    """How many articles `list_articles` lists in all."""
    within, values = _listed(collections, words)
    sql = f"SELECT count(*) FROM articles {_index(words)} WHERE {within}"
    return int(db.execute(sql, values).fetchone()[0])


def _index(words: str) -> str:
    """Which index to take: words are looked for in each article's title, without them SQLite finds a shorter way."""
    return "INDEXED BY article_facts" if words else ""


def passage_count(db: Database, article_id: int) -> int:
    """How many passages an article was cut into."""
    return int(db.execute("SELECT count(*) FROM passages WHERE article_id = ?", (article_id,)).fetchone()[0])


def _listed(collections: Sequence[str] | None, words: str) -> tuple[str, list[str]]:
    within, values = _within(collections)
    # More words than a title has tell nothing more.
    for word in words.split()[:10]:
        within += " AND coalesce(title, '') || ' ' || coalesce(publisher, '') LIKE ? ESCAPE '!'"
        values.append("%" + re.sub(r"([!%_])", r"!\1", word) + "%")
    return within, values


def _within(collections: Sequence[str] | None) -> tuple[str, list[str]]:
    """A condition over `articles`, and its values."""
    if collections is None:
        return "1", []
    return f"collection IN ({','.join('?' * len(collections))})", list(collections)


def revision(db: Database) -> int:
    """How many changes the articles have seen; an index remembers the one it was built from."""
    return int(db.execute("SELECT revision FROM state WHERE id = 1").fetchone()[0])


def is_empty(db: Database) -> bool:
    """Whether there is no article at all."""
    return db.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is None
