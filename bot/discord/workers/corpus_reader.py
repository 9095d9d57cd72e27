"""Runs look-ups in a thread and connection of their own, so that autocomplete does not wait behind questions."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlite_utils import Database

from bot.service.sessions import ReadConnection
from bot.settings import Settings
from bot.worker_thread import JOIN_TIMEOUT_S, Worker

T = TypeVar("T")


class CorpusReader:
    """Reads the corpus in its own thread."""

    def __init__(self, settings: Settings) -> None:
        self._connection = ReadConnection(settings.data_dir)
        self._thread = Worker("corpus reader")
        self._is_open = True

    async def run(self, work: Callable[[Database], T]) -> T:
        """Run read-only work in one transaction.

        Raises:
            StorageFailure: the corpus can't be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.run, work)

    async def close(self) -> None:
        """Close the connection; a second call does nothing."""
        if not self._is_open:
            return
        self._is_open = False
        # Closed in its thread, after the work in progress; a slow look-up is abandoned.
        closing = asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown(wait=False)
        await asyncio.wait((closing,), timeout=JOIN_TIMEOUT_S)
