"""Vectors that are written part by part find what those that are built in memory find."""

from pathlib import Path

import numpy as np
import pytest

from index.embedding.vector_store import StoredVectors
from index.generation import vector_index
from index.generation import write_vectors as writing
from index.generation.vector_index import VectorIndex
from index.generation.write_vectors import write_vectors

DIMENSION = 16


def made(count: int) -> tuple[np.ndarray, np.ndarray]:
    vectors = np.random.default_rng(1).normal(size=(count, DIMENSION)).astype(np.float16).astype(np.float32)
    return np.arange(3, 3 + 2 * count, 2, dtype=np.int64), vectors


@pytest.mark.parametrize("count", [0, 1, 20, 21, 95])
@pytest.mark.parametrize("at_once", [7, 200])
def test_what_was_written_in_parts_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, at_once: int
) -> None:
    monkeypatch.setattr(vector_index, "MAX_FLAT", 20)
    monkeypatch.setattr(writing, "READ_BACK", at_once)
    ids, vectors = made(count)
    cut = [slice(first, first + 10) for first in range(0, count, 10)]
    write_vectors(tmp_path, (StoredVectors(ids[rows], vectors[rows]) for rows in cut), count, DIMENSION)
    read, built = VectorIndex.read(tmp_path), VectorIndex.build(ids, vectors)
    assert (len(read), read.kind) == (count, built.kind)
    for query in vectors:
        found, expected = (each.search(query, count) for each in (read, built))
        assert found.ids.tolist() == expected.ids.tolist()
        assert found.cosines.tolist() == expected.cosines.tolist()


@pytest.mark.parametrize("count", [10, 50])
def test_another_number_of_vectors_than_was_announced_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(vector_index, "MAX_FLAT", 20)
    ids, vectors = made(count)
    with pytest.raises(ValueError, match="expected"):
        write_vectors(tmp_path, [StoredVectors(ids[1:], vectors[1:])], count, DIMENSION)
