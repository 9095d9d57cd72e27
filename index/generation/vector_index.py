"""The vector index: FAISS over passage ids, with exact results."""

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

from index.embedding.embedder import Vectors
from index.generation.scan import Fill, Rows, Scanner, copy_codes, quantizer, view_codes

Ids = NDArray[np.int64]

# Up to this size a flat index is exact by construction and answers in a few milliseconds. Above it, 8-bit codes need a
# quarter of the memory traffic, which is what a scan costs. With twice the wanted candidates rescored from full
# vectors their recall is 1.00, too.
MAX_FLAT = 20_000
RESCORE_FACTOR = 2
MIN_RESCORED = 50
# Up to this share of allowed passages, only their codes are gathered and scanned. Above it all codes are scanned for
# more candidates, most of which pass. FAISS's own selectors make a call for every passage: half the cost of a scan.
MAX_GATHERED_SHARE = 0.4
# How many more candidates a scan looks for than should remain once those that don't pass are removed.
MARGIN = 1.5

INDEX_FILE = "index.faiss"
VECTORS_FILE = "vectors.npy"
# Types of the full vectors: half precision; earlier indexes have single.
STORED_TYPES = ("<f2", "<f4")


class Kind(StrEnum):
    """How vectors are stored: full, or as 8-bit codes with the full vectors in a file."""

    FLAT = "flat"
    SQ8 = "sq8"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Passage ids `(k,)` and their cosines to the query `(k,)` float32, best first."""

    ids: Ids
    cosines: Vectors

    def by_id(self) -> dict[int, float]:
        """Return the cosines by passage id, in order."""
        return dict(zip(self.ids.tolist(), self.cosines.tolist(), strict=True))


class VectorFile:
    """Vectors in a file, read a few at a time.

    Not memory-mapped: each read would bring sixteen pages into the process's memory, in the end the whole file.
    """

    def __init__(self, path: Path) -> None:
        mapped = np.load(path, mmap_mode="r")
        self._dimension, self._type, self._start = mapped.shape[1], mapped.dtype, int(mapped.offset)
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def __getitem__(self, rows: Rows) -> Vectors:
        """Return the vectors of rows, `(k, dimension)` float32.

        Raises:
            OSError: the file has become shorter.
        """
        size = self._type.itemsize * self._dimension
        read = b"".join([os.pread(self._file, size, start) for start in (self._start + rows * size).tolist()])
        if len(read) != len(rows) * size:
            raise OSError("The vectors of the index can't be read to their end.")
        return np.frombuffer(read, dtype=self._type).reshape(-1, self._dimension).astype(np.float32)


class VectorIndex:
    """Finds the passages nearest to a query.

    Args:
        ids: `(n,)` passage ids, ascending and unique.
        index: the FAISS index of the same rows.
        vectors: the full vectors of an index of 8-bit codes; None for a flat index.
        fill: whether codes are copied or stay where they are.
    """

    # ANN401: FAISS has no types.
    def __init__(
        self,
        ids: Ids,
        index: Any,  # noqa: ANN401
        vectors: Vectors | VectorFile | None,
        fill: Fill = copy_codes,
    ) -> None:
        self.ids = ids
        self.dimension = int(index.d)
        self.kind = Kind.FLAT if vectors is None else Kind.SQ8
        self._scanner = Scanner(index, fill)
        self._vectors = _flat_vectors(index) if vectors is None else vectors
        self._outer: Any = None

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def build(cls, ids: Ids, vectors: Vectors) -> Self:
        """Build an index in memory.

        Args:
            ids: `(n,)` passage ids, ascending and unique.
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
        """Read an index that `index.generation.write_vectors` wrote; full vectors of 8-bit codes stay on disk."""
        # Memory-mapped because its contents are copied: they are never in memory twice.
        _outer, ids, index = _map(folder)
        if isinstance(index, faiss.IndexFlat):
            return cls(ids, flat_index(_flat_vectors(index)), None)
        return cls(ids, index, VectorFile(folder / VECTORS_FILE))

    @classmethod
    def map(cls, folder: Path) -> Self:
        """Open an index as `read` does, but leave its codes or vectors in their file, which processes share.

        A file that is cut short afterwards ends the process (SIGBUS, mmap(2)); `read` survives that.
        """
        mapped, ids, index = _map(folder)
        if isinstance(index, faiss.IndexFlat):
            opened = cls(ids, index, None)
            # FAISS deletes the inner index with the outer one.
            opened._outer = mapped
            return opened
        return cls(ids, index, VectorFile(folder / VECTORS_FILE), view_codes)

    def search(self, query: Vectors, count: int, allowed: NDArray[np.bool_] | None = None) -> Neighbours:
        """Return exactly the nearest passages.

        Args:
            query: `(dimension,)` float32, unit length.
            count: how many to return at most.
            allowed: `(n,)` bool, the rows to search; None for all.
        """
        if self.kind is Kind.FLAT:
            rows = self._scanner.nearest(query, count) if allowed is None else np.flatnonzero(allowed)
            return self._best_of(query, rows, count)
        wanted = max(MIN_RESCORED, RESCORE_FACTOR * count)
        if allowed is None:
            return self._best_of(query, self._scanner.nearest(query, wanted), count)
        passing = int(np.count_nonzero(allowed))
        rows = np.empty(0, dtype=np.int64)
        if passing > MAX_GATHERED_SHARE * len(self):
            rows = self._scanner.nearest(query, int(MARGIN * wanted * len(self) / passing))
            rows = rows[allowed[rows]]
        # The nearest passages may be just those that don't pass.
        if len(rows) < min(wanted, passing):
            rows = self._scanner.nearest_of(query, wanted, np.flatnonzero(allowed))
        return self._best_of(query, rows, count)

    def cosines(self, query: Vectors, ids: Ids) -> Neighbours:
        """Return the cosines of passages to a query, by ascending id; ids that are not in the index are left out."""
        rows = find_rows(self.ids, np.sort(ids))
        return Neighbours(self.ids[rows], self._vectors[rows] @ query)

    def _best_of(self, query: Vectors, rows: Rows, count: int) -> Neighbours:
        rows = np.sort(rows)
        cosines = self._vectors[rows] @ query
        best = np.argsort(-cosines, kind="stable")[:count]
        return Neighbours(self.ids[rows[best]], cosines[best])


