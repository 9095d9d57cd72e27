"""Atomic file and folder writes: made beside the target, flushed to disk, then put in place in one step."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.data_folder import clear, hidden_path, is_folder

# linux/fs.h and fcntl.h
_RENAME_EXCHANGE, _AT_FDCWD = 2, -100


def partial_path(path: Path) -> Path:
    """Return the hidden path beside a file or folder where it is made; a killed run leaves its remains there."""
    return hidden_path(path, "partial")


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yield a path to write a file to; it replaces `path` on success and is deleted on failure."""
    partial = partial_path(path)
    if not partial.is_file() or partial.is_symlink():
        # A link would have the file written where it leads.
        clear(partial)
    try:
        yield partial
        fsync(partial)
        partial.replace(path)
        fsync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def partial_folder(path: Path) -> Iterator[Path]:
    """Yield a new folder to fill, deleted on failure; the caller renames it to `path`."""
    partial = partial_path(path)
    # The remains of a killed run, or a file in its place.
    clear(partial)
    partial.mkdir(parents=True)
    try:
        yield partial
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def fsync(path: Path) -> None:
    """Flush a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_tree(folder: Path) -> None:
    """Flush a folder and everything in it to disk."""
    for path in (*folder.rglob("*"), folder):
        fsync(path)


def exchange(one: Path, other: Path) -> None:
    """Swap two folders: in one step where the system can (Linux, renameat2(2)), else in two.

    A kill between the two leaves `one` under its hidden path `between`; see `corpus.data_folder`.

    Raises:
        OSError: they can't be swapped: a mount point, or different disks.
    """
    if sys.platform == "linux":
        # The C library may not have it (glibc before 2.28).
        with suppress(AttributeError):
            libc = ctypes.CDLL(None, use_errno=True)
            paths = os.fsencode(one), os.fsencode(other)
            if libc.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0:
                return
    between = hidden_path(one, "between")
    if not is_folder(between):
        clear(between)
    one.rename(between)
    try:
        other.rename(one)
    except OSError:
        between.rename(one)
        raise
    between.rename(other)
