"""Opens a data folder for the one who writes to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from bot.settings import Settings
from corpus.database import open_database, storage_errors
from corpus.lock import writer_lock
from index.embedding.vector_store import migrations as index_migrations


@contextmanager
def writing(settings: Settings, purpose: str, *, wait_s: float) -> Iterator[Database]:
    """The data folder's database, open for writing, with the writer's lock held.

    Args:
        settings: they name the data folder.
        purpose: what the writer does, told to whoever comes second.
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
