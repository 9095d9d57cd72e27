"""Finds files under paths, in order and once each."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.errors import BadInput


def display_path(path: Path) -> str:
    """Return a path for messages, with replacement characters for bytes that aren't UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder; False without permission to look, where Path.is_dir raises."""
    return os.path.isdir(path)  # noqa: PTH112


def walk_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield every visible file under `paths` once, sorted by name, and folders that can't be opened.

    Raises:
        BadInput: a path does not exist.
    """
    seen: set[str] = set()
    for path in paths:
        for file in _under(path):
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                yield file


def _under(path: Path) -> Iterator[Path]:
    if not os.path.lexists(path):
        raise BadInput(f"There is no file or folder “{display_path(path)}”.", "Check the spelling of the path.")
    if not is_folder(path):
        yield path
        return
    locked: list[Path] = []
    entered: set[str] = set()
    for folder, folders, names in os.walk(
        path, followlinks=True, onerror=lambda error: locked.append(Path(os.fsdecode(error.filename)))
    ):
        # Enter each real folder once: links to a parent folder would loop forever.
        real = os.path.realpath(folder)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))
    yield from locked
