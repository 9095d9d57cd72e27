"""Writes the vectors of an index to disk part by part, so that a large corpus never lies in memory as a whole."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import faiss
import numpy as np

from index.embedding.embedder import Vectors
from index.embedding.vector_store import StoredVectors
from index.generation.scan import quantizer
from index.generation.vector_index import INDEX_FILE, VECTORS_FILE, Ids, Kind, flat_index, kind_for

# Vectors that are read back at a time: 12 MB of 384 numbers each.
READ_BACK = 16_384
# As the database holds them: half the size, and nothing is lost.
STORED_TYPE = np.dtype("<f2")


def write_vectors(folder: Path, parts: Iterable[StoredVectors], count: int, dimension: int) -> None:
    """Writes the files that `VectorIndex.read` reads.

    Args:
        folder: where to; it exists.
        parts: ids ascending from part to part, `count` in all; vectors that float16 holds.
        count: how many vectors there are.
        dimension: length of a vector.

    Raises:
        RuntimeError: FAISS can't write, as on a full disk.
        ValueError: the parts hold another number of vectors.
    """
    write = _write_flat if kind_for(count) is Kind.FLAT else _write_codes
    written = write(folder, parts, dimension, count)
    if written != count:
        raise ValueError(f"{count} vectors were announced and {written} came")


def _write_flat(folder: Path, parts: Iterable[StoredVectors], dimension: int, _count: int) -> int:
    held = list(parts)
    ids = np.concatenate([np.empty(0, dtype=np.int64), *(part.ids for part in held)])
    none: Vectors = np.empty((0, dimension), dtype=np.float32)
    index = faiss.IndexIDMap(flat_index(none))
    index.add_with_ids(np.concatenate([none, *(part.vectors for part in held)]), ids)
    faiss.write_index(index, str(folder / INDEX_FILE))
    return len(ids)


def _write_codes(folder: Path, parts: Iterable[StoredVectors], dimension: int, count: int) -> int:
    path = folder / VECTORS_FILE
    with path.open("wb") as file:
        shape = {"descr": STORED_TYPE.str, "fortran_order": False, "shape": (count, dimension)}
        np.lib.format.write_array_header_1_0(file, shape)
        ids, bounds = _write_all(file, parts, dimension)
    if len(ids) != count:
        return len(ids)
    core: Any = quantizer(dimension)
    # All that it learns of the vectors is the least and the greatest of each number.
    core.train(bounds)
    index = faiss.IndexIDMap(core)
    for first, vectors in _read_again(path, dimension):
        index.add_with_ids(vectors, ids[first : first + len(vectors)])
    faiss.write_index(index, str(folder / INDEX_FILE))
    return count


def _write_all(file: IO[bytes], parts: Iterable[StoredVectors], dimension: int) -> tuple[Ids, Vectors]:
    """Writes the vectors; returns all ids, and the least and greatest of each number, `(2, dimension)`."""
    ids = [np.empty(0, dtype=np.int64)]
    least, greatest = np.full(dimension, np.inf, dtype=np.float32), np.full(dimension, -np.inf, dtype=np.float32)
    for part in parts:
        ids.append(part.ids)
        least, greatest = np.minimum(least, part.vectors.min(axis=0)), np.maximum(greatest, part.vectors.max(axis=0))
        file.write(part.vectors.astype(STORED_TYPE).tobytes())
    return np.concatenate(ids), np.stack([least, greatest])


def _read_again(path: Path, dimension: int) -> Iterator[tuple[int, Vectors]]:
    """The written vectors, some at a time, and the row of each first. Read, not mapped: no page of it stays counted."""
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        first = 0
        while raw := file.read(READ_BACK * dimension * STORED_TYPE.itemsize):
            vectors = np.frombuffer(raw, dtype=STORED_TYPE).reshape(-1, dimension).astype(np.float32)
            yield first, vectors
            first += len(vectors)
