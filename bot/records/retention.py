"""How long things are kept, and the deleting of what has been kept long enough."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from bot.records.server_settings import load_settings

# Long enough for an admin who removed the bot by mistake, or for a dispute, to be noticed.
REMOVED_SERVER_DAYS = 30
UNANSWERED_DAYS = 90
# Also for the numbers a day and for what an undo needs.
AUDIT_DAYS = 365
# A server chooses for its own (`keep_days`); in direct messages there is nobody to choose.
DIRECT_MESSAGE_DAYS = 30

_SERVERS_OWN = ("settings", "asked", "acts", "additions", "days", "unanswered")


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted: answers, votes on them, and the servers of which nothing is kept any more.

    The caller removes those servers' own articles and then calls `forget_server`; until it has, every purge names
    them again, so that a crash in between leaves nothing behind.
    """

    asked: int
    feedback: int
    servers: tuple[int, ...]


def seen_server(db: Database, server_id: int, now: str) -> None:
    """Notes that the bot is in a server, now or again."""
    db.execute(
        """INSERT INTO servers (server_id, seen_at, removed_at) VALUES (?, ?, NULL)
        ON CONFLICT (server_id) DO UPDATE SET seen_at = excluded.seen_at, removed_at = NULL""",
        (server_id, now),
    )


def left_server(db: Database, server_id: int, now: str) -> None:
    """Notes that the bot was removed from a server; told twice, the first time counts."""
    db.execute(
        """INSERT INTO servers (server_id, seen_at, removed_at) VALUES (:server, :now, :now)
        ON CONFLICT (server_id) DO UPDATE SET removed_at = coalesce(removed_at, excluded.removed_at)""",
        {"server": server_id, "now": now},
    )


def servers(db: Database) -> set[int]:
    """The servers that the bot is in, as far as it was told."""
    return {server_id for (server_id,) in db.execute("SELECT server_id FROM servers WHERE removed_at IS NULL")}


def forget_server(db: Database, server_id: int) -> None:
    """Drops the last trace of a server that a purge named, once its articles are removed too."""
    db.execute("DELETE FROM servers WHERE server_id = ? AND removed_at IS NOT NULL", (server_id,))


def purge(db: Database, now: str) -> Purged:
    """Deletes what has been kept long enough, by the constants above and the servers' own `keep_days`.

    Args:
        db: the records.
        now: `2024-09-09T12:30:00Z`.
    """
    before = _counts(db)
    gone = _left_before(db, _days_before(now, REMOVED_SERVER_DAYS))
    for server_id in gone:
        for table in _SERVERS_OWN:
            db.execute(f"DELETE FROM {table} WHERE server_id = ?", (server_id,))
    _purge_asked(db, now)
    db.execute("DELETE FROM unanswered WHERE day < ?", (_days_before(now, UNANSWERED_DAYS)[:10],))
    db.execute("DELETE FROM days WHERE day < ?", (_days_before(now, AUDIT_DAYS)[:10],))
    for table in ("acts", "additions"):
        db.execute(f"DELETE FROM {table} WHERE at < ?", (_days_before(now, AUDIT_DAYS),))
    after = _counts(db)
    return Purged(asked=before[0] - after[0], feedback=before[1] - after[1], servers=gone)


def _left_before(db: Database, moment: str) -> tuple[int, ...]:
    rows = db.execute("SELECT server_id FROM servers WHERE removed_at <= ? ORDER BY server_id", (moment,))
    return tuple(server_id for (server_id,) in rows)


def _purge_asked(db: Database, now: str) -> None:
    asked_in = db.execute("SELECT DISTINCT server_id FROM asked").fetchall()
    for (server_id,) in asked_in:
        days = DIRECT_MESSAGE_DAYS if server_id is None else load_settings(db, server_id).keep_days
        db.execute("DELETE FROM asked WHERE server_id IS ? AND asked_at < ?", (server_id, _days_before(now, days)))


def _counts(db: Database) -> tuple[int, int]:
    row = db.execute("SELECT (SELECT count(*) FROM asked), (SELECT count(*) FROM feedback)").fetchone()
    return int(row[0]), int(row[1])


def _days_before(now: str, days: int) -> str:
    moment = datetime.fromisoformat(now).astimezone(UTC) - timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
