"""The stored feeds: added, removed, paused, claimed for a poll, updated with its result."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from corpus.collection_names import check_collection
from corpus.errors import BadInput
from corpus.feeds.feed import Feed
from corpus.feeds.items import storable
from corpus.feeds.schedule import INITIAL_INTERVAL_S, MAX_SKEW_S, Clock

# A poll claims a feed for this long, after which others may poll it: the process may have been killed.
CLAIM_S = 30 * 60
_COLUMNS = (
    "id, collection, url, kind, title, publisher, added_at, paused, interval_s, least_s, next_poll, polled_at,"
    " changed_at, etag, last_modified, failures, last_error"
)


@dataclass(frozen=True, slots=True)
class PollResult:
    """What to store of a successful poll. `parts` has the validators of an index's sitemaps, by url."""

    kind: str
    title: str
    etag: str
    last_modified: str
    interval_s: int
    least_s: int
    next_poll: str
    url: str
    has_changed: bool
    parts: dict[str, dict[str, str]] = field(default_factory=dict)


class FeedStore:
    """The feeds of one database. Callers group changes with `db.atomic()`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self, url: str, collection: str, now: str, *, title: str = "", kind: str = "", publisher: str | None = None
    ) -> Feed:
        """Add a feed that is due at once, and return it; an existing one stays as it is.

        Raises:
            BadInput: the collection can't have this name.
        """
        check_collection(collection)
        self._db.execute(
            """INSERT OR IGNORE INTO feeds (collection, url, title, kind, publisher, added_at, interval_s, next_poll)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (collection, url, title, kind, publisher, now, INITIAL_INTERVAL_S, now),
        )
        [feed] = self._select("WHERE collection = ? AND url = ?", (collection, url))
        return feed

    def get(self, feed_id: int, within: str | None = None) -> Feed:
        """Return a feed, which must be in the collection `within` if one is given.

        Raises:
            BadInput: there is none.
        """
        found = self._select("WHERE id = ?", (feed_id,))
        if not found or within not in {None, found[0].collection}:
            raise BadInput(f"There is no feed {feed_id}.", "`attache feeds list` shows the numbers.")
        return found[0]

    def all(self, collection: str | None = None) -> list[Feed]:
        """Return all feeds, or those of a collection, in the order they were added."""
        where, values = ("WHERE collection = ?", (collection,)) if collection is not None else ("", ())
        return self._select(f"{where} ORDER BY id", values)

    def count(self, collection: str | None = None) -> int:
        """Return the number of all feeds, or of those of a collection."""
        sql = "SELECT count(*) FROM feeds WHERE :collection IS NULL OR collection = :collection"
        return int(self._db.execute(sql, {"collection": collection}).fetchone()[0])

    def due(self, clock: Clock) -> list[Feed]:
        """Return the feeds to poll now, or with items to retry now, the longest due first."""
        now, horizon = clock.timestamp(), clock.horizon
        return self._select(
            """WHERE paused = 0 AND (next_poll NOT BETWEEN ? AND ? OR next_poll = ? OR polled_at > ? OR id IN
                (SELECT feed_id FROM feed_items
                WHERE entry IS NOT NULL AND (next_try <= ? OR next_try > ?))) ORDER BY next_poll""",
            (now, horizon, now, clock.timestamp(MAX_SKEW_S), now, horizon),
        )

    def next_due(self) -> str | None:
        """Return when the next feed or waiting item is due; None if there is none."""
        row = self._db.execute(
            """SELECT min(coalesce((SELECT min(next_try) FROM feed_items
                WHERE feed_id = feeds.id AND entry IS NOT NULL), next_poll), next_poll)
            FROM feeds WHERE paused = 0 ORDER BY 1 LIMIT 1"""
        ).fetchone()
        return row[0] if row else None

    def claim(self, feed: Feed, clock: Clock) -> bool:
        """Claim a feed for a poll; return False if another process has claimed it since it was read.

        Times that lie ahead, stored while the clock was wrong, become the present.
        """
        now = clock.timestamp()
        sql = """UPDATE feeds SET next_poll = ?, polled_at = min(polled_at, ?), changed_at = min(changed_at, ?)
            WHERE id = ? AND next_poll = ?"""
        values = (clock.timestamp(CLAIM_S), now, now, feed.id, feed.next_poll)
        return self._db.execute(sql, values).rowcount > 0

    def release(self, feed: Feed, next_poll: str) -> None:
        """Give up the claim to a feed without a poll."""
        self._db.execute("UPDATE feeds SET next_poll = ? WHERE id = ?", (next_poll, feed.id))

    def remove(self, feed_id: int) -> bool:
        """Remove a feed with its items but not its articles; return False if there is none."""
        return self._db.execute("DELETE FROM feeds WHERE id = ?", (feed_id,)).rowcount > 0

    def remove_all(self, collection: str) -> None:
        """Remove every feed of a collection."""
        self._db.execute("DELETE FROM feeds WHERE collection = ?", (collection,))

    def pause(self, feed_id: int, reason: str = "") -> None:
        """Stop polling a feed until it is resumed."""
        sql = "UPDATE feeds SET paused = 1, last_error = coalesce(nullif(?, ''), last_error) WHERE id = ?"
        self._db.execute(sql, (reason, feed_id))

    def resume(self, feed_id: int, now: str) -> None:
        """Resume a feed: reset its failures and make it due at once."""
        sql = "UPDATE feeds SET paused = 0, failures = 0, last_error = '', next_poll = ? WHERE id = ?"
        self._db.execute(sql, (now, feed_id))

    def parts(self, feed_id: int) -> dict[str, dict[str, str]]:
        """Return the stored validators of an index's sitemaps, by url."""
        row = self._db.execute("SELECT parts FROM feeds WHERE id = ?", (feed_id,)).fetchone()
        found = json.loads(row[0]) if row else {}
        return found if isinstance(found, dict) else {}

    def record_success(self, feed: Feed, result: PollResult, now: str) -> None:
        """Store a successful poll; a new url is taken over unless another feed of the collection has it."""
        self._db.execute(
            """UPDATE feeds SET kind = :kind, title = coalesce(nullif(:title, ''), title), etag = :etag,
                last_modified = :last_modified, interval_s = :interval_s, least_s = :least_s, next_poll = :next_poll,
                parts = :parts, polled_at = :now, changed_at = iif(:has_changed, :now, changed_at), failures = 0,
                last_error = ''
            WHERE id = :id""",
            {**asdict(result), "parts": json.dumps(result.parts), "now": now, "id": feed.id},
        )
        self._db.execute("UPDATE OR IGNORE feeds SET url = ? WHERE id = ?", (result.url, feed.id))

    def record_failure(self, feed: Feed, error: str, next_poll: str, now: str) -> None:
        """Store a failed poll."""
        sql = "UPDATE feeds SET failures = failures + 1, last_error = ?, next_poll = ?, polled_at = ? WHERE id = ?"
        self._db.execute(sql, (storable(error), next_poll, now, feed.id))

    def _select(self, rest: str, values: Sequence[Any]) -> list[Feed]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM feeds {rest}", tuple(values))
        return [replace(Feed(*row), is_paused=bool(row[7])) for row in rows]
