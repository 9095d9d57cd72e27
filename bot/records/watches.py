"""Watched questions: who watches what, what is known of each answer, and how far new passages were compared."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from bot.records.sanitize import storable
from corpus.timestamps import utc_text

# Days without a change after which the watcher is asked whether to go on, and for an answer to that.
QUIET_DAYS, DOUBT_DAYS = 90, 30
# Hours after which a question is asked again even if nothing near came in.
STALE_HOURS = 24
# Marks that a watch keeps; a question with more speakers than that is a topic.
MAX_MARKS = 400
_COLUMNS = (
    *("id", "user_id", "server_id", "channel_id", "place", "question", "since", "until", "publishers", "private"),
    *("language", "made_at", "changed_at", "doubted_at", "verdict", "marks", "last_passage", "failures", "retry_at"),
    "problem",
)
# Not the id, and not what only changes later.
_GIVEN = _COLUMNS[1:-3]


@dataclass(frozen=True, slots=True)
class Watch:
    """A question whose answer is watched.

    Args:
        id: its number; 0 before it is stored.
        user_id: who watches.
        server_id: None in direct messages, and where the bot is no member.
        channel_id: where the question was asked; changes are told there if `place` says so.
        place: where changes are told.
        question: as understood.
        since: earliest date of articles, if given.
        until: latest date of articles, if given.
        publishers: the publishers that it was limited to.
        private: whether only the asker saw the answer.
        language: of the watcher.
        made_at: ISO 8601, UTC, as all times here.
        changed_at: when its answer changed last, or the watcher said to go on.
        doubted_at: when the watcher was asked whether to go on; None if not since then.
        verdict: of the answer that the watcher knows.
        marks: hashes of what that answer and those before have told.
        last_passage: the highest passage that was there at the last look.
        failures: failed attempts to tell, in a row.
        retry_at: when to try again; empty for at once.
        problem: why telling fails, a key of the phrases; empty if it works.
    """

    id: int
    user_id: int
    server_id: int | None
    channel_id: int
    place: Literal["channel", "direct"]
    question: str
    since: str | None
    until: str | None
    publishers: tuple[str, ...]
    private: bool
    language: str
    made_at: str
    changed_at: str
    doubted_at: str | None
    verdict: str
    marks: tuple[str, ...]
    last_passage: int
    failures: int = 0
    retry_at: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class WatchVectors:
    """The questions' vectors `(n, dimension)` float32 with their watches `(n,)` and servers `(n,)`, 0 for none."""

    ids: NDArray[np.int64]
    servers: NDArray[np.int64]
    vectors: NDArray[np.float32]


def add_watch(db: Database, watch: Watch, model: str, vector: NDArray[np.float32]) -> Watch:
    """Store a watch, or return the same member's watch of the same question in the same server."""
    for known in watches_of(db, watch.user_id):
        if _what(known) == _what(watch):
            return known
    row = {name: getattr(watch, name) for name in _GIVEN}
    row |= {"question": storable(watch.question), "publishers": json.dumps(watch.publishers)}
    row["marks"] = json.dumps(watch.marks)
    marks = ", ".join(f":{name}" for name in _GIVEN)
    sql = f"INSERT INTO watches ({', '.join(_GIVEN)}, looked_at) VALUES ({marks}, :made_at)"
    watch_id = db.execute(sql, row).lastrowid or 0
    save_vector(db, watch_id, model, vector)
    # From the first watch on, everything that comes in is compared.
    db.execute("INSERT OR IGNORE INTO watch_progress (id, last_passage) VALUES (1, ?)", (watch.last_passage,))
    return replace(watch, id=watch_id)


def watches_of(db: Database, user_id: int) -> list[Watch]:
    """Return a member's watches in every server, in the order in which they were made."""
    return _select(db, "WHERE user_id = ? ORDER BY id", (user_id,))


def find_watch(db: Database, watch_id: int) -> Watch | None:
    """Return a watch; None if it was removed."""
    found = _select(db, "WHERE id = ?", (watch_id,))
    return found[0] if found else None


def all_watches(db: Database) -> list[Watch]:
    """Return every watch, in the order in which they were made."""
    return _select(db, "ORDER BY id", ())


def count_in_server(db: Database, server_id: int) -> int:
    """Count a server's watches."""
    return int(db.execute("SELECT count(*) FROM watches WHERE server_id = ?", (server_id,)).fetchone()[0])


def remove_watch(db: Database, watch_id: int, user_id: int | None = None) -> bool:
    """Remove a watch with what waits to be told of it, if it is the user's (None: whosever); return whether it was."""
    sql = "DELETE FROM watches WHERE id = ? AND (? IS NULL OR user_id = ?)"
    return bool(db.execute(sql, (watch_id, user_id, user_id)).rowcount)


def set_place(db: Database, watch_id: int, user_id: int, place: Literal["channel", "direct"], channel_id: int) -> bool:
    """Choose where the changes of a member's own watch are told; return False if it is gone."""
    sql = """UPDATE watches SET place = ?, channel_id = ?, failures = 0, retry_at = '', problem = ''
        WHERE id = ? AND user_id = ?"""
    return bool(db.execute(sql, (place, channel_id, watch_id, user_id)).rowcount)


