"""Poll the feeds that are due, several sites at a time, and make new articles searchable."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from sqlite_utils import Database

from bot.service.index_place import index_of
from bot.service.links import fetch_options
from bot.service.quotas import FeedRoom, QuotaUse
from bot.service.sessions import has_database, reading, writing
from bot.settings import Settings
from corpus.errors import AttacheError, CorpusBusy
from corpus.faults import InputFault, as_failure
from corpus.feeds.feed import Feed, PollReport
from corpus.feeds.feed_store import FeedStore
from corpus.feeds.schedule import Clock
from index.embedding.embedder import Embedder
from index.maintenance import RefreshReport, refresh

# Sites polled at the same time, each with one request at a time.
SITES_AT_ONCE = 4
# Seconds between two checks for due feeds. The minimum keeps the index from being built for every single article, the
# maximum bounds how late a feed that another process added is noticed.
MIN_TICK_S = 15.0
MAX_TICK_S = 60.0
# Seconds to wait for another writer, which may be embedding.
WAIT_S = 120.0

FeedFilter = Callable[[Feed], bool]


@dataclass(slots=True)
class PollRound:
    """The outcome of one round; `index` is None if nothing became searchable, and `problem` says what prevented it.

    `uses` is how much of their quotas the servers' collections used when they were measured last.
    """

    polls: list[PollReport] = field(default_factory=list)
    uses: Mapping[str, QuotaUse] = field(default_factory=dict)
    index: RefreshReport | None = None
    problem: str = ""

    @property
    def changes(self) -> int:
        """How many articles are new or have a new text."""
        return sum(poll.changes for poll in self.polls)


class PollLoop:
    """Polls feeds until stopped.

    Args:
        settings: the data folder, and the delay between requests.
        embedder: the embedding model for new articles.
        stop: ends rounds and waits; an article being fetched is finished first.
        clock: the time; by default real time, with waits that end when `stop` is set.
        sites_at_once: how many sites are polled at the same time.
    """

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        stop: threading.Event,
        clock: Clock | None = None,
        sites_at_once: int = SITES_AT_ONCE,
    ) -> None:
        from corpus.feeds.polite_client import PoliteClient  # noqa: PLC0415 - httpx takes 200 ms to import
        from corpus.feeds.poll_feed import Poller  # noqa: PLC0415 - httpx takes 200 ms to import

        self._settings = settings
        self._embedder = embedder
        self._stop = stop
        self._clock = clock or Clock(sleep=stop.wait)
        self._sites_at_once = sites_at_once
        self._writing_lock = threading.Lock()
        # An earlier process may have been killed between storing articles and indexing them.
        self._is_behind = True
        client = PoliteClient(fetch_options(settings), self._clock, settings.feed_delay_s)
        self._room = FeedRoom(settings, self._clock.now)
        self._poller = Poller(self._writing, client, self._clock, stop.is_set, self._room.check)

    def due(self, wanted: FeedFilter = lambda _feed: True) -> list[Feed]:
        """Return the feeds that are due now."""
        if not has_database(self._settings.data_dir):
            return []
        with reading(self._settings.data_dir) as db:
            return list(filter(wanted, FeedStore(db).due(self._clock)))

    def poll_round(
        self, feeds: Sequence[Feed], *, force: bool = False, on_poll: Callable[[], None] = lambda: None
    ) -> PollRound:
        """Poll these feeds (with `force`, even if they are not due), then make new articles searchable.

        Raises:
            CorpusBusy: another program is writing.
            StorageFailure: the data folder can't be written.
        """
        result = PollRound()
        was_behind = self._is_behind
        # Until the round has indexed what it stored; if it ends early, the next round does.
        self._is_behind = True
        cut_short: list[Feed] = []

        def poll(feed: Feed) -> None:
            if self._stop.is_set():
                return
            try:
                report = self._poller.poll(feed, fetch=force or feed.is_due(self._clock))
            except AttacheError as error:
                report = PollReport(feed, error=error.message)
                cut_short.append(feed)
            except BaseException as error:  # noqa: BLE001 - one feed's failure
                report = PollReport(feed, error=as_failure(error, "The feed").message)
                cut_short.append(feed)
            if report is not None:
                result.polls.append(report)
            on_poll()

        _poll_in_threads(_by_site(feeds), poll, self._sites_at_once)
        result.uses = {each: use for each in {feed.collection for feed in feeds} if (use := self._room.uses.get(each))}
        self._is_behind = was_behind or result.changes > 0 or bool(cut_short)
        # When stopped, leave the embedding to the first round of the next process.
        if self._is_behind and result.polls and not self._stop.is_set():
            self._refresh(result)
        return result

    def _refresh(self, result: PollRound) -> None:
        """Make new articles searchable; if that fails for a reason nobody foresaw, the next round tries again."""
        try:
            with self._writing() as db:
                index = refresh(db, index_of(self._settings), self._embedder)
        except BaseException as error:
            failure = as_failure(error, "The index", "refreshed")
            if not isinstance(failure, InputFault):
                raise
            result.problem = failure.message
            return
        # A server that doesn't answer is asked again in the next round, whether or not that brings articles.
        self._is_behind, result.problem = bool(index.problem), index.problem or result.problem
        result.index = index if index.built or index.embedded else None

    def watch(self, on_round: Callable[[PollRound], None], wanted: FeedFilter = lambda _feed: True) -> None:
        """Poll feeds as they become due until stopped; retry soon while another program is writing.

        Raises:
            StorageFailure: the feeds can't be read.
        """
        while not self._stop.is_set():
            began = time.monotonic()
            if feeds := self.due(wanted):
                try:
                    done = self.poll_round(feeds)
                except CorpusBusy as error:
                    done = PollRound(problem=error.message)
                on_round(done)
            spent = time.monotonic() - began
            self._stop.wait(max(MIN_TICK_S - spent, self._until_due()))

    def _until_due(self) -> float:
        """Return the seconds until a feed is due, at most `MAX_TICK_S`."""
        due = None
        if has_database(self._settings.data_dir):
            with reading(self._settings.data_dir) as db:
                due = FeedStore(db).next_due()
        try:
            seconds = datetime.fromisoformat(due).timestamp() - self._clock.now() if due else MAX_TICK_S
        except (ValueError, OverflowError):
            # A time that was damaged; its feed is due.
            seconds = 0.0
        return min(MAX_TICK_S, max(0.0, seconds))

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        # The lock serialises the threads of this process; the file lock serialises processes.
        with self._writing_lock, writing(self._settings, "polling feeds", wait_s=WAIT_S) as db:
            yield db


def _by_site(feeds: Sequence[Feed]) -> list[list[Feed]]:
    sites: dict[str, list[Feed]] = {}
    for feed in feeds:
        sites.setdefault(_site(feed.url), []).append(feed)
    return list(sites.values())


def _site(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        # A poll will say what is wrong with it.
        return ""


def _poll_in_threads(sites: Sequence[list[Feed]], poll: Callable[[Feed], None], threads: int) -> None:
    """Poll several sites at a time, and the feeds of each site one after the other."""
    queue: SimpleQueue[list[Feed]] = SimpleQueue()
    for site in sites:
        queue.put(site)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while True:
                for feed in queue.get_nowait():
                    poll(feed)
        except Empty:
            return
        except BaseException as error:  # noqa: BLE001 - raised again in the calling thread
            failures.append(error)

    # Daemon threads, so that a slow site does not delay the exit; stored articles survive a kill at any moment.
    workers = [threading.Thread(target=work, name="feeds", daemon=True) for _ in range(min(threads, len(sites)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]
