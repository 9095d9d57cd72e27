"""What killed commands leave behind: in the data folder, and beside backups, of which a note in it tells."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from bot.atomic_files import partial_path
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


def find_leftovers(data_dir: Path) -> list[Path]:
    """Return what killed commands left; call it while nothing is being written to the data folder."""
    return _within(data_dir) + _beside_backups(data_dir)


def delete_leftovers(data_dir: Path) -> list[Path]:
    """Delete what killed commands left in the data folder, and notes of backups that are gone.

    Return what is left beside backups: notes could name any folder, so people delete these.
    """
    for path in _within(data_dir):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for note in _notes(data_dir):
        noted = _read_note(note)
        if noted is None or not noted.is_dir():
            note.unlink(missing_ok=True)
    return _beside_backups(data_dir)


def _within(data_dir: Path) -> list[Path]:
    index = data_dir / "index"
    found = [*data_dir.glob(".*.partial"), *index.glob(f"{BUILDING_PREFIX}*"), *index.glob(NEW_POINTER_FILE)]
    return sorted(found)


def _beside_backups(data_dir: Path) -> list[Path]:
    noted = [path for note in _notes(data_dir) if (path := _read_note(note)) is not None]
    return [path for path in noted if path.is_dir() and not _is_locked(path)]


def _is_locked(folder: Path) -> bool:
    """Return whether a running backup is filling a folder; False where the system can't tell."""
    try:
        with _locked(folder):
            return False
    except CorpusBusy:
        return True


def _delete_abandoned(partial: Path) -> None:
    """Delete what a killed backup left.

    Raises:
        CorpusBusy: the backup is running.
        OSError: it can't be deleted.
    """
    if partial.is_symlink() or partial.is_file():
        partial.unlink()
    elif partial.exists():
        with _locked(partial):
            shutil.rmtree(partial)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock a folder itself, so that no lock file is left beside it.

    Raises:
        CorpusBusy: another process has locked it.
    """
    handle = None
    if sys.platform != "win32":
        # Some network disks can't lock.
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                raise CorpusBusy(
                    f"Another backup is being written to {folder}.", "Wait until it is done, or name another folder."
                ) from None
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def _noted(data_dir: Path, partial: Path) -> Iterator[None]:
    """Note a hidden folder in the data folder while it is filled; a kill leaves the note."""
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
    """Return the hidden folder that a note names; None if it can't be one."""
    try:
        with note.open("rb") as file:
            path = Path(os.fsdecode(file.read(_MAX_NOTE_BYTES)))
        is_hidden = path.is_absolute() and path.name.startswith(".") and path.name.endswith(".partial")
        return path if is_hidden and not path.is_symlink() else None
    except (OSError, ValueError):
        return None
