"""Restore a data folder from a backup: verify every byte and what is in it, then swap the folders at once."""

import shutil
from contextlib import AbstractContextManager
from pathlib import Path

from bot.atomic_files import exchange, fsync, fsync_tree, partial_folder
from bot.records.records import RECORDS_NAME
from bot.service.backup_manifest import DAMAGED_HINT, BackupManifest, read_manifest
from bot.service.calibration import CALIBRATION_NAME
from bot.service.disk_space import check_space
from bot.service.folder_checks import check_restored, copy_errors, path_errors
from bot.service.single_instance import LOCK_NAME as BOT_LOCK_NAME
from bot.service.single_instance import no_bot
from bot.settings import Settings
from corpus.data_folder import LOCK_NAME, finish_restore, name_for_old
from corpus.database import DATABASE_NAME, storage_errors
from corpus.errors import AttacheError, BadInput, NewerVersion, StorageFailure
from corpus.lock import HOLDER_NAME, writer_lock
from index.embedding.models import file_sha256

# What a restore itself leaves in an empty data folder.
_OWN_FILES = {LOCK_NAME, HOLDER_NAME, BOT_LOCK_NAME}


def restore(settings: Settings, folder: Path, *, force: bool = False, wait_s: float = 10.0) -> Path | None:
    """Replace the data folder with a backup; return where the old one was moved, None if it was empty.

    With `force` a data folder that is not empty is moved aside, not deleted. Readers see the old data folder or the
    restored one, never a mixture, even after a kill.

    Raises:
        BadInput: there is no backup, or the data folder is not empty and `force` is off.
        StorageFailure: the backup is damaged or isn't Attaché's, or the data folder can't be written.
        CorpusBusy: a bot is running on the data folder, or another program is writing to it.
    """
    manifest = read_manifest(folder)
    with path_errors(settings.data_dir):
        # Resolved, so that a data folder that is a symbolic link stays one.
        data_dir = settings.data_dir.resolve()
    with storage_errors(data_dir):
        finish_restore(data_dir)
    with storage_errors(data_dir), writer_lock(data_dir, "attache restore", wait_s=wait_s), no_bot(data_dir):
        is_filled = any((data_dir / name).exists() for name in (DATABASE_NAME, RECORDS_NAME, CALIBRATION_NAME))
        if is_filled and not force:
            raise BadInput(
                f"The data folder {settings.data_dir} is not empty.",
                "Use --force to replace it with the backup (it is moved aside), or name another with --data-dir.",
            )
        with partial_folder(data_dir) as partial:
            _copy(folder, partial, manifest)
            _check(folder, partial, manifest)
            fsync_tree(partial)
        # Out of the block above, which deletes `partial` when it is left by an error: from here on it may be the old
        # data folder.
        _swap(data_dir, partial)
        if {path.name for path in partial.iterdir()} <= _OWN_FILES:
            shutil.rmtree(partial, ignore_errors=True)
            return None
        return partial.rename(name_for_old(data_dir))


def _copy(folder: Path, partial: Path, manifest: BackupManifest) -> None:
    """Copy the files of the manifest and verify the copies."""
    with _reading(folder):
        root = folder.resolve()
        for name in manifest.files:
            # A symbolic link, of a folder too, could lead to any file of this machine.
            if (root / name).resolve() != root / name or not (root / name).is_file():
                raise StorageFailure(f"The file {name} of the backup {folder} is missing.", DAMAGED_HINT)
        needed = sum((root / name).stat().st_size for name in manifest.files)
    check_space("The restore", needed, partial)
    for name, expected in manifest.files.items():
        target = partial / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with _reading(folder):
            source = (root / name).open("rb")
        with source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        if file_sha256(target) != expected:
            raise StorageFailure(f"The file {name} of the backup {folder} is changed or damaged.", DAMAGED_HINT)
        if target.name == RECORDS_NAME:
            # People's questions: for the operator's eyes only.
            target.chmod(0o600)


def _check(folder: Path, partial: Path, manifest: BackupManifest) -> None:
    """Check what is in the copied files: checksums only say that they are as their author wrote them."""
    try:
        articles = check_restored(partial)
    except AttacheError as error:
        hint = error.hint if isinstance(error, NewerVersion) else DAMAGED_HINT
        raise StorageFailure(error.message.replace(str(partial), str(folder)), hint) from error
    if articles != manifest.articles:
        raise StorageFailure(f"The manifest of the backup {folder} is damaged.", DAMAGED_HINT)


def _swap(data_dir: Path, partial: Path) -> None:
    try:
        exchange(data_dir, partial)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise StorageFailure(
            f"The data folder {data_dir} can't be replaced ({error.strerror or error}).",
            "If it is a mount point, restore into a folder on it with --data-dir, and use that folder.",
        ) from error
    fsync(data_dir.parent)


def _reading(folder: Path) -> AbstractContextManager[None]:
    hint = "Let the user that runs Attaché read it. Nothing was changed."
    return copy_errors(f"The backup {folder} can't be read", hint)
