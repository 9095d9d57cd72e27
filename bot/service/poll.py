"""Polls the feeds that are due, several sites at a time, and makes what came searchable."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from sqlite_utils import Database

from bot.service.feeds import list_feeds
from bot.service.links import fetch_options
from bot.service.sessions import reading, writing
from bot.settings import Settings
from corpus.database import DATABASE_NAME
from corpus.errors import AttacheError, CorpusBusy
from corpus.feeds.feed import Feed, PollReport
from corpus.feeds.feed_store import Feeds
from corpus.feeds.schedule import Clock
from index.embedding.embedder import Embedder
from index.generation.generations import Generations
from index.maintenance import RefreshReport, refresh

# Sites that are polled at the same time; each is asked for one page at a time.
SITES_AT_ONCE = 4
# Seconds between two looks at what is due: at least, so that the index is not built for every article by itself, and at
# most, so that a feed that another process added is noticed.
SHORTEST_TICK_S = 15.0
LONGEST_TICK_S = 60.0
# Seconds to wait for another writer, who may be embedding.
WAIT_S = 120.0

Wanted = Callable[[Feed], bool]


@dataclass(slots=True)
class Round:
    """What one round came to; `index` is None where nothing became searchable, `problem` says what prevented that."""

    polls: list[PollReport] = field(default_factory=list)
    index: RefreshReport | None = None
    problem: str = ""

    @property
    def changes(self) -> int:
        """Articles that are new or have a new text."""
        return sum(poll.changes for poll in self.polls)


class Polling:
    """Polls until it is told to stop.

    Args:
        settings: the data folder, and how politely to ask.
        embedder: the model for what comes.
        stop: ends rounds and waiting; an article that is being fetched is finished first.
        clock: the time; by default the real one, whose waits end when `stop` is set.
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
        # PLC0415: httpx takes 200 ms to import
        from corpus.feeds.polite_client import Web  # noqa: PLC0415 - see above
        from corpus.feeds.poll_feed import Poller  # noqa: PLC0415 - see above

        self._settings = settings
        self._embedder = embedder
        self._stop = stop
        self._clock = clock or Clock(sleep=stop.wait)
        self._sites_at_once = sites_at_once
        self._writing_lock = threading.Lock()
        # A process before this one may have been killed before it made searchable what it had stored.
        self._is_behind = True
        web = Web(fetch_options(settings), self._clock, settings.feed_delay_s)
        self._poller = Poller(self._writing, web, self._clock, stop.is_set)

    def due(self, wanted: Wanted = lambda _feed: True) -> list[Feed]:
        """The feeds that are due now."""
        if not (self._settings.data_dir / DATABASE_NAME).is_file():
            return []
        with reading(self._settings.data_dir) as db:
            return list(filter(wanted, Feeds(db).due(self._clock.text())))

    def round(
        self, feeds: Sequence[Feed], *, forced: bool = False, on_poll: Callable[[], None] = lambda: None
    ) -> Round:
        """Polls these feeds, then makes what came searchable.

        Args:
            feeds: as they were read just now.
            forced: ask them even if they are not due.
            on_poll: called after each feed.

        Raises:
            CorpusBusy: somebody else is writing.
            StorageFailure: the data folder can't be written.
        """
        result = Round()
        now = self._clock.text()
        was_behind = self._is_behind
        # Whatever ends a poll early, what it had stored by then is made searchable by this round or the next.
        self._is_behind = True
        cut_short: list[Feed] = []

        def poll(feed: Feed) -> None:
            try:
                report = self._poller.poll(feed, asks=forced or feed.next_poll <= now)
            except AttacheError as error:
                report = PollReport(feed, error=error.message)
                cut_short.append(feed)
            if report is not None:
                result.polls.append(report)
            on_poll()

        _in_threads(_by_site(feeds), poll, self._sites_at_once, self._stop)
        # Whoever is told to stop does not begin to embed; the first round of the next one makes up for that.
        self._is_behind = was_behind or result.changes > 0 or bool(cut_short)
        if self._is_behind and result.polls and not self._stop.is_set():
            with self._writing() as db:
                index = refresh(db, Generations(self._settings.data_dir), self._embedder)
            self._is_behind = False
            result.index = index if index.built or index.embedded else None
        return result

    def watch(self, on_round: Callable[[Round], None], wanted: Wanted = lambda _feed: True) -> None:
        """Polls whatever is due until it is told to stop; where somebody else is writing it is tried again soon.

        Raises:
            StorageFailure: the feeds can't be read.
        """
        while not self._stop.is_set():
            began = time.monotonic()
            if feeds := self.due(wanted):
                on_round(self._tried(feeds))
            spent = time.monotonic() - began
            self._stop.wait(max(SHORTEST_TICK_S - spent, self._until_due()))

    def _tried(self, feeds: Sequence[Feed]) -> Round:
        try:
            return self.round(feeds)
        except CorpusBusy as error:
            return Round(problem=error.message)

    def _until_due(self) -> float:
        """Seconds until something is due, within the bounds."""
        due = None
        if (self._settings.data_dir / DATABASE_NAME).is_file():
            with reading(self._settings.data_dir) as db:
                due = Feeds(db).next_due()
        seconds = datetime.fromisoformat(due).timestamp() - self._clock.now() if due else LONGEST_TICK_S
        return min(LONGEST_TICK_S, max(0.0, seconds))

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        # Threads of this process take turns here, others at the file.
        with self._writing_lock, writing(self._settings, "polling feeds", wait_s=WAIT_S) as db:
            yield db


def poll_feeds(polling: Polling, settings: Settings, ids: Sequence[int], on_poll: Callable[[], None]) -> Round:
    """Polls the feeds with these numbers, due or not, paused or not; without numbers all that are due.

    Raises:
        BadInput: there is no such feed.
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    if not ids:
        return polling.round(polling.due(), on_poll=on_poll)
    known = {feed.id: feed for feed in list_feeds(settings)}
    return polling.round([known[each] for each in ids if each in known], forced=True, on_poll=on_poll)


def _by_site(feeds: Sequence[Feed]) -> list[list[Feed]]:
    sites: dict[str, list[Feed]] = {}
    for feed in feeds:
        sites.setdefault(urlsplit(feed.url).hostname or "", []).append(feed)
    return list(sites.values())


def _in_threads(sites: Sequence[list[Feed]], poll: Callable[[Feed], None], threads: int, stop: threading.Event) -> None:
    """Polls the feeds of each site one after the other, several sites at a time."""
    waiting: SimpleQueue[list[Feed]] = SimpleQueue()
    for site in sites:
        waiting.put(site)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not stop.is_set():
                _one_by_one(waiting.get_nowait(), poll, stop)
        except Empty:
            return
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked for the round
            failures.append(error)

    # Daemons: at the end of the process nobody waits for a slow site. What is stored survives a kill at any moment.
    workers = [threading.Thread(target=work, name="feeds", daemon=True) for _ in range(min(threads, len(sites)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]


def _one_by_one(feeds: Sequence[Feed], poll: Callable[[Feed], None], stop: threading.Event) -> None:
    for feed in feeds:
        if stop.is_set():
            return
        poll(feed)
