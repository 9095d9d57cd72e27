"""Back up a data folder in use: consistent copies of databases, index and calibration, with a manifest of checksums."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict
from importlib.metadata import version as package_version
from pathlib import Path

from bot.atomic_files import fsync, fsync_tree
from bot.records.records import RECORDS_NAME
from bot.service.backup_manifest import FORMAT, INDEX_FOLDER, MANIFEST_NAME, BackupManifest
from bot.service.calibration import CALIBRATION_NAME
from bot.service.disk_space import check_space
from bot.service.folder_checks import copy_errors, database_problems, path_errors
from bot.service.leftovers import unfinished_backup
from bot.service.sessions import has_database
from bot.settings import Settings
from corpus.database import BUSY_TIMEOUT_S, DATABASE_NAME
from corpus.errors import BadInput, CorpusBusy, NewerVersion, StorageFailure
from corpus.timestamps import utc_now
from index.embedding.models import file_sha256
from index.errors import DamagedGeneration
from index.generation.generations import MANIFEST_FILE, POINTER_FILE, Generations
from index.generation.verify import MISSING_ERRORS

# The index may be replaced while it is copied. After this many attempts the backup goes without: it can be rebuilt.
_COPY_ATTEMPTS = 5
_AS_ITS_USER = "Run `attache backup` as the user that runs Attaché."
_NO_INDEX = "There is no intact index to copy."


def back_up(settings: Settings, folder: Path, notify: Callable[[str], None] = lambda _sentence: None) -> BackupManifest:
    """Copy the data folder to a new folder, atomically, without blocking readers or writers.

    Raises:
        BadInput: the folder exists, or is inside the data folder.
        StorageFailure: there is no corpus, it is damaged or can't be read, a newer version of Attaché wrote it, or the
            copy can't be written.
        CorpusBusy: another program holds a database for too long, or another backup of this name is running.
    """
    with path_errors(settings.data_dir):
        data_dir = settings.data_dir.resolve()
    with path_errors(folder, "Name another folder."):
        folder = folder.absolute()
        if folder.exists() or folder.is_symlink():
            raise BadInput(f"{folder} exists already.", "Name a folder that doesn't exist yet.")
        if folder.resolve().is_relative_to(data_dir):
            raise BadInput("A backup can't be inside the data folder.", "Name another folder.")
    if not has_database(data_dir):
        raise StorageFailure(f"There is no corpus in {settings.data_dir}.", "Add articles with `attache ingest PATH`.")
    hint = "Check free disk space and permissions, or name another folder."
    with copy_errors(f"The backup {folder} can't be written", hint):
        folder.parent.mkdir(parents=True, exist_ok=True)
        check_space("The backup", _size(data_dir), folder.parent)
        with unfinished_backup(data_dir, folder) as partial:
            # The index first: it may lag behind the database, but must never be newer.
            generation, why_not = _copy_generation(data_dir, partial)
            for name in (DATABASE_NAME, RECORDS_NAME):
                if (data_dir / name).is_file():
                    copy_database(data_dir / name, partial / name)
                    _check_copy(data_dir / name, partial / name)
                elif os.path.lexists(data_dir / name):
                    notify(f"{data_dir / name} is no file; the backup goes without it.")
            if (data_dir / CALIBRATION_NAME).is_file():
                _copy_file(data_dir / CALIBRATION_NAME, partial / CALIBRATION_NAME)
            if generation is None:
                notify(f"{why_not} The backup has no index; after a restore it is rebuilt from the stored vectors.")
            manifest = _write_manifest(partial, generation)
            fsync_tree(partial)
            partial.rename(folder)
            fsync(folder.parent)
    return manifest


def copy_database(source: Path, target: Path) -> None:
    """Copy a database in use as it is at one moment (sqlite.org/backup.html).

    In a single step: a copy in several steps starts again whenever another program writes.

    Raises:
        StorageFailure: the source can't be read or is damaged, or the disk of the target is full.
        CorpusBusy: another program holds the source for too long.
    """
    uri = f"{source.resolve().as_uri()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            target.chmod(0o600)
            reading.backup(writing)
            # Without a write-ahead log, the copy can be read from read-only media.
            writing.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        raise _copy_error(source, target, str(error)) from error


def _copy_error(source: Path, target: Path, reason: str) -> StorageFailure | CorpusBusy:
    if "locked" in reason or "busy" in reason:
        return CorpusBusy(f"The database {source} is in use by another program.", "Try again in a moment.")
    if "full" in reason:
        return StorageFailure(f"The disk of {target.parent.parent} is full.", "Make room, or name another folder.")
    if "I/O" in reason:
        # SQLite doesn't tell which of the two.
        return StorageFailure(
            f"The database {source} can't be copied to {target.parent.parent} ({reason}).",
            "Check both disks and the limits on the size of files, or name another folder.",
        )
    if "unable to open" in reason or "readonly" in reason:
        return StorageFailure(f"The database {source} can't be read ({reason}).", _AS_ITS_USER)
    return _damaged(source, reason)


def _check_copy(source: Path, copy: Path) -> None:
    """Check a copied database; a backup of a damaged one would replace sound ones when they are rotated."""
    try:
        problems = database_problems(copy)
    except NewerVersion as error:
        raise NewerVersion(error.message.replace(str(copy), str(source)), error.hint) from error
    if problems:
        raise _damaged(source, problems[0])


def _damaged(source: Path, reason: str) -> StorageFailure:
    return StorageFailure(
        f"The database {source} is damaged ({reason}), so no backup was made.",
        "Restore an earlier backup; to keep the damaged state as well, stop Attaché and copy the data folder.",
    )


def _copy_file(source: Path, target: Path) -> None:
    """Copy a file of the data folder.

    Raises:
        StorageFailure: it can't be read.
        OSError: it doesn't exist, or the copy can't be written.
    """
    try:
        reading = source.open("rb")
    except MISSING_ERRORS:
        raise
    except OSError as error:
        raise StorageFailure(f"The file {source} can't be read ({error.strerror}).", _AS_ITS_USER) from error
    with reading, target.open("wb") as copy:
        shutil.copyfileobj(reading, copy)


def _copy_generation(data_dir: Path, partial: Path) -> tuple[str | None, str]:
    """Copy the live index and verify the copy; retry where the index was replaced meanwhile.

    Return its name, or None and the reason.
    """
    generations = Generations(data_dir)
    for _ in range(_COPY_ATTEMPTS):
        try:
            name = generations.live_name()
            if name is None:
                break
            copy = partial / INDEX_FOLDER / name
            copy.mkdir(parents=True)
            for file in (MANIFEST_FILE, *generations.manifest(name).files):
                _copy_file(generations.folder(name) / file, copy / file)
            Generations(partial).verify(name)
        except (DamagedGeneration, *MISSING_ERRORS):
            shutil.rmtree(partial / INDEX_FOLDER, ignore_errors=True)
        except NewerVersion:
            raise
        except StorageFailure as error:
            # The articles may be read from a failing disk where the index can't.
            shutil.rmtree(partial / INDEX_FOLDER, ignore_errors=True)
            return None, f"{error.message} {_AS_ITS_USER}"
        else:
            (partial / INDEX_FOLDER / POINTER_FILE).write_text(f"{name}\n", encoding="ascii")
            return name, ""
    return None, _NO_INDEX


def _write_manifest(partial: Path, generation: str | None) -> BackupManifest:
    paths = sorted(path for path in partial.rglob("*") if path.is_file())
    with closing(sqlite3.connect(f"{(partial / DATABASE_NAME).as_uri()}?mode=ro", uri=True)) as db:
        articles = db.execute("SELECT count(*) FROM articles").fetchone()[0]
        revision = db.execute("SELECT revision FROM state").fetchone()[0]
    manifest = BackupManifest(
        format=FORMAT,
        made_by=f"attache {package_version('attache')}",
        created_at=utc_now(),
        articles=articles,
        revision=revision,
        generation=generation,
        bytes=sum(path.stat().st_size for path in paths),
        files={path.relative_to(partial).as_posix(): file_sha256(path) for path in paths},
    )
    (partial / MANIFEST_NAME).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    return manifest


def _size(data_dir: Path) -> int:
    """Estimate the bytes that a backup needs; what can't be read is not counted."""
    paths = [*data_dir.glob(f"{DATABASE_NAME}*"), *data_dir.glob(f"{RECORDS_NAME}*")]
    with suppress(OSError, StorageFailure):
        live = Generations(data_dir).live_name()
        paths += Generations(data_dir).folder(live).glob("*") if live else []
    size = 0
    for path in paths:
        with suppress(OSError):
            size += path.stat().st_size
    return size
