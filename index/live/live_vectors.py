"""The live view of the vectors: those of a generation and those stored since, without passages that are gone."""

import numpy as np

from index.embedding.embedder import Vectors
from index.embedding.vector_store import Embeddings
from index.generation.vector_index import Ids, Neighbours, VectorIndex, rows_of
from index.live.new_passages import WIDENED, FollowedPassages
from index.live.scopes import Scope


class LiveIndex:
    """Searches a generation's vectors together with those of the passages that joined since.

    Args:
        base: the vectors of a generation.
        joined: the passages that it does not hold.
        embeddings: the stored vectors of the generation's model.
    """

    def __init__(self, base: VectorIndex, joined: FollowedPassages, embeddings: Embeddings) -> None:
        self._base = base
        self.passages = joined
        self._embeddings = embeddings
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._vectors: Vectors = np.empty((0, base.dimension), dtype=np.float32)

    @property
    def ids(self) -> Ids:
        """The passages that have a vector, ascending, without those that are gone."""
        return np.union1d(self._base.ids[self.passages.present], self._ids)

    @property
    def joined(self) -> int:
        """How many passages with a vector joined since the generation was built."""
        return len(self._ids)

    @property
    def waiting(self) -> int:
        """How many passages joined and have no vector yet."""
        return len(self.passages.ids) - len(self._ids)

    def catch_up(self) -> None:
        """Reads the vectors of what joined, and forgets those of what went; after that of the passages themselves."""
        present = self.passages.ids
        kept = np.isin(self._ids, present)
        new = self._embeddings.of_passages(np.setdiff1d(present, self._ids), self._base.dimension)
        if len(new.ids) or not kept.all():
            ids = np.concatenate([self._ids[kept], new.ids])
            order = np.argsort(ids)
            self._ids = ids[order]
            self._vectors = np.concatenate([self._vectors[kept], new.vectors])[order]

    def search(self, query: Vectors, count: int, allowed: Scope | None = None) -> Neighbours:
        """The nearest passages that are there, exactly: of a scope, or of all."""
        found = self._present(query, count) if allowed is None else self._base.search(query, count, allowed.rows)
        rows = np.arange(len(self._ids)) if allowed is None else rows_of(self._ids, allowed.joined)
        ids = np.concatenate([found.ids, self._ids[rows]])
        cosines = np.concatenate([found.cosines, self._vectors[rows] @ query])
        best = np.argsort(-cosines, kind="stable")[:count]
        return Neighbours(ids[best], cosines[best])

    def cosines(self, query: Vectors, ids: Ids) -> Neighbours:
        """The cosines of given passages to a query, in no order; ids without a vector are left out."""
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
            here = self.passages.present[np.searchsorted(self._base.ids, found.ids)]
            if here.sum() >= count or len(found.ids) < wanted:
                return Neighbours(found.ids[here][:count], found.cosines[here][:count])
            wanted *= WIDENED
