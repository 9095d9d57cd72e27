"""Counts the work of a question: statements, rows and bytes from SQLite, steps of its machine, and memory taken."""

import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# SQLite tells of every so many steps of its virtual machine.
STEPS = 100


@dataclass
class Work:
    """What was counted.

    `statements` are those that SQLite ran, `rows` and `row_bytes` what came over into Python (texts and blobs), `steps`
    hundreds of steps of SQLite's virtual machine, `peak_bytes` the most that Python and numpy had taken at one moment
    beyond what they had before.
    """

    statements: int = 0
    rows: int = 0
    row_bytes: int = 0
    steps: int = 0
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
