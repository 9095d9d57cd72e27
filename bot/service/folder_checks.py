"""Checks of the files in a data folder or a copy of one: intact, ours, and not of a newer version."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path

from sqlite_utils import Database, Migrations

from bot.records.records import RECORDS_NAME, check_version, open_records, record_errors
from bot.records.schema import migrations as records_migrations
from bot.service.calibration import CALIBRATION_NAME, load_calibration
from bot.service.schema_checks import foreign_statements, missing_columns, wrong_types
from corpus.checks import integrity_problems
from corpus.database import BUSY_TIMEOUT_S, DATABASE_NAME, open_database, refuse_newer, storage_errors
from corpus.errors import NewerVersion, StorageFailure
from corpus.schema import MIGRATION_SETS
from corpus.schema import migrations as corpus_migrations
from index.generation.generations import Generations
from index.schema import migrations as index_migrations

OTHER_DATA_DIR = "Name another data folder with --data-dir or ATTACHE_DATA_DIR."
_CORPUS = (corpus_migrations, index_migrations)


@contextmanager
def read_only(path: Path) -> Iterator[Database]:
    """Open a database file without changing it.

    Raises:
        sqlite3.Error: it can't be opened.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as connection:
        # Functions and virtual tables with side effects can't be called by triggers and views of the file.
        connection.execute("PRAGMA trusted_schema = OFF")
        yield Database(connection)


@contextmanager
def path_errors(path: Path, hint: str = OTHER_DATA_DIR) -> Iterator[None]:
    """Turn the system's errors about a path into a failure: it is too long, or a link in it leads to itself.

    Raises:
        StorageFailure: the system refused.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
    except RuntimeError as error:
        # Path.resolve before Python 3.13.
        if "Symlink loop" not in str(error):
            raise
        reason = "a symbolic link leads to itself"
    else:
        return
    raise StorageFailure(f"The path {printable(str(path))} can't be used ({reason}).", hint)


@contextmanager
def copy_errors(failure: str, hint: str) -> Iterator[None]:
    """Turn the system's errors into one of a copy, not of the data folder: `The backup /b can't be written`.

    Raises:
        StorageFailure: the system refused.
    """
    try:
        yield
    except OSError as error:
        raise StorageFailure(f"{failure} ({error.strerror or error}).", hint) from error


def refuse_newer_folder(data_dir: Path) -> None:
    """Check that no newer version of Attaché wrote the data folder; changes nothing.

    Raises:
        StorageFailure: a newer version wrote one of its databases or its index, or one of them can't be read.
    """
    for refuse in _version_checks(data_dir):
        refuse()


def newer_parts(data_dir: Path) -> list[NewerVersion]:
    """Return a refusal for each database and index of a data folder that a newer version of Attaché wrote.

    What can't be read tells no version.
    """
    found: list[NewerVersion] = []
    for refuse in _version_checks(data_dir):
        try:
            refuse()
        except NewerVersion as error:
            found.append(error)
        except StorageFailure:
            continue
    return found


def database_problems(path: Path) -> list[str]:
    """Return what is wrong with a database file, which is not changed; empty if all is well.

    Raises:
        StorageFailure: it can't be read, or a newer version of Attaché wrote it.
    """
    with _errors(path), read_only(path) as db:
        _refuse_newer(db, path)
        if path.name == DATABASE_NAME and not db["articles"].exists():
            return ["it has no table of articles"]
        return [printable(problem) for problem in integrity_problems(db)]


def check_restored(folder: Path) -> int:
    """Check a copy of a data folder, bring its databases up to date, and return its number of articles.

    Whoever wrote a backup also wrote its checksums, so they prove nothing about what is in the files.

    Raises:
        StorageFailure: a file is damaged or isn't ours, or a newer version of Attaché wrote it.
    """
    corpus, records = folder / DATABASE_NAME, folder / RECORDS_NAME
    refuse_newer_folder(folder)
    with closing(_check_database(corpus, _CORPUS, lambda: open_database(folder, (index_migrations,)))) as db:
        articles = int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
    if records.is_file():
        _check_database(records, (records_migrations,), lambda: open_records(records)).close()
    generations = Generations(folder)
    if (name := generations.live_name()) is not None:
        generations.check(name)
    if (folder / CALIBRATION_NAME).is_file():
        load_calibration(folder / CALIBRATION_NAME)
    return articles


def printable(text: str) -> str:
    """Return text from a file on one line, without control characters, at most 200 characters long."""
    return "".join(char if char.isprintable() else "?" for char in text[:200])


def _check_database(path: Path, sets: Sequence[Migrations], migrate: Callable[[], Database]) -> Database:
    """Check and migrate one database and return it, open."""
    try:
        with read_only(path) as db:
            problems = [foreign_statements(db, sets), *integrity_problems(db)]
        if not any(problems):
            migrated = migrate()
            problems = [missing_columns(migrated, sets) or wrong_types(migrated, sets)]
            if not any(problems):
                return migrated
            migrated.close()
    except sqlite3.Error as error:
        # Whatever SQLite says of a file from elsewhere is that file's fault.
        problems = [str(error)]
    found = printable(next(filter(None, problems)))
    raise StorageFailure(f"The file {path} is no sound database of Attaché's: {found}.")


def _version_checks(data_dir: Path) -> Iterator[Callable[[], object]]:
    """Yield what refuses each part of a data folder of a newer version."""
    for name in (DATABASE_NAME, RECORDS_NAME):
        with storage_errors(data_dir):
            is_there = (data_dir / name).is_file()
        if is_there:
            yield partial(_refuse_newer_file, data_dir / name)
    yield Generations(data_dir).live_manifest


def _refuse_newer_file(path: Path) -> None:
    with _errors(path), read_only(path) as db:
        _refuse_newer(db, path)


def _refuse_newer(db: Database, path: Path) -> None:
    if path.name == RECORDS_NAME:
        check_version(db, path)
    else:
        refuse_newer(db, path, _CORPUS, MIGRATION_SETS)


def _errors(path: Path) -> AbstractContextManager[None]:
    return record_errors(path) if path.name == RECORDS_NAME else storage_errors(path.parent)
