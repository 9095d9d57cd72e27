"""Look-ups that need no search: titles, publishers, articles, counts; in a thread and connection of their own."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlite_utils import Database

from bot.service.sessions import open_to_read
from bot.settings import Settings
from bot.worker_thread import LINGER_S, Worker
from corpus.database import database_file, storage_errors

T = TypeVar("T")


class Shelves:
    """The corpus for reading, beside the questions: a title that is typed must not wait behind them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._thread = Worker("shelves")
        self._db: Database | None = None
        self._file: tuple[int, int] | None = None
        self._is_open = True

    async def run(self, work: Callable[[Database], T]) -> T:
        """Does read-only work on the corpus, in one transaction.

        Raises:
            StorageFailure: the corpus can't be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    async def close(self) -> None:
        """Closes the corpus; does nothing the second time."""
        if not self._is_open:
            return
        self._is_open = False
        # After what is under way, in its thread; one that takes long is left behind.
        closing = asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)
        await asyncio.wait((closing,), timeout=LINGER_S)

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _do(self, work: Callable[[Database], T]) -> T:
        with storage_errors(self._settings.data_dir):
            db = self._open()
            with db.atomic():
                return work(db)

    def _open(self) -> Database:
        file = database_file(self._settings.data_dir)
        if self._db is not None and file is not None and file != self._file:
            self._close()
        if self._db is None:
            self._db = open_to_read(self._settings.data_dir)
            self._file = file
        return self._db
