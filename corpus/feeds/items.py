"""The items that feeds have listed: the article that each became, or its next try."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from corpus.feeds.feed import Entry
from corpus.timestamps import utc_text

# Items that have been in no listing for this long are deleted; their articles stay.
RETENTION_DAYS = 90


@dataclass(frozen=True, slots=True)
class Item:
    """An item that waits to be fetched. `article_id` is the article that it became before, if any.

    `is_new` until its page was fetched, or its article found, for the first time.
    """

    id: int
    feed_id: int
    guid: str
    entry: Entry
    article_id: int | None
    tries: int
    is_new: bool


@dataclass(slots=True)
class EntryCounts:
    """How many entries of a listing are new, and how many have changed."""

    new: int = 0
    changed: int = 0


class ItemStore:
    """The items of all feeds of one database. Callers group changes with `db.atomic()`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def record(self, feed_id: int, entries: Sequence[Entry], now: str, recheck_s: float) -> EntryCounts:
        """Queue new and changed entries; changed ones wait until `recheck_s` after their last check."""
        counts = EntryCounts()
        sql = "SELECT key, id, sha256, checked_at, seen_at FROM feed_items WHERE feed_id = ?"
        known = {row[0]: row[1:] for row in self._db.execute(sql, (feed_id,))}
        for entry in entries:
            found = known.get(entry.key)
            if found is None:
                self._insert(feed_id, entry, now)
                counts.new += 1
                continue
            item_id, sha256, checked_at, seen_at = found
            if sha256 != entry.sha256:
                # It was checked now at the latest, whatever a wrong clock said then.
                next_try = max(now, _later(min(checked_at, now), recheck_s)) if checked_at else now
                self._update(item_id, entry, now, next_try)
                counts.changed += 1
            elif seen_at[:10] != now[:10]:
                self._db.execute("UPDATE feed_items SET seen_at = ? WHERE id = ?", (now, item_id))
        self._clear_shared_guids(feed_id, entries)
        return counts

    def waiting(self, feed_id: int, now: str, horizon: str) -> Item | None:
        """Return a feed's next item that is due; drop those whose stored entry can't be read.

        Args:
            feed_id: the feed.
            now: the time.
            horizon: the latest time at which an item may be due; later ones are due now.
        """
        while row := self._db.execute(
            """SELECT id, feed_id, guid, entry, article_id, tries, checked_at IS NULL FROM feed_items
            WHERE feed_id = ? AND entry IS NOT NULL AND (next_try <= ? OR next_try > ?)
            ORDER BY next_try, id LIMIT 1""",
            (feed_id, now, horizon),
        ).fetchone():
            item_id, of_feed, guid, entry, article_id, tries, is_new = row
            try:
                return Item(item_id, of_feed, guid, Entry(**json.loads(entry)), article_id, tries, bool(is_new))
            except (ValueError, TypeError):
                # Forgotten, so that the next listing brings it again.
                self._db.execute("DELETE FROM feed_items WHERE id = ?", (item_id,))
        return None

    def count_waiting(self, feed_id: int) -> int:
        """Return the number of a feed's waiting items, due or not."""
        sql = "SELECT count(*) FROM feed_items WHERE feed_id = ? AND entry IS NOT NULL"
        return int(self._db.execute(sql, (feed_id,)).fetchone()[0])

    def failing(self, min_tries: int) -> tuple[int, list[int]]:
        """Return the number of items that wait after at least this many failed tries, and the ids of their feeds."""
        rows = self._db.execute(
            """SELECT feed_id, count(*) FROM feed_items
            WHERE entry IS NOT NULL AND tries >= ? GROUP BY feed_id ORDER BY feed_id""",
            (min_tries,),
        ).fetchall()
        return sum(count for _, count in rows), [int(feed_id) for feed_id, _ in rows]

    def finish(self, item: Item, article_id: int | None, now: str, reason: str = "") -> None:
        """Stop waiting for an item: it became an article, or `reason` says why not."""
        self._db.execute(
            "UPDATE feed_items SET entry = NULL, tries = 0, article_id = ?, checked_at = ?, reason = ? WHERE id = ?",
            (article_id, now, storable(reason), item.id),
        )

    def retry_later(self, item: Item, article_id: int | None, next_try: str, reason: str) -> None:
        """Schedule another try; `article_id` is the excerpt stored meanwhile, if any."""
        self._db.execute(
            "UPDATE feed_items SET tries = tries + 1, article_id = ?, next_try = ?, reason = ? WHERE id = ?",
            (article_id, next_try, storable(reason), item.id),
        )

    def postpone(self, feed_id: int, until: str, horizon: str) -> None:
        """Make all items of a feed wait at least until then, and those beyond the horizon until then."""
        self._db.execute(
            """UPDATE feed_items SET next_try = ?
            WHERE feed_id = ? AND entry IS NOT NULL AND (next_try < ? OR next_try > ?)""",
            (until, feed_id, until, horizon),
        )

    def find_twins(self, item: Item) -> list[int]:
        """Return the article ids of the feed's other items with the same guid."""
        if not item.guid:
            return []
        rows = self._db.execute(
            """SELECT DISTINCT article_id FROM feed_items
            WHERE feed_id = ? AND guid = ? AND id <> ? AND article_id IS NOT NULL""",
            (item.feed_id, item.guid, item.id),
        )
        return [int(row[0]) for row in rows]

    def in_other_feeds(self, item: Item, collection: str) -> list[tuple[int | None, bool]]:
        """Return the same entry's article in other feeds of a collection, and whether their entries are identical.

        The article is None for an item that still waits.
        """
        rows = self._db.execute(
            """SELECT iif(entry IS NULL, article_id, NULL), sha256 = ? FROM feed_items
            WHERE feed_id IN (SELECT id FROM feeds WHERE collection = ? AND id <> ?) AND key = ?""",
            (item.entry.sha256, collection, item.feed_id, item.entry.url),
        )
        return [(row[0], bool(row[1])) for row in rows]

    def is_shared(self, article_id: int, item: Item) -> bool:
        """Return whether an item other than this one became the article."""
        sql = "SELECT 1 FROM feed_items WHERE article_id = ? AND id <> ? LIMIT 1"
        return self._db.execute(sql, (article_id, item.id)).fetchone() is not None

    def is_removed(self, item: Item) -> bool:
        """Return whether an item's article was removed by somebody."""
        sql = "SELECT checked_at IS NOT NULL AND reason = '' AND article_id IS NULL FROM feed_items WHERE id = ?"
        return bool(self._db.execute(sql, (item.id,)).fetchone()[0])

    def prune(self, feed_id: int, before: str, now: str) -> None:
        """Delete finished items that have been in no listing since then."""
        # Stored while the clock was wrong.
        self._db.execute("UPDATE feed_items SET seen_at = ? WHERE feed_id = ? AND seen_at > ?", (now, feed_id, now))
        sql = "DELETE FROM feed_items WHERE feed_id = ? AND entry IS NULL AND seen_at < ?"
        self._db.execute(sql, (feed_id, before))

    def _insert(self, feed_id: int, entry: Entry, now: str) -> None:
        self._db.execute(
            """INSERT INTO feed_items (feed_id, key, guid, sha256, entry, next_try, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (feed_id, entry.key, entry.guid, entry.sha256, _to_json(entry), now, now),
        )

    def _update(self, item_id: int, entry: Entry, now: str, next_try: str) -> None:
        self._db.execute(
            """UPDATE feed_items SET guid = ?, sha256 = ?, entry = ?, tries = 0, next_try = ?, seen_at = ?
            WHERE id = ?""",
            (entry.guid, entry.sha256, _to_json(entry), next_try, now, item_id),
        )

    def _clear_shared_guids(self, feed_id: int, entries: Sequence[Entry]) -> None:
        """Clear guids that several listed entries share, because they identify nothing."""
        listed = {entry.key for entry in entries}
        sql = "SELECT guid, key, id FROM feed_items WHERE feed_id = ? AND guid <> ''"
        by_guid: dict[str, list[tuple[str, int]]] = {}
        for guid, key, item_id in self._db.execute(sql, (feed_id,)).fetchall():
            by_guid.setdefault(guid, []).append((key, item_id))
        for items in by_guid.values():
            if sum(key in listed for key, _ in items) > 1:
                for _, item_id in items:
                    self._db.execute("UPDATE feed_items SET guid = '' WHERE id = ?", (item_id,))


def _later(time: str, seconds: float) -> str:
    return utc_text(datetime.fromisoformat(time) + timedelta(seconds=seconds))


def storable(text: str) -> str:
    """Return a text without lone surrogates, which JSON allows and SQLite does not."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _to_json(entry: Entry) -> str:
    return storable(json.dumps(asdict(entry), ensure_ascii=False))
