"""The live view of the vectors: one generation, what was embedded since it was built, and not what is gone."""

import json

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.embedder import Vectors
from index.embeddings import Embeddings
from index.vector_index import Ids, Neighbours, VectorIndex

# Where passages that are gone take places among the nearest, that many times as many are asked for.
WIDENED = 4


class LiveIndex:
    """Searches a generation together with the vectors that came since, as the database has them now.

    Args:
        db: the corpus, open for reading.
        base: the index of a generation.
        embeddings: the stored vectors of the generation's model.
    """

    def __init__(self, db: Database, base: VectorIndex, embeddings: Embeddings) -> None:
        self._db = db
        self._base = base
        self._embeddings = embeddings
        self._last = int(base.ids[-1]) if len(base) else 0
        self._holes = np.setdiff1d(self._passages_up_to(self._last), base.ids)
        self._data_version: int | None = None
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._vectors: Vectors = np.empty((0, base.dimension), dtype=np.float32)
        # Every set of joined passages has a number of its own.
        self.version = 0
        self.waiting = 0

    def __len__(self) -> int:
        """How many vectors it searches, those of passages that are gone since the generation was built among them."""
        return len(self._base) + len(self._ids)

    @property
    def ids(self) -> Ids:
        """The passages that have a vector, ascending, without those that are gone."""
        return np.union1d(self._existing(self._base.ids), self._ids)

    @property
    def joined(self) -> int:
        """How many passages joined since the generation was built."""
        return len(self._ids)

    def catch_up(self) -> None:
        """Takes in what any process stored or removed since the last time; costs microseconds where nothing was."""
        data_version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        if data_version == self._data_version:
            return
        self._data_version = data_version
        present = np.union1d(self._passages_after(self._last), self._existing(self._holes))
        kept = np.isin(self._ids, present)
        new = self._embeddings.of_passages(np.setdiff1d(present, self._ids), self._base.dimension)
        if len(new.ids) or not kept.all():
            ids = np.concatenate([self._ids[kept], new.ids])
            order = np.argsort(ids)
            self._ids = ids[order]
            self._vectors = np.concatenate([self._vectors[kept], new.vectors])[order]
            self.version += 1
        self.waiting = len(present) - len(self._ids)

    def search(self, query: Vectors, count: int, allowed: Ids | None = None) -> Neighbours:
        """The nearest passages that are there, exactly; arguments as of `VectorIndex.search`."""
        found = self._present(query, count) if allowed is None else self._base.search(query, count, allowed)
        rows = np.arange(len(self._ids)) if allowed is None else np.flatnonzero(np.isin(self._ids, allowed))
        return _nearest(found, Neighbours(self._ids[rows], self._vectors[rows] @ query), count)

    def cosines(self, query: Vectors, ids: Ids) -> Neighbours:
        """The cosines of given passages to a query, by passage id; ids without a vector are left out."""
        found = self._base.cosines(query, ids)
        rows = np.flatnonzero(np.isin(self._ids, ids))
        return Neighbours(
            np.concatenate([found.ids, self._ids[rows]]),
            np.concatenate([found.cosines, self._vectors[rows] @ query]),
        )

    def _present(self, query: Vectors, count: int) -> Neighbours:
        """The nearest passages of the generation that are not gone."""
        wanted = count
        while True:
            found = self._base.search(query, wanted)
            here = np.isin(found.ids, self._existing(found.ids))
            if here.sum() >= count or len(found.ids) < wanted:
                return Neighbours(found.ids[here][:count], found.cosines[here][:count])
            wanted *= WIDENED

    def _existing(self, ids: Ids) -> Ids:
        """Those of the given ids that the database has, ascending."""
        if not len(ids):
            return ids
        sql = "SELECT id FROM passages WHERE id IN (SELECT value FROM json_each(?))"
        return self._column(sql, json.dumps(ids.tolist()))

    def _passages_up_to(self, last: int) -> Ids:
        # Not ordered by SQLite: it would read the whole table with all its text instead of an index of it.
        return self._column("SELECT id FROM passages WHERE +id <= ?", last)

    def _passages_after(self, last: int) -> Ids:
        return self._column("SELECT id FROM passages WHERE id > ?", last)

    def _column(self, sql: str, value: object) -> Ids:
        found = np.fromiter((row[0] for row in self._db.execute(sql, (value,))), dtype=np.int64)
        found.sort()
        return found


def _nearest(first: Neighbours, second: Neighbours, count: int) -> Neighbours:
    ids: NDArray[np.int64] = np.concatenate([first.ids, second.ids])
    cosines = np.concatenate([first.cosines, second.cosines])
    best = np.argsort(-cosines, kind="stable")[:count]
    return Neighbours(ids[best], cosines[best])
