"""The bounded queue of questions for the one answering thread, which embeds them in batches."""

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
from bot.worker_thread import Worker, awaitable_error
from corpus.errors import AttacheError
from index.filters import Filters

T = TypeVar("T")

# In a longer queue answers would come after the asker has gone; at a tenth of a second each this is half a minute.
MAX_QUEUE_LENGTH = 300
# Questions that are embedded in one batch. Larger batches are no faster on two cores.
MAX_BATCH_SIZE = 16
# A safe estimate: at a shutdown, questions that the grace period would not reach at this rate are refused at once.
ANSWERS_PER_SECOND = 10
# Seconds that an answer is assumed to take before the first one, and the weight of each batch in the moving average.
INITIAL_ESTIMATE_S = 0.1
SMOOTHING = 0.2
# Seconds for telling those whose questions were not answered.
APOLOGY_TIMEOUT_S = 3.0


class QueueFull(AttacheError):
    """Too many questions are waiting."""


class ShuttingDown(AttacheError):
    """The bot is shutting down and accepts no more work."""

    def __init__(self) -> None:
        super().__init__("I'm restarting and can't take questions right now.", "Please ask again in a minute.")


@dataclass(frozen=True, slots=True)
class _Task:
    work: Callable[[Attache], Any]
    query: str
    result: asyncio.Future[Any]
    queued_at: float
    is_measured: bool


