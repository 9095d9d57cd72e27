"""Restore a data folder from a backup: verify every byte, then swap the folders at once."""

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from bot.atomic_files import exchange, fsync, fsync_tree, partial_folder, partial_path
from bot.records.records import RECORDS_NAME
from bot.service.backup import FORMAT, MANIFEST_NAME, BackupManifest
from bot.service.calibration import CALIBRATION_NAME
from bot.settings import Settings
from corpus.database import DATABASE_NAME, storage_errors
from corpus.errors import BadInput, StorageFailure
from corpus.lock import LOCK_NAME, writer_lock
from index.embedding.models import file_sha256

_HINT = "Nothing was changed; use another backup."
_SHA256 = re.compile(r"[0-9a-f]{64}")


def restore(settings: Settings, folder: Path, *, force: bool = False, wait_s: float = 10.0) -> Path | None:
    """Replace the data folder with a backup; return where the old one was moved, None if it was empty.

    With `force` a data folder that is not empty is moved aside, not deleted. Readers see the old data folder or the
    restored one, never a mixture, even after a kill.

    Raises:
        BadInput: there is no backup, or the data folder is not empty and `force` is off.
        StorageFailure: the backup is damaged, or the data folder can't be written.
        CorpusBusy: another program is writing to the data folder.
    """
    manifest = read_backup(folder)
    # Resolved, so that a data folder that is a symbolic link stays one.
    data_dir = settings.data_dir.resolve()
    is_filled = any((data_dir / name).exists() for name in (DATABASE_NAME, RECORDS_NAME, CALIBRATION_NAME))
    if is_filled and not force:
        raise BadInput(
            f"The data folder {settings.data_dir} is not empty.",
            "Use --force to replace it with the backup (it is moved aside), or name another with --data-dir.",
        )
    with storage_errors(data_dir), writer_lock(data_dir, "attache restore", wait_s=wait_s):
        if (partial_path(data_dir) / LOCK_NAME).exists():
            # A restore was killed right after the exchange, so this is an old data folder rather than half a copy.
            partial_path(data_dir).rename(_name_for_old(data_dir))
        with partial_folder(data_dir) as partial:
            _copy(folder, partial, manifest)
            fsync_tree(partial)
            _swap(data_dir, partial)
        # After the swap, `partial` is the old data folder.
        if not is_filled:
            shutil.rmtree(partial, ignore_errors=True)
            return None
        return partial.rename(_name_for_old(data_dir))


def _name_for_old(data_dir: Path) -> Path:
    return data_dir.with_name(f"{data_dir.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")


def read_backup(folder: Path) -> BackupManifest:
    """Read and validate the manifest of a backup; the files are verified while they are copied.

    Raises:
        BadInput: the folder is not a backup.
        StorageFailure: the manifest is damaged, or has another format.
    """
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise BadInput(f"There is no backup in {folder}.", "`attache backup FOLDER` makes one.")
    try:
        manifest = BackupManifest(**json.loads(path.read_text(encoding="utf-8")))
        # Names from a file are untrusted: none may lead out of the folder.
        is_valid = DATABASE_NAME in manifest.files and all(
            _is_inside(name) and _SHA256.fullmatch(digest) for name, digest in manifest.files.items()
        )
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise StorageFailure(f"The manifest of the backup {folder} is damaged.", _HINT) from error
    if manifest.format != FORMAT:
        raise StorageFailure(f"The backup {folder} has the unknown format {manifest.format}.", "Use a newer Attaché.")
    if not is_valid:
        raise StorageFailure(f"The manifest of the backup {folder} is damaged.", _HINT)
    return manifest


def _copy(folder: Path, partial: Path, manifest: BackupManifest) -> None:
    """Copy the files of the manifest and verify the copies."""
    for name, expected in manifest.files.items():
        source, target = folder / name, partial / name
        if not source.is_file() or source.is_symlink():
            raise StorageFailure(f"The file {name} of the backup {folder} is missing.", _HINT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        if file_sha256(target) != expected:
            raise StorageFailure(f"The file {name} of the backup {folder} is changed or damaged.", _HINT)
        if target.name == RECORDS_NAME:
            # People's questions: for the operator's eyes only.
            target.chmod(0o600)


def _swap(data_dir: Path, partial: Path) -> None:
    try:
        exchange(data_dir, partial)
        fsync(data_dir.parent)
    except OSError as error:
        raise StorageFailure(
            f"The data folder {data_dir} can't be replaced ({error.strerror or error}).",
            "If it is a mount point, restore into a folder on it with --data-dir, and use that folder.",
        ) from error


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
