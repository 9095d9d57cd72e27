"""Damage to files, as a failing disk does it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.generation.generations import Generations
from index.generation.vector_index import INDEX_FILE


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


def overwrite(path: Path) -> None:
    """Leaves no page of a database."""
    path.write_bytes(b"garbage" * 9_000)


def malform(path: Path) -> None:
    """Overwrites the middle of a database; its first pages still can be read."""
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2 // 4096 * 4096
    raw[middle : middle + 8192] = bytes(8192)
    path.write_bytes(raw)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keeps a file from being read, even by root: in its place is a link to itself, as if it had been locked away."""
    aside = path.with_name(f"{path.name}.aside")
    path.rename(aside)
    path.symlink_to(path.name)
    try:
        yield
    finally:
        path.unlink()
        aside.rename(path)


def without_secure_delete(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has SQLite keep deleted text, as it does by default."""
    connect = sqlite3.connect

    def plain(*given: object, **named: object) -> sqlite3.Connection:
        connection = connect(*given, **named)
        connection.execute("PRAGMA secure_delete = OFF")
        return connection

    monkeypatch.setattr(sqlite3, "connect", plain)
