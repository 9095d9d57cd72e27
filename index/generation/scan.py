"""Looks through vectors as FAISS holds them, whole or as 8-bit codes, on the cores that there are."""

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

# Codes that one thread looks through in about a millisecond; fewer are not worth waking another one.
ROWS_OF_A_PART = 25_000
# More would wait for the same memory.
MOST_PARTS = 4
# Codes that are gathered at a time: some megabytes, however large the index.
GATHERED_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows from `first` on, in an index of FAISS's."""

    first: int
    index: Any

    def nearest(self, query: Vectors, count: int) -> tuple[Vectors, Rows]:
        """The best rows with their cosines, best first."""
        with _one_thread():
            cosines, rows = self.index.search(query[np.newaxis], min(count, max(1, self.index.ntotal)))
        found = rows[0] >= 0
        return cosines[0][found], rows[0][found] + self.first

    def nearest_of(self, query: Vectors, count: int, rows: Rows) -> tuple[Vectors, Rows]:
        """The best of some rows `(k,)` of this part, in no order."""
        codes = _codes(self.index)
        some = _like(self.index)
        best: list[tuple[Vectors, Rows]] = [_NONE]
        for first in range(0, len(rows), GATHERED_AT_ONCE):
            gathered = rows[first : first + GATHERED_AT_ONCE]
            some.reset()
            some.add_sa_codes(codes[gathered - self.first])
            cosines, places = _Part(0, some).nearest(query, count)
            best.append((cosines, gathered[places]))
        return _best(best, count)


_NONE: tuple[Vectors, Rows] = np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)


class Scanner:
    """The vectors of an index by row, for searches of one query at a time.

    Args:
        index: FAISS's flat index, or its scalar quantizer, whose codes are copied.
    """

    def __init__(self, index: Any) -> None:  # noqa: ANN401 - FAISS has no types
        self._size = int(index.ntotal)
        self._parts = _parts(index)
        # FAISS lets go of the interpreter's lock. The caller's thread takes the first part itself.
        self._others = ThreadPoolExecutor(len(self._parts) - 1, "scanning") if len(self._parts) > 1 else None

    def __len__(self) -> int:
        return self._size

    def nearest(self, query: Vectors, count: int) -> Rows:
        """The best rows of all, by what FAISS holds of them, in no order."""
        return self._together([partial(part.nearest, query, count) for part in self._parts], count, self._size)

    def nearest_of(self, query: Vectors, count: int, rows: Rows) -> Rows:
        """The best of some rows `(k,)`, ascending, by their codes, in no order."""
        ends = np.searchsorted(rows, [part.first for part in self._parts[1:]])
        shares = zip(self._parts, np.split(rows, ends), strict=True)
        work = [partial(part.nearest_of, query, count, share) for part, share in shares if len(share)]
        return self._together(work, count, len(rows))

    def _together(self, work: Sequence[Callable[[], tuple[Vectors, Rows]]], count: int, size: int) -> Rows:
        """The best of what several calls find, at the same time where they look through many rows."""
        if self._others is None or size < ROWS_OF_A_PART:
            return _best([each() for each in work], count)[1]
        waiting = [self._others.submit(each) for each in work[1:]]
        return _best([each() for each in work[:1]] + [each.result() for each in waiting], count)[1]


def quantizer(dimension: int) -> Any:  # noqa: ANN401
    """An empty index of 8-bit codes, not trained: each number of a vector becomes a step between its least and most."""
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)


def _parts(index: Any) -> list[_Part]:  # noqa: ANN401
    if not isinstance(index, faiss.IndexScalarQuantizer):
        return [_Part(0, index)]
    size, codes = int(index.ntotal), _codes(index)
    count = max(1, min(MOST_PARTS, cores(), size // ROWS_OF_A_PART))
    parts = []
    for first, end in pairwise(size * number // count for number in range(count + 1)):
        part = _like(index)
        part.add_sa_codes(codes[first:end])
        parts.append(_Part(first, part))
    return parts


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _like(index: Any) -> Any:  # noqa: ANN401
    """An empty quantizer with the steps of another one."""
    found = quantizer(index.d)
    faiss.copy_array_to_vector(faiss.vector_to_array(index.sq.trained), found.sq.trained)
    found.is_trained = True
    return found


def _codes(index: Any) -> NDArray[np.uint8]:  # noqa: ANN401
    """The codes that FAISS holds in memory, `(n, code size)`, without a copy."""
    shape = int(index.ntotal), int(index.code_size)
    codes: NDArray[np.uint8] = faiss.rev_swig_ptr(index.codes.data(), shape[0] * shape[1]).reshape(shape)
    return codes


def _best(found: list[tuple[Vectors, Rows]], count: int) -> tuple[Vectors, Rows]:
    """The best of several lists; one list alone stays as it is."""
    filled = [each for each in found if len(each[1])]
    if len(filled) <= 1:
        return filled[0] if filled else _NONE
    cosines, rows = (np.concatenate(each) for each in zip(*filled, strict=True))
    best = np.argsort(-cosines, kind="stable")[:count]
    return cosines[best], rows[best]


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
