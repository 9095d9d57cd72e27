"""Export and delete what is stored about one member."""

import json
from typing import Any

from sqlite_utils import Database

from bot.records.batch_delete import BATCH_SIZE, delete_answers, delete_rows
from bot.records.records import Records

# Every table with a `user_id`, and its sort order.
_TABLES = {
    "asked": "asked_at",
    "feedback": "at",
    "acts": "at",
    "additions": "at",
    "watches": "id",
    "watch_posts": "id",
    "watch_pace": "user_id",
}
_LISTS = ("publishers", "seen", "offered", "added", "updated", "marks")
# What is deleted beside questions, with the primary key; changes and vectors of watches go with these.
_DELETED = {"feedback": ("token", "user_id"), "watches": ("id",), "watch_posts": ("id",), "watch_pace": ("user_id",)}
# As text, like in Discord's own API: many JSON parsers lose digits of numbers over 2**53.
_SNOWFLAKES = ("user_id", "server_id", "channel_id", "message_id", "question_id", "after_id", "nonce")


def export(db: Database, user_id: int) -> dict[str, Any]:
    """Return every record with the user's id, ready for JSON: a list per table, Discord ids as text.

    Each record of `asked` contains its `cited` places, each of `watches` the `changes` that wait to be told and those
    that are kept `for_briefs`.
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
    for watch in stored["watches"]:
        rows = db.query("SELECT found_at, change FROM watch_changes WHERE watch_id = ? ORDER BY id", (watch["id"],))
        watch["changes"] = [{**row, "change": json.loads(row["change"])} for row in rows]
        rows = db.query("SELECT found_at, change FROM topic_changes WHERE watch_id = ? ORDER BY id", (watch["id"],))
        watch["for_briefs"] = [{**row, "change": json.loads(row["change"])} for row in rows]
    return stored


async def delete_all(records: Records, user_id: int) -> int:
    """Delete the user's questions with cited places and votes, own votes, and watches, in short transactions.

    An admin's acts and additions stay until the server's records are deleted, or for a year. A server's counts and
    unanswered questions are anonymous and stay until they expire.

    Returns:
        How many records were deleted.
    """
    deleted = 0
    while step := await records.run(lambda db: delete_step(db, user_id)):
        deleted += step
    return deleted


def delete_step(db: Database, user_id: int) -> int:
    """Delete one batch for `delete_all`; return how many rows, 0 when nothing is left."""
    rows = db.execute("SELECT token FROM asked WHERE user_id = ? LIMIT ?", (user_id, BATCH_SIZE))
    asked, votes = delete_answers(db, [token for (token,) in rows])
    room, deleted = BATCH_SIZE - asked, asked + votes
    for table, keys in _DELETED.items():
        if room > 0:
            count = delete_rows(db, table, keys, "user_id = :user", {"user": user_id}, room)
            room, deleted = room - count, deleted + count
    return deleted


def count_kept(db: Database, user_id: int) -> int:
    """Count the records with the user's id that `delete_all` keeps: acts and additions of admins."""
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
    for name in ("private", "is_due"):
        if name in readable:
            readable[name] = bool(readable[name])
    return readable
