"""Long jobs on the corpus: one at a time in a worker thread, with progress and cancellation."""

import asyncio
import secrets
import threading
import time
from collections.abc import Awaitable, Callable
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
    `is_shared` marks a job on the shared collection.
    """

    kind: str
    user_id: int
    server_id: int
    can_cancel: bool = True
    is_shared: bool = False
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
    """Runs jobs, one at a time.

    Args:
        embedder: the embedding model, shared with the answering thread so that it is loaded once.
    """

    def __init__(self, embedder: "Embedder") -> None:
        self.embedder = embedder
        self.current: Job | None = None
        self._thread = Worker("jobs")
        self._abandoned = asyncio.Event()
        self._is_free = asyncio.Event()
        self._is_free.set()
        self._is_open = True

    def check_free(self, server_id: int) -> None:
        """Check whether a job can start, before anything is prepared for it.

        Raises:
            JobRunning: another job is running.
            ShuttingDown: the bot is shutting down.
        """
        if not self._is_open:
            raise ShuttingDown
        if self.current is not None:
            raise JobRunning(self.current, same_server=self.current.server_id == server_id)

    async def run(
        self, job: Job, work: Callable[[Job], T], afterwards: Callable[[T], Awaitable[None]] | None = None
    ) -> T:
        """Run a job, unless another one is running.

        Args:
            job: the job.
            work: does the job in the worker thread.
            afterwards: called with the result; no other job can start before it has ended.

        Raises:
            JobRunning: another job is running.
            JobCancelled: the job was cancelled.
            ShuttingDown: the bot is shutting down; a job that has started is abandoned.
            AttacheError: whatever `work` or `afterwards` raises.
        """
        self.check_free(job.server_id)
        self.current = job
        self._is_free.clear()
        try:
            result = await self._run_in_thread(work, job)
            if afterwards is not None:
                await afterwards(result)
            return result
        finally:
            self.current = None
            self._is_free.set()

    async def close(self, grace_s: float = GRACE_S) -> None:
        """Accept no more jobs, stop the running one, and wait for its current step.

        A step that takes longer than `grace_s` seconds is abandoned and ends with the process: the corpus survives a
        kill at any moment.
        """
        self._is_open = False
        if self.current is not None:
            self.current.stop()
        try:
            await asyncio.wait_for(self._is_free.wait(), grace_s)
        except TimeoutError:
            log.warning("job abandoned", kind=self.current.kind if self.current else "")
            self._abandoned.set()
        self._thread.shutdown(wait=False)

    async def _run_in_thread(self, work: Callable[[Job], T], job: Job) -> T:
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
