"""Finds a data folder that a restore was replacing when it was killed, and finishes that."""

import errno
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import CorpusBusy

LOCK_NAME = "writer.lock"


def hidden_path(path: Path, purpose: str) -> Path:
    """Return a hidden path beside a file or folder: `.data.partial` while it is made, `.data.between` while swapped."""
    return path.with_name(f".{path.name}.{purpose}")


def name_for_old(folder: Path) -> Path:
    """Return a new path beside a data folder to move its former content to: `data.replaced-20240909T123000000000`."""
    return folder.with_name(f"{folder.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")


def unfinished_restore(folder: Path) -> list[Path]:
    """Return what a killed restore left beside a data folder, or what lies in its place."""
    folder = _resolved(folder)
    return [path for path in (hidden_path(folder, "between"), hidden_path(folder, "partial")) if os.path.lexists(path)]


def clear(path: Path) -> None:
    """Delete what lies at a path, as far as the system allows: a folder, a file, or a link but not what it names."""
    if is_folder(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def make_data_folder(folder: Path) -> None:
    """Create a data folder, unless a killed restore has moved it aside: then finish that restore.

    Raises:
        CorpusBusy: the restore is still running.
        OSError: the folder can't be created.
    """
    find_data_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)


def find_data_folder(folder: Path) -> None:
    """Put a data folder back into place if a restore was killed between its two renames. Raises as `finish_restore`."""
    if not folder.exists():
        finish_restore(folder)


def finish_restore(folder: Path) -> list[Path]:
    """Finish what a killed restore left beside a data folder; return where former data folders are now.

    A restore swaps folders only once the copy is complete and on the disk. So a data folder that is missing gets the
    copy, and the former data folder is kept under a name that people see.

    Raises:
        CorpusBusy: the restore is still running.
        OSError: a folder can't be renamed.
    """
    # A data folder that is a symbolic link is replaced behind the link.
    folder = _resolved(folder)
    between, partial = hidden_path(folder, "between"), hidden_path(folder, "partial")
    former: list[Path] = []
    if is_folder(between):
        _check_abandoned(folder, between)
        if not folder.exists():
            (partial if is_folder(partial) else between).rename(folder)
        if is_folder(between):
            former.append(between.rename(name_for_old(folder)))
    # Swapped in one step, then killed: the hidden folder has had a writer, so it is the former data folder.
    if is_folder(partial) and (partial / LOCK_NAME).exists():
        former.append(partial.rename(name_for_old(folder)))
    return former


def delete_unfinished_copy(folder: Path) -> None:
    """Delete the incomplete copy of a backup that a killed restore left; call `finish_restore` before.

    Files and links of the names of its folders are deleted, too: they would be in the way of every restore.
    """
    folder = _resolved(folder)
    clear(hidden_path(folder, "partial"))
    if not is_folder(between := hidden_path(folder, "between")):
        clear(between)


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder itself, not a link to one."""
    return path.is_dir() and not path.is_symlink()


def _resolved(folder: Path) -> Path:
    """Return a folder behind its symbolic links.

    Raises:
        OSError: a link leads to itself.
    """
    try:
        return folder.resolve()
    except RuntimeError as error:
        # Python before 3.13.
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder)) from error


def _check_abandoned(folder: Path, between: Path) -> None:
    """Check that no restore is between its two renames right now: it holds the lock of the folder it moves."""
    try:
        with FileLock(between / LOCK_NAME, timeout=0, fallback_to_soft=False):
            pass
    except Timeout as error:
        raise CorpusBusy(f"The data folder {folder} is being restored.", "Wait until that is done.") from error
