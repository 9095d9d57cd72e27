"""New databases as copies of those that the real code made once in this process: making one takes ten times as long."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.records import records
from corpus import database

# One thread fills a file at a time, and no other finds it half full.
_FILLING = threading.Lock()


class MadeDatabases:
    """Copies where a test's first opening would make a database; what opens it then is the real code.

    Args:
        folder: an empty one, for the originals.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open_migrated, self._connect = database._open_migrated, records._connect

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Copy from now on, until the patch is undone."""
        patch.setattr(database, "_open_migrated", self._open_corpus)
        patch.setattr(records, "_connect", self._open_records)

    def _open_corpus(self, data_dir: Path, extra: Sequence[Migrations] = ()) -> Database:
        path = data_dir / database.DATABASE_NAME
        with _FILLING:
            if not path.exists() and not _has_log(path):
                _place(self._corpus(extra), path)
        return self._open_migrated(data_dir, extra)

    def _open_records(self, path: Path) -> Database:
        # It is made empty first, with its permissions.
        with _FILLING:
            if path.is_file() and not path.stat().st_size and not _has_log(path):
                _fill(self._records(), path)
        return self._connect(path)

    def _corpus(self, extra: Sequence[Migrations]) -> bytes:
        folder = self._folder / "-".join(["corpus", *(each.name for each in extra)])
        if not folder.exists():
            folder.mkdir()
            self._open_migrated(folder, extra).close()
        return (folder / database.DATABASE_NAME).read_bytes()

    def _records(self) -> bytes:
        path = self._folder / records.RECORDS_NAME
        if not path.exists():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(records, "_connect", self._connect)
                records.open_records(path).close()
        return path.read_bytes()


def _has_log(path: Path) -> bool:
    return path.with_name(f"{path.name}-wal").exists()


def _place(content: bytes, path: Path) -> None:
    """Make a file in one step; where that fails, the real code tells why."""
    beside = path.with_name(f"{path.name}.copied")
    try:
        beside.write_bytes(content)
        os.link(beside, path)
    except OSError:
        pass
    finally:
        beside.unlink(missing_ok=True)


def _fill(content: bytes, path: Path) -> None:
    """Fill an empty file; where that fails, the real code tells why."""
    try:
        path.write_bytes(content)
    except OSError:
        if os.access(path, os.W_OK):
            os.truncate(path, 0)