def go_on(db: Database, watch_id: int, user_id: int, now: str) -> bool:
    """Note that a member wants to go on watching; return False if the watch is gone."""
    sql = "UPDATE watches SET changed_at = ?, doubted_at = NULL WHERE id = ? AND user_id = ?"
    return bool(db.execute(sql, (now, watch_id, user_id)).rowcount)


def take_unchanged(db: Database, now: str, most: int) -> list[int]:
    """Return watches without a change for long, which are noted as asked about, and remove those asked long ago."""
    moment = datetime.fromisoformat(now)
    long_ago, too_long = (utc_text(moment - timedelta(days=days)) for days in (QUIET_DAYS, DOUBT_DAYS))
    db.execute("DELETE FROM watches WHERE doubted_at < ?", (too_long,))
    sql = "SELECT id FROM watches WHERE changed_at < ? AND doubted_at IS NULL ORDER BY id LIMIT ?"
    found = [row[0] for row in db.execute(sql, (long_ago, most))]
    db.conn.executemany("UPDATE watches SET doubted_at = ? WHERE id = ?", [(now, each) for each in found])
    return found


def save_vector(db: Database, watch_id: int, model: str, vector: NDArray[np.float32]) -> None:
    """Store a question's vector."""
    sql = "INSERT OR REPLACE INTO watch_vectors (watch_id, model, vector) VALUES (?, ?, ?)"
    db.execute(sql, (watch_id, model, vector.astype("<f4").tobytes()))


def load_vectors(db: Database, model: str) -> WatchVectors:
    """Return the vectors of one model."""
    rows = db.execute(
        """SELECT watch_id, coalesce(server_id, 0), vector FROM watch_vectors JOIN watches ON watches.id = watch_id
        WHERE model = ?""",
        (model,),
    ).fetchall()
    vectors = np.frombuffer(b"".join(row[2] for row in rows), dtype="<f4")
    ids, servers = (np.array([row[column] for row in rows], dtype=np.int64) for column in (0, 1))
    return WatchVectors(ids, servers, vectors.reshape(len(rows), -1) if rows else vectors.reshape(0, 1))


def without_vector(db: Database, model: str, most: int) -> list[tuple[int, str]]:
    """Return number and question of watches that have no vector of this model."""
    sql = """SELECT id, question FROM watches LEFT JOIN watch_vectors ON watch_id = id
        WHERE model IS NOT ? ORDER BY id LIMIT ?"""
    return [(row[0], row[1]) for row in db.execute(sql, (model, most))]


def compared_to(db: Database) -> int | None:
    """Return the passage up to which all were compared; None before the first time."""
    row = db.execute("SELECT last_passage FROM watch_progress").fetchone()
    return int(row[0]) if row else None


def mark_near(db: Database, watch_ids: Sequence[int], last_passage: int) -> None:
    """Note which watches have new passages near, and how far was compared, both or neither."""
    db.conn.executemany("UPDATE watches SET is_due = 1 WHERE id = ?", [(each,) for each in watch_ids])
    db.execute("INSERT OR REPLACE INTO watch_progress (id, last_passage) VALUES (1, ?)", (last_passage,))


def clear_due(db: Database, watch_id: int, now: str) -> None:
    """Note that a watch can't be asked again now; a passage that is near, or a day, makes it due again."""
    db.execute("UPDATE watches SET is_due = 0, looked_at = ? WHERE id = ?", (now, watch_id))


def remove_member(db: Database, server_id: int, user_id: int) -> None:
    """Remove the watches of somebody who left a server."""
    db.execute("DELETE FROM watches WHERE server_id = ? AND user_id = ?", (server_id, user_id))


def mark_stale(db: Database, now: str, most: int) -> None:
    """Make watches due that were not looked at for a day: what seemed far may still have changed their answers."""
    day_ago = utc_text(datetime.fromisoformat(now) - timedelta(hours=STALE_HOURS))
    sql = (
        "UPDATE watches SET is_due = 1 WHERE id IN (SELECT id FROM watches WHERE looked_at < ? AND NOT is_due LIMIT ?)"
    )
    db.execute(sql, (day_ago, most))


def due_watches(db: Database, skip: int, most: int) -> list[Watch]:
    """Return watches that are to be asked again, least recently asked first, without the first `skip` of them."""
    return _select(db, "WHERE is_due ORDER BY looked_at, id LIMIT ? OFFSET ?", (most, skip))


def select_watches(db: Database, ids: Sequence[int]) -> dict[int, Watch]:
    """Return watches by number."""
    found = _select(db, "WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
    return {each.id: each for each in found}


def record_failure(db: Database, watch_ids: Sequence[int], problem: str, retry_at: str) -> None:
    """Store that changes could not be told, why, and when to try again."""
    sql = "UPDATE watches SET failures = failures + 1, problem = ?, retry_at = ? WHERE id = ?"
    db.conn.executemany(sql, [(problem, retry_at, each) for each in watch_ids])


def _what(watch: Watch) -> tuple[object, ...]:
    return watch.server_id, storable(watch.question).casefold(), watch.since, watch.until, watch.publishers


def _select(db: Database, rest: str, values: Sequence[Any]) -> list[Watch]:
    rows = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM watches {rest}", tuple(values)).fetchall()
    found = []
    for row in rows:
        fields: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
        lists = {name: tuple(json.loads(fields[name])) for name in ("publishers", "marks")}
        found.append(Watch(**{**fields, **lists, "private": bool(fields["private"])}))
    return found
