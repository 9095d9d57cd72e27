"""How long things are kept, and the deleting of what has been kept long enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from bot.records.batch_delete import MOST_AT_ONCE, delete_answers, delete_rows
from bot.records.records import Records
from bot.records.server_settings import ServerSettings
from corpus.timestamps import utc_text

# Long enough for an admin who removed the bot by mistake, or for a dispute, to be noticed.
REMOVED_SERVER_DAYS = 30
UNANSWERED_DAYS = 90
# Also for the numbers a day and for what an undo needs.
AUDIT_DAYS = 365
# A server chooses for its own (`keep_days`); in direct messages there is nobody to choose.
DIRECT_MESSAGE_DAYS = 30

_KEEP_FIELD = ServerSettings.model_fields["keep_days"]
_SHORTEST, _LONGEST = _KEEP_FIELD.metadata
_KEEP = {"default_days": _KEEP_FIELD.default, "least_days": _SHORTEST.ge, "most_days": _LONGEST.le}

_GONE = "server_id IN (SELECT server_id FROM servers WHERE removed_at <= :removed)"
_OF_GONE = f"SELECT token FROM asked WHERE {_GONE}"
_OF_DIRECT_MESSAGES = "SELECT token FROM asked WHERE server_id IS NULL AND asked_at < :direct"
# Steps from one server to the next in the index, rather than through all answers: SQLite does not skip by itself.
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
            AND CAST(value AS INTEGER) BETWEEN :least_days AND :most_days
        ), :default_days) || ' days')
        FROM places WHERE server_id IS NOT NULL
    )
    SELECT token FROM kept CROSS JOIN asked ON asked.server_id = kept.server_id AND asked.asked_at < kept.since"""
_OLD_ROWS = (
    ("settings", ("server_id", "name"), _GONE),
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
    """What was deleted: answers, votes on them, and the servers of which nothing is kept any more.

    `more` is true for a step that left something for the next one; it names no servers yet.

    The caller removes those servers' own articles and then calls `forget_server`; until it has, every purge names
    them again, so that a crash in between leaves nothing behind.
    """

    asked: int
    feedback: int
    servers: tuple[int, ...]
    more: bool = False


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


def strays(db: Database) -> set[int]:
    """Servers with data of their own that are not noted: an event was missed, or the bot was never a member there."""
    own = " UNION ".join(f"SELECT server_id FROM {table}" for table in ("settings", "acts", "additions"))
    return {server_id for (server_id,) in db.execute(f"{own} EXCEPT SELECT server_id FROM servers")}


def forget_server(db: Database, server_id: int) -> None:
    """Drops the last trace of a server that a purge named, once its articles are removed too."""
    db.execute("DELETE FROM servers WHERE server_id = ? AND removed_at IS NOT NULL", (server_id,))


async def purge(records: Records, now: str) -> Purged:
    """Deletes what has been kept long enough, by the constants above and the servers' own `keep_days`.

    In many short transactions: whoever else needs the records meanwhile waits for one of them.

    Args:
        records: the records.
        now: `2024-09-09T12:30:00Z`.
    """
    asked = feedback = 0
    while (step := await records.run(lambda db: purge_step(db, now))).more:
        asked, feedback = asked + step.asked, feedback + step.feedback
    return Purged(asked + step.asked, feedback + step.feedback, step.servers)


def purge_step(db: Database, now: str) -> Purged:
    """Deletes about `MOST_AT_ONCE` rows of what a purge deletes; `more` tells whether another step is needed."""
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
    room = MOST_AT_ONCE - asked
    for table, keys, condition in _OLD_ROWS:
        if room > 0:
            room -= delete_rows(db, table, keys, condition, values, room)
    more = room <= 0
    return Purged(asked, feedback, () if more else _left_before(db, values["removed"]), more)


def _left_before(db: Database, moment: object) -> tuple[int, ...]:
    rows = db.execute("SELECT server_id FROM servers WHERE removed_at <= ? ORDER BY server_id", (moment,))
    return tuple(server_id for (server_id,) in rows)


def _old_answers(db: Database, values: Mapping[str, object]) -> list[str]:
    tokens: list[str] = []
    for query in (_OF_GONE, _OF_SERVERS, _OF_DIRECT_MESSAGES):
        rows = db.execute(f"{query} LIMIT :most", {**values, "most": MOST_AT_ONCE - len(tokens)})
        tokens += [token for (token,) in rows]
    return tokens


def _days_before(now: str, days: int) -> str:
    moment = datetime.fromisoformat(now).astimezone(UTC) - timedelta(days=days)
    return utc_text(moment)
