"""Opening the SQLite database of a data folder, and telling its failures in plain words."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from corpus.errors import CorpusBusy, StorageFailure
from corpus.schema import migrations

DATABASE_NAME = "corpus.sqlite3"
# Writers hold the database for milliseconds at a time, one batch of articles; half a minute means something is stuck.
BUSY_TIMEOUT_S = 30.0
_HINT_RIGHTS = (
    "Let the user that runs Attaché read and write the folder and the files in it, or copy it to where that is so and "
    "name the copy with --data-dir or ATTACHE_DATA_DIR."
)


def open_database(data_dir: Path, extra: Sequence[Migrations] = ()) -> Database:
    """Opens the data folder's database for reading and writing, made or migrated where needed.

    Args:
        data_dir: the data folder; made if it does not exist.
        extra: migrations of layers above, applied after this package's own.

    Raises:
        StorageFailure: the folder or the database can't be written, or the database is damaged.
    """
    with storage_errors(data_dir):
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(data_dir, str(error.strerror)) from error
        return _open_migrated(data_dir, extra)


def open_database_read_only(data_dir: Path, extra: Sequence[Migrations] = ()) -> Database:
    """Opens an existing database for reading only; the data folder may be read-only.

    A database of an older release is migrated first.

    Raises:
        StorageFailure: there is no database, or it can't be read, or it must be migrated and can't be written.
    """
    path = data_dir / DATABASE_NAME
    if not path.is_file():
        raise StorageFailure(f"There is no corpus in {data_dir}.", "Feed it with `attache ingest PATH`.")
    with storage_errors(data_dir):
        with _refused(f"The database in {data_dir} can't be opened"):
            db = _open_as_it_is(path)
        if not any(each.pending(db) for each in (migrations, *extra)):
            return db
        db.close()
        with _refused(
            f"The corpus in {data_dir} is of an older release and must be brought up to date before it is read, but it "
            "can't be written"
        ):
            return _open_migrated(data_dir, extra)


def enable_wal(db: Database, timeout_s: float) -> None:
    """Has a database write its changes to a log first, so that readers and a writer don't wait for each other.

    The switch does not wait for another program that switches at the same moment, whatever SQLite's timeout: it fails
    as locked. So it is tried again for `timeout_s` seconds.

    Raises:
        sqlite3.OperationalError: it can't be done.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            db.enable_wal()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def write_transaction(db: Database) -> Iterator[None]:
    """One transaction that waits for another program's to end, and then finds what that one wrote.

    `db.atomic()` within it becomes a savepoint.
    """
    # IMMEDIATE: one that reads first and writes then would fail at once when another process wrote in between,
    # whatever the timeout (sqlite.org/isolation.html).
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        db.conn.rollback()
        raise


def database_file(data_dir: Path) -> tuple[int, int] | None:
    """Which file the database is now: device and inode; None while there is none.

    While somebody has the database open, another file that takes its place (a data folder that is restored or
    replaced) has another number. To be asked before opening: one that comes in between is then noticed at the next
    look.
    """
    try:
        found = (data_dir / DATABASE_NAME).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _open_as_it_is(path: Path) -> Database:
    try:
        return _open_uri(f"{path.resolve().as_uri()}?mode=ro")
    except sqlite3.OperationalError:
        # What a killed program left in its log is read only by who may write.
        if path.with_name(f"{path.name}-wal").exists():
            raise
        # A read-only folder can't hold the shared-memory file that WAL readers need; without a log to read, the
        # database file alone is complete, and nobody can be writing to it.
        return _open_uri(f"{path.resolve().as_uri()}?immutable=1")


def _open_migrated(data_dir: Path, extra: Sequence[Migrations]) -> Database:
    # Any thread may use the connection: SQLite is built in serialized mode, checked by the driver's threadsafety.
    connection = sqlite3.connect(data_dir / DATABASE_NAME, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
    try:
        db = Database(connection)
        enable_wal(db, BUSY_TIMEOUT_S)
        _set_pragmas(db)
        _migrate(db, (migrations, *extra))
    except BaseException:
        connection.close()
        raise
    return db


def _migrate(db: Database, all_of: Sequence[Migrations]) -> None:
    if not any(each.pending(db) for each in all_of):
        return
    # Two programs may open a new folder at once: the second waits here, and finds it made.
    with write_transaction(db):
        for each in all_of:
            each.apply(db)


def _open_uri(uri: str) -> Database:
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
    try:
        db = Database(connection)
        _set_pragmas(db)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return db


def _set_pragmas(db: Database) -> None:
    for pragma in (
        "foreign_keys = ON",
        # With WAL, NORMAL can lose the last commits at a power cut but never damages the file (sqlite.org/wal.html).
        "synchronous = NORMAL",
        "temp_store = MEMORY",
        "cache_size = -65536",
        "mmap_size = 1073741824",
    ):
        db.conn.execute(f"PRAGMA {pragma}")


@contextmanager
def storage_errors(data_dir: Path) -> Iterator[None]:
    """Turns SQLite's and the system's failures on this data folder into StorageFailure or CorpusBusy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "disk is full" in text or "disk I/O error" in text:
            raise StorageFailure(
                f"The disk that holds {data_dir} is full or failing ({text}); what was stored before is safe.",
                "Make room and run the command again.",
            ) from error
        if "locked" in text or "busy" in text:
            raise CorpusBusy(
                f"The corpus in {data_dir} is in use by another program.", "Try again in a moment."
            ) from error
        if _is_refusal(text):
            raise _unwritable(data_dir, text) from error
        raise StorageFailure(f"The corpus in {data_dir} could not be used: {text}.", "Run `attache doctor`.") from error
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        # Mistakes of ours, not of the disk.
        raise
    except sqlite3.DatabaseError as error:
        raise StorageFailure(
            f"The database in {data_dir} is damaged ({error}).",
            "Restore it from a backup, or move the folder away and ingest the articles again.",
        ) from error
    except OSError as error:
        raise StorageFailure(
            f"The data folder {data_dir} could not be used: {error.strerror or error}.",
            "Check free disk space and permissions.",
        ) from error


@contextmanager
def _refused(what: str) -> Iterator[None]:
    """Tells a reader what it was that rights or a read-only disk forbid."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if not _is_refusal(str(error)):
            raise
        raise StorageFailure(f"{what} ({error}).", _HINT_RIGHTS) from error


def _is_refusal(text: str) -> bool:
    return "readonly" in text or "unable to open" in text


def _unwritable(data_dir: Path, why: str) -> StorageFailure:
    return StorageFailure(
        f"The data folder {data_dir} can't be written ({why}).",
        "Check its permissions, or choose another with --data-dir or ATTACHE_DATA_DIR.",
    )
