"""Long work on the corpus: one at a time in a thread of its own, with progress and a way to cancel it."""

import asyncio
import secrets
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from bot.discord.workers.answer_queue import DeskClosed
from bot.worker_thread import Worker
from corpus.errors import AttacheError
from index.embedding.embedder import Embedder

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds that work under way has for its present step when the bot shuts down.
PATIENCE_S = 15.0


class JobCancelled(AttacheError):
    """Somebody cancelled the work."""


class JobRunning(AttacheError):
    """Other work is under way.

    Args:
        job: what is under way.
        same_server: whether it was begun in the same server; of others nothing is told but how far it is.
    """

    def __init__(self, job: "Job", *, same_server: bool) -> None:
        super().__init__("Other work on the corpus is under way.", "Try again when it is done.")
        self.job = job
        self.same_server = same_server


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` units of a stage (`reading` in bytes, `embedding` in texts)."""

    stage: str = "starting"
    done: int = 0
    total: int = 0
    stage_began: float = 0.0

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def rate(self, now: float) -> float:
        """Units a second since the stage began."""
        return self.done / (now - self.stage_began) if now > self.stage_began else 0.0

    def seconds_left(self, now: float) -> float | None:
        """An estimate; None while there is none."""
        rate = self.rate(now)
        return (self.total - self.done) / rate if rate > 0 and self.total else None


@dataclass
class Job:
    """One piece of long work, by whom and where.

    `kind` names the phrase that tells what it is. Work that is done in one step can't be cancelled by anybody, but is
    stopped like any other when the bot shuts down. What is shared changes what all servers read.
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
        """Whether somebody asked it to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Asks the work to stop at its next step, if people may ask it that."""
        if self.can_cancel:
            self.stop()

    def stop(self) -> None:
        """Asks the work to stop at its next step, whatever it is: the bot shuts down."""
        self._cancelled.set()

    def report(self, stage: str, done: int, total: int) -> None:
        """Called by the work as it goes on.

        Raises:
            JobCancelled: somebody asked it to stop.
        """
        if self._cancelled.is_set():
            raise JobCancelled("The work was cancelled.", "Start it again whenever you like.")
        began = self.progress.stage_began if self.progress.stage == stage else time.monotonic()
        self.progress = Progress(stage, done, total, began)


class Jobs:
    """The work under way, if any.

    Args:
        embedder: the model that the work embeds with; the one that questions are embedded with, so it is loaded once.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.current: Job | None = None
        self._thread = Worker("jobs")
        self._left_behind = asyncio.Event()
        self._is_free = asyncio.Event()
        self._is_free.set()
        self._is_open = True

    def check_free(self, server_id: int) -> None:
        """Tells before anything is prepared whether work can begin.

        Raises:
            JobRunning: other work is under way.
            DeskClosed: the bot is shutting down.
        """
        if not self._is_open:
            raise _closed()
        if self.current is not None:
            raise JobRunning(self.current, same_server=self.current.server_id == server_id)

    async def run(
        self, job: Job, work: Callable[[Job], T], afterwards: Callable[[T], Awaitable[None]] | None = None
    ) -> T:
        """Does the work, unless other work is under way.

        Args:
            job: what it is.
            work: does it, in the jobs' thread.
            afterwards: given what came of it; no other work begins before that has ended.

        Raises:
            JobRunning: it is.
            JobCancelled: somebody cancelled it.
            DeskClosed: the bot is shutting down; the work is left behind if it was begun.
            AttacheError: whatever the work raises, or what comes afterwards.
        """
        self.check_free(job.server_id)
        self.current = job
        self._is_free.clear()
        try:
            done = await self._in_thread(work, job)
            if afterwards is not None:
                await afterwards(done)
            return done
        finally:
            self.current = None
            self._is_free.set()

    async def close(self, patience_s: float = PATIENCE_S) -> None:
        """Takes no more work, stops what is under way, and waits for its present step.

        What takes longer than `patience_s` seconds is left behind, and ends with the process: the corpus survives a
        kill at any moment.
        """
        self._is_open = False
        if self.current is not None:
            self.current.stop()
        try:
            await asyncio.wait_for(self._is_free.wait(), patience_s)
        except TimeoutError:
            log.warning("work left behind", kind=self.current.kind if self.current else "")
            self._left_behind.set()
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[Job], T], job: Job) -> T:
        doing = asyncio.get_running_loop().run_in_executor(self._thread, work, job)
        left = asyncio.create_task(self._left_behind.wait())
        try:
            await asyncio.wait((doing, left), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            # Whoever waits may be cancelled at a shutdown; the work still ends before others may begin.
            job.cancel()
            await asyncio.wait((doing, left), return_when=asyncio.FIRST_COMPLETED)
            raise
        finally:
            left.cancel()
        if not doing.done():
            raise _closed()
        return doing.result()


def _closed() -> DeskClosed:
    return DeskClosed("I am restarting and begin nothing new.", "Please try again in a minute.")
