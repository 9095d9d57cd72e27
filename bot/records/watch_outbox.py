"""What is to be told of watched answers: changes that wait, an outbox of messages, and each member's pace."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.records.topics import log_changes
from bot.records.watches import MAX_MARKS, Watch
from corpus.timestamps import utc_text

# What has waited for longer could not be told for weeks.
WAIT_DAYS = 30
# Messages are remembered to count those of a day, and so that no other has their mark.
KEEP_DAYS = 7
DEFAULT_MOST, MOST_A_DAY = 5, 50


@dataclass(frozen=True, slots=True)
class Pace:
    """How many messages a member wants in 24 hours at most, and the hours of the day in which none is sent."""

    most: int = DEFAULT_MOST
    quiet_from: int | None = None
    quiet_until: int | None = None
    zone: str = "UTC"

    def is_quiet(self, hour: int) -> bool:
        """Return whether an hour of the member's day is quiet."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A change that is to be told: its watch, and what changed as JSON."""

    id: int
    watch_id: int
    change: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom to tell and where; `channel_id` counts where `place` is the channel."""

    user_id: int
    server_id: int | None
    channel_id: int
    place: str


@dataclass(frozen=True, slots=True)
class WatchPost:
    """A message of the outbox, not known to be sent. `after_id` is the newest message of its channel before it."""

    id: int
    to: Destination
    nonce: int
    after_id: int
    changes: tuple[WaitingChange, ...]


def record_look(
    db: Database, watch: Watch, verdict: str, marks: Sequence[str], last_passage: int, changes: Sequence[str], now: str
) -> None:
    """Store what a watched answer says now and what changed in it: both or neither, so that each is told once."""
    kept = list(dict.fromkeys([*watch.marks, *marks]))[-MAX_MARKS:]
    changed = "changed_at = :now, doubted_at = NULL," if changes else ""
    done = db.execute(
        f"""UPDATE watches SET {changed} verdict = :verdict, marks = :marks, last_passage = :last, looked_at = :now,
            is_due = 0
        WHERE id = :id""",
        {"now": now, "verdict": verdict, "marks": json.dumps(kept), "last": last_passage, "id": watch.id},
    )
    if done.rowcount and changes:
        add_changes(db, [(watch.id, each) for each in changes], now)
        log_changes(db, watch, changes, now)


def add_changes(db: Database, changes: Sequence[tuple[int, str]], now: str) -> None:
    """Let changes wait, each the number of its watch and JSON."""
    sql = "INSERT INTO watch_changes (watch_id, found_at, change) SELECT id, ?, ? FROM watches WHERE id = ?"
    db.conn.executemany(sql, [(now, change, watch_id) for watch_id, change in changes])


def destinations(db: Database, now: str) -> list[Destination]:
    """Return whom something waits for that may be tried now."""
    rows = db.execute(
        """SELECT DISTINCT user_id, server_id, CASE place WHEN 'channel' THEN channel_id ELSE 0 END, place
        FROM watches WHERE id IN (SELECT watch_id FROM watch_changes WHERE post_id IS NULL) AND retry_at <= ?
        ORDER BY user_id""",
        (now,),
    )
    return [Destination(*row) for row in rows]


def waiting_changes(db: Database, to: Destination) -> list[WaitingChange]:
    """Return what waits for somebody in one place, oldest first."""
    rows = db.execute(
        """SELECT watch_changes.id, watch_id, change FROM watches JOIN watch_changes ON watch_id = watches.id
        WHERE post_id IS NULL AND user_id = ? AND server_id IS ? AND place = ? AND (place = 'direct' OR channel_id = ?)
        ORDER BY watch_changes.id""",
        (to.user_id, to.server_id, to.place, to.channel_id),
    )
    return [WaitingChange(*row) for row in rows]


def leave_out(db: Database, changes: Sequence[WaitingChange]) -> None:
    """Forget changes that may not be told any more, and that their watchers know them: another article may say so."""
    # The last first, so that the verdict is again the one before the first of them.
    for each in sorted(changes, key=lambda change: change.id, reverse=True):
        db.execute("DELETE FROM watch_changes WHERE id = ?", (each.id,))
        untold = json.loads(each.change)
        row = db.execute("SELECT marks FROM watches WHERE id = ?", (each.watch_id,)).fetchone()
        if row is None:
            continue
        marks = [mark for mark in json.loads(row[0]) if mark not in untold.get("marks", ())]
        db.execute("UPDATE watches SET marks = ? WHERE id = ?", (json.dumps(marks), each.watch_id))
        if untold["kind"] == "verdict":
            sql = "UPDATE watches SET verdict = ? WHERE id = ? AND verdict = ?"
            db.execute(sql, (untold["before"], each.watch_id, untold["after"]))


def plan(db: Database, to: Destination, changes: Sequence[WaitingChange], after_id: int, now: str) -> WatchPost | None:
    """Put a message into the outbox; return None if none of its changes waits any more."""
    nonce = secrets.randbits(63)
    sql = """INSERT INTO watch_posts (user_id, server_id, channel_id, place, nonce, after_id, planned_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)"""
    given = (to.user_id, to.server_id, to.channel_id, to.place, nonce, after_id, now)
    post_id = db.execute(sql, given).lastrowid or 0
    taken = [
        each
        for each in changes
        if db.execute(
            "UPDATE watch_changes SET post_id = ? WHERE id = ? AND post_id IS NULL", (post_id, each.id)
        ).rowcount
    ]
    if not taken:
        db.execute("DELETE FROM watch_posts WHERE id = ?", (post_id,))
        return None
    return WatchPost(post_id, to, nonce, after_id, tuple(taken))


def unfinished(db: Database) -> list[WatchPost]:
    """Return the messages, oldest first, that may not be sent."""
    rows = db.execute(
        """SELECT id, user_id, server_id, channel_id, place, nonce, after_id FROM watch_posts
        WHERE message_id IS NULL ORDER BY id"""
    ).fetchall()
    posts = []
    for post_id, user_id, server_id, channel_id, place, nonce, after_id in rows:
        sql = "SELECT id, watch_id, change FROM watch_changes WHERE post_id = ? ORDER BY id"
        changes = tuple(WaitingChange(*row) for row in db.execute(sql, (post_id,)))
        to = Destination(user_id, server_id, channel_id, place)
        posts.append(WatchPost(post_id, to, nonce, after_id, changes))
    return posts


def record_sent(db: Database, post_id: int, message_id: int) -> None:
    """Store that a message is in its channel (0: that nothing was left to tell), and forget its changes."""
    db.execute("UPDATE watch_posts SET message_id = ? WHERE id = ?", (message_id, post_id))
    sql = "UPDATE watches SET failures = 0, retry_at = '', problem = '' WHERE problem <> '' AND id IN ({})"
    db.execute(sql.format("SELECT watch_id FROM watch_changes WHERE post_id = ?"), (post_id,))
    db.execute("DELETE FROM watch_changes WHERE post_id = ?", (post_id,))


def put_back(db: Database, post_id: int) -> None:
    """Take a message that Discord refused out of the outbox; its changes wait again."""
    db.execute("UPDATE watch_changes SET post_id = NULL WHERE post_id = ?", (post_id,))
    db.execute("DELETE FROM watch_posts WHERE id = ?", (post_id,))


def planned_since(db: Database, user_id: int, since: str, now: str) -> int:
    """Return how many messages to a member were put into the outbox between two times."""
    sql = "SELECT count(*) FROM watch_posts WHERE user_id = ? AND planned_at > ? AND planned_at <= ?"
    return int(db.execute(sql, (user_id, since, now)).fetchone()[0])


def load_pace(db: Database, user_id: int) -> Pace:
    """Return a member's pace."""
    sql = "SELECT most, quiet_from, quiet_until, zone FROM watch_pace WHERE user_id = ?"
    row = db.execute(sql, (user_id,)).fetchone()
    return Pace(*row) if row else Pace()


def save_pace(db: Database, user_id: int, pace: Pace) -> None:
    """Store a member's pace."""
    sql = "INSERT OR REPLACE INTO watch_pace (user_id, most, quiet_from, quiet_until, zone) VALUES (?, ?, ?, ?, ?)"
    db.execute(sql, (user_id, pace.most, pace.quiet_from, pace.quiet_until, pace.zone))


def prune(db: Database, now: str) -> None:
    """Give up what has waited too long, and forget old messages."""
    moment = datetime.fromisoformat(now)
    too_long, too_old = (utc_text(moment - timedelta(days=days)) for days in (WAIT_DAYS, KEEP_DAYS))
    db.execute("DELETE FROM watch_changes WHERE found_at < ?", (too_long,))
    db.execute("DELETE FROM watch_posts WHERE planned_at < ? AND message_id IS NOT NULL", (too_old,))
    db.execute("DELETE FROM watch_posts WHERE planned_at < ?", (too_long,))
