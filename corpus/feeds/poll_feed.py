"""Polls one feed: stores its entries as waiting items, then fetches each one's article, one transaction each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from sqlite_utils import Database

from corpus.article import Article, Draft, PublisherBasis, SourceItem
from corpus.articles import Articles, Outcome, StoreResult
from corpus.errors import AddressRefused, AttacheError, BadStatus, FetchFailed, UnreadableSource
from corpus.faults import InputFault, as_failure
from corpus.feeds import schedule
from corpus.feeds.feed import Feed, PollReport
from corpus.feeds.feed_store import FeedStore, PollResult
from corpus.feeds.fetch_feed import FetchedFeed, fetch_feed
from corpus.feeds.fetch_item import FetchedItem, fetch_item
from corpus.feeds.items import RETENTION_DAYS, Item, ItemStore
from corpus.feeds.polite_client import PoliteClient
from corpus.feeds.rate_limit import HostPaused
from corpus.feeds.schedule import Clock
from corpus.fetch.fetch_article import to_source_item
from corpus.ingest import IngestOptions, ingest_item
from corpus.prepare import normalise
from corpus.publishers.publisher import is_one_site, owns_url

OpenForWriting = Callable[[], AbstractContextManager[Database]]
"""Opens the database for one transaction under the writer lock; never held while fetching."""

FEED_GONE = "The feed is gone for good (status 410)."
_DAY_S = 86400
# Two texts that share more than this part of their words are versions of one article.
_MIN_SHARED_WORDS = 0.5


class Poller:
    """Polls feeds; threads may share it, each for another feed.

    Args:
        open_db: opens the database for writing.
        client: fetches feeds and pages.
        clock: the time.
        is_stopped: called between items; the remaining ones wait for the next poll.
        check_room: raises an AttacheError where a feed's collection may hold no more.
    """

    def __init__(
        self,
        open_db: OpenForWriting,
        client: PoliteClient,
        clock: Clock,
        is_stopped: Callable[[], bool] = lambda: False,
        check_room: Callable[[Database, Feed], None] = lambda _db, _feed: None,
    ) -> None:
        self._check_room = check_room
        self._open_db = open_db
        self._client = client
        self._clock = clock
        self._is_stopped = is_stopped

    def poll(self, feed: Feed, *, fetch: bool = True) -> PollReport | None:
        """Poll a feed and retry waiting items; return None if another process is polling it.

        Errors of the feed are not raised, whatever they are: they are in the report and the feed's row.

        Args:
            feed: the feed, as last read.
            fetch: whether to fetch the feed itself, or only to retry waiting items.

        Raises:
            CorpusBusy: another process is writing for too long.
            StorageFailure: the data folder can't be written.
        """
        report = PollReport(feed)
        with self._open_db() as db, db.atomic():
            if not FeedStore(db).claim(feed, self._clock):
                return None
        try:
            self._poll_claimed(feed, report, fetch=fetch)
        except BaseException as error:  # noqa: BLE001 - one feed's failure
            failure = as_failure(error, "The feed")
            report.error = failure.message
            self._record_failure(feed, failure)
        return report

    def _poll_claimed(self, feed: Feed, report: PollReport, *, fetch: bool) -> None:
        with self._open_db() as db, db.atomic():
            self._check_room(db, feed)
            parts = FeedStore(db).parts(feed.id)
            if not fetch:
                FeedStore(db).release(feed, feed.next_poll)
        if fetch:
            self._record_listing(feed, fetch_feed(self._client, self._clock, feed, parts), report)
        self._process_items(feed, report)

    def _record_failure(self, feed: Feed, error: AttacheError) -> None:
        clock = self._clock
        wait_s = schedule.backoff(feed.failures + 1, clock.chance())
        if isinstance(error, BadStatus):
            wait_s = max(wait_s, schedule.parse_retry_after(error.retry_after, clock.now()))
        with self._open_db() as db, db.atomic():
            if isinstance(error, HostPaused):
                # Another page of its site caused the pause, so this is no failure of the feed.
                FeedStore(db).release(feed, clock.timestamp(error.seconds + clock.chance()))
                return
            next_poll = clock.timestamp(wait_s)
            FeedStore(db).record_failure(feed, error.message, next_poll, clock.timestamp())
            if not isinstance(error, FetchFailed | AddressRefused | UnreadableSource):
                # Not its listing failed, so its items, which are due at other times, would fail again at once.
                ItemStore(db).postpone(feed.id, next_poll, clock.horizon)
            if isinstance(error, BadStatus) and error.status == 410:
                FeedStore(db).pause(feed.id, FEED_GONE)

    def _record_listing(self, feed: Feed, fetched: FetchedFeed, report: PollReport) -> None:
        """Store a feed's entries and its next poll in one transaction."""
        clock, now = self._clock, self._clock.timestamp()
        listing = fetched.listing
        report.is_unchanged = listing is None
        with self._open_db() as db, db.atomic():
            items = ItemStore(db)
            counts = items.record(feed.id, listing.entries, now, schedule.RECHECK_S) if listing else None
            changes = counts.new + counts.changed if counts else 0
            least_s = listing.least_s if listing else feed.least_s
            interval_s = schedule.next_interval(feed.interval_s, least_s, changes)
            result = PollResult(
                kind=listing.kind if listing else feed.kind,
                title=feed.title or (listing.title if listing else ""),
                etag=fetched.etag,
                last_modified=fetched.last_modified,
                interval_s=interval_s,
                least_s=least_s,
                next_poll=clock.timestamp(schedule.jitter(interval_s, clock.chance())),
                url=fetched.moved_to or feed.url,
                has_changed=changes > 0,
                parts=fetched.parts,
            )
            FeedStore(db).record_success(feed, result, now)
            items.prune(feed.id, clock.timestamp(-RETENTION_DAYS * _DAY_S), now)
            report.feed = FeedStore(db).get(feed.id)

    def _process_items(self, feed: Feed, report: PollReport) -> None:
        """Fetch the waiting items one after the other; store each in the transaction that picks the next."""
        now = self._clock.timestamp()
        item: Item | None = None
        fetched: FetchedItem | None = None
        while True:
            with self._open_db() as db, db.atomic():
                if item is not None and fetched is not None:
                    self._settle_alone(db, report, item, fetched)
                item = None if self._is_stopped() else self._next_item(db, report, now)
                report.waiting = ItemStore(db).count_waiting(feed.id)
            if item is None:
                return
            try:
                fetched = fetch_item(self._client, report.feed, item.entry)
            except BaseException as error:  # noqa: BLE001 - one entry's failure
                fetched = FetchedItem(None, as_failure(error, "An entry").message, is_final=False)

    def _next_item(self, db: Database, report: PollReport, now: str) -> Item | None:
        """Return the next item whose page must be fetched, and finish those before it that need no fetch."""
        items = ItemStore(db)
        while item := items.waiting(report.feed.id, now, self._clock.horizon):
            if items.is_removed(item):
                items.finish(item, None, now)
                continue
            try:
                known = self._find_stored(db, report.feed, item) if item.entry.url else None
            except BaseException as error:  # noqa: BLE001 - one entry's failure
                items.finish(item, item.article_id, now, as_failure(error, "An entry").message)
                report.refused += 1
                continue
            if known is None:
                return item
            items.finish(item, known, now)
            report.known += 1
        return None

    def _find_stored(self, db: Database, feed: Feed, item: Item) -> int | None:
        """Return the id of an item's whole article if the collection has it unchanged, from any source."""
        articles, others = Articles(db), ItemStore(db).in_other_feeds(item, feed.collection)
        same = next((article_id for article_id, is_same in others if is_same and article_id is not None), None)
        if same is not None:
            found = articles.facts([same]).get(same)
        else:
            # If another feed's entry differs, either may be newer, so fetch the page.
            found = articles.find_by_url(feed.collection, item.entry.url) if item.is_new and not others else None
        if found is None or found.is_excerpt:
            return None
        # What others handed in under this address is no reason not to read it.
        is_sure = found.publisher_basis is PublisherBasis.VOUCHED or owns_url(found.served_by, found.url)
        return found.id if is_sure else None

    def _settle_alone(self, db: Database, report: PollReport, item: Item, fetched: FetchedItem) -> None:
        """Settle an item; if that fails, give it up, or it would hold up the feed's others at every poll."""
        try:
            with db.atomic():
                self._settle(db, report, item, fetched)
        except BaseException as error:  # noqa: BLE001 - one entry's failure
            reason = as_failure(error, "An entry").message
            ItemStore(db).finish(item, item.article_id, self._clock.timestamp(), reason)
            report.refused += 1

    def _settle(self, db: Database, report: PollReport, item: Item, fetched: FetchedItem) -> None:
        """Store a fetched item's article, or schedule another try."""
        clock, items = self._clock, ItemStore(db)
        if fetched.pause_s:
            items.postpone(item.feed_id, clock.timestamp(fetched.pause_s + 1), clock.horizon)
            return
        stored, reason, is_final = None, fetched.reason, fetched.is_final
        if fetched.item is not None:
            try:
                # Of an entry that fails halfway, nothing is stored.
                with db.atomic():
                    stored = self._store(db, report.feed, item, fetched.item)
            except BaseException as error:  # noqa: BLE001 - one entry's failure
                failure = as_failure(error, "The article of an entry")
                reason, is_final = failure.message, is_final and not isinstance(failure, InputFault)
        article_id = stored.article_id if stored else item.article_id
        if not is_final and item.tries + 1 < schedule.MAX_TRIES:
            next_try = clock.timestamp(schedule.retry_delay(item.tries + 1, clock.chance()))
            items.retry_later(item, article_id, next_try, reason)
        else:
            items.finish(item, article_id, clock.timestamp(), reason)
            report.refused += article_id is None
        if stored is None:
            return
        match stored.outcome:
            case Outcome.ADDED:
                report.added += 1
                report.excerpts += bool(fetched.reason)
            case Outcome.UPDATED:
                report.updated += 1
            case Outcome.UNCHANGED:
                report.known += 1

    def _store(self, db: Database, feed: Feed, item: Item, source: SourceItem) -> StoreResult:
        articles, items = Articles(db), ItemStore(db)
        former = articles.get(item.article_id) if item.article_id else None
        draft = source.parse()
        url = self._original_url(db, feed, item, draft, former)
        if url:
            source = to_source_item(replace(draft, url=url), url)
        stored = ingest_item(db, source, IngestOptions(feed.collection, feed.publisher, is_vouched=False))
        is_other = former is not None and former.id != stored.article_id
        if former is not None and is_other and former.is_excerpt and not items.is_shared(former.id, item):
            # The whole article has another url than its excerpt.
            articles.remove(former.id)
        return stored

    def _original_url(self, db: Database, feed: Feed, item: Item, draft: Draft, former: Article | None) -> str | None:
        """Return the url that an article was first stored under, if its own has changed since; else None."""
        articles = Articles(db)
        if draft.url and articles.find_by_url(feed.collection, draft.url) is not None:
            return None
        if former is not None:
            is_kept = _is_same_server(draft, former) and (draft.is_excerpt or not former.is_excerpt)
            return former.url if is_kept else None
        body = normalise(draft).body
        twins = filter(None, map(articles.get, ItemStore(db).find_twins(item)))
        own = (twin for twin in twins if _is_same_server(draft, twin))
        return next((twin.url for twin in own if _shared_words(twin.body, body) > _MIN_SHARED_WORDS), None)


def _is_same_server(draft: Draft, stored: Article) -> bool:
    return is_one_site(draft.served_by, stored.served_by) or owns_url(draft.served_by, stored.url)


def _shared_words(one: str, other: str) -> float:
    """Return the share of two texts' distinct words that both have, 0 to 1."""
    first, second = set(one.split()), set(other.split())
    return len(first & second) / max(1, len(first | second))
