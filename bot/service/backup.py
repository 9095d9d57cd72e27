"""Back up a data folder in use: consistent copies of databases, index and calibration, with a manifest of checksums."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version as package_version
from pathlib import Path

from bot.atomic_files import fsync, fsync_tree, partial_folder
from bot.records.records import RECORDS_NAME
from bot.service.calibration import CALIBRATION_NAME
from bot.settings import Settings
from corpus.database import BUSY_TIMEOUT_S, DATABASE_NAME, storage_errors
from corpus.errors import BadInput, StorageFailure
from corpus.timestamps import utc_now
from index.embedding.models import file_sha256
from index.errors import DamagedGeneration
from index.generation.generations import POINTER_FILE, Generations

MANIFEST_NAME = "backup.json"
FORMAT = 1
INDEX_FOLDER = "index"
# The index may be replaced while it is copied. After this many attempts the backup goes without: it can be rebuilt.
_COPY_ATTEMPTS = 5
# Disk space wanted, as a multiple of the copy's size.
_MARGIN = 1.05


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup contains: SHA-256 by path, and facts for people. `generation` is None where it has no index."""

    format: int
    made_by: str
    created_at: str
    articles: int
    revision: int
    generation: str | None
    bytes: int
    files: dict[str, str]


def back_up(settings: Settings, folder: Path, notify: Callable[[str], None] = lambda _sentence: None) -> BackupManifest:
    """Copy the data folder to a new folder, atomically, without blocking readers or writers.

    Raises:
        BadInput: the folder exists, or is inside the data folder.
        StorageFailure: there is no corpus, or the copy can't be written.
    """
    data_dir = settings.data_dir.resolve()
    folder = folder.absolute()
    if folder.exists() or folder.is_symlink():
        raise BadInput(f"{folder} exists already.", "Name a folder that doesn't exist yet.")
    if folder.resolve().is_relative_to(data_dir):
        raise BadInput("A backup can't be inside the data folder.", "Name another folder.")
    if not (data_dir / DATABASE_NAME).is_file():
        raise StorageFailure(f"There is no corpus in {settings.data_dir}.", "Add articles with `attache ingest PATH`.")
    with storage_errors(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _check_space(data_dir, folder.parent)
        with partial_folder(folder) as partial:
            # The index first: it may lag behind the database, but must never be newer.
            generation = _copy_generation(data_dir, partial)
            for name in (DATABASE_NAME, RECORDS_NAME):
                if (data_dir / name).is_file():
                    copy_database(data_dir / name, partial / name)
            if (data_dir / CALIBRATION_NAME).is_file():
                shutil.copyfile(data_dir / CALIBRATION_NAME, partial / CALIBRATION_NAME)
            if generation is None:
                notify("There is no intact index to copy; after a restore it is rebuilt from the stored vectors.")
            manifest = _write_manifest(partial, generation)
            fsync_tree(partial)
            partial.rename(folder)
            fsync(folder.parent)
    return manifest


def copy_database(source: Path, target: Path) -> None:
    """Copy a database in use as it is at one moment (sqlite.org/backup.html).

    In a single step: a copy in several steps starts again whenever another program writes.
    """
    uri = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        target.chmod(0o600)
        reading.backup(writing)
        # Without a write-ahead log, the copy can be read from read-only media.
        writing.execute("PRAGMA journal_mode = DELETE")


def _copy_generation(data_dir: Path, partial: Path) -> str | None:
    """Copy the live index and verify the copy; retry where the index was replaced meanwhile."""
    generations = Generations(data_dir)
    for _ in range(_COPY_ATTEMPTS):
        name = generations.live_name()
        if name is None:
            return None
        try:
            shutil.copytree(generations.folder(name), partial / INDEX_FOLDER / name)
            Generations(partial).verify(name)
        except (DamagedGeneration, shutil.Error, FileNotFoundError):
            shutil.rmtree(partial / INDEX_FOLDER, ignore_errors=True)
            continue
        (partial / INDEX_FOLDER / POINTER_FILE).write_text(f"{name}\n", encoding="ascii")
        return name
    return None


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


def _check_space(data_dir: Path, place: Path) -> None:
    files = [path for path in data_dir.iterdir() if path.name.startswith((DATABASE_NAME, RECORDS_NAME))]
    live = Generations(data_dir).live_name()
    files += Generations(data_dir).folder(live).glob("*") if live else []
    needed = _MARGIN * sum(path.stat().st_size for path in files if path.is_file())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise StorageFailure(
            f"The backup needs {needed / 1e9:.1f} GB, but the disk of {place} has only {free / 1e9:.1f} GB free.",
            "Make room, or name a folder on another disk.",
        )
