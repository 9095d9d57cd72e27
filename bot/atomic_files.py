"""Writes that are whole or not there: made beside, flushed to the disk, then put in place in one step."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ASIDE = ".partial"
# linux/fs.h and fcntl.h
_RENAME_EXCHANGE, _AT_FDCWD = 2, -100


def aside_of(path: Path) -> Path:
    """Where a file or folder is made before it is put in place: beside it, hidden; what a killed run left is there."""
    return path.with_name(f".{path.name}{_ASIDE}")


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Gives a path to write a file to, which takes the place of `path` when all went well, and goes otherwise."""
    aside = aside_of(path)
    try:
        yield aside
        flush(aside)
        aside.replace(path)
        flush(path.parent)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def made_aside(path: Path) -> Iterator[Path]:
    """Gives a new folder to fill, which goes when anything fails; whoever fills it puts it in place."""
    aside = aside_of(path)
    # Half of what a killed run made is of no use to anybody.
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def flush(path: Path) -> None:
    """Has a file, or the names in a folder, written to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_tree(folder: Path) -> None:
    """Has a folder with everything in it written to the disk."""
    for path in (*folder.rglob("*"), folder):
        flush(path)


def exchange(one: Path, other: Path) -> None:
    """Swaps two folders in one step where the system can (Linux, renameat2(2)), else in two.

    Raises:
        OSError: they can't be swapped: a mount point, another disk.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, NotImplementedError):
            libc = ctypes.CDLL(None, use_errno=True)
            paths = os.fsencode(one), os.fsencode(other)
            if libc.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0:
                return
    between = one.with_name(f".{one.name}.between")
    one.rename(between)
    try:
        other.rename(one)
    except OSError:
        between.rename(one)
        raise
    between.rename(other)
