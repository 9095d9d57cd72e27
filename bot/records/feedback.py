"""Votes on answers: thumbs up or down, with an optional reason."""

from typing import Literal

from sqlite_utils import Database

from bot.records.sanitize import storable
from corpus.errors import BadInput

Vote = Literal["up", "down"]


def vote(db: Database, token: str, user_id: int, vote: Vote, reason: str | None, now: str) -> None:
    """Store a person's vote on an answer, replacing an earlier one; repeating a vote without a reason keeps its reason.

    Raises:
        BadInput: the answer is no longer stored.
    """
    if db.execute("SELECT 1 FROM asked WHERE token = ?", (storable(token),)).fetchone() is None:
        raise BadInput("I no longer have this answer, so you can't vote on it.", "Please ask the question again.")
    why = storable(reason).strip() or None if reason is not None else None
    db.execute(
        """INSERT INTO feedback (token, user_id, vote, reason, at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (token, user_id) DO UPDATE SET vote = excluded.vote, at = excluded.at,
            reason = coalesce(excluded.reason, CASE WHEN vote = excluded.vote THEN reason END)""",
        (token, user_id, vote, why, now),
    )


def votes(db: Database, token: str) -> tuple[int, int]:
    """Return how many votes an answer has: up, down."""
    rows = db.execute("SELECT vote, count(*) FROM feedback WHERE token = ? GROUP BY vote", (storable(token),))
    counts: dict[str, int] = dict(rows.fetchall())
    return counts.get("up", 0), counts.get("down", 0)
