"""The vector index itself: FAISS over passage ids, exact at every size that it is meant for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

Ids = NDArray[np.int64]

# Up to here a flat index is exact by construction and answers in a few milliseconds. Past it, 8-bit codes take a
# quarter of the memory traffic, which is what a scan costs; with twice the wanted candidates rescored from full
# vectors their recall is 1.00 again.
LARGEST_FLAT = 20_000
RESCORED = 2
FEWEST_RESCORED = 50
# Below this many allowed passages it is faster to gather their vectors and multiply than to scan past all the others.
LARGEST_GATHERED = 20_000

INDEX_FILE = "index.faiss"
VECTORS_FILE = "vectors.npy"


class Kind(StrEnum):
    """How vectors are kept: as they are, or as 8-bit codes beside the full vectors."""

    FLAT = "flat"
    SQ8 = "sq8"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Passage ids `(k,)` and their cosines to the query `(k,)` float32, best first."""

    ids: Ids
    cosines: Vectors


class VectorIndex:
    """Finds the passages whose vectors are nearest to a query's."""

    def __init__(self, index: Any, vectors: Vectors | None) -> None:  # noqa: ANN401 - FAISS has no types
        self._index = index
        # id_map is in ascending order, since generations are built in the order of passage ids.
        self.ids: Ids = faiss.vector_to_array(index.id_map)
        self._vectors = _flat_view(index) if vectors is None else vectors
        self._exact = vectors is None

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @classmethod
    def build(cls, ids: Ids, vectors: Vectors) -> Self:
        """Builds an index in memory.

        Args:
            ids: `(n,)` passage ids, ascending and different.
            vectors: `(n, dimension)` float32, unit length.
        """
        dimension = vectors.shape[1]
        if kind_for(len(ids)) is Kind.FLAT:
            core: Any = faiss.IndexFlatIP(dimension)
        else:
            core = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
            core.train(vectors)
        index = faiss.IndexIDMap2(core)
        index.add_with_ids(vectors, ids)
        return cls(index, None if kind_for(len(ids)) is Kind.FLAT else vectors)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Reads an index that `write` wrote; full vectors beside 8-bit codes stay on disk, mapped into memory."""
        index = faiss.read_index(str(folder / INDEX_FILE))
        vectors = folder / VECTORS_FILE
        return cls(index, np.load(vectors, mmap_mode="r") if vectors.exists() else None)

    def write(self, folder: Path) -> None:
        """Writes the index's files into a folder that exists."""
        faiss.write_index(self._index, str(folder / INDEX_FILE))
        if not self._exact:
            np.save(folder / VECTORS_FILE, self._vectors)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._index.d)

    @property
    def kind(self) -> Kind:
        """How its vectors are kept."""
        return Kind.FLAT if self._exact else Kind.SQ8

    def search(self, query: Vectors, count: int, allowed: Ids | None = None) -> Neighbours:
        """The nearest passages, exactly.

        Args:
            query: `(dimension,)` float32, unit length.
            count: how many to return at most.
            allowed: passage ids to choose from, ascending; None for all. Ids that are not in the index are ignored.
        """
        if allowed is None:
            return self._scan(query, count, None)
        rows = rows_of(self.ids, allowed)
        if len(rows) <= LARGEST_GATHERED:
            return self._best_of(query, rows, count)
        params = faiss.SearchParameters()
        params.sel = faiss.IDSelectorBatch(self.ids[rows])
        return self._scan(query, count, params)

    def cosines(self, query: Vectors, ids: Ids) -> Neighbours:
        """The cosines of given passages to a query, in the order of ids; ids that are not in the index are left out."""
        rows = rows_of(self.ids, np.sort(ids))
        return Neighbours(self.ids[rows], np.asarray(self._vectors[rows], dtype=np.float32) @ query)

    def _scan(self, query: Vectors, count: int, params: Any) -> Neighbours:  # noqa: ANN401
        wanted = count if self._exact else max(FEWEST_RESCORED, RESCORED * count)
        with _one_thread():
            cosines, ids = self._index.search(query[np.newaxis], min(wanted, max(1, len(self))), params=params)
        found = ids[0] >= 0
        if self._exact:
            return Neighbours(ids[0][found], cosines[0][found])
        return self._best_of(query, rows_of(self.ids, np.sort(ids[0][found])), count)

    def _best_of(self, query: Vectors, rows: NDArray[np.int64], count: int) -> Neighbours:
        cosines = np.asarray(self._vectors[rows], dtype=np.float32) @ query
        best = np.argsort(-cosines, kind="stable")[:count]
        return Neighbours(self.ids[rows[best]], cosines[best])


def kind_for(count: int) -> Kind:
    """How so many vectors are kept."""
    return Kind.FLAT if count <= LARGEST_FLAT else Kind.SQ8


def rows_of(held: Ids, ids: Ids) -> NDArray[np.int64]:
    """Where those of the given ids that are held stand among them; both are ascending and without repetitions."""
    if not len(held):
        return np.empty(0, dtype=np.int64)
    rows = np.minimum(np.searchsorted(held, ids), len(held) - 1)
    present: NDArray[np.int64] = rows[held[rows] == ids]
    return present


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keeps FAISS from starting threads: it splits work by queries, and idle threads spin at the end of one alone.

    Where other work wants the cores too, that spinning costs more than the search.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _flat_view(index: Any) -> Vectors:  # noqa: ANN401
    """The vectors of a flat index, `(n, dimension)`, without a copy."""
    core: Any = faiss.downcast_index(index.index)
    view: Vectors = faiss.rev_swig_ptr(core.get_xb(), core.ntotal * core.d).reshape(core.ntotal, core.d)
    return view
