"""Scans the vectors of a FAISS index, full or as 8-bit codes, on several cores."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Vectors

Rows = NDArray[np.int64]

# Codes that one thread scans in about a millisecond; fewer are not worth waking another thread.
ROWS_PER_SHARD = 25_000
# More threads would wait for the same memory.
MAX_SHARDS = 4
# Codes gathered at a time: some megabytes, however large the index.
GATHER_CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class _Shard:
    """Consecutive rows from `first` on, as a FAISS index."""

    first: int
    index: Any

    def nearest(self, query: Vectors, count: int) -> tuple[Vectors, Rows]:
        """Return cosines and numbers of the nearest rows, best first."""
        with _one_thread():
            cosines, rows = self.index.search(query[np.newaxis], min(count, max(1, self.index.ntotal)))
        found = rows[0] >= 0
        return cosines[0][found], rows[0][found] + self.first

    def nearest_of(self, query: Vectors, count: int, rows: Rows) -> tuple[Vectors, Rows]:
        """Return the nearest of the given rows `(k,)` of this shard, in any order."""
        codes = _codes(self.index)
        gathered_index = _empty_like(self.index)
        best: list[tuple[Vectors, Rows]] = [_NONE]
        for first in range(0, len(rows), GATHER_CHUNK):
            gathered = rows[first : first + GATHER_CHUNK]
            gathered_index.reset()
            gathered_index.add_sa_codes(codes[gathered - self.first])
            cosines, positions = _Shard(0, gathered_index).nearest(query, count)
            best.append((cosines, gathered[positions]))
        return _best(best, count)


_NONE: tuple[Vectors, Rows] = np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)


class Scanner:
    """Scans the vectors of an index for one query at a time.

    Args:
        index: a FAISS flat index, or a scalar quantizer.
        fill: gives an empty quantizer a range of another one's codes: `copy_codes`, or `view_codes`.
    """

    def __init__(self, index: Any, fill: "Fill | None" = None) -> None:  # noqa: ANN401 - FAISS has no types
        self._size = int(index.ntotal)
        self._shards = _split(index, fill or copy_codes)
        # FAISS releases the interpreter's lock. The calling thread scans the first shard itself.
        self._pool = ThreadPoolExecutor(len(self._shards) - 1, "scanning") if len(self._shards) > 1 else None

    def __len__(self) -> int:
        return self._size

    def nearest(self, query: Vectors, count: int) -> Rows:
        """Return the nearest rows by full vectors or codes, in any order."""
        return self._run([partial(shard.nearest, query, count) for shard in self._shards], count, self._size)

    def nearest_of(self, query: Vectors, count: int, rows: Rows) -> Rows:
        """Return the nearest of the given rows `(k,)`, ascending, by their codes, in any order."""
        ends = np.searchsorted(rows, [shard.first for shard in self._shards[1:]])
        parts = zip(self._shards, np.split(rows, ends), strict=True)
        scans = [partial(shard.nearest_of, query, count, part) for shard, part in parts if len(part)]
        return self._run(scans, count, len(rows))

    def _run(self, scans: Sequence[Callable[[], tuple[Vectors, Rows]]], count: int, size: int) -> Rows:
        """Return the best of several scans; run them in parallel if they cover many rows."""
        if self._pool is None or size < ROWS_PER_SHARD:
            return _best([scan() for scan in scans], count)[1]
        futures = [self._pool.submit(scan) for scan in scans[1:]]
        return _best([scan() for scan in scans[:1]] + [future.result() for future in futures], count)[1]


def quantizer(dimension: int) -> Any:  # noqa: ANN401
    """Return an empty, untrained index of 8-bit codes: each component is quantized between its minimum and maximum."""
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)


# An empty quantizer, another one, and the first and last but one row of it.
Fill = Callable[[Any, Any, int, int], None]


def copy_codes(shard: Any, index: Any, first: int, end: int) -> None:  # noqa: ANN401
    """Copy the codes into this process's memory."""
    shard.add_sa_codes(_codes(index)[first:end])


def view_codes(shard: Any, index: Any, first: int, end: int) -> None:  # noqa: ANN401
    """Leave the codes where they are, such as in a mapped file, which stays mapped as long as the shard lives."""
    codes = _codes(index)[first:end]
    vectors: Any = faiss.MaybeOwnedVectorUInt8
    shard.codes = vectors.create_view(faiss.swig_ptr(codes), codes.size, index.codes.owner)
    shard.ntotal = end - first


def _split(index: Any, fill: Fill) -> list[_Shard]:  # noqa: ANN401
    if not isinstance(index, faiss.IndexScalarQuantizer):
        return [_Shard(0, index)]
    size = int(index.ntotal)
    count = max(1, min(MAX_SHARDS, available_cores(), size // ROWS_PER_SHARD))
    shards = []
    for first, end in pairwise(size * number // count for number in range(count + 1)):
        shard = _empty_like(index)
        fill(shard, index, first, end)
        shards.append(_Shard(first, shard))
    return shards


def available_cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _empty_like(index: Any) -> Any:  # noqa: ANN401
    """Return an empty quantizer trained like another one."""
    copy = quantizer(index.d)
    faiss.copy_array_to_vector(faiss.vector_to_array(index.sq.trained), copy.sq.trained)
    copy.is_trained = True
    return copy


def _codes(index: Any) -> NDArray[np.uint8]:  # noqa: ANN401
    """Return a view of the codes that FAISS holds in memory, `(n, code size)`."""
    shape = int(index.ntotal), int(index.code_size)
    codes: NDArray[np.uint8] = faiss.rev_swig_ptr(index.codes.data(), shape[0] * shape[1]).reshape(shape)
    return codes


def _best(results: list[tuple[Vectors, Rows]], count: int) -> tuple[Vectors, Rows]:
    """Merge several results; a single one is returned unchanged."""
    filled = [each for each in results if len(each[1])]
    if len(filled) <= 1:
        return filled[0] if filled else _NONE
    cosines, rows = (np.concatenate(each) for each in zip(*filled, strict=True))
    best = np.argsort(-cosines, kind="stable")[:count]
    return cosines[best], rows[best]


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep FAISS from starting threads: it parallelises over queries, and for one query idle threads only spin.

    Where other work wants the cores, that costs more than the search.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
