"""Facts about the corpus as a whole: how much, from whom, from when to when."""

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


def corpus_facts(db: Database) -> CorpusFacts:
    """Counts over the whole database."""
    articles, publishers, undated, first, last = db.execute(
        """SELECT count(*), count(DISTINCT publisher), count(*) - count(published_at),
            substr(min(published_at), 1, 10), substr(max(published_at), 1, 10) FROM articles"""
    ).fetchone()
    passages = db.execute("SELECT count(*) FROM passages").fetchone()[0]
    versions = db.execute("SELECT count(*) FROM versions").fetchone()[0]
    return CorpusFacts(articles, passages, versions, publishers, undated, first, last, revision(db))


def publishers(db: Database) -> list[PublisherFacts]:
    """Every publisher with its counts, the one with the most articles first."""
    rows = db.execute(
        """SELECT publisher, count(*), substr(min(published_at), 1, 10), substr(max(published_at), 1, 10)
        FROM articles GROUP BY publisher ORDER BY count(*) DESC, publisher"""
    )
    return [PublisherFacts(*row) for row in rows]


def revision(db: Database) -> int:
    """How many changes the articles have seen; an index remembers the one it was built from."""
    return int(db.execute("SELECT revision FROM state WHERE id = 1").fetchone()[0])


def is_empty(db: Database) -> bool:
    """Whether there is no article at all."""
    return db.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is None