def _map(folder: Path) -> tuple[Any, Ids, Any]:
    """Map the file of an index; return FAISS's outer index, which owns the inner one, its ids, and the inner one."""
    with faiss_path(folder / INDEX_FILE) as path:
        outer: Any = faiss.read_index(path, faiss.IO_FLAG_MMAP_IFC)
    ids: Ids = faiss.vector_to_array(outer.id_map)
    return outer, ids, faiss.downcast_index(outer.index)


@contextmanager
def faiss_path(path: Path) -> Iterator[str]:
    """Yield a path of a file that FAISS can open: it knows only names that are valid UTF-8.

    Raises:
        OSError: the file's folder can't be opened.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        # By the open folder (Linux, proc(5)).
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            yield f"/proc/self/fd/{folder}/{path.name}"
        finally:
            os.close(folder)
    else:
        yield str(path)


def flat_index(vectors: Vectors) -> Any:  # noqa: ANN401
    """Return a FAISS index of full vectors, `(n, dimension)` float32."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _flat_vectors(index: Any) -> Vectors:  # noqa: ANN401
    """Return a view of the vectors in a flat index, `(n, dimension)`."""
    vectors: Vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(-1, index.d)
    return vectors


def kind_for(count: int) -> Kind:
    """Return how this many vectors are stored."""
    return Kind.FLAT if count <= MAX_FLAT else Kind.SQ8


def find_rows(haystack: Ids, ids: Ids) -> NDArray[np.int64]:
    """Return the positions in `haystack` of those ids that it contains; both are ascending and unique."""
    if not len(haystack):
        return np.empty(0, dtype=np.int64)
    rows = np.minimum(np.searchsorted(haystack, ids), len(haystack) - 1)
    found: NDArray[np.int64] = rows[haystack[rows] == ids]
    return found
