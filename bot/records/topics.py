"""What changed in the answers to the questions that a server's members watch, kept for its briefs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.records.watches import Watch
from corpus.timestamps import utc_text

# Days that changes are kept: longer than a brief reaches back.
KEEP_DAYS = 35
# Changes that a brief looks at, the latest.
MAX_CHANGES = 500


@dataclass(frozen=True, slots=True)
class TopicChange:
    """One change of an answer, as JSON, with the watched question and what it was limited to."""

    id: int
    watch_id: int
    channel_id: int
    question: str
    since: str | None
    until: str | None
    publishers: tuple[str, ...]
    found_at: str
    change: str


def log_changes(db: Database, watch: Watch, changes: Sequence[str], now: str) -> None:
    """Keep what changed for the server's briefs; nothing of private questions, nor of direct messages."""
    if watch.private or watch.server_id is None:
        return
    sql = "INSERT INTO topic_changes (watch_id, found_at, change) VALUES (?, ?, ?)"
    db.conn.executemany(sql, [(watch.id, now, each) for each in changes])


def newest_change(db: Database) -> int:
    """Return the highest number that a change ever had."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'topic_changes'").fetchone()
    return int(row[0]) if row else 0


def changes_of(db: Database, server_ids: Sequence[int], after: int, upto: int, since: str) -> list[TopicChange]:
    """Return the changes of servers with numbers above `after`, up to `upto`, found after `since`, in their order."""
    rows = db.execute(
        """SELECT topic_changes.id, watch_id, channel_id, question, since, until, publishers, found_at, change
        FROM topic_changes JOIN watches ON watches.id = watch_id
        WHERE topic_changes.id > ? AND topic_changes.id <= ? AND found_at > ?
            AND server_id IN (SELECT value FROM json_each(?)) AND NOT private
        ORDER BY topic_changes.id DESC LIMIT ?""",
        (after, upto, since, json.dumps(list(server_ids)), MAX_CHANGES),
    ).fetchall()
    found = []
    for number, watch_id, channel_id, question, first, last, publishers, found_at, change in reversed(rows):
        only = tuple(json.loads(publishers))
        found.append(TopicChange(number, watch_id, channel_id, question, first, last, only, found_at, change))
    return found


def prune_changes(db: Database, now: str) -> None:
    """Forget changes that no brief tells any more."""
    too_old = utc_text(datetime.fromisoformat(now) - timedelta(days=KEEP_DAYS))
    db.execute("DELETE FROM topic_changes WHERE found_at < ?", (too_old,))
