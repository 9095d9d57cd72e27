"""The vector index itself: FAISS over passage ids, exact at every size that it is meant for."""

import os
import weakref
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Vectors
from index.generation.scan import Rows, Scanner, quantizer

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
        self._dimension, self._type, self._start = mapped.shape[1], mapped.dtype, int(mapped.offset)
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def __getitem__(self, rows: Rows) -> Vectors:
        """The vectors of rows, `(k, dimension)` float32.

        Raises:
            OSError: the file is shorter than it was.
        """
        size = self._type.itemsize * self._dimension
        read = b"".join([os.pread(self._file, size, start) for start in (self._start + rows * size).tolist()])
        if len(read) != len(rows) * size:
            raise OSError("The vectors of the index can't be read to their end.")
        return np.frombuffer(read, dtype=self._type).reshape(-1, self._dimension).astype(np.float32)


class VectorIndex:
    """Finds the passages whose vectors are nearest to a query's.

    Args:
        ids: `(n,)` passage ids, ascending and different.
        index: FAISS's index of the same rows.
        vectors: the full vectors beside 8-bit codes; None where the index holds them as they are.
    """

    # ANN401: FAISS has no types.
    def __init__(self, ids: Ids, index: Any, vectors: Vectors | VectorFile | None) -> None:  # noqa: ANN401
        self.ids = ids
        self.dimension = int(index.d)
        self.kind = Kind.FLAT if vectors is None else Kind.SQ8
        self._scanner = Scanner(index)
        self._vectors = _flat_vectors(index) if vectors is None else vectors

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def build(cls, ids: Ids, vectors: Vectors) -> Self:
        """Builds an index in memory.

        Args:
            ids: `(n,)` passage ids, ascending and different.
            vectors: `(n, dimension)` float32, unit length.
        """
        if kind_for(len(ids)) is Kind.FLAT:
            return cls(ids, flat_index(vectors), None)
        index = quantizer(vectors.shape[1])
        index.train(vectors)
        index.add(vectors)
        return cls(ids, index, vectors)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Reads an index that `index.generation.write_vectors` wrote; full vectors beside 8-bit codes stay on disk."""
        vectors = folder / VECTORS_FILE
        # Mapped, since what is in it is copied: it never lies in memory twice.
        mapped: Any = faiss.read_index(str(folder / INDEX_FILE), faiss.IO_FLAG_MMAP_IFC)
        # In ascending order, since generations are built in the order of passage ids.
        ids: Ids = faiss.vector_to_array(mapped.id_map)
        index = faiss.downcast_index(mapped.index)
        if vectors.exists():
            return cls(ids, index, VectorFile(vectors))
        return cls(ids, flat_index(_flat_vectors(index)), None)

    def search(self, query: Vectors, count: int, allowed: NDArray[np.bool_] | None = None) -> Neighbours:
        """The nearest passages, exactly.

        Args:
            query: `(dimension,)` float32, unit length.
            count: how many to return at most.
            allowed: `(n,)` of every row whether it may be found; None for all.
        """
        if self.kind is Kind.FLAT:
            rows = self._scanner.nearest(query, count) if allowed is None else np.flatnonzero(allowed)
            return self._best_of(query, rows, count)
        wanted = max(FEWEST_RESCORED, RESCORED * count)
        if allowed is None:
            return self._best_of(query, self._scanner.nearest(query, wanted), count)
        passing = int(np.count_nonzero(allowed))
        rows = np.empty(0, dtype=np.int64)
        if passing > LARGEST_GATHERED * len(self):
            rows = self._scanner.nearest(query, int(MARGIN * wanted * len(self) / passing))
            rows = rows[allowed[rows]]
        # What the question is about may be what does not pass.
        if len(rows) < min(wanted, passing):
            rows = self._scanner.nearest_of(query, wanted, np.flatnonzero(allowed))
        return self._best_of(query, rows, count)

    def cosines(self, query: Vectors, ids: Ids) -> Neighbours:
        """The cosines of given passages to a query, in the order of ids; ids that are not in the index are left out."""
        rows = rows_of(self.ids, np.sort(ids))
        return Neighbours(self.ids[rows], self._vectors[rows] @ query)

    def _best_of(self, query: Vectors, rows: Rows, count: int) -> Neighbours:
        rows = np.sort(rows)
        cosines = self._vectors[rows] @ query
        best = np.argsort(-cosines, kind="stable")[:count]
        return Neighbours(self.ids[rows[best]], cosines[best])


def flat_index(vectors: Vectors) -> Any:  # noqa: ANN401
    """FAISS's index of vectors as they are, `(n, dimension)` float32, by row."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _flat_vectors(index: Any) -> Vectors:  # noqa: ANN401
    """The vectors that a flat index holds, `(n, dimension)`, without a copy."""
    vectors: Vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(-1, index.d)
    return vectors


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
