"""What killed commands leave: in the data folder, and beside backups and exports, of which a note in it tells."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from bot.atomic_files import atomic_write, partial_path
from corpus.data_folder import clear, is_folder
from corpus.errors import CorpusBusy
from index.generation.generations import BUILDING_PREFIX, NEW_POINTER_FILE

if sys.platform != "win32":
    import fcntl

# A path has at most 4,096 bytes (linux/limits.h).
_MAX_NOTE_BYTES = 4_096


@contextmanager
def unfinished_backup(data_dir: Path, folder: Path) -> Iterator[Path]:
    """Yield a new hidden folder to fill, for the caller to rename to `folder`; delete it on failure.

    What a killed backup left of the same name is deleted first. While it is filled, it is locked, and a note in the
    data folder names it, if that can be written.

    Raises:
        CorpusBusy: another backup of this name is running.
        OSError: the folder can't be made.
    """
    partial = partial_path(folder)
    _delete_abandoned(partial)
    partial.mkdir(parents=True)
    with _locked(partial), _noted(data_dir, partial):
        try:
            yield partial
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise


@contextmanager
def unfinished_export(data_dir: Path, path: Path) -> Iterator[Path]:
    """Yield a hidden path to write a file to, which then replaces `path`; it is deleted on failure.

    What a killed export left of the same name is overwritten. Meanwhile it is locked and noted like a backup.

    Raises:
        CorpusBusy: another export to this file is running.
        OSError: the file can't be made.
    """
    partial = partial_path(path)
    if partial.is_symlink() or not partial.is_file():
        clear(partial)
    partial.touch()
    with _locked(partial), _noted(data_dir, partial), atomic_write(path):
        yield partial


def find_leftovers(data_dir: Path) -> list[Path]:
    """Return what killed commands left; call it while nothing is being written to the data folder."""
    return _within(data_dir) + _beside_backups(data_dir)


def delete_leftovers(data_dir: Path) -> list[Path]:
    """Delete what killed commands left in the data folder, and notes of backups that are gone.

    Return what is left beside backups and exports: notes could name anything, so people delete these.
    """
    for path in _within(data_dir):
        clear(path)
    for note in _notes(data_dir):
        noted = _read_note(note)
        if noted is None or not noted.exists():
            note.unlink(missing_ok=True)
    return _beside_backups(data_dir)


def _within(data_dir: Path) -> list[Path]:
    index = data_dir / "index"
    found = [*data_dir.glob(".*.partial"), *index.glob(f"{BUILDING_PREFIX}*"), *index.glob(NEW_POINTER_FILE)]
    return sorted(found)


def _beside_backups(data_dir: Path) -> list[Path]:
    noted = [path for note in _notes(data_dir) if (path := _read_note(note)) is not None]
    return [path for path in noted if path.exists() and not _is_locked(path)]


def _is_locked(partial: Path) -> bool:
    """Return whether a running backup or export is filling a folder or file; False where the system can't tell."""
    try:
        with _locked(partial):
            return False
    except CorpusBusy:
        return True


def _delete_abandoned(partial: Path) -> None:
    """Delete what a killed backup left.

    Raises:
        CorpusBusy: the backup is running.
        OSError: it can't be deleted.
    """
    if is_folder(partial):
        with _locked(partial):
            shutil.rmtree(partial)
    else:
        partial.unlink(missing_ok=True)


@contextmanager
def _locked(partial: Path) -> Iterator[None]:
    """Lock a folder or file itself, so that no lock file is left beside it.

    Raises:
        CorpusBusy: another process has locked it.
    """
    handle = None
    if sys.platform != "win32":
        # Some network disks can't lock.
        with suppress(OSError):
            # A pipe of that name must not be waited for.
            handle = os.open(partial, os.O_RDONLY | os.O_NONBLOCK)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                raise CorpusBusy(
                    f"Another backup or export is being written to {partial}.",
                    "Wait until it is done, or name another one.",
                ) from None
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def _noted(data_dir: Path, partial: Path) -> Iterator[None]:
    """Note a hidden folder or file in the data folder while it is filled; a kill leaves the note."""
    raw = os.fsencode(partial)
    note = data_dir / f"backup-{sha256(raw).hexdigest()[:8]}.txt"
    with suppress(OSError):
        note.write_bytes(raw)
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def _notes(data_dir: Path) -> list[Path]:
    return [path for path in sorted(data_dir.glob("backup-????????.txt")) if path.is_file()]


def _read_note(note: Path) -> Path | None:
    """Return the hidden folder or file that a note names; None if it can't be one."""
    try:
        with note.open("rb") as file:
            path = Path(os.fsdecode(file.read(_MAX_NOTE_BYTES)))
        is_hidden = path.is_absolute() and path.name.startswith(".") and path.name.endswith(".partial")
        return path if is_hidden and not path.is_symlink() else None
    except (OSError, ValueError):
        return None