class AnswerQueue:
    """Runs questions and look-ups from the event loop in one thread, first in, first out.

    Args:
        attache: answers the questions.
        metrics: observes waiting and working times.
    """

    def __init__(self, attache: Attache, metrics: Metrics | None = None) -> None:
        self._attache = attache
        self._metrics = metrics or Metrics()
        self._thread = Worker("answers")
        self._aside = Worker("beside answers")
        self._queue: deque[_Task] = deque()
        self._runner: asyncio.Task[None] | None = None
        self._open_replies = 0
        self._batch: list[_Task] = []
        self._in_progress = 0
        self._estimate_s = INITIAL_ESTIMATE_S
        self._is_open = True
        self._in_grace_period = True
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def waiting(self) -> int:
        """The number of tasks ahead of a new one."""
        return len(self._queue) + self._in_progress

    @property
    def wait_s(self) -> float:
        """Estimated seconds that a new task would wait."""
        return self.waiting * self._estimate_s

    @property
    def is_open(self) -> bool:
        """Whether the queue still accepts questions."""
        return self._is_open

    async def warm_up(self) -> None:
        """Open the corpus and load the models, so that the first question doesn't wait for them.

        Raises:
            AttacheError: one of them can't be loaded.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._attache.warm_up)

    async def ping(self) -> None:
        """Return once the answering thread responds.

        Raises:
            ShuttingDown: the queue is closed.
        """
        if not self._is_open:
            raise ShuttingDown
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: None)

    @asynccontextmanager
    async def hold_open(self) -> AsyncIterator[None]:
        """Make `close` wait for the block, from a question's arrival until its reply is sent."""
        self._open_replies += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._open_replies -= 1
            if self._open_replies == 0:
                self._idle.set()

    async def ask(
        self, question: str, filters: Filters, now: datetime, quotes: int | None = None, *, is_measured: bool = True
    ) -> Answer:
        """Answer a question, by default with as many quotes as the settings say.

        What nobody asked, such as a question that is only tried, is not measured: the metrics tell of people.

        Raises:
            QueueFull: too many questions are waiting.
            ShuttingDown: the queue is closed.
            AttacheError: as `Attache.ask` raises.
        """

        def work(attache: Attache) -> Answer:
            began = time.perf_counter()
            answer = attache.ask(question, filters, now=now, quotes=quotes)
            if is_measured:
                self._metrics.observe_answer_stages(answer.timings_ms, time.perf_counter() - began)
            return answer

        return await self.run(work, query=question, is_measured=is_measured)

    async def run(self, work: Callable[[Attache], T], *, query: str = "", is_measured: bool = True) -> T:
        """Run any work that needs the open corpus; raise as `ask` does, and whatever the work raises.

        Args:
            work: called in the answering thread.
            query: the text that it searches for, to be embedded in one batch with others.
            is_measured: whether its wait counts in the metrics.
        """
        if not self._is_open:
            raise ShuttingDown
        if len(self._queue) >= MAX_QUEUE_LENGTH:
            raise QueueFull(f"{len(self._queue)} questions are waiting already.", "Please ask again in a minute.")
        task = _Task(work, query, asyncio.get_running_loop().create_future(), time.monotonic(), is_measured)
        self._queue.append(task)
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run_batches())
        result: T = await task.result
        return result

    async def run_aside(self, work: Callable[[Attache], T]) -> T:
        """Run a few milliseconds of work that doesn't need the open corpus, without waiting for the questions.

        In the queue it would cost the question that follows its place, and make answers seem quicker than they are.

        Raises:
            ShuttingDown: the queue is closed.
        """
        if not self._is_open:
            raise ShuttingDown
        return await asyncio.get_running_loop().run_in_executor(self._aside, work, self._attache)

    async def close(self, grace_s: float, delay_s: float = 0.0) -> None:
        """Accept no more questions, wait for the replies in progress, and refuse the rest with `ShuttingDown`.

        Questions at the end of the queue are refused at once, since the apologies take time to send, too.

        Args:
            grace_s: seconds for the replies.
            delay_s: seconds that messages already wait to be sent.
        """
        self._is_open = False
        reachable = max(0, int((grace_s - delay_s) * ANSWERS_PER_SECOND))
        while len(self._queue) > reachable:
            _resolve(self._queue.pop().result, None, ShuttingDown())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), grace_s)
        self._in_grace_period = False
        self._aside.shutdown(wait=False)
        while self._queue:
            _resolve(self._queue.popleft().result, None, ShuttingDown())
        # The question in progress may finish, unless it takes too long: then its asker gets an apology as well.
        await asyncio.to_thread(self._thread.shutdown)
        for task in self._batch:
            _resolve(task.result, None, ShuttingDown())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), APOLOGY_TIMEOUT_S)

    async def _run_batches(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            batch = [self._queue.popleft() for _ in range(min(MAX_BATCH_SIZE, len(self._queue)))]
            # Skip tasks that were cancelled while they waited.
            batch = [task for task in batch if not task.result.done()]
            self._batch, self._in_progress = batch, len(batch)
            try:
                await loop.run_in_executor(self._thread, self._run_batch, batch, loop)
            except Exception as error:  # noqa: BLE001 - raised again where the tasks are awaited
                self._in_progress = 0
                for task in batch:
                    _resolve(task.result, None, error)

    def _run_batch(self, batch: list[_Task], loop: asyncio.AbstractEventLoop) -> None:
        # Batched embedding only saves time: an error here recurs in the task that caused it.
        queries = [task.query for task in batch if task.query]
        began = time.perf_counter()
        with contextlib.suppress(BaseException):
            if self._attache.embed_questions(queries) and any(task.is_measured for task in batch):
                self._metrics.observe_stage("embed", time.perf_counter() - began)
        for task in batch:
            result: object = None
            error: Exception | None = None
            try:
                result = self._run_task(task)
            except BaseException as failure:  # noqa: BLE001 - raised again where the task is awaited
                error = awaitable_error(failure)
            loop.call_soon_threadsafe(self._finish, task.result, result, error)
        average_s = (time.perf_counter() - began) / max(1, len(batch))
        self._estimate_s += SMOOTHING * (average_s - self._estimate_s)

    def _run_task(self, task: _Task) -> object:
        if not self._in_grace_period:
            raise ShuttingDown
        if task.is_measured:
            self._metrics.observe_queue_wait(time.monotonic() - task.queued_at)
        return task.work(self._attache)

    def _finish(self, future: asyncio.Future[Any], result: object, error: Exception | None) -> None:
        self._in_progress -= 1
        _resolve(future, result, error)


def _resolve(future: asyncio.Future[Any], result: object, error: Exception | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
