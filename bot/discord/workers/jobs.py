"""Long jobs on the corpus: one at a time in a worker thread, by turns, with progress and cancellation."""

import asyncio
import secrets
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot.discord.workers.answer_queue import ShuttingDown
from bot.worker_thread import Worker
from corpus.errors import AttacheError

if TYPE_CHECKING:
    from index.embedding.embedder import Embedder

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds that a running job gets at a shutdown to finish its current step.
GRACE_S = 15.0
# Jobs that may wait for their turn, one per server; each may keep an upload on the disk (20 MB by default).
MAX_WAITING = 8
# Seconds between two looks whether a waiting job was cancelled.
CHECK_S = 1.0

Steps = Generator[None, None, T]
"""The work of a job that lets other jobs run at each `yield`; what it returns is its result."""


class JobCancelled(AttacheError):
    """The job was cancelled."""


class JobRunning(AttacheError):
    """Another job is running.

    Args:
        job: the running job.
        same_server: whether it was started in the same server; of other servers only the progress is shown.
    """

    def __init__(self, job: "Job", *, same_server: bool) -> None:
        super().__init__("Another job is running.", "Try again when it is done.")
        self.job = job
        self.same_server = same_server


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a job: `done` of `total` units of a stage (`reading` in bytes, `embedding` in texts)."""

    stage: str = "starting"
    done: int = 0
    total: int = 0
    stage_began: float = 0.0

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def rate(self, now: float) -> float:
        """Return units per second since the stage began."""
        return self.done / (now - self.stage_began) if now > self.stage_began else 0.0

    def seconds_left(self, now: float) -> float | None:
        """Estimate the seconds left in this stage; None while no rate is known."""
        rate = self.rate(now)
        return (self.total - self.done) / rate if rate > 0 and self.total else None


@dataclass
class Job:
    """One job, with the user and server that started it.

    `kind` selects the phrase that names it. A job of one step can't be cancelled by users, but a shutdown stops it.
    `is_shared` marks a job on the shared collection. With `waits` it waits while another server's job runs, instead of
    being refused.
    """

    kind: str
    user_id: int
    server_id: int
    can_cancel: bool = True
    is_shared: bool = False
    waits: bool = False
    has_begun: bool = field(default=False, init=False)
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    progress: Progress = field(default_factory=Progress)
    _cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def is_cancelled(self) -> bool:
        """Whether the job was asked to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the job to stop at its next step, if users may cancel it."""
        if self.can_cancel:
            self.stop()

    def stop(self) -> None:
        """Ask the job to stop at its next step in any case, for a shutdown."""
        self._cancelled.set()

    def report(self, stage: str, done: int, total: int) -> None:
        """Report progress; called by the job at every step.

        Raises:
            JobCancelled: the job was asked to stop.
        """
        if self._cancelled.is_set():
            raise JobCancelled("The job was cancelled.", "Start it again whenever you like.")
        began = self.progress.stage_began if self.progress.stage == stage else time.monotonic()
        self.progress = Progress(stage, done, total, began)


class Jobs:
    """Runs jobs, one at a time. Servers take turns: each has one job, and a long one goes to the end of the queue.

    Args:
        embedder: the embedding model, shared with the answering thread so that it is loaded once.
    """

    def __init__(self, embedder: "Embedder") -> None:
        self.embedder = embedder
        self.current: Job | None = None
        self._queue: deque[tuple[Job, asyncio.Event]] = deque()
        self._thread = Worker("jobs")
        self._abandoned = asyncio.Event()
        self._is_free = asyncio.Event()
        self._is_free.set()
        self._is_open = True

    @property
    def all(self) -> list[Job]:
        """The running job, and those that wait for their turn, in order."""
        running = [self.current] if self.current is not None else []
        return running + [job for job, _ in self._queue]

    def check_free(self, server_id: int) -> None:
        """Check whether a server's job can start or wait, before anything is prepared for it.

        Raises:
            JobRunning: another job of this server is running or waiting, or too many others are.
            ShuttingDown: the bot is shutting down.
        """
        if not self._is_open:
            raise ShuttingDown
        jobs = self.all
        for job in jobs:
            if job.server_id == server_id:
                raise JobRunning(job, same_server=True)
        if len(self._queue) >= MAX_WAITING:
            raise JobRunning(jobs[0], same_server=False)

    async def run(
        self, job: Job, work: Callable[[Job], T], afterwards: Callable[[T], Awaitable[None]] | None = None
    ) -> T:
        """Run a job in one step. Arguments and errors are those of `run_steps`."""
        return await self.run_steps(job, lambda job: _one_step(work, job), afterwards)

    async def run_steps(
        self, job: Job, work: Callable[[Job], Steps[T]], afterwards: Callable[[T], Awaitable[None]] | None = None
    ) -> T:
        """Run a job when it is its turn; if it doesn't wait, only if no other one is running.

        Args:
            job: the job.
            work: does the job in the worker thread; after each of its steps the jobs of other servers have a turn.
            afterwards: called with the result; no other job can start before it has ended.

        Raises:
            JobRunning: another job is running.
            JobCancelled: the job was cancelled.
            ShuttingDown: the bot is shutting down; a job that has started is abandoned.
            AttacheError: whatever `work` or `afterwards` raises.
        """
        self.check_free(job.server_id)
        if self.all and not job.waits:
            raise JobRunning(self.all[0], same_server=False)
        await self._take_turn(job)
        job.has_begun = True
        try:
            result = await self._work(job, work(job))
            if afterwards is not None:
                await afterwards(result)
            return result
        finally:
            self._pass_turn(job)

    async def close(self, grace_s: float = GRACE_S) -> None:
        """Accept no more jobs, stop the running one and those between two steps, and wait for them.

        A step that takes longer than `grace_s` seconds is abandoned and ends with the process: the corpus survives a
        kill at any moment.
        """
        self._is_open = False
        for job in self.all:
            job.stop()
        try:
            await asyncio.wait_for(self._is_free.wait(), grace_s)
        except TimeoutError:
            log.warning("job abandoned", kind=self.current.kind if self.current else "")
            self._abandoned.set()
        self._thread.shutdown(wait=False)

    async def _take_turn(self, job: Job) -> None:
        """Wait until it is the job's turn.

        Raises:
            JobCancelled: it was cancelled before it began. One that has begun must clean up, so it gets its turn.
            ShuttingDown: the bot is shutting down, and it has not begun.
        """
        turn = asyncio.Event()
        self._queue.append((job, turn))
        self._is_free.clear()
        try:
            while self.current is not None or self._queue[0][0] is not job:
                self._check_waiting(job)
                with suppress(TimeoutError):
                    await asyncio.wait_for(turn.wait(), CHECK_S)
            self._check_waiting(job)
        except BaseException:
            self._queue.remove((job, turn))
            self._wake_next()
            raise
        self._queue.popleft()
        self.current = job

    def _check_waiting(self, job: Job) -> None:
        if job.has_begun:
            return
        if not self._is_open:
            raise ShuttingDown
        job.report("waiting", 0, 0)

    def _pass_turn(self, job: Job) -> None:
        # A job that was cancelled between two steps ends while it is another one's turn.
        if self.current is job:
            self.current = None
        self._wake_next()

    def _wake_next(self) -> None:
        if self.current is None and self._queue:
            self._queue[0][1].set()
        elif self.current is None:
            self._is_free.set()

    async def _work(self, job: Job, steps: Steps[T]) -> T:
        """Run the steps, and let others have a turn between two of them."""
        while True:
            try:
                done = await self._run_in_thread(lambda _job: _next(steps), job)
                if done is not None:
                    return done[0]
                if self._queue:
                    self._pass_turn(job)
                    await self._take_turn(job)
            except asyncio.CancelledError:
                # If it stopped between two steps, it still has to clean up; the thread does one step at a time. After a
                # shutdown the thread takes no more.
                with suppress(AttacheError, RuntimeError):
                    await self._run_in_thread(lambda _job: _abort(steps), job)
                raise

    async def _run_in_thread(self, work: Callable[[Job], T], job: Job) -> T:
        if self._abandoned.is_set():
            raise ShuttingDown
        running = asyncio.get_running_loop().run_in_executor(self._thread, work, job)
        abandoned = asyncio.create_task(self._abandoned.wait())
        try:
            await asyncio.wait((running, abandoned), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            # The waiting task may be cancelled at a shutdown; the job still ends before another one may start.
            job.cancel()
            await asyncio.wait((running, abandoned), return_when=asyncio.FIRST_COMPLETED)
            raise
        finally:
            abandoned.cancel()
        if not running.done():
            raise ShuttingDown
        return running.result()


def _one_step(work: Callable[[Job], T], job: Job) -> Steps[T]:
    yield from ()
    return work(job)


def _next(steps: Steps[T]) -> tuple[T] | None:
    """Do one step; return the result, in a tuple, after the last one."""
    try:
        next(steps)
    except StopIteration as done:
        return (done.value,)
    return None


def _abort(steps: Steps[T]) -> None:
    """Let work that is between two steps clean up; does nothing after the last one."""
    with suppress(JobCancelled, StopIteration):
        steps.throw(JobCancelled("The job was cancelled."))
