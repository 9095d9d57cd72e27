"""Writes the vectors of an index to disk in batches, so that a large corpus is never in memory as a whole."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import faiss
import numpy as np

from index.embedding.embedder import Vectors
from index.embedding.vector_store import StoredVectors
from index.generation.scan import quantizer
from index.generation.vector_index import INDEX_FILE, VECTORS_FILE, Ids, Kind, faiss_path, flat_index, kind_for

# Vectors read back at a time: 12 MB of 384 numbers each.
READ_BACK = 16_384
# As in the database: half the size of float32, and lossless.
STORED_TYPE = np.dtype("<f2")


def write_vectors(folder: Path, batches: Iterable[StoredVectors], count: int, dimension: int) -> None:
    """Write the files that `VectorIndex.read` reads.

    Args:
        folder: where to write; it exists.
        batches: `count` vectors in all that fit into float16, with ids ascending from batch to batch.
        count: the number of vectors.
        dimension: length of a vector.

    Raises:
        RuntimeError: FAISS can't write, as on a full disk.
        ValueError: there are more or fewer than `count` vectors.
    """
    write = _write_flat if kind_for(count) is Kind.FLAT else _write_codes
    written = write(folder, batches, dimension, count)
    if written != count:
        raise ValueError(f"expected {count} vectors, got {written}")


def _write_flat(folder: Path, batches: Iterable[StoredVectors], dimension: int, _count: int) -> int:
    every = list(batches)
    ids = np.concatenate([np.empty(0, dtype=np.int64), *(batch.ids for batch in every)])
    none: Vectors = np.empty((0, dimension), dtype=np.float32)
    index = faiss.IndexIDMap(flat_index(none))
    index.add_with_ids(np.concatenate([none, *(batch.vectors for batch in every)]), ids)
    with faiss_path(folder / INDEX_FILE) as path:
        faiss.write_index(index, path)
    return len(ids)


def _write_codes(folder: Path, batches: Iterable[StoredVectors], dimension: int, count: int) -> int:
    path = folder / VECTORS_FILE
    with path.open("wb") as file:
        header = {"descr": STORED_TYPE.str, "fortran_order": False, "shape": (count, dimension)}
        np.lib.format.write_array_header_1_0(file, header)
        ids, bounds = _write_batches(file, batches, dimension)
    if len(ids) != count:
        return len(ids)
    codes: Any = quantizer(dimension)
    # Training needs only the minimum and maximum of each component.
    codes.train(bounds)
    index = faiss.IndexIDMap(codes)
    for first, vectors in _read_back(path, dimension):
        index.add_with_ids(vectors, ids[first : first + len(vectors)])
    with faiss_path(folder / INDEX_FILE) as name:
        faiss.write_index(index, name)
    return count


def _write_batches(file: IO[bytes], batches: Iterable[StoredVectors], dimension: int) -> tuple[Ids, Vectors]:
    """Write the vectors; return all ids, and minimum and maximum of each component, `(2, dimension)`."""
    ids = [np.empty(0, dtype=np.int64)]
    low, high = np.full(dimension, np.inf, dtype=np.float32), np.full(dimension, -np.inf, dtype=np.float32)
    for batch in batches:
        ids.append(batch.ids)
        low, high = np.minimum(low, batch.vectors.min(axis=0)), np.maximum(high, batch.vectors.max(axis=0))
        file.write(batch.vectors.astype(STORED_TYPE).tobytes())
    return np.concatenate(ids), np.stack([low, high])


def _read_back(path: Path, dimension: int) -> Iterator[tuple[int, Vectors]]:
    """Yield the written vectors in batches with their first row; not mapped, so that no page counts as memory held."""
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        first = 0
        while raw := file.read(READ_BACK * dimension * STORED_TYPE.itemsize):
            vectors = np.frombuffer(raw, dtype=STORED_TYPE).reshape(-1, dimension).astype(np.float32)
            yield first, vectors
            first += len(vectors)
