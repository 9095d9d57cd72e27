"""What is kept about one person: handed out, or deleted."""

import json
from typing import Any

from sqlite_utils import Database

from bot.records.batch_delete import MOST_AT_ONCE, delete_answers, delete_rows
from bot.records.records import Records

# Every table with a `user_id`, and the order that its rows are told in.
_TABLES = {"asked": "asked_at", "feedback": "at", "acts": "at", "additions": "at"}
_LISTS = ("publishers", "added", "updated")
# As Discord's own interface does: numbers over 2**53 lose digits in many readers of JSON.
_SNOWFLAKES = ("user_id", "server_id", "channel_id", "message_id")


def export(db: Database, user_id: int) -> dict[str, Any]:
    """Everything stored that carries the user's id, ready for JSON: a list of records a table; Discord ids as text.

    Each of `asked` has its `cited` places inside.
    """
    stored: dict[str, Any] = {"user_id": str(user_id)}
    for table, order in _TABLES.items():
        rows = db.query(f"SELECT * FROM {table} WHERE user_id = ? ORDER BY {order}", (user_id,))
        stored[table] = [_readable(row) for row in rows]
    for asked in stored["asked"]:
        places = db.query(
            'SELECT article_id, passage_id, start, "end", sha256 FROM cited WHERE token = ? ORDER BY ordinal',
            (asked["token"],),
        )
        asked["cited"] = list(places)
    return stored


async def delete_all(records: Records, user_id: int) -> int:
    """Deletes what the user asked, with what it cited and the votes on it, and the user's votes; returns how many.

    In transactions that are short, however much it is.

    What an admin did in a server, and added to its corpus, stays: it is the server's record, and goes with it or
    after a year. A server's counts and unanswered questions don't say whose they are, and stay until they expire.
    """
    deleted = 0
    while step := await records.run(lambda db: delete_step(db, user_id)):
        deleted += step
    return deleted


def delete_step(db: Database, user_id: int) -> int:
    """Deletes some of what `delete_all` deletes; returns how many rows, 0 when nothing is left."""
    rows = db.execute("SELECT token FROM asked WHERE user_id = ? LIMIT ?", (user_id, MOST_AT_ONCE))
    asked, votes = delete_answers(db, [token for (token,) in rows])
    room = MOST_AT_ONCE - asked
    return asked + votes + delete_rows(db, "feedback", ("token", "user_id"), "user_id = :user", {"user": user_id}, room)


def count_staying(db: Database, user_id: int) -> int:
    """How many rows with the user's id `delete_all` leaves: what an admin did and added."""
    return sum(
        db.execute(f"SELECT count(*) FROM {table} WHERE user_id = ?", (user_id,)).fetchone()[0]
        for table in ("acts", "additions")
    )


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    readable = dict(row)
    for name in _LISTS:
        if name in readable:
            readable[name] = json.loads(readable[name])
    for name in _SNOWFLAKES:
        if readable.get(name) is not None:
            readable[name] = str(readable[name])
    if "private" in readable:
        readable["private"] = bool(readable["private"])
    return readable
