"""Polls one feed: what it lists is noted first, then each new item becomes an article, one transaction each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from sqlite_utils import Database

from corpus.article import Article, Draft, SourceItem
from corpus.articles import Articles, Outcome, Stored
from corpus.errors import AttacheError, BadStatus, UnreadableSource
from corpus.feeds.feed import Feed, PollReport
from corpus.feeds.feed_store import CLAIM_S, Feeds, Polled
from corpus.feeds.fetch_feed import Read, read_feed
from corpus.feeds.fetch_item import Taken, take
from corpus.feeds.items import FORGOTTEN_DAYS, Item, Items
from corpus.feeds.polite_client import Web
from corpus.feeds.rate_limit import HostHeld
from corpus.feeds.schedule import MOST_TRIES, RECHECK_S, Clock, backoff, next_interval, retry_after, retry_wait, spread
from corpus.fetch.fetch_article import as_item
from corpus.formats import HOSTILE
from corpus.ingest import IngestOptions, ingest_item, normalise

Writing = Callable[[], AbstractContextManager[Database]]
"""Opens the corpus for one transaction, with the writer's lock held; never while anything is fetched."""

GONE = "The feed is gone for good (status 410)."
_DAY_S = 86400
# Two texts of which more of the words are shared are versions of one article.
_SAME_SHARE = 0.5


