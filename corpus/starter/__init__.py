"""The starter corpus: background briefs that come with the project."""

import os
from pathlib import Path

STARTER_PUBLISHER = "Attaché background brief"
_PREFIX = "starter/"


def starter_folder() -> Path:
    """The folder of the briefs."""
    return Path(__file__).parent


def starter_files() -> list[Path]:
    """The briefs, in the order of their names."""
    return sorted(starter_folder().glob("*.md"))


def stored_origin(origin: str) -> str:
    """The name under which an article from this place is stored: for a brief, the same on every machine."""
    # A link: paths have no two slashes in a row.
    if "://" in origin:
        return origin
    path = Path(os.path.abspath(origin))  # noqa: PTH100 - resolve() would also follow links
    return _PREFIX + path.name if path.parent == starter_folder() else str(path)


def starter_path(origin: str) -> Path | None:
    """The file of a brief, from the name under which it is stored; None for everything else."""
    name = origin.removeprefix(_PREFIX)
    if name == origin or "/" in name or not name.endswith(".md"):
        return None
    path = starter_folder() / name
    return path if path.is_file() else None
