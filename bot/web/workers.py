"""The threads of the page: one answers, one reads the articles, one draws, one writes tables; with bounded queues."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlite_utils import Database

from bot.service.attache import Attache
from bot.service.sessions import ReadConnection
from corpus.errors import AttacheError

T = TypeVar("T")
# Requests that wait for one thread; with more, the last would wait for most of a minute.
MAX_WAITING = 24


class TooBusy(AttacheError):
    """Too many requests wait already."""


class Workers:
    """Runs the work of pages outside of the event loop.

    Args:
        attache: answers and searches; only one thread calls it.
    """

    def __init__(self, attache: Attache) -> None:
        self._attache = attache
        self._connection = ReadConnection(attache.settings.data_dir)
        names = ("web-answers", "web-reads", "web-draws", "web-writes")
        self._queues = self._answers, self._reads, self._draws, self._writes = tuple(_Queue(name) for name in names)

    async def answer(self, work: Callable[[Attache], T]) -> T:
        """Run work that answers or searches.

        Raises:
            TooBusy: too many requests wait.
        """
        return await self._answers.run(lambda: work(self._attache))

    async def read(self, work: Callable[[Database], T]) -> T:
        """Run work that reads the articles, in one transaction. Raises as `answer` does."""
        return await self._reads.run(lambda: self._connection.run(work))

    async def draw(self, work: Callable[[], T]) -> T:
        """Run work that draws a picture. Raises as `answer` does."""
        return await self._draws.run(work)

    async def write(self, work: Callable[[], T]) -> T:
        """Run work that writes the tables. Raises as `answer` does."""
        return await self._writes.run(work)

    def close(self) -> None:
        """Finish what runs, and close the connection."""
        for queue in self._queues:
            queue.close()
        self._connection.close()


class _Queue:
    """One thread, and how many requests wait for it."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, name)
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise TooBusy("Too many people are looking something up right now.", "Try again in a few seconds.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