class Poller:
    """Polls feeds; may be used by several threads, each for another feed.

    Args:
        writing: opens the corpus for writing.
        web: the way to feeds and pages.
        clock: the time.
        is_stopped: asked between items; what is not done then waits for the next poll.
    """

    def __init__(
        self, writing: Writing, web: Web, clock: Clock, is_stopped: Callable[[], bool] = lambda: False
    ) -> None:
        self._writing = writing
        self._web = web
        self._clock = clock
        self._is_stopped = is_stopped

    def poll(self, feed: Feed, *, asks: bool = True) -> PollReport | None:
        """Polls a feed, and tries what waits again; None where somebody else polls it now.

        What goes wrong with the feed is in the report and in its row, and is no exception.

        Args:
            feed: the feed, as it was read.
            asks: whether to ask the feed itself; else only what waits is tried again.

        Raises:
            CorpusBusy: somebody else is writing for too long.
            StorageFailure: the data folder can't be written.
        """
        report = PollReport(feed)
        with self._writing() as db, db.atomic():
            if not Feeds(db).claim(feed, self._clock.text(CLAIM_S)):
                return None
            parts = Feeds(db).parts(feed.id)
        if not asks:
            with self._writing() as db, db.atomic():
                Feeds(db).release(feed, feed.next_poll)
        else:
            try:
                read = read_feed(self._web, self._clock, feed, parts)
            except AttacheError as error:
                report.error = error.message
                self._note_failure(feed, error)
                return report
            self._note(feed, read, report)
        self._work_off(feed, report)
        return report

    def _note_failure(self, feed: Feed, error: AttacheError) -> None:
        clock = self._clock
        wait_s = backoff(feed.failures + 1, clock.chance())
        if isinstance(error, BadStatus):
            wait_s = max(wait_s, retry_after(error.retry_after, clock.now()))
        with self._writing() as db, db.atomic():
            if isinstance(error, HostHeld):
                # Another page of its site was asked too often; the feed itself has done nothing wrong.
                Feeds(db).release(feed, clock.text(error.seconds + clock.chance()))
                return
            Feeds(db).failed(feed, error.message, clock.text(wait_s), clock.text())
            if isinstance(error, BadStatus) and error.status == 410:
                Feeds(db).pause(feed.id, GONE)

    def _note(self, feed: Feed, read: Read, report: PollReport) -> None:
        """Notes what a feed listed and when it is polled next, in one transaction."""
        clock, now = self._clock, self._clock.text()
        listing = read.listing
        report.is_unchanged = listing is None
        with self._writing() as db, db.atomic():
            items = Items(db)
            found = items.record(feed.id, listing.entries, now, RECHECK_S) if listing else None
            changes = found.new + found.changed if found else 0
            least_s = listing.least_s if listing else feed.least_s
            interval_s = next_interval(feed.interval_s, least_s, changes)
            polled = Polled(
                kind=listing.kind if listing else feed.kind,
                title=feed.title or (listing.title if listing else ""),
                etag=read.etag,
                last_modified=read.last_modified,
                interval_s=interval_s,
                least_s=least_s,
                next_poll=clock.text(spread(interval_s, clock.chance())),
                url=read.moved_to or feed.url,
                has_changed=changes > 0,
                parts=read.parts,
            )
            Feeds(db).polled(feed, polled, now)
            items.prune(feed.id, clock.text(-FORGOTTEN_DAYS * _DAY_S))
            report.feed = Feeds(db).get(feed.id)

    def _work_off(self, feed: Feed, report: PollReport) -> None:
        """Takes the items in that wait, one after the other."""
        now = self._clock.text()
        item: Item | None = None
        taken: Taken | None = None
        while True:
            with self._writing() as db, db.atomic():
                if item is not None and taken is not None:
                    self._settle(db, report, item, taken)
                item = None if self._is_stopped() else self._next(db, report, now)
                report.waiting = Items(db).count_waiting(feed.id)
            if item is None:
                return
            taken = take(self._web, report.feed, item.entry)

    def _next(self, db: Database, report: PollReport, now: str) -> Item | None:
        """The next item whose page has to be asked for; what needs none is settled on the way."""
        items = Items(db)
        while item := items.waiting(report.feed.id, now):
            if items.is_removed(item):
                items.done(item, None, now)
                continue
            known = self._known(db, report.feed, item) if item.entry.url else None
            if known is None:
                return item
            items.done(item, known, now)
            report.known += 1
        return None

    def _known(self, db: Database, feed: Feed, item: Item) -> int | None:
        """The whole article of an item that the collection has already as it is, from wherever."""
        articles, others = Articles(db), Items(db).elsewhere(item, feed.collection)
        same = next((article_id for article_id, is_same in others if is_same and article_id is not None), None)
        if same is not None:
            found = articles.facts([same]).get(same)
        else:
            # Another feed that says something else of it may know of a change, or be behind.
            found = articles.by_url(feed.collection, item.entry.url) if item.is_new and not others else None
        return found.id if found is not None and not found.is_excerpt else None

    def _settle(self, db: Database, report: PollReport, item: Item, taken: Taken) -> None:
        """Stores what was got for an item, or has it wait."""
        clock, items = self._clock, Items(db)
        if taken.held_s:
            items.hold(item.feed_id, clock.text(taken.held_s + 1))
            return
        stored, reason, is_final = None, taken.reason, taken.is_final
        if taken.item is not None:
            try:
                stored = self._store(db, report.feed, item, taken.item)
            except UnreadableSource as error:
                reason = error.message
            except HOSTILE as error:
                reason, is_final = f"It can't be read ({type(error).__name__}).", True
        article_id = stored.article_id if stored else item.article_id
        if not is_final and item.tries + 1 < MOST_TRIES:
            items.later(item, article_id, clock.text(retry_wait(item.tries + 1, clock.chance())), reason)
        else:
            items.done(item, article_id, clock.text(), reason)
            report.refused += article_id is None
        self._count(report, stored, is_excerpt=bool(taken.reason))

    def _store(self, db: Database, feed: Feed, item: Item, source: SourceItem) -> Stored:
        articles, items = Articles(db), Items(db)
        former = articles.get(item.article_id) if item.article_id else None
        draft = source.parse()
        address = self._address(db, feed, item, draft, former)
        if address:
            source = as_item(replace(draft, url=address), address)
        stored = ingest_item(db, source, IngestOptions(feed.collection, feed.publisher))
        is_other = former is not None and former.id != stored.article_id
        if former is not None and is_other and former.is_excerpt and not items.has_article(former.id, item):
            # The whole article lies at another address than the one that its excerpt was kept under.
            articles.remove(former.id)
        return stored

    def _address(self, db: Database, feed: Feed, item: Item, draft: Draft, former: Article | None) -> str | None:
        """The address that an article was first found under, where its own has changed since; else None."""
        articles = Articles(db)
        if draft.url and articles.by_url(feed.collection, draft.url) is not None:
            return None
        if former is not None:
            return None if former.is_excerpt and not draft.is_excerpt else former.url
        body = normalise(draft).body
        twins = filter(None, map(articles.get, Items(db).twins(item)))
        return next((twin.url for twin in twins if _shared(twin.body, body) > _SAME_SHARE), None)

    def _count(self, report: PollReport, stored: Stored | None, *, is_excerpt: bool) -> None:
        if stored is None:
            return
        match stored.outcome:
            case Outcome.ADDED:
                report.added += 1
                report.excerpts += is_excerpt
            case Outcome.UPDATED:
                report.updated += 1
            case Outcome.UNCHANGED:
                report.known += 1


def _shared(one: str, other: str) -> float:
    """The share of the words of two texts that both have."""
    first, second = set(one.split()), set(other.split())
    return len(first & second) / max(1, len(first | second))
