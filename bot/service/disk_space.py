"""Checks that a disk has room before a large copy is begun."""

import shutil
from pathlib import Path

from corpus.errors import StorageFailure

# Disk space wanted, as a multiple of the copy's size.
_MARGIN = 1.05


def check_space(purpose: str, size: int, place: Path) -> None:
    """Check that a folder's disk has room for a copy of `size` bytes; `purpose` begins the message: `The backup`.

    Raises:
        StorageFailure: it has not.
    """
    needed, free = _MARGIN * size, shutil.disk_usage(place).free
    if free < needed:
        raise StorageFailure(
            f"{purpose} needs {needed / 1e9:.1f} GB, but the disk of {place} has only {free / 1e9:.1f} GB free.",
            "Make room, or name a folder on another disk.",
        )
