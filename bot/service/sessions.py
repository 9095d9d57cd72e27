"""Open what a service works on: a data folder's database, to read or to write, and the embedding model."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.answering.reader.entailment import EntailmentReader
from bot.answering.reader.packaged import WEIGHTS_FILE, PackagedReader, packaged_reader
from bot.answering.reader.relations import Reader
from bot.settings import Settings
from corpus.data_folder import find_data_folder
from corpus.database import DATABASE_NAME, database_identity, open_database, open_database_read_only, storage_errors
from corpus.lock import writer_lock
from index.embedding.embedder import Embedder, SentenceEmbedder
from index.generation.generations import Generations
from index.schema import migrations as index_migrations

T = TypeVar("T")


def load_embedder(settings: Settings) -> Embedder:
    """Return the embedding model of the settings; its weights are loaded at first use."""
    return SentenceEmbedder(settings.model, settings.device)


def load_reader(settings: Settings) -> Reader:
    """Return the reader of the settings: the packaged one, other weights of it in a folder, or an entailment model."""
    if not settings.reader:
        return packaged_reader(settings.device)
    weights = Path(settings.reader).expanduser() / WEIGHTS_FILE.name
    if weights.is_file():
        return PackagedReader(weights, None, settings.device)
    return EntailmentReader(settings.reader, packaged_reader(settings.device), settings.device)


def has_database(data_dir: Path) -> bool:
    """Return whether a data folder has a corpus; first finish a restore that was killed.

    Raises:
        StorageFailure: what the restore left can't be moved, or the folder may not be looked into.
        CorpusBusy: a restore is running.
    """
    with storage_errors(data_dir):
        find_data_folder(data_dir)
        return (data_dir / DATABASE_NAME).is_file()


def open_to_read(data_dir: Path) -> Database:
    """Open the database of a data folder read-only; the caller closes it.

    Raises:
        StorageFailure: there is no corpus, or it can't be read.
    """
    return open_database_read_only(data_dir, (index_migrations,))


class ReadConnection:
    """A read-only connection that is kept open, and reopened when the database file is replaced, as by a restore."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._db: Database | None = None
        self._file: tuple[int, int] | None = None

    def run(self, work: Callable[[Database], T]) -> T:
        """Run read-only work in one transaction.

        Raises:
            StorageFailure: there is no corpus, or it can't be read.
        """
        with storage_errors(self._data_dir):
            file = database_identity(self._data_dir)
            if self._db is not None and file is not None and file != self._file:
                self.close()
            if self._db is None:
                self._db = open_to_read(self._data_dir)
                self._file = file
            with self._db.atomic():
                return work(self._db)

    def close(self) -> None:
        """Close the connection, if it is open."""
        if self._db is not None:
            self._db.close()
            self._db = None


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

    Waits `wait_s` seconds for the lock. Other programs that wait for it are told the `purpose`.

    Raises:
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written, or a newer version of Attaché wrote it.
    """
    data_dir = settings.data_dir
    with writer_lock(data_dir, purpose, wait_s=wait_s), open_to_write(data_dir) as db:
        # Before anything is stored: a newer index could not be brought up to date afterwards.
        Generations(data_dir).live_manifest()
        yield db


@contextmanager
def open_to_write(data_dir: Path) -> Iterator[Database]:
    """Open the database for writing for the length of a block, which holds the writer's lock.

    Raises:
        StorageFailure: the database can't be written, is damaged, or a newer version of Attaché wrote it.
    """
    with storage_errors(data_dir):
        db = open_database(data_dir, (index_migrations,))
        try:
            yield db
            _empty_log(db)
        finally:
            db.close()


def _empty_log(db: Database) -> None:
    """Empty the write-ahead log, which still holds deleted text, unless somebody is reading from it right now.

    Then the next writer empties it (sqlite.org/pragma.html#pragma_wal_checkpoint).
    """
    # What was written stays in the log if it can't be moved now, as on a full disk.
    with suppress(sqlite3.OperationalError):
        db.execute("PRAGMA busy_timeout = 0")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
