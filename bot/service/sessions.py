"""Opens a data folder's database, to read or to write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from bot.settings import Settings
from corpus.database import open_database, open_database_read_only, storage_errors
from corpus.lock import writer_lock
from index.embedding.vector_store import migrations as index_migrations


def open_to_read(data_dir: Path) -> Database:
    """Open the database of a data folder read-only; the caller closes it.

    Raises:
        StorageFailure: there is no corpus, or it can't be read.
    """
    return open_database_read_only(data_dir, (index_migrations,))


@contextmanager
def reading(data_dir: Path) -> Iterator[Database]:
    """Open the database of a data folder read-only for the length of a block.

    Raises:
        StorageFailure: there is no corpus, or it can't be read.
    """
    db = open_to_read(data_dir)
    with storage_errors(data_dir):
        try:
            yield db
        finally:
            db.close()


@contextmanager
def writing(settings: Settings, purpose: str, *, wait_s: float) -> Iterator[Database]:
    """Open the database for writing and hold the writer's lock for the length of a block.

    Args:
        settings: they name the data folder.
        purpose: what the writer does; shown to anybody who waits for the lock.
        wait_s: seconds to wait for the present writer.

    Raises:
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    data_dir = settings.data_dir
    with writer_lock(data_dir, purpose, wait_s=wait_s), storage_errors(data_dir):
        db = open_database(data_dir, (index_migrations,))
        try:
            yield db
        finally:
            db.close()
