"""Checks that the database is what it should be, and the repairs that lose nothing."""

import sqlite3

from sqlite_utils import Database

from corpus.passages import cut_passages


def integrity_problems(db: Database) -> list[str]:
    """What SQLite itself finds wrong with the file and with references between tables; empty when all is well."""
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        broken = len(db.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found + ([f"{broken} rows refer to rows that are gone"] if broken else [])


def is_full_text_in_step(db: Database) -> bool:
    """Whether the full-text index holds exactly the passages and their words."""
    try:
        # rank = 1 compares the index with the table that it indexes (sqlite.org/fts5.html, integrity-check).
        with db.atomic():
            db.execute("INSERT INTO passages_fts (passages_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return False
    passages = db.execute("SELECT count(*) FROM passages").fetchone()[0]
    return bool(db.execute("SELECT count(*) FROM passages_fts_docsize").fetchone()[0] == passages)


def rebuild_full_text(db: Database) -> None:
    """Makes the full-text index anew from the passages."""
    with db.atomic():
        db.execute("INSERT INTO passages_fts (passages_fts) VALUES ('rebuild')")


def misplaced_passages(db: Database) -> list[int]:
    """Articles whose passages are no verbatim slices of the body at their offsets, or of which some are missing."""
    wrong: list[int] = []
    ids = [row[0] for row in db.execute("SELECT id FROM articles ORDER BY id")]
    for article_id in ids:
        body, language = db.execute("SELECT body, language FROM articles WHERE id = ?", (article_id,)).fetchone()
        slices = db.execute(
            'SELECT ordinal, start, "end", text FROM passages WHERE article_id = ? ORDER BY ordinal', (article_id,)
        ).fetchall()
        is_whole = [row[0] for row in slices] == list(range(len(slices)))
        is_lost = not slices and cut_passages(body, language)
        if not is_whole or is_lost or any(body[start:end] != text for _, start, end, text in slices):
            wrong.append(article_id)
    return wrong
