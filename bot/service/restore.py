"""Restores a data folder from a backup: every byte checked first, then swapped in at once."""

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from bot.atomic_files import aside_of, exchange, flush, flush_tree, made_aside
from bot.records.records import RECORDS_NAME
from bot.service.backup import FORMAT, MANIFEST_NAME, BackupManifest
from bot.settings import Settings
from corpus.database import DATABASE_NAME, storage_errors
from corpus.errors import BadInput, StorageFailure
from corpus.lock import LOCK_NAME, writer_lock
from index.embedding.models import file_sha256

_HINT = "Take another backup; nothing was changed."
_SHA256 = re.compile(r"[0-9a-f]{64}")


def restore(settings: Settings, folder: Path, *, force: bool = False, wait_s: float = 10.0) -> Path | None:
    """Puts a backup in the place of the data folder; returns where the former one lies now, None where there was none.

    A reader sees the former data folder or the restored one, never a mixture, whatever is killed and when.

    Args:
        settings: they name the data folder.
        folder: a backup.
        force: whether a data folder with something in it may be replaced; it is moved aside, not deleted.
        wait_s: seconds to wait for another writer.

    Raises:
        BadInput: there is no backup, or something would be replaced without `force`.
        StorageFailure: the backup is damaged, or the data folder can't be written.
        CorpusBusy: somebody is writing to the data folder.
    """
    manifest = read_backup(folder)
    # A data folder that is a link stays one.
    data_dir = settings.data_dir.resolve()
    is_filled = any((data_dir / name).exists() for name in (DATABASE_NAME, RECORDS_NAME))
    if is_filled and not force:
        raise BadInput(
            f"The data folder {settings.data_dir} holds something already.",
            "Use --force to put the backup in its place (it is moved aside), or name another with --data-dir.",
        )
    with storage_errors(data_dir), writer_lock(data_dir, "attache restore", wait_s=wait_s):
        if (aside_of(data_dir) / LOCK_NAME).exists():
            # A restore was killed after the exchange: what lies there is the data folder of then, not half a copy.
            aside_of(data_dir).rename(_former_name(data_dir))
        with made_aside(data_dir) as aside:
            _copy(folder, aside, manifest)
            flush_tree(aside)
            _swap(data_dir, aside)
        # What lies aside now is what was replaced.
        if not is_filled:
            shutil.rmtree(aside, ignore_errors=True)
            return None
        former = _former_name(data_dir)
        aside.rename(former)
        return former


def _former_name(data_dir: Path) -> Path:
    return data_dir.with_name(f"{data_dir.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")


def read_backup(folder: Path) -> BackupManifest:
    """The manifest of a backup, after its form was checked; the files are checked while they are copied.

    Raises:
        BadInput: the folder is no backup.
        StorageFailure: the manifest is damaged, or of another version.
    """
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise BadInput(f"There is no backup in {folder}.", "`attache backup FOLDER` makes one.")
    try:
        manifest = BackupManifest(**json.loads(path.read_text(encoding="utf-8")))
        # Names from a file are not trusted: none may lead out of the folder.
        is_sound = DATABASE_NAME in manifest.files and all(
            _is_inside(name) and _SHA256.fullmatch(digest) for name, digest in manifest.files.items()
        )
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise StorageFailure(f"The manifest of the backup {folder} is damaged.", _HINT) from error
    if manifest.format != FORMAT:
        raise StorageFailure(f"The backup {folder} has the unknown format {manifest.format}.", "Use a newer Attaché.")
    if not is_sound:
        raise StorageFailure(f"The manifest of the backup {folder} is damaged.", _HINT)
    return manifest


def _copy(folder: Path, aside: Path, manifest: BackupManifest) -> None:
    """Copies what the manifest names, and checks the copies: what is restored is what was read."""
    for name, expected in manifest.files.items():
        source, target = folder / name, aside / name
        if not source.is_file() or source.is_symlink():
            raise StorageFailure(f"The file {name} of the backup {folder} is missing.", _HINT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        if file_sha256(target) != expected:
            raise StorageFailure(f"The file {name} of the backup {folder} was changed or damaged.", _HINT)
        if target.name == RECORDS_NAME:
            # People's questions: for the operator's eyes only.
            target.chmod(0o600)


def _swap(data_dir: Path, aside: Path) -> None:
    try:
        exchange(data_dir, aside)
        flush(data_dir.parent)
    except OSError as error:
        raise StorageFailure(
            f"The data folder {data_dir} can't be swapped ({error.strerror or error}).",
            "Where it is a mount point, restore into a folder on it with --data-dir, and use that.",
        ) from error


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
