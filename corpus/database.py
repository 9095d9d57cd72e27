"""Opens the SQLite database of a data folder, and turns its failures into errors for users."""

import sqlite3
import time
from collections.abc import Iterator, Sequence, Set
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from corpus.data_folder import find_data_folder, make_data_folder
from corpus.errors import CorpusBusy, NewerVersion, StorageFailure
from corpus.schema import MIGRATION_SETS, migrations

DATABASE_NAME = "corpus.sqlite3"
# Writers hold the database for milliseconds at a time, one batch of articles; half a minute means something is stuck.
BUSY_TIMEOUT_S = 30.0
_PERMISSION_HINT = (
    "Let the user that runs Attaché read and write the folder and its files, or copy it to a writable place and name "
    "the copy with --data-dir or ATTACHE_DATA_DIR."
)


def open_database(data_dir: Path, extra: Sequence[Migrations] = ()) -> Database:
    """Open the data folder's database for reading and writing; create or migrate it if needed.

    Args:
        data_dir: the data folder; created if it does not exist.
        extra: migrations of the layers above, applied after this package's own.

    Raises:
        StorageFailure: the folder or the database can't be written, or the database is damaged, or a newer version of
            Attaché wrote it.
    """
    with storage_errors(data_dir):
        try:
            make_data_folder(data_dir)
        except OSError as error:
            raise _unwritable(data_dir, str(error.strerror)) from error
        return _open_migrated(data_dir, extra)


def open_database_read_only(data_dir: Path, extra: Sequence[Migrations] = ()) -> Database:
    """Open an existing database for reading only; the data folder may be read-only.

    A database of an older release is migrated first.

    Raises:
        StorageFailure: there is no database, or it can't be read, or it needs a migration and can't be written, or a
            newer version of Attaché wrote it.
    """
    path = data_dir / DATABASE_NAME
    with storage_errors(data_dir):
        find_data_folder(data_dir)
        is_there = path.is_file()
    if not is_there:
        raise StorageFailure(f"There are no articles in {data_dir} yet.", "Add articles with `attache ingest PATH`.")
    with storage_errors(data_dir):
        with _permission_errors(f"The database in {data_dir} can't be opened"):
            db = _open_existing(path)
        try:
            refuse_newer(db, path, (migrations, *extra), MIGRATION_SETS)
        except BaseException:
            db.close()
            raise
        if not any(each.pending(db) for each in (migrations, *extra)):
            return db
        db.close()
        with _permission_errors(
            f"The database in {data_dir} is of an older release and must be migrated before it can be read, but it "
            "can't be written"
        ):
            return _open_migrated(data_dir, extra)


def enable_wal(db: Database, timeout_s: float) -> None:
    """Switch a database to a write-ahead log, so that readers and a writer don't wait for each other.

    SQLite's own timeout does not cover this: the switch fails as locked while another program switches. So it is
    retried for `timeout_s` seconds.

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


def refuse_newer(db: Database, path: Path, known: Sequence[Migrations], sets: Set[str]) -> None:
    """Refuse a database with changes that this version doesn't know; nothing was written to it yet.

    Args:
        db: the database.
        path: its file, for the message.
        known: the migrations of this version.
        sets: the names of every set of migrations that belongs into this file, those of other layers included.

    Raises:
        NewerVersion: a newer version of Attaché has changed the database's tables.
    """
    table = Migrations.migrations_table
    if not db[table].exists():
        return
    with closing(sqlite3.connect(":memory:")) as empty:
        # All migrations are pending in an empty database.
        names = {each.name: {step.name for step in each.pending(Database(empty))} for each in known}
    applied = db.execute(f"SELECT migration_set, name FROM {table}").fetchall()
    is_newer = any(name not in names[group] if group in names else group not in sets for group, name in applied)
    if is_newer:
        raise NewerVersion(
            f"A newer version of Attaché wrote {path}, and this version can't use it.",
            "Install that version or a newer one, or restore a backup that this version made.",
        )


@contextmanager
def write_transaction(db: Database) -> Iterator[None]:
    """Wait for other programs' transactions to end, then open one that sees what they wrote.

    `db.atomic()` within it becomes a savepoint.
    """
    # IMMEDIATE: a transaction that reads first and writes later fails at once, whatever the timeout, if another
    # process wrote in between (sqlite.org/isolation.html).
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        db.conn.rollback()
        raise


def database_identity(data_dir: Path) -> tuple[int, int] | None:
    """Return the database file's device and inode, or None if there is no file.

    A file that replaces an open database (a restored data folder) has another inode. Call this before opening: a
    replacement in between is then noticed at the next call.
    """
    try:
        found = (data_dir / DATABASE_NAME).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _open_existing(path: Path) -> Database:
    try:
        return _open_uri(f"{path.resolve().as_uri()}?mode=ro")
    except sqlite3.OperationalError:
        # A log that a killed program left can only be read with permission to write.
        if path.with_name(f"{path.name}-wal").exists():
            raise
        # A read-only folder can't hold the shared-memory file that WAL readers need. Without a log the database file
        # alone is complete, and nobody can be writing to it.
        return _open_uri(f"{path.resolve().as_uri()}?immutable=1")


def _open_migrated(data_dir: Path, extra: Sequence[Migrations]) -> Database:
    # Any thread may use the connection: SQLite is built in serialized mode, checked by the driver's threadsafety.
    connection = sqlite3.connect(data_dir / DATABASE_NAME, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
    try:
        db = Database(connection)
        refuse_newer(db, data_dir / DATABASE_NAME, (migrations, *extra), MIGRATION_SETS)
        enable_wal(db, BUSY_TIMEOUT_S)
        _set_pragmas(db)
        # Deleted text is overwritten with zeros; whether SQLite does so by itself depends on how it was built.
        db.conn.execute("PRAGMA secure_delete = ON")
        if any(each.pending(db) for each in (migrations, *extra)):
            # If two programs open a new folder at once, the second waits here and finds the tables.
            with write_transaction(db):
                for each in (migrations, *extra):
                    each.apply(db)
    except BaseException:
        connection.close()
        raise
    return db


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
    """Turn SQLite's and the system's errors on this data folder into StorageFailure or CorpusBusy."""
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
                f"The database in {data_dir} is in use by another program.", "Try again in a moment."
            ) from error
        if _is_permission_error(text):
            raise _unwritable(data_dir, text) from error
        raise StorageFailure(f"The database in {data_dir} can't be used: {text}.", "Run `attache doctor`.") from error
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        # These are bugs of ours, not storage failures.
        raise
    except sqlite3.DatabaseError as error:
        raise StorageFailure(
            f"The database in {data_dir} is damaged ({error}).",
            "Restore it from a backup, or move the folder away and ingest the articles again.",
        ) from error
    except OSError as error:
        raise StorageFailure(
            f"The data folder {data_dir} can't be used: {error.strerror or error}.",
            "Check free disk space and permissions.",
        ) from error


@contextmanager
def _permission_errors(message: str) -> Iterator[None]:
    """Turn SQLite's permission errors into StorageFailure with this message."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if not _is_permission_error(str(error)):
            raise
        raise StorageFailure(f"{message} ({error}).", _PERMISSION_HINT) from error


def _is_permission_error(text: str) -> bool:
    return "readonly" in text or "unable to open" in text


def _unwritable(data_dir: Path, reason: str) -> StorageFailure:
    return StorageFailure(
        f"The data folder {data_dir} can't be written ({reason}).",
        "Check its permissions, or choose another with --data-dir or ATTACHE_DATA_DIR.",
    )
