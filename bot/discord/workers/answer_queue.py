"""The bounded queue of questions for what answers: a thread, which embeds them in batches, or several processes."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from bot.answering.answer import Answer
from bot.discord.workers.fair_queue import FairQueue
from bot.ops.metrics import Metrics
from bot.processes.answer_pool import AnswerPool
from bot.processes.answerer import Answerer, ThreadAnswerer
from bot.service.attache import Attache
from bot.service.open_work import ask_question
from bot.service.process_memory import ProcessMemory
from bot.worker_thread import Worker
from corpus.errors import AttacheError
from index.filters import Filters

T = TypeVar("T")

# In a longer queue answers would come after the asker has gone; at a tenth of a second each this is half a minute.
MAX_QUEUE_LENGTH = 300
# A safe estimate for each thread or process: at a shutdown, questions that the grace period would not reach at this
# rate are refused at once.
ANSWERS_PER_SECOND = 10
# Seconds that an answer is assumed to take before the first one, and the weight of each answer in the moving average.
INITIAL_ESTIMATE_S = 0.1
SMOOTHING = 0.05
# Seconds for telling those whose questions were not answered.
APOLOGY_TIMEOUT_S = 3.0


class QueueFull(AttacheError):
    """Too many questions are waiting."""


class ShuttingDown(AttacheError):
    """The bot is shutting down and accepts no more work."""

    def __init__(self) -> None:
        super().__init__("I'm restarting and can't take questions right now.", "Please ask again in a minute.")


@dataclass(slots=True)
class _Task:
    work: Callable[[Attache], Any]
    query: str
    result: asyncio.Future[Any]
    queued_at: float
    is_measured: bool
    is_embedded: bool = False


@dataclass(slots=True)
class _Runner:
    """A thread that works on one task at a time, or waits for the process that does."""

    answerer: Answerer
    thread: Worker
    task: _Task | None = None
    loop: asyncio.Task[None] | None = None
    ping: asyncio.Future[None] | None = None


class AnswerQueue:
    """Runs questions and look-ups from the event loop, servers in turn, each server's first in, first out.

    Args:
        attache: answers the questions; with a pool, only what `run_aside` runs.
        metrics: observes waiting and working times.
        pool: the processes that answer; None for a thread.
    """

    def __init__(self, attache: Attache, metrics: Metrics | None = None, pool: AnswerPool | None = None) -> None:
        self._attache = attache
        self._metrics = metrics or Metrics()
        self._pool = pool
        answerers: Sequence[Answerer] = pool.answerers if pool is not None else (ThreadAnswerer(attache),)
        self._runners = [_Runner(each, Worker(f"answers {place}")) for place, each in enumerate(answerers)]
        self._aside = Worker("beside answers")
        self._queue: FairQueue[_Task] = FairQueue(MAX_QUEUE_LENGTH, len(self._runners))
        self._open_replies = 0
        self._estimate_s = INITIAL_ESTIMATE_S
        self._is_open = True
        self._in_grace_period = True
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def waiting(self) -> int:
        """The number of tasks that wait or are worked on."""
        return len(self._queue) + self._in_progress

    @property
    def is_open(self) -> bool:
        """Whether the queue still accepts questions."""
        return self._is_open

    @property
    def _in_progress(self) -> int:
        return sum(runner.task is not None for runner in self._runners)

    def ahead_of(self, account: int) -> int:
        """Return the number of tasks ahead of a new one of an account."""
        # What waits beside a free place may not take it.
        has_place = self._queue.has_place(account, time.monotonic())
        return 0 if has_place else self._queue.ahead_of(account) + self._in_progress

    def wait_s(self, account: int) -> float:
        """Return the estimated seconds that a new task of an account would wait."""
        return self.ahead_of(account) * self._estimate_s / self._queue.places_of(account, time.monotonic())

    async def warm_up(self) -> None:
        """Open the corpus and load the models, so that the first question doesn't wait for them.

        Raises:
            AttacheError: one of them can't be loaded.
        """
        loop = asyncio.get_running_loop()
        first, *others = self._runners
        if self._pool is not None:
            # Meanwhile the nursery loads its own.
            model = loop.run_in_executor(self._aside, self._attache.load_model)
        # The first may have to fill an empty folder or heal an index, which the others then find.
        await loop.run_in_executor(first.thread, first.answerer.warm_up)
        await asyncio.gather(*(loop.run_in_executor(each.thread, each.answerer.warm_up) for each in others))
        if self._pool is not None:
            await model

    async def ping(self) -> None:
        """Return once one of the answering threads responds; each replaces its process if that has ended.

        Raises:
            ShuttingDown: the queue is closed.
        """
        if not self._is_open:
            raise ShuttingDown
        loop = asyncio.get_running_loop()
        for runner in self._runners:
            if runner.ping is None or runner.ping.done():
                runner.ping = loop.run_in_executor(runner.thread, _check, runner.answerer)
        await asyncio.wait([runner.ping for runner in self._runners if runner.ping], return_when="FIRST_COMPLETED")

    def memory(self) -> list[ProcessMemory]:
        """Return the memory of each process that answering takes; none without a pool. Takes milliseconds."""
        return self._pool.memory() if self._pool is not None else []

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
        self,
        question: str,
        filters: Filters,
        now: datetime,
        quotes: int | None = None,
        *,
        account: int = 0,
        is_measured: bool = True,
    ) -> Answer:
        """Answer a question, by default with as many quotes as the settings say.

        What nobody asked, such as a question that is only tried, is not measured: the metrics tell of people.

        Raises:
            QueueFull: too many questions are waiting.
            ShuttingDown: the queue is closed.
            Unanswered: two processes were lost over it.
            AttacheError: as `Attache.ask` raises.
        """
        work = partial(ask_question, question=question, filters=filters, now=now, quotes=quotes)
        answer, seconds = await self.run(work, query=question, account=account, is_measured=is_measured)
        if is_measured:
            self._metrics.observe_answer_stages(answer.timings_ms, seconds, is_embedded_alone=self._pool is not None)
        return answer

    async def run(
        self, work: Callable[[Attache], T], *, query: str = "", account: int = 0, is_measured: bool = True
    ) -> T:
        """Run any work that needs the open corpus; raise as `ask` does, and whatever the work raises.

        Args:
            work: called where the corpus is open; for a pool importable by name, with arguments that pickle.
            query: the text that it searches for, to be embedded in one batch with others.
            account: whose turn it takes: a server, or outside of servers a member; 0 for the bot itself.
            is_measured: whether its wait counts in the metrics.
        """
        if not self._is_open:
            raise ShuttingDown
        task = _Task(work, query, asyncio.get_running_loop().create_future(), time.monotonic(), is_measured)
        gone = self._queue.push(account, task, task.queued_at)
        if gone is not None:
            full = QueueFull(f"{len(self._queue)} questions are waiting already.", "Please ask again in a minute.")
            _resolve(gone.result, None, full)
        self._start_idle_runner()
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
        reachable = max(0, int((grace_s - delay_s) * ANSWERS_PER_SECOND * len(self._runners)))
        while len(self._queue) > reachable:
            _resolve(self._queue.pop_last().result, None, ShuttingDown())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), grace_s)
        self._in_grace_period = False
        self._aside.shutdown(wait=False)
        while self._queue:
            _resolve(self._queue.pop_last().result, None, ShuttingDown())
        # The questions in progress may finish, unless they take too long: then their askers get an apology as well.
        await asyncio.gather(*(asyncio.to_thread(runner.thread.shutdown) for runner in self._runners))
        for runner in self._runners:
            if runner.task is not None:
                _resolve(runner.task.result, None, ShuttingDown())
        if self._pool is not None:
            await asyncio.to_thread(self._pool.close)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), APOLOGY_TIMEOUT_S)

    def _start_idle_runner(self) -> None:
        idle = (each for each in self._runners if each.loop is None or each.loop.done())
        if self._queue and (runner := next(idle, None)) is not None:
            runner.loop = asyncio.create_task(self._run_tasks(runner))

    async def _run_tasks(self, runner: _Runner) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            texts = self._to_embed(runner.answerer.batch)
            turn = self._queue.pop(time.monotonic())
            if turn is None:
                return
            account, task = turn
            # Skip tasks that were cancelled while they waited.
            if task.result.done():
                self._queue.finish(account)
                continue
            runner.task = task
            result: object = None
            error: Exception | None = None
            try:
                result = await loop.run_in_executor(runner.thread, self._run_task, runner.answerer, task, texts)
            except Exception as failure:  # noqa: BLE001 - raised again where the task is awaited
                error = failure
            runner.task = None
            self._queue.finish(account)
            # What another runner left waiting for a place of its account may have one by now.
            self._start_idle_runner()
            _resolve(task.result, result, error)

    def _to_embed(self, most: int) -> list[_Task]:
        """Return the next tasks with a query, if the first of all tasks waits for being embedded."""
        if most == 1:
            return []
        following = iter(self._queue)
        first = next(following)
        if first.is_embedded or not first.query:
            return []
        rest = (task for task in following if task.query and not task.is_embedded)
        batch = [first, *islice(rest, most - 1)]
        for task in batch:
            task.is_embedded = True
        return batch

    def _run_task(self, answerer: Answerer, task: _Task, batch: Sequence[_Task]) -> object:
        began = time.perf_counter()
        if batch:
            # Embedding together only saves time: an error here recurs in the task that caused it.
            with contextlib.suppress(BaseException):
                if answerer.embed_questions([each.query for each in batch]) and any(each.is_measured for each in batch):
                    self._metrics.observe_stage("embed", time.perf_counter() - began)
        if not self._in_grace_period:
            raise ShuttingDown
        if task.is_measured:
            self._metrics.observe_queue_wait(time.monotonic() - task.queued_at)
        try:
            return answerer.run(task.work)
        finally:
            self._estimate_s += SMOOTHING * (time.perf_counter() - began - self._estimate_s)


def _check(answerer: Answerer) -> None:
    # That no process can be started now is told where one is needed.
    with contextlib.suppress(AttacheError):
        answerer.check()


def _resolve(future: asyncio.Future[Any], result: object, error: Exception | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
