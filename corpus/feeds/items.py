"""What is known of each item that a feed ever listed: which article it became, or what it still waits for."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from corpus.feeds.feed import Entry
from corpus.timestamps import utc_text

# Items that are in no listing any more are forgotten after so many days; their articles stay.
FORGOTTEN_DAYS = 90


@dataclass(frozen=True, slots=True)
class Item:
    """An item that waits to be taken in. `article_id` is what it became before, if anything.

    `is_new` until its page was asked for, or its article found, for the first time.
    """

    id: int
    feed_id: int
    guid: str
    entry: Entry
    article_id: int | None
    tries: int
    is_new: bool


@dataclass(slots=True)
class Recorded:
    """How many entries of a listing are new, and how many have changed."""

    new: int = 0
    changed: int = 0


class Items:
    """The items of all feeds of one database. Callers group changes with `db.atomic()`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def record(self, feed_id: int, entries: Sequence[Entry], now: str, recheck_s: float) -> Recorded:
        """Has the entries wait that are new or have changed; changed ones until `recheck_s` after the last look."""
        report = Recorded()
        known = self._known(feed_id)
        for entry in entries:
            found = known.get(entry.key)
            if found is None:
                self._insert(feed_id, entry, now)
                report.new += 1
                continue
            item_id, sha256, checked_at, seen_at = found
            if sha256 != entry.sha256:
                self._update(item_id, entry, now, max(now, _later(checked_at, recheck_s)) if checked_at else now)
                report.changed += 1
            elif seen_at[:10] != now[:10]:
                self._db.execute("UPDATE feed_items SET seen_at = ? WHERE id = ?", (now, item_id))
        self._distrust_ids(feed_id, entries)
        return report

    def waiting(self, feed_id: int, now: str) -> Item | None:
        """The next item of a feed that is due."""
        row = self._db.execute(
            """SELECT id, feed_id, guid, entry, article_id, tries, checked_at IS NULL FROM feed_items
            WHERE feed_id = ? AND entry IS NOT NULL AND next_try <= ? ORDER BY next_try, id LIMIT 1""",
            (feed_id, now),
        ).fetchone()
        if row is None:
            return None
        item_id, of_feed, guid, entry, article_id, tries, is_new = row
        return Item(item_id, of_feed, guid, Entry(**json.loads(entry)), article_id, tries, bool(is_new))

    def count_waiting(self, feed_id: int) -> int:
        """How many items of a feed wait, due or not."""
        sql = "SELECT count(*) FROM feed_items WHERE feed_id = ? AND entry IS NOT NULL"
        return int(self._db.execute(sql, (feed_id,)).fetchone()[0])

    def failing(self, least_tries: int) -> tuple[int, list[int]]:
        """How many items wait after at least so many tries in vain, and of which feeds."""
        rows = self._db.execute(
            """SELECT feed_id, count(*) FROM feed_items
            WHERE entry IS NOT NULL AND tries >= ? GROUP BY feed_id ORDER BY feed_id""",
            (least_tries,),
        ).fetchall()
        return sum(count for _, count in rows), [int(feed_id) for feed_id, _ in rows]

    def done(self, item: Item, article_id: int | None, now: str, reason: str = "") -> None:
        """An item waits no more: it became an article, or, for the reason, none."""
        self._db.execute(
            "UPDATE feed_items SET entry = NULL, tries = 0, article_id = ?, checked_at = ?, reason = ? WHERE id = ?",
            (article_id, now, reason, item.id),
        )

    def later(self, item: Item, article_id: int | None, next_try: str, reason: str, *, counts: bool = True) -> None:
        """An item is tried again then; what it became meanwhile is an excerpt, if anything."""
        self._db.execute(
            "UPDATE feed_items SET tries = tries + ?, article_id = ?, next_try = ?, reason = ? WHERE id = ?",
            (counts, article_id, next_try, reason, item.id),
        )

    def hold(self, feed_id: int, until: str) -> None:
        """Has all items of a feed wait until then."""
        self._db.execute(
            "UPDATE feed_items SET next_try = ? WHERE feed_id = ? AND entry IS NOT NULL AND next_try < ?",
            (until, feed_id, until),
        )

    def twins(self, item: Item) -> list[int]:
        """The articles of other items of the feed with the same id."""
        if not item.guid:
            return []
        rows = self._db.execute(
            """SELECT DISTINCT article_id FROM feed_items
            WHERE feed_id = ? AND guid = ? AND id <> ? AND article_id IS NOT NULL""",
            (item.feed_id, item.guid, item.id),
        )
        return [int(row[0]) for row in rows]

    def elsewhere(self, item: Item, collection: str) -> list[tuple[int | None, bool]]:
        """What the same entry became in other feeds of a collection: the article, and whether they say the same.

        An item that still waits has become nothing yet.
        """
        rows = self._db.execute(
            """SELECT iif(entry IS NULL, article_id, NULL), sha256 = ? FROM feed_items
            WHERE feed_id IN (SELECT id FROM feeds WHERE collection = ? AND id <> ?) AND key = ?""",
            (item.entry.sha256, collection, item.feed_id, item.entry.url),
        )
        return [(row[0], bool(row[1])) for row in rows]

    def has_article(self, article_id: int, but: Item) -> bool:
        """Whether an item other than this one became the article."""
        sql = "SELECT 1 FROM feed_items WHERE article_id = ? AND id <> ? LIMIT 1"
        return self._db.execute(sql, (article_id, but.id)).fetchone() is not None

    def is_removed(self, item: Item) -> bool:
        """Whether an item became an article that somebody removed since."""
        sql = "SELECT checked_at IS NOT NULL AND reason = '' AND article_id IS NULL FROM feed_items WHERE id = ?"
        return bool(self._db.execute(sql, (item.id,)).fetchone()[0])

    def prune(self, feed_id: int, before: str) -> None:
        """Forgets what no listing has held since then."""
        sql = "DELETE FROM feed_items WHERE feed_id = ? AND entry IS NULL AND seen_at < ?"
        self._db.execute(sql, (feed_id, before))

    def _known(self, feed_id: int) -> dict[str, tuple[int, str, str | None, str]]:
        sql = "SELECT key, id, sha256, checked_at, seen_at FROM feed_items WHERE feed_id = ?"
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in self._db.execute(sql, (feed_id,))}

    def _insert(self, feed_id: int, entry: Entry, now: str) -> None:
        self._db.execute(
            """INSERT INTO feed_items (feed_id, key, guid, sha256, entry, next_try, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (feed_id, entry.key, entry.guid, entry.sha256, _packed(entry), now, now),
        )

    def _update(self, item_id: int, entry: Entry, now: str, next_try: str) -> None:
        self._db.execute(
            """UPDATE feed_items SET guid = ?, sha256 = ?, entry = ?, tries = 0, next_try = ?, seen_at = ?
            WHERE id = ?""",
            (entry.guid, entry.sha256, _packed(entry), next_try, now, item_id),
        )

    def _distrust_ids(self, feed_id: int, entries: Sequence[Entry]) -> None:
        """An id that a listed entry shares with another one that is still listed tells nothing."""
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


def _packed(entry: Entry) -> str:
    # Lone surrogates, which JSON can hold and SQLite can't, become question marks.
    return json.dumps(asdict(entry), ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
