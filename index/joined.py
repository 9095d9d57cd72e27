"""Which passages are there that a generation does not hold, and which of its own are gone."""

import json

import numpy as np
from sqlite_utils import Database

from index.vector_index import Ids

# Where passages that are gone take places among the best, that many times as many are looked at.
WIDENED = 4


class JoinedPassages:
    """Follows the passages of a database from the generation on that holds some of them.

    Args:
        db: the corpus, open for reading.
        held: ids of the generation's passages, ascending.
    """

    def __init__(self, db: Database, held: Ids) -> None:
        self._db = db
        self._last = int(held[-1]) if len(held) else 0
        # Not ordered by SQLite: it would read the whole table with all its text instead of an index of it.
        earlier = self._column("SELECT id FROM passages WHERE +id <= ?", self._last)
        self._holes = np.setdiff1d(earlier, held)
        self._data_version: int | None = None
        self.ids: Ids = np.empty(0, dtype=np.int64)

    def catch_up(self) -> bool:
        """Reads `ids` anew if another connection has committed anything since the last time; tells whether one has."""
        data_version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        if data_version == self._data_version:
            return False
        self._data_version = data_version
        later = self._column("SELECT id FROM passages WHERE id > ?", self._last)
        # Ids in the middle of the generation's are of passages that had no vector when it was built.
        self.ids = np.concatenate([self.existing(self._holes), later])
        return True

    def existing(self, ids: Ids) -> Ids:
        """Those of the given ids that the database has, ascending."""
        if not len(ids):
            return ids
        sql = "SELECT id FROM passages WHERE id IN (SELECT value FROM json_each(?))"
        return self._column(sql, json.dumps(ids.tolist()))

    def _column(self, sql: str, value: object) -> Ids:
        found = np.fromiter((row[0] for row in self._db.execute(sql, (value,))), dtype=np.int64)
        found.sort()
        return found
