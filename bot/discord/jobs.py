"""Long work on the corpus: one at a time in a thread of its own, with progress and a way to cancel it."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from corpus.errors import AttacheError

T = TypeVar("T")


class JobCancelled(AttacheError):
    """Somebody cancelled the work; what was done before stays."""


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
    """One piece of long work, by whom and where."""

    kind: str
    user_id: int
    server_id: int
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    progress: Progress = field(default_factory=Progress)
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Asks the work to stop at its next step."""
        self._cancelled.set()

    def report(self, stage: str, done: int, total: int) -> None:
        """Called by the work as it goes on.

        Raises:
            JobCancelled: somebody asked it to stop.
        """
        if self._cancelled.is_set():
            raise JobCancelled("The work was cancelled.", "What was done before stays; start it again to go on.")
        began = self.progress.stage_began if self.progress.stage == stage else time.monotonic()
        self.progress = Progress(stage, done, total, began)


class Jobs:
    """The work under way, if any."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="jobs")
        self.current: Job | None = None

    async def run(self, job: Job, work: Callable[[Job], T]) -> T:
        """Does the work, unless other work is under way.

        Raises:
            JobRunning: it is.
            JobCancelled: somebody cancelled it.
            AttacheError: whatever the work raises.
        """
        if self.current is not None:
            raise JobRunning(self.current, same_server=self.current.server_id == job.server_id)
        self.current = job
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, job)
        finally:
            self.current = None

    async def close(self) -> None:
        """Cancels the work under way, and waits for its present step."""
        if self.current is not None:
            self.current.cancel()
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)
