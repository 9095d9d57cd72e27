"""The starter corpus: background briefs that ship with the package."""

import os
from pathlib import Path

STARTER_PUBLISHER = "Attaché background brief"
_PREFIX = "starter/"
_FOLDER = str(Path(__file__).parent)


def starter_folder() -> Path:
    """Return the folder of the briefs."""
    return Path(_FOLDER)


def starter_files() -> list[Path]:
    """Return the briefs, sorted by name."""
    return sorted(starter_folder().glob("*.md"))


def stored_origin(origin: str) -> str:
    """Return the origin to store for a path or link: absolute, but for a brief the same on every machine."""
    if "://" in origin:
        return origin
    # Path.resolve() would also follow symbolic links; with no paths built, this takes a tenth of the time.
    path = os.path.abspath(origin)  # noqa: PTH100
    folder, _, name = path.rpartition(os.sep)
    return _PREFIX + name if folder == _FOLDER else path


def upload_origin(origin: str) -> str:
    """Return the origin to store for an uploaded file: never one of a brief."""
    return f"./{origin}" if origin.startswith(_PREFIX) else origin


def starter_path(origin: str) -> Path | None:
    """Return the file of a brief from its stored origin; None for any other origin."""
    name = origin.removeprefix(_PREFIX)
    if name == origin or "/" in name or not name.endswith(".md"):
        return None
    path = starter_folder() / name
    return path if path.is_file() else None
