"""Reads the table of what changed in the corpus, which triggers fill."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Changes:
    """Articles that were added, changed or removed, passages that were removed, and the number of the last change."""

    articles: set[int]
    removed_passages: set[int]
    last: int


def last_change(db: Database) -> int:
    """Return the number of the latest change; 0 without any."""
    return _bounds(db)[1]


def changes_since(db: Database, seen: int) -> Changes | None:
    """Return what changed after change number `seen`; None if the table no longer has all of it."""
    first, last = _bounds(db)
    if first > seen + 1 or last < seen:
        return None
    rows = db.execute("SELECT article_id, passage_id FROM changes WHERE seq > ?", (seen,)).fetchall()
    return Changes(
        {article_id for article_id, _ in rows if article_id is not None},
        {passage_id for _, passage_id in rows if passage_id is not None},
        last,
    )


def data_version(db: Database) -> int:
    """Return a number that changes whenever another connection commits."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def _bounds(db: Database) -> tuple[int, int]:
    first, last = db.execute("SELECT (SELECT min(seq) FROM changes), (SELECT max(seq) FROM changes)").fetchone()
    return first or 0, last or 0
