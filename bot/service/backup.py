"""Backups of a live data folder: consistent copies of databases and index, under a manifest with checksums."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version as package_version
from pathlib import Path

from bot.atomic_files import flush, flush_tree, made_aside
from bot.records.records import RECORDS_NAME
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
# An index may be replaced twice while it is copied; one that is each time is not worth the wait: it can be rebuilt.
_TRIES = 5
# Room beside the copy itself.
_MARGIN = 1.05


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds: SHA-256 by path, and facts for people. `generation` is None where it has no index."""

    format: int
    made_by: str
    created_at: str
    articles: int
    revision: int
    generation: str | None
    bytes: int
    files: dict[str, str]


def back_up(settings: Settings, folder: Path, notify: Callable[[str], None] = lambda _sentence: None) -> BackupManifest:
    """Copies the data folder to a new folder, which is there whole or not at all. Holds up nobody who reads or writes.

    Raises:
        BadInput: the folder is there already, or lies in the data folder.
        StorageFailure: there is no corpus, or the copy can't be written.
    """
    data_dir = settings.data_dir.resolve()
    folder = folder.absolute()
    if folder.exists() or folder.is_symlink():
        raise BadInput(f"There is something at {folder} already.", "Name a folder that does not exist yet.")
    if folder.resolve().is_relative_to(data_dir):
        raise BadInput("A backup can't lie in the data folder that it is of.", "Name another folder.")
    if not (data_dir / DATABASE_NAME).is_file():
        raise StorageFailure(f"There is no corpus in {settings.data_dir}.", "Feed it with `attache ingest PATH`.")
    with storage_errors(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _check_room(data_dir, folder.parent)
        with made_aside(folder) as aside:
            # The index first: what is stored meanwhile joins it, but it may never be newer than the database.
            generation = _copy_generation(data_dir, aside)
            for name in (DATABASE_NAME, RECORDS_NAME):
                if (data_dir / name).is_file():
                    copy_database(data_dir / name, aside / name)
            if generation is None:
                notify("There is no whole index to copy; it will be made again from the stored vectors.")
            manifest = _write_manifest(aside, generation)
            flush_tree(aside)
            aside.rename(folder)
            flush(folder.parent)
    return manifest


def copy_database(source: Path, target: Path) -> None:
    """Copies a database that others may be writing to, as it is at one moment (sqlite.org/backup.html).

    In one step: a copy in several begins anew whenever somebody writes.
    """
    uri = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        target.chmod(0o600)
        reading.backup(writing)
        # The copy needs no log beside it: a backup is read from read-only media too.
        writing.execute("PRAGMA journal_mode = DELETE")


def _copy_generation(data_dir: Path, aside: Path) -> str | None:
    """Copies the live index and checks the copy; another try where it was replaced meanwhile."""
    generations = Generations(data_dir)
    for _ in range(_TRIES):
        name = generations.live_name()
        if name is None:
            return None
        target = aside / INDEX_FOLDER / name
        try:
            shutil.copytree(generations.folder(name), target)
            Generations(aside).verify(name)
        except (DamagedGeneration, shutil.Error, FileNotFoundError):
            shutil.rmtree(aside / INDEX_FOLDER, ignore_errors=True)
            continue
        (aside / INDEX_FOLDER / POINTER_FILE).write_text(f"{name}\n", encoding="ascii")
        return name
    return None


def _write_manifest(aside: Path, generation: str | None) -> BackupManifest:
    paths = sorted(path for path in aside.rglob("*") if path.is_file())
    with closing(sqlite3.connect(f"{(aside / DATABASE_NAME).as_uri()}?mode=ro", uri=True)) as db:
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
        files={path.relative_to(aside).as_posix(): file_sha256(path) for path in paths},
    )
    (aside / MANIFEST_NAME).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    return manifest


def _check_room(data_dir: Path, place: Path) -> None:
    files = [path for path in data_dir.iterdir() if path.name.startswith((DATABASE_NAME, RECORDS_NAME))]
    live = Generations(data_dir).live_name()
    files += Generations(data_dir).folder(live).glob("*") if live else []
    needed = _MARGIN * sum(path.stat().st_size for path in files if path.is_file())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise StorageFailure(
            f"The backup needs {needed / 1e9:.1f} GB, but the disk of {place} has {free / 1e9:.1f} GB free.",
            "Make room, or name a folder on another disk.",
        )
