"""Deleting in small steps, so that whoever else needs the records waits for one step and not for all."""

import json
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

# What is deleted is overwritten too, with its places and votes: 500 answers take some 30 ms, and Discord waits 3 s.
MOST_AT_ONCE = 500


def delete_answers(db: Database, tokens: Sequence[str]) -> tuple[int, int]:
    """Deletes answers with the places that they cite and the votes on them; returns how many answers and votes."""
    given = (json.dumps(tokens),)
    votes = db.execute("DELETE FROM feedback WHERE token IN (SELECT value FROM json_each(?))", given).rowcount
    return db.execute("DELETE FROM asked WHERE token IN (SELECT value FROM json_each(?))", given).rowcount, votes


def delete_rows(
    db: Database, table: str, keys: Sequence[str], condition: str, values: Mapping[str, object], most: int
) -> int:
    """Deletes some of the rows that a condition picks; returns how many.

    Args:
        db: the records.
        table: its name.
        keys: the columns of its primary key.
        condition: in SQL, of our own making.
        values: what the condition names.
        most: how many rows at most.
    """
    given = {**values, "most": most}
    chosen = db.execute(f"SELECT {', '.join(keys)} FROM {table} WHERE {condition} LIMIT :most", given).fetchall()
    # One by one: of a key with several columns, SQLite looks up only the first for `(a, b) IN (SELECT ...)`.
    one = " AND ".join(f"{key} = ?" for key in keys)
    db.conn.executemany(f"DELETE FROM {table} WHERE {one}", chosen)
    return len(chosen)
