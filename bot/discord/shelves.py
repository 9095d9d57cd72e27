"""Look-ups that need no search: titles, publishers, articles, counts; in a thread and connection of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlite_utils import Database

from bot.settings import Settings
from corpus.database import open_database_read_only, storage_errors
from index.embeddings import migrations as index_migrations

T = TypeVar("T")


class Shelves:
    """The corpus for reading, beside the questions: a title that is typed must not wait behind them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shelves")
        self._db: Database | None = None

    async def run(self, work: Callable[[Database], T]) -> T:
        """Does read-only work on the corpus, in one transaction.

        Raises:
            StorageFailure: the corpus can't be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    async def close(self) -> None:
        """Closes the corpus."""
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)
        if self._db is not None:
            self._db.close()

    def _do(self, work: Callable[[Database], T]) -> T:
        with storage_errors(self._settings.data_dir):
            if self._db is None:
                self._db = open_database_read_only(self._settings.data_dir, (index_migrations,))
            with self._db.atomic():
                return work(self._db)
