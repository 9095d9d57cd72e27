"""Finds files: in order, each once, whatever links and locked folders lie in the way."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.errors import BadInput


def shown(path: Path) -> str:
    """Return a path as text for people; names that are not UTF-8 keep their other characters."""
    return os.fsencode(path).decode("utf-8", "replace")


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; no for what may not be looked at, where Path.is_dir raises."""
    return os.path.isdir(path)  # noqa: PTH112


def walk(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield every visible file under `paths` once, in the order of names, and folders that can't be opened.

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
        raise BadInput(f"There is no file or folder “{shown(path)}”.", "Check the spelling of the path.")
    if not is_folder(path):
        yield path
        return
    locked: list[Path] = []
    entered: set[str] = set()
    for folder, folders, names in os.walk(
        path, followlinks=True, onerror=lambda error: locked.append(Path(os.fsdecode(error.filename)))
    ):
        # A link to a folder above would go round for ever: enter each real folder once.
        real = os.path.realpath(folder)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))
    yield from locked
