"""Vectors that are written part by part make the same files as those that are written as a whole."""

from pathlib import Path

import numpy as np
import pytest

from index import vector_index, writing
from index.embeddings import StoredVectors
from index.vector_index import VectorIndex
from index.writing import write_vectors

DIMENSION = 16


@pytest.mark.parametrize("count", [0, 1, 20, 21, 95])
@pytest.mark.parametrize("at_once", [7, 200])
def test_the_files_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, at_once: int) -> None:
    monkeypatch.setattr(vector_index, "LARGEST_FLAT", 20)
    monkeypatch.setattr(writing, "VECTORS_AT_ONCE", at_once)
    vectors = np.random.default_rng(1).normal(size=(count, DIMENSION)).astype(np.float32)
    ids = np.arange(3, 3 + 2 * count, 2, dtype=np.int64)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for folder in (whole, parts):
        folder.mkdir()
    VectorIndex.build(ids, vectors).write(whole)
    cut = [slice(first, first + 10) for first in range(0, count, 10)]
    write_vectors(parts, (StoredVectors(ids[rows], vectors[rows]) for rows in cut), count, DIMENSION)
    files = {path.name: path.read_bytes() for path in whole.iterdir()}
    assert {path.name: path.read_bytes() for path in parts.iterdir()} == files
    assert len(VectorIndex.read(parts)) == count
