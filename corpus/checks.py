"""Integrity checks of the database and of the passages."""

import sqlite3

from sqlite_utils import Database

from corpus.passages import cut_passages


def integrity_problems(db: Database) -> list[str]:
    """Return what SQLite finds wrong with the file and with references between tables; empty if all is well."""
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        broken = len(db.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found + ([f"{broken} rows refer to rows that are gone"] if broken else [])


def misplaced_passages(db: Database) -> list[int]:
    """Return the ids of articles with missing passages, or with passages that differ from the body's slices."""
    wrong: list[int] = []
    ids = [row[0] for row in db.execute("SELECT id FROM articles ORDER BY id")]
    for article_id in ids:
        body, language = db.execute("SELECT body, language FROM articles WHERE id = ?", (article_id,)).fetchone()
        slices = db.execute(
            'SELECT ordinal, start, "end", text FROM passages WHERE article_id = ? ORDER BY ordinal', (article_id,)
        ).fetchall()
        is_complete = [row[0] for row in slices] == list(range(len(slices)))
        is_lost = not slices and cut_passages(body, language)
        if not is_complete or is_lost or any(body[start:end] != text for _, start, end, text in slices):
            wrong.append(article_id)
    return wrong
