"""The file of records: written by one thread, read by another, used from the event loop, one transaction a call."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.records.schema import migrations
from bot.worker_thread import Worker
from corpus.database import enable_wal, write_transaction
from corpus.errors import StorageFailure

T = TypeVar("T")
RECORDS_NAME = "records.sqlite3"
# A call takes milliseconds; another process that holds the file this long is stuck, and people are waiting.
BUSY_TIMEOUT_S = 10.0


class Records:
    """What the bot keeps about servers and members, in one file beside the corpus.

    Made without touching the disk: the file is opened, made or migrated at the first use, in a thread. Reads have a
    thread and a connection of their own: with WAL, a write that waits for another program holds none of them up.

    Args:
        data_dir: the data folder; made if it does not exist.
    """

    def __init__(self, data_dir: Path) -> None:
        path = data_dir / RECORDS_NAME
        self._writer = _Line("records", path, open_records, write_transaction)
        self._reader = _Line("records-reading", path, _open_for_reading, _read_transaction)
        self._is_open = True

    async def run(self, work: Callable[[Database], T]) -> T:
        """Runs the work as one transaction: all of it is stored, or, when it raises, nothing.

        Calls run in their order. A caller that is cancelled meanwhile waits no longer; its work is then
        done whole, or was not begun.

        Raises:
            StorageFailure: the file can't be used, or is closed.
        """
        return await self._run(self._writer, work)

    async def read(self, work: Callable[[Database], T]) -> T:
        """Runs work that only reads, at once: it sees what was stored by then, and waits for nobody who writes.

        Raises:
            StorageFailure: as `run`.
        """
        return await self._run(self._reader, work)

    async def _run(self, line: "_Line", work: Callable[[Database], T]) -> T:
        if not self._is_open:
            raise _closed()
        try:
            done = asyncio.get_running_loop().run_in_executor(line.thread, line.transact, work)
        except RuntimeError as error:
            # Closed by another thread since we looked.
            if self._is_open:
                raise
            raise _closed() from error
        return await done

    def close(self) -> None:
        """Ends what was begun, in its order, and closes the file; does nothing the second time.

        Waits a second for that; what another program holds up longer is left behind, and then not stored.
        """
        if not self._is_open:
            return
        self._is_open = False
        for line in (self._reader, self._writer):
            line.close()


class _Line:
    """One thread with a connection of its own; what comes is done in its order.

    Args:
        name: of the thread.
        path: the file.
        opens: opens it, at the first use.
        transaction: what each piece of work is done in.
    """

    def __init__(
        self,
        name: str,
        path: Path,
        opens: Callable[[Path], Database],
        transaction: Callable[[Database], AbstractContextManager[None]],
    ) -> None:
        self.thread = Worker(name)
        self._path = path
        self._opens = opens
        self._transaction = transaction
        self._db: Database | None = None

    def transact(self, work: Callable[[Database], T]) -> T:
        """Does the work, in the thread."""
        with record_errors(self._path):
            if self._db is None:
                self._db = self._opens(self._path)
            with self._transaction(self._db):
                return work(self._db)

    def close(self) -> None:
        """Takes no more, and closes the file after what was begun."""
        self.thread.submit(self._close)
        self.thread.shutdown()

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def open_records(path: Path) -> Database:
    """Opens the file, made or migrated where needed. Only the thread that opened it may use it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # People's questions: for the operator's eyes only. SQLite gives its log the same permissions.
    path.touch(mode=0o600)
    db = _connected(path)
    try:
        enable_wal(db, BUSY_TIMEOUT_S)
        for pragma in (
            "foreign_keys = ON",
            # With WAL, NORMAL can lose the last commits at a power cut, never damage the file (sqlite.org/wal.html).
            "synchronous = NORMAL",
            # What is deleted is overwritten with zeros, not only unlinked.
            "secure_delete = ON",
        ):
            db.conn.execute(f"PRAGMA {pragma}")
        # Two processes may open a new file at once: the second finds it made.
        with write_transaction(db):
            migrations.apply(db)
    except BaseException:
        db.close()
        raise
    return db


def _open_for_reading(path: Path) -> Database:
    """Opens the file so that nothing can be written; one that is missing or of an older release is made first."""
    if not path.is_file():
        open_records(path).close()
    db = _connected(path)
    try:
        if migrations.pending(db):
            open_records(path).close()
        db.conn.execute("PRAGMA query_only = ON")
    except BaseException:
        db.close()
        raise
    return db


def _connected(path: Path) -> Database:
    return Database(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S))


@contextmanager
def _read_transaction(db: Database) -> Iterator[None]:
    """One moment of the file for all that is read; with WAL nobody who writes holds it up (sqlite.org/wal.html)."""
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.conn.rollback()


@contextmanager
def record_errors(path: Path) -> Iterator[None]:
    """Turns SQLite's and the system's failures on the file of records into StorageFailure."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        # Mistakes of ours, not of the disk.
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
            "Restore it from a backup, or move it away: settings, buttons and audit begin anew, the articles stay.",
        ) from error
    except OSError as error:
        raise StorageFailure(
            f"{path} can't be used ({error.strerror or error}).",
            "Check free disk space and permissions of the data folder.",
        ) from error


def _closed() -> StorageFailure:
    return StorageFailure("I am shutting down and keep nothing more.", "Please try again in a minute.")
