"""How long records are kept, and the deletion of older ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from bot.records.batch_delete import BATCH_SIZE, delete_answers, delete_rows
from bot.records.records import Records
from bot.records.server_settings import ServerSettings
from corpus.timestamps import utc_text

# Time for an admin to notice that the bot was removed by mistake.
REMOVED_SERVER_DAYS = 30
UNANSWERED_DAYS = 90
# Also for daily counts and additions.
AUDIT_DAYS = 365
# Servers choose theirs with `keep_days`.
DIRECT_MESSAGE_DAYS = 30

_KEEP_FIELD = ServerSettings.model_fields["keep_days"]
_MIN_DAYS, _MAX_DAYS = _KEEP_FIELD.metadata
_KEEP = {"default_days": _KEEP_FIELD.default, "min_days": _MIN_DAYS.ge, "max_days": _MAX_DAYS.le}

_GONE = "server_id IN (SELECT server_id FROM servers WHERE removed_at <= :removed)"
_OF_GONE = f"SELECT token FROM asked WHERE {_GONE}"
_OF_DIRECT_MESSAGES = "SELECT token FROM asked WHERE server_id IS NULL AND asked_at < :direct"
# A loose index scan: jumps from one server to the next instead of reading all answers.
_OF_SERVERS = """
    WITH RECURSIVE places (server_id) AS (
        SELECT min(server_id) FROM asked
        UNION ALL
        SELECT (SELECT min(server_id) FROM asked WHERE asked.server_id > places.server_id)
        FROM places WHERE places.server_id IS NOT NULL
    ),
    kept (server_id, since) AS (
        SELECT server_id, strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-' || coalesce((
            SELECT CAST(value AS INTEGER) FROM settings
            WHERE settings.server_id = places.server_id AND name = 'keep_days'
            AND CAST(value AS INTEGER) BETWEEN :min_days AND :max_days
        ), :default_days) || ' days')
        FROM places WHERE server_id IS NOT NULL
    )
    SELECT token FROM kept CROSS JOIN asked ON asked.server_id = kept.server_id AND asked.asked_at < kept.since"""
_OLD_ROWS = (
    ("settings", ("server_id", "name"), _GONE),
    ("channel_settings", ("server_id", "channel_id", "name"), _GONE),
    ("news_rules", ("id",), _GONE),
    ("brief_rules", ("id",), _GONE),
    ("watches", ("id",), _GONE),
    ("watch_posts", ("id",), _GONE),
    ("acts", ("id",), _GONE),
    ("acts", ("id",), "at < :audit"),
    ("additions", ("id",), _GONE),
    ("additions", ("id",), "at < :audit"),
    ("days", ("server_id", "day"), _GONE),
    ("days", ("server_id", "day"), "day < :audit_day"),
    ("unanswered", ("server_id", "day", "question"), _GONE),
    ("unanswered", ("server_id", "day", "question"), "day < :unanswered_day"),
)


@dataclass(frozen=True, slots=True)
class Purged:
    """How many answers and votes were deleted, and the servers whose records are all gone.

    The caller removes those servers' articles and then calls `forget_server`. Until then every purge returns them
    again, so a crash in between leaves nothing behind. `more` is true if another step is needed; such a step returns
    no servers yet.
    """

    asked: int
    feedback: int
    servers: tuple[int, ...]
    more: bool = False


def mark_present(db: Database, server_id: int, now: str) -> None:
    """Record that the bot is in a server."""
    db.execute(
        """INSERT INTO servers (server_id, seen_at, removed_at) VALUES (?, ?, NULL)
        ON CONFLICT (server_id) DO UPDATE SET seen_at = excluded.seen_at, removed_at = NULL""",
        (server_id, now),
    )


def mark_removed(db: Database, server_id: int, now: str) -> None:
    """Record that the bot was removed from a server; keeps the time of the first call.

    If it comes back, it may greet again.
    """
    db.execute(
        """INSERT INTO servers (server_id, seen_at, removed_at) VALUES (:server, :now, :now)
        ON CONFLICT (server_id) DO UPDATE SET removed_at = coalesce(removed_at, excluded.removed_at),
            is_greeted = 0, greeting_nonce = NULL, greeting_after = NULL""",
        {"server": server_id, "now": now},
    )


def servers(db: Database) -> set[int]:
    """Return the servers that the bot is recorded to be in."""
    return {server_id for (server_id,) in db.execute("SELECT server_id FROM servers WHERE removed_at IS NULL")}


def unrecorded_servers(db: Database) -> set[int]:
    """Return unrecorded servers that have data: an event was missed, or the bot was never a member there."""
    own = " UNION ".join(
        f"SELECT server_id FROM {table}" for table in ("settings", "channel_settings", "acts", "additions")
    )
    return {server_id for (server_id,) in db.execute(f"{own} EXCEPT SELECT server_id FROM servers")}


def forget_server(db: Database, server_id: int) -> None:
    """Delete the last record of a removed server, once its articles are deleted."""
    db.execute("DELETE FROM servers WHERE server_id = ? AND removed_at IS NOT NULL", (server_id,))


async def purge(records: Records, now: str) -> Purged:
    """Delete records older than the constants above and the servers' `keep_days`, in many short transactions."""
    asked = feedback = 0
    while (step := await records.run(lambda db: purge_step(db, now))).more:
        asked, feedback = asked + step.asked, feedback + step.feedback
    return Purged(asked + step.asked, feedback + step.feedback, step.servers)


def purge_step(db: Database, now: str) -> Purged:
    """Delete one batch of about `BATCH_SIZE` old rows."""
    values = {
        "now": now,
        "removed": _days_before(now, REMOVED_SERVER_DAYS),
        "direct": _days_before(now, DIRECT_MESSAGE_DAYS),
        "audit": _days_before(now, AUDIT_DAYS),
        "audit_day": _days_before(now, AUDIT_DAYS)[:10],
        "unanswered_day": _days_before(now, UNANSWERED_DAYS)[:10],
        **_KEEP,
    }
    asked, feedback = delete_answers(db, _old_answers(db, values))
    room = BATCH_SIZE - asked
    for table, keys, condition in _OLD_ROWS:
        if room > 0:
            room -= delete_rows(db, table, keys, condition, values, room)
    more = room <= 0
    return Purged(asked, feedback, () if more else _removed_before(db, values["removed"]), more)


def _removed_before(db: Database, moment: object) -> tuple[int, ...]:
    rows = db.execute("SELECT server_id FROM servers WHERE removed_at <= ? ORDER BY server_id", (moment,))
    return tuple(server_id for (server_id,) in rows)


def _old_answers(db: Database, values: Mapping[str, object]) -> list[str]:
    tokens: list[str] = []
    for query in (_OF_GONE, _OF_SERVERS, _OF_DIRECT_MESSAGES):
        rows = db.execute(f"{query} LIMIT :limit", {**values, "limit": BATCH_SIZE - len(tokens)})
        tokens += [token for (token,) in rows]
    return tokens


def _days_before(now: str, days: int) -> str:
    return utc_text(datetime.fromisoformat(now).astimezone(UTC) - timedelta(days=days))
