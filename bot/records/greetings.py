"""Which servers were greeted, and which were told that their collection is nearly full."""

import secrets
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Greeting:
    """A greeting that is not known to be sent. `after_id` is the newest message of its channel before it."""

    nonce: int
    after_id: int


def begin_greeting(db: Database, server_id: int, after_id: int, now: str) -> Greeting | None:
    """Put a server's greeting into the outbox; return None if there was one since the bot joined."""
    sql = "SELECT greeting_nonce IS NOT NULL OR is_greeted FROM servers WHERE server_id = ?"
    if (row := db.execute(sql, (server_id,)).fetchone()) and row[0]:
        return None
    nonce = secrets.randbits(63)
    db.execute(
        """INSERT INTO servers (server_id, seen_at, greeting_nonce, greeting_after) VALUES (?, ?, ?, ?)
        ON CONFLICT (server_id) DO UPDATE SET greeting_nonce = excluded.greeting_nonce,
            greeting_after = excluded.greeting_after""",
        (server_id, now, nonce, after_id),
    )
    return Greeting(nonce, after_id)


def unfinished_greetings(db: Database) -> dict[int, Greeting]:
    """Return the greetings that a killed process may not have sent, by server."""
    rows = db.execute(
        """SELECT server_id, greeting_nonce, greeting_after FROM servers
        WHERE greeting_nonce IS NOT NULL AND NOT is_greeted AND removed_at IS NULL"""
    )
    return {server_id: Greeting(nonce, after_id) for server_id, nonce, after_id in rows}


def end_greeting(db: Database, server_id: int) -> None:
    """Store that a server is not greeted again."""
    db.execute("UPDATE servers SET is_greeted = 1, greeting_nonce = NULL WHERE server_id = ?", (server_id,))


def note_quota(db: Database, server_id: int, now: str, *, is_near: bool) -> bool:
    """Store whether a server's collection is nearly full; return whether its admins have to be told now."""
    row = db.execute("SELECT is_told_of_quota FROM servers WHERE server_id = ?", (server_id,)).fetchone()
    db.execute(
        """INSERT INTO servers (server_id, seen_at, is_told_of_quota) VALUES (?, ?, ?)
        ON CONFLICT (server_id) DO UPDATE SET is_told_of_quota = excluded.is_told_of_quota""",
        (server_id, now, is_near),
    )
    return is_near and not (row and row[0])
