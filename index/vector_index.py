"""The vector index itself: FAISS over passage ids, exact at every size that it is meant for."""

import os
import weakref
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
# Up to this share of allowed passages their codes are gathered and scanned alone; above it all are scanned for more of
# the best, since most of these pass. FAISS's own selectors cost a call for every passage, half as much as a scan.
LARGEST_GATHERED = 0.4
# Codes that are gathered at a time: some megabytes, however large the index.
GATHERED_AT_ONCE = 16_384
# How many more are looked for in a scan than should be left once those that don't pass are taken out.
MARGIN = 1.5

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


class VectorFile:
    """Vectors in a file, of which a few are read at a time.

    Mapped into memory, each one that is read would bring sixteen pages around it into the process's memory, until all
    of the file is there.
    """

    def __init__(self, path: Path) -> None:
        mapped = np.load(path, mmap_mode="r")
        self._shape, self._type, self._start = mapped.shape, mapped.dtype, int(mapped.offset)
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def __getitem__(self, rows: NDArray[np.int64]) -> Vectors:
        """The vectors of rows, `(k, dimension)` float32."""
        found = np.empty((len(rows), self._shape[1]), dtype=self._type)
        size = found.itemsize * self._shape[1]
        for place, row in enumerate(rows.tolist()):
            if os.preadv(self._file, [found[place]], self._start + row * size) != size:
                raise OSError(f"Row {row} of the vectors can't be read.")
        return found.astype(np.float32, copy=False)


class VectorIndex:
    """Finds the passages whose vectors are nearest to a query's."""

    def __init__(self, index: Any, vectors: Vectors | VectorFile | None) -> None:  # noqa: ANN401 - FAISS has no types
        self._index = index
        # By row rather than by id.
        core: Any = faiss.downcast_index(index.index)
        self._rows = core
        # id_map is in ascending order, since generations are built in the order of passage ids.
        self.ids: Ids = faiss.vector_to_array(index.id_map)
        self._vectors = _view(core.get_xb(), (core.ntotal, core.d)) if vectors is None else vectors
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
        """Reads an index that `write` wrote; full vectors beside 8-bit codes stay on disk."""
        index = faiss.read_index(str(folder / INDEX_FILE))
        vectors = folder / VECTORS_FILE
        return cls(index, VectorFile(vectors) if vectors.exists() else None)

    def write(self, folder: Path) -> None:
        """Writes the index's files into a folder that exists."""
        faiss.write_index(self._index, str(folder / INDEX_FILE))
        if not self._exact:
            # One that was read has its file already.
            assert isinstance(self._vectors, np.ndarray)
            np.save(folder / VECTORS_FILE, self._vectors)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._index.d)

    @property
    def kind(self) -> Kind:
        """How its vectors are kept."""
        return Kind.FLAT if self._exact else Kind.SQ8

    def search(self, query: Vectors, count: int, allowed: NDArray[np.bool_] | None = None) -> Neighbours:
        """The nearest passages, exactly.

        Args:
            query: `(dimension,)` float32, unit length.
            count: how many to return at most.
            allowed: `(n,)` of every row whether it may be found; None for all.
        """
        if self._exact:
            rows = self._scanned(query, count) if allowed is None else np.flatnonzero(allowed)
            return self._best_of(query, rows, count)
        wanted = max(FEWEST_RESCORED, RESCORED * count)
        if allowed is None:
            return self._best_of(query, self._scanned(query, wanted), count)
        passing = int(np.count_nonzero(allowed))
        rows = np.empty(0, dtype=np.int64)
        if passing > LARGEST_GATHERED * len(self):
            rows = self._scanned(query, int(MARGIN * wanted * len(self) / passing))
            rows = rows[allowed[rows]]
        # What the question is about may be what does not pass.
        if len(rows) < min(wanted, passing):
            rows = self._gathered(query, wanted, np.flatnonzero(allowed))
        return self._best_of(query, rows, count)

    def cosines(self, query: Vectors, ids: Ids) -> Neighbours:
        """The cosines of given passages to a query, in the order of ids; ids that are not in the index are left out."""
        rows = rows_of(self.ids, np.sort(ids))
        return Neighbours(self.ids[rows], self._vectors[rows] @ query)

    def _scanned(self, query: Vectors, count: int) -> NDArray[np.int64]:
        """The best rows of all, by what the index holds of them, in no order."""
        with _one_thread():
            _, rows = self._rows.search(query[np.newaxis], min(count, max(1, len(self))))
        found: NDArray[np.int64] = rows[0][rows[0] >= 0]
        return found

    def _gathered(self, query: Vectors, count: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The best of some rows by their codes, in no order."""
        codes = _view(self._rows.codes.data(), (len(self), self._rows.code_size))
        alone = faiss.IndexScalarQuantizer(self.dimension, self._rows.sq.qtype, faiss.METRIC_INNER_PRODUCT)
        faiss.copy_array_to_vector(faiss.vector_to_array(self._rows.sq.trained), alone.sq.trained)
        alone.is_trained = True
        best: list[tuple[Vectors, NDArray[np.int64]]] = []
        for first in range(0, len(rows), GATHERED_AT_ONCE):
            some = rows[first : first + GATHERED_AT_ONCE]
            alone.reset()
            alone.add_sa_codes(codes[some])
            with _one_thread():
                cosines, places = alone.search(query[np.newaxis], min(count, len(some)))
            best.append((cosines[0], some[places[0]]))
        if len(best) <= 1:
            return best[0][1] if best else rows
        cosines, found = (np.concatenate(parts) for parts in zip(*best, strict=True))
        kept: NDArray[np.int64] = found[np.argsort(-cosines, kind="stable")[:count]]
        return kept

    def _best_of(self, query: Vectors, rows: NDArray[np.int64], count: int) -> Neighbours:
        rows = np.sort(rows)
        cosines = self._vectors[rows] @ query
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


def _view(data: Any, shape: tuple[int, int]) -> Any:  # noqa: ANN401
    """What FAISS holds in memory, as an array without a copy."""
    return faiss.rev_swig_ptr(data, shape[0] * shape[1]).reshape(shape)
