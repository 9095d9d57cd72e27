"""The records database: one thread writes and another reads, called from the event loop, one transaction per call."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.records.schema import MIGRATION_SETS, migrations
from bot.worker_thread import Worker
from corpus.data_folder import find_data_folder, make_data_folder
from corpus.database import enable_wal, refuse_newer, write_transaction
from corpus.errors import StorageFailure

T = TypeVar("T")
RECORDS_NAME = "records.sqlite3"
# Calls take milliseconds, so another process that locks the file for longer than this is stuck.
BUSY_TIMEOUT_S = 10.0


class Records:
    """What the bot stores about servers and members, in one file beside the corpus.

    The file is opened, made or migrated at first use, in a thread. Reads have a thread and connection of their own, so
    a write that waits for another program blocks none of them (WAL mode).

    Args:
        data_dir: the data folder; made if it does not exist.
    """

    def __init__(self, data_dir: Path) -> None:
        path = data_dir / RECORDS_NAME
        self._writer = _Connection("records", path, open_records, write_transaction)
        self._reader = _Connection("records-reading", path, open_records_to_read, _read_transaction)
        self._is_open = True

    async def run(self, work: Callable[[Database], T]) -> T:
        """Run work as one transaction, rolled back if it raises.

        Calls run in order. If the caller is cancelled, its work still either completes or never starts.

        Raises:
            StorageFailure: the file can't be used, or is closed.
        """
        return await self._run(self._writer, work)

    async def read(self, work: Callable[[Database], T]) -> T:
        """Run work that only reads, without waiting for writers.

        Raises:
            StorageFailure: as `run`.
        """
        return await self._run(self._reader, work)

    async def _run(self, connection: "_Connection", work: Callable[[Database], T]) -> T:
        if not self._is_open:
            raise _closed()
        try:
            done = asyncio.get_running_loop().run_in_executor(connection.thread, connection.transact, work)
        except RuntimeError as error:
            # Another thread may have closed it since the check above.
            if self._is_open:
                raise
            raise _closed() from error
        return await done

    def close(self) -> None:
        """Finish queued work and close the file; does nothing the second time.

        Waits one second each for reads and writes; work that another program blocks for longer is abandoned, unsaved.
        """
        if not self._is_open:
            return
        self._is_open = False
        for connection in (self._reader, self._writer):
            connection.close()


class _Connection:
    """A database connection with its own thread, opened at first use; each piece of work is a transaction."""

    def __init__(
        self,
        name: str,
        path: Path,
        open_file: Callable[[Path], Database],
        transaction: Callable[[Database], AbstractContextManager[None]],
    ) -> None:
        self.thread = Worker(name)
        self._path = path
        self._open_file = open_file
        self._transaction = transaction
        self._db: Database | None = None

    def transact(self, work: Callable[[Database], T]) -> T:
        """Do the work; called in the thread."""
        with record_errors(self._path):
            if self._db is None:
                self._db = self._open_file(self._path)
            try:
                with self._transaction(self._db):
                    return work(self._db)
            except BaseException:
                # A connection that was closed, or is still in a transaction, would fail for everybody who comes next.
                if not _is_usable(self._db):
                    self._close()
                raise

    def close(self) -> None:
        """Close the file after the queued work."""
        self.thread.submit(self._close)
        self.thread.shutdown()

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def open_records(path: Path) -> Database:
    """Open the file, made or migrated if necessary. Only the thread that opened it may use it.

    Raises:
        StorageFailure: a newer version of Attaché wrote it.
    """
    make_data_folder(path.parent)
    # People's questions: for the operator's eyes only. SQLite gives its log the same permissions.
    path.touch(mode=0o600)
    db = _connect(path)
    try:
        check_version(db, path)
        enable_wal(db, BUSY_TIMEOUT_S)
        for pragma in (
            "foreign_keys = ON",
            # In WAL mode, a power cut may lose the last commits, but never damages the file (sqlite.org/wal.html).
            "synchronous = NORMAL",
            # Overwrites deleted data with zeros.
            "secure_delete = ON",
        ):
            db.conn.execute(f"PRAGMA {pragma}")
        # Locked, since two processes may open a new file at once.
        with write_transaction(db):
            migrations.apply(db)
    except BaseException:
        db.close()
        raise
    return db


def check_version(db: Database, path: Path) -> None:
    """Refuse a file of a newer version; changes nothing.

    Raises:
        StorageFailure: a newer version of Attaché wrote it.
    """
    refuse_newer(db, path, (migrations,), MIGRATION_SETS)


def open_records_to_read(path: Path) -> Database:
    """Open the file read-only; make or migrate it first if necessary. Only the thread that opened it may use it.

    Raises:
        StorageFailure: a newer version of Attaché wrote it.
    """
    find_data_folder(path.parent)
    if not path.is_file():
        open_records(path).close()
    db = _connect(path)
    try:
        check_version(db, path)
        if migrations.pending(db):
            open_records(path).close()
        db.conn.execute("PRAGMA query_only = ON")
    except BaseException:
        db.close()
        raise
    return db


def _connect(path: Path) -> Database:
    return Database(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S))


@contextmanager
def _read_transaction(db: Database) -> Iterator[None]:
    """Read one consistent snapshot, without waiting for writers (sqlite.org/wal.html)."""
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.conn.rollback()


def _is_usable(db: Database) -> bool:
    try:
        return not db.conn.in_transaction
    except sqlite3.Error:
        return False


@contextmanager
def record_errors(path: Path) -> Iterator[None]:
    """Turn SQLite and system errors on the records file into StorageFailure."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        # Our own mistakes, not the disk's.
        raise
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise StorageFailure(f"{path} is in use by another program.", "Try again in a moment.") from error
        raise StorageFailure(
            f"{path} can't be used ({text}); what was stored before is safe.",
            "Check free disk space and permissions of the data folder.",
        ) from error
    except sqlite3.DatabaseError as error:
        raise StorageFailure(
            f"{path} is damaged ({error}).",
            "Restore it from a backup, or move it away: settings, buttons and audit log start empty, articles stay.",
        ) from error
    except OSError as error:
        raise StorageFailure(
            f"{path} can't be used ({error.strerror or error}).",
            "Check free disk space and permissions of the data folder.",
        ) from error


def _closed() -> StorageFailure:
    return StorageFailure("I'm shutting down and can't store anything now.", "Please try again in a minute.")
