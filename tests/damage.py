"""Damage to files, as a failing disk does it."""

from pathlib import Path

from index.generations import Generations
from index.vector_index import INDEX_FILE


def live_folder(data_dir: Path) -> Path:
    """The folder of the live generation."""
    generations = Generations(data_dir)
    return generations.folder(str(generations.live_name()))


def flip(path: Path) -> None:
    """Turns one bit over, three quarters into the file."""
    raw = bytearray(path.read_bytes())
    raw[len(raw) * 3 // 4] ^= 1
    path.write_bytes(raw)


def flip_index(data_dir: Path) -> None:
    """Turns one bit of the live index over."""
    flip(live_folder(data_dir) / INDEX_FILE)
