"""Takes work from the event loop to the one thread that answers: a queue with an end, questions embedded together."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.answering.answer import Answer
from bot.ops.metrics import Metrics
from bot.service.attache import Attache
from bot.worker_thread import Worker
from corpus.errors import AttacheError
from index.filters import Filters

T = TypeVar("T")

# Longer queues would answer after the asker has gone; a tenth of a second each makes half a minute.
LONGEST_QUEUE = 300
# Questions that are embedded in one batch. Larger ones gain nothing more on two cores.
MOST_AT_ONCE = 16
# So many are surely worked out in a second: who stands further back at a shutdown than patience reaches is told so.
ANSWERS_A_SECOND = 10
# Seconds that one answer is taken to last before any was given, and how much each batch weighs in what is learnt of it.
FIRST_GUESS_S = 0.1
NEWEST_WEIGHS = 0.2
# Seconds for telling those who were not answered.
APOLOGIES_S = 3.0


class DeskBusy(AttacheError):
    """Too many questions are waiting."""


class DeskClosed(AttacheError):
    """The bot is shutting down and takes no more questions."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    work: Callable[[Attache], Any]
    query: str
    outcome: asyncio.Future[Any]
    since: float


class Desk:
    """Takes questions and look-ups from the event loop; one thread works them off in the order they came.

    Args:
        attache: answers them.
        metrics: told how long they waited and took; by default ones that nobody reads.
    """

    def __init__(self, attache: Attache, metrics: Metrics | None = None) -> None:
        self._attache = attache
        self._metrics = metrics or Metrics()
        self._thread = Worker("desk")
        self._queue: deque[_Waiting] = deque()
        self._clerk: asyncio.Task[None] | None = None
        self._visits = 0
        self._batch: list[_Waiting] = []
        self._serving = 0
        self._each_s = FIRST_GUESS_S
        self._is_open = True
        self._has_patience = True
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def waiting(self) -> int:
        """How many wait before one that comes now."""
        return len(self._queue) + self._serving

    @property
    def wait_s(self) -> float:
        """Seconds that one that comes now would wait, going by how long the latest took."""
        return self.waiting * self._each_s

    @property
    def is_open(self) -> bool:
        """Whether it still takes questions."""
        return self._is_open

    async def warm_up(self) -> None:
        """Opens the corpus and loads the models, so that the first question doesn't wait for them.

        Raises:
            AttacheError: one of them can't be had.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._attache.warm_up)

    async def pulse(self) -> None:
        """Returns when the thread has come to it, which shows that it does not hang.

        Raises:
            DeskClosed: the bot is shutting down.
        """
        if not self._is_open:
            raise _closed()
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: None)

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[None]:
        """Holds the desk open from a question's arrival until its reply is sent."""
        self._visits += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._visits -= 1
            if self._visits == 0:
                self._idle.set()

    async def ask(self, question: str, filters: Filters, now: datetime) -> Answer:
        """Answers a question.

        Raises:
            DeskBusy: too many are waiting.
            DeskClosed: the bot is shutting down.
            AttacheError: whatever `Attache.ask` raises.
        """

        def work(attache: Attache) -> Answer:
            began = time.perf_counter()
            answer = attache.ask(question, filters, now=now)
            self._metrics.worked_out(answer.timings_ms, time.perf_counter() - began)
            return answer

        return await self.run(work, query=question)

    async def run(self, work: Callable[[Attache], T], *, query: str = "") -> T:
        """Does any work that needs the open corpus; raises as `ask` does, and whatever the work raises.

        Args:
            work: what to do, in the desk's thread.
            query: the text that it will search for, to be embedded in one batch with those of others.
        """
        if not self._is_open:
            raise _closed()
        if len(self._queue) >= LONGEST_QUEUE:
            raise DeskBusy(f"{len(self._queue)} questions are waiting already.", "Please ask again in a minute.")
        waiting = _Waiting(work, query, asyncio.get_running_loop().create_future(), time.monotonic())
        self._queue.append(waiting)
        if self._clerk is None or self._clerk.done():
            self._clerk = asyncio.create_task(self._work_off())
        outcome: T = await waiting.outcome
        return outcome

    async def close(self, patience_s: float, behind_s: float = 0.0) -> None:
        """Takes no more questions, waits for the replies under way, and tells the rest that it is closing.

        Those at the end of the queue are told at once: apologies, too, go out one after the other.

        Args:
            patience_s: seconds for the replies.
            behind_s: seconds that messages wait already to be sent.
        """
        self._is_open = False
        reached = max(0, int((patience_s - behind_s) * ANSWERS_A_SECOND))
        while len(self._queue) > reached:
            _settle(self._queue.pop().outcome, None, _closed())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), patience_s)
        self._has_patience = False
        while self._queue:
            _settle(self._queue.popleft().outcome, None, _closed())
        # The question that is being answered is let finish, unless it takes too long: then its asker is told as well.
        await asyncio.to_thread(self._thread.shutdown)
        for each in self._batch:
            _settle(each.outcome, None, _closed())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), APOLOGIES_S)

    async def _work_off(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            batch = [self._queue.popleft() for _ in range(min(MOST_AT_ONCE, len(self._queue)))]
            # Who gave up while waiting is not worked for.
            batch = [each for each in batch if not each.outcome.done()]
            self._batch, self._serving = batch, len(batch)
            await loop.run_in_executor(self._thread, self._serve, batch, loop)

    def _served(self, waiting: _Waiting) -> object:
        if not self._has_patience:
            raise _closed()
        self._metrics.waited(time.monotonic() - waiting.since)
        return waiting.work(self._attache)

    def _serve(self, batch: list[_Waiting], loop: asyncio.AbstractEventLoop) -> None:
        # Embedding together only saves time: what fails here fails again, and is told, where it belongs.
        queries = [each.query for each in batch if each.query]
        began = time.perf_counter()
        with contextlib.suppress(Exception):
            if self._attache.prepare(queries):
                self._metrics.took("embed", time.perf_counter() - began)
        for each in batch:
            outcome: object = None
            error: Exception | None = None
            try:
                outcome = self._served(each)
            except Exception as failure:  # noqa: BLE001 - it belongs to whoever asked, not to this thread
                error = failure
            loop.call_soon_threadsafe(self._done, each.outcome, outcome, error)
        lasted = (time.perf_counter() - began) / max(1, len(batch))
        self._each_s += NEWEST_WEIGHS * (lasted - self._each_s)

    def _done(self, future: asyncio.Future[Any], outcome: object, error: Exception | None) -> None:
        self._serving -= 1
        _settle(future, outcome, error)


def _settle(future: asyncio.Future[Any], outcome: object, error: Exception | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(outcome)


def _closed() -> DeskClosed:
    return DeskClosed("I am restarting and take no questions right now.", "Please ask again in a minute.")
