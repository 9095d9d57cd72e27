"""Delete in small batches, so that other work on the records waits for one batch at most."""

import json
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

# Deleted rows are also overwritten: 500 answers with places and votes take about 30 ms, and Discord waits 3 s.
BATCH_SIZE = 500


def delete_answers(db: Database, tokens: Sequence[str]) -> tuple[int, int]:
    """Delete answers with their cited places and votes; return how many answers and votes were deleted."""
    given = (json.dumps(tokens),)
    votes = db.execute("DELETE FROM feedback WHERE token IN (SELECT value FROM json_each(?))", given).rowcount
    return db.execute("DELETE FROM asked WHERE token IN (SELECT value FROM json_each(?))", given).rowcount, votes


def delete_rows(
    db: Database, table: str, keys: Sequence[str], condition: str, values: Mapping[str, object], limit: int
) -> int:
    """Delete at most `limit` rows of a table with the primary key `keys` that meet a condition (trusted SQL).

    Returns:
        How many were deleted.
    """
    given = {**values, "limit": limit}
    chosen = db.execute(f"SELECT {', '.join(keys)} FROM {table} WHERE {condition} LIMIT :limit", given).fetchall()
    # One by one: for `(a, b) IN (SELECT ...)`, SQLite uses only the first column of the index.
    one = " AND ".join(f"{key} = ?" for key in keys)
    db.conn.executemany(f"DELETE FROM {table} WHERE {one}", chosen)
    return len(chosen)
