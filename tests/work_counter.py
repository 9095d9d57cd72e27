"""Counts the work of a question: what comes from SQLite, what is read of the index beside it, and memory taken."""

import os
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
import pytest

from index.generation.postings import Postings

# SQLite tells of every so many steps of its virtual machine.
STEPS = 100


@dataclass
class Work:
    """What was counted.

    `statements` are those that SQLite ran, `rows` and `row_bytes` what came over into Python (texts and blobs), `steps`
    hundreds of steps of SQLite's virtual machine, `vector_bytes` what was read of files (the full vectors),
    `code_bytes` what FAISS compared with the question, `posting_bytes` the rows and gains of its words, `peak_bytes`
    the most that Python and numpy had taken at one moment beyond what they had before.
    """

    statements: int = 0
    rows: int = 0
    row_bytes: int = 0
    steps: int = 0
    vector_bytes: int = 0
    code_bytes: int = 0
    posting_bytes: int = 0
    peak_bytes: int = 0


class CountingConnection(sqlite3.Connection):
    """A connection that counts into `work`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.work = Work()
        self.set_trace_callback(self._statement)
        self.set_progress_handler(self._step, STEPS)

    def cursor(self, factory: type[sqlite3.Cursor] | None = None) -> sqlite3.Cursor:
        return super().cursor(CountingCursor)

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        return self.cursor().execute(*arguments)

    def _statement(self, _sql: str) -> None:
        self.work.statements += 1

    def _step(self) -> int:
        self.work.steps += 1
        return 0


class CountingCursor(sqlite3.Cursor):
    """A cursor that counts the rows that are taken from it."""

    def __next__(self) -> Any:
        return self._counted(super().__next__())

    def fetchone(self) -> Any:
        row = super().fetchone()
        return row if row is None else self._counted(row)

    def fetchall(self) -> list[Any]:
        return [self._counted(row) for row in super().fetchall()]

    def _counted(self, row: Any) -> Any:
        work = self.connection.work
        work.rows += 1
        work.row_bytes += sum(len(value) for value in row if isinstance(value, str | bytes))
        return row


def count_index(patch: pytest.MonkeyPatch, work: Callable[[], Work]) -> None:
    """Counts what is read of the index into `work()`, at the calls of the system, of FAISS and of the postings."""

    def counting_read(read: Callable[..., Any], size: Callable[[Any], int]) -> Callable[..., Any]:
        def reads(*arguments: Any) -> Any:
            found = read(*arguments)
            work().vector_bytes += size(found)
            return found

        return reads

    def of(self: Postings, stem: str) -> tuple[np.ndarray, np.ndarray]:
        found = postings(self, stem)
        work().posting_bytes += sum(each.nbytes for each in found)
        return found

    postings = Postings.of
    # One tells how many bytes it read, the other returns them.
    patch.setattr(os, "preadv", counting_read(os.preadv, int))
    patch.setattr(os, "pread", counting_read(os.pread, len))
    patch.setattr(Postings, "of", of)
    # Those that hold codes themselves: an IndexIDMap hands on to one of them.
    for name in ("IndexFlat", "IndexScalarQuantizer"):
        patch.setattr(getattr(faiss, name), "search_c", _counting_search(getattr(faiss, name).search_c, work))


def _counting_search(search: Callable[..., None], work: Callable[[], Work]) -> Callable[..., None]:
    def counting(self: Any, count: int, *arguments: Any) -> None:
        work().code_bytes += count * self.ntotal * self.code_size
        search(self, count, *arguments)

    return counting


@contextmanager
def counted(connection: CountingConnection) -> Iterator[Work]:
    """Counts what is done inside the block."""
    work = connection.work = Work()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    try:
        yield work
    finally:
        work.peak_bytes = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
        connection.work = Work()
