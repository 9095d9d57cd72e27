"""Searches a generation's vectors together with newer ones, without removed passages."""

import numpy as np

from index.embedding.embedder import Vectors
from index.embedding.vector_store import Embeddings
from index.generation.vector_index import Ids, Neighbours, VectorIndex, find_rows
from index.live.new_passages import PassageTracker
from index.live.scopes import Scope

# Where removed passages are among the nearest, this many times as many are looked for next.
WIDENING = 4


class LiveVectors:
    """The current vectors.

    Args:
        base: the vectors of a generation.
        passages: the current passages.
        embeddings: the stored vectors of the generation's model.
    """

    def __init__(self, base: VectorIndex, passages: PassageTracker, embeddings: Embeddings) -> None:
        self._base = base
        self.passages = passages
        self._embeddings = embeddings
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._vectors: Vectors = np.empty((0, base.dimension), dtype=np.float32)

    @property
    def ids(self) -> Ids:
        """The current passages that have a vector, ascending."""
        return np.union1d(self._base.ids[self.passages.present], self._ids)

    @property
    def joined(self) -> int:
        """How many passages with a vector were added since the generation was built."""
        return len(self._ids)

    @property
    def unembedded(self) -> int:
        """How many passages have no vector yet."""
        return len(self.passages.ids) - len(self._ids)

    def catch_up(self) -> None:
        """Load vectors of new passages and drop those of removed ones; call it after the tracker's `catch_up`."""
        present = self.passages.ids
        kept = np.isin(self._ids, present)
        new = self._embeddings.load_passages(np.setdiff1d(present, self._ids), self._base.dimension)
        if len(new.ids) or not kept.all():
            ids = np.concatenate([self._ids[kept], new.ids])
            order = np.argsort(ids)
            self._ids = ids[order]
            self._vectors = np.concatenate([self._vectors[kept], new.vectors])[order]

    def search(self, query: Vectors, count: int, allowed: Scope | None = None) -> Neighbours:
        """Return exactly the nearest current passages, of a scope or of all."""
        found = self._search_base(query, count) if allowed is None else self._base.search(query, count, allowed.rows)
        rows = np.arange(len(self._ids)) if allowed is None else find_rows(self._ids, allowed.joined)
        ids = np.concatenate([found.ids, self._ids[rows]])
        cosines = np.concatenate([found.cosines, self._vectors[rows] @ query])
        best = np.argsort(-cosines, kind="stable")[:count]
        return Neighbours(ids[best], cosines[best])

    def cosines(self, query: Vectors, ids: Ids) -> Neighbours:
        """Return the cosines of passages to a query, in any order; ids without a vector are left out."""
        found = self._base.cosines(query, ids)
        rows = np.flatnonzero(np.isin(self._ids, ids))
        return Neighbours(
            np.concatenate([found.ids, self._ids[rows]]), np.concatenate([found.cosines, self._vectors[rows] @ query])
        )

    def _search_base(self, query: Vectors, count: int) -> Neighbours:
        """Return the nearest passages of the generation that still exist."""
        wanted = count
        while True:
            found = self._base.search(query, wanted)
            present = self.passages.present[np.searchsorted(self._base.ids, found.ids)]
            if present.sum() >= count or len(found.ids) < wanted:
                return Neighbours(found.ids[present][:count], found.cosines[present][:count])
            wanted *= WIDENING
