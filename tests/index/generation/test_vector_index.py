"""What the vector index finds, against brute force."""

import threading
from pathlib import Path

import numpy as np
import pytest

from index.embedding.vector_store import StoredVectors
from index.generation import scan as scanning
from index.generation import vector_index
from index.generation.vector_index import Kind, VectorIndex
from index.generation.write_vectors import write_vectors

COUNT, DIMENSION = 400, 24


def unit_vectors(count: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


# As the database holds them.
VECTORS = unit_vectors(COUNT, seed=1).astype(np.float16).astype(np.float32)
IDS = np.arange(10, 10 + 3 * COUNT, 3, dtype=np.int64)
QUERIES = unit_vectors(5, seed=2)


def brute_force(query: np.ndarray, count: int, allowed: np.ndarray | None = None) -> list[int]:
    cosines = VECTORS @ query
    order = [int(IDS[row]) for row in np.argsort(-cosines)]
    return [found for found in order if allowed is None or found in allowed][:count]


def write(folder: Path, ids: np.ndarray, vectors: np.ndarray) -> None:
    cut = [slice(first, first + 150) for first in range(0, len(ids), 150)]
    write_vectors(folder, (StoredVectors(ids[rows], vectors[rows]) for rows in cut), len(ids), vectors.shape[1])


@pytest.fixture(params=["flat", "codes", "codes in parts"])
def index(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> VectorIndex:
    if request.param != "flat":
        monkeypatch.setattr(vector_index, "MAX_FLAT", 100)
    if request.param == "codes in parts":
        monkeypatch.setattr(scanning, "ROWS_PER_SHARD", 90)
        monkeypatch.setattr(scanning, "available_cores", lambda: 3)
    built = VectorIndex.build(IDS, VECTORS)
    assert built.kind is (Kind.FLAT if request.param == "flat" else Kind.SQ8)
    return built


@pytest.fixture(params=["gather", "gather in blocks", "scan"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(vector_index, "MAX_GATHERED_SHARE", 0 if request.param == "scan" else 1)
    monkeypatch.setattr(scanning, "GATHER_CHUNK", COUNT if request.param == "gather" else 37)
    return str(request.param)


@pytest.mark.parametrize("query", QUERIES)
def test_finds_what_brute_force_finds_with_the_true_cosines(index: VectorIndex, query: np.ndarray) -> None:
    found = index.search(query, 10)
    assert found.ids.tolist() == brute_force(query, 10)
    assert found.cosines == pytest.approx(VECTORS[(found.ids - 10) // 3] @ query, abs=1e-5)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("share", [2, 7, 60])
def test_a_filter_leaves_the_best_of_the_allowed(index: VectorIndex, way: str, query: np.ndarray, share: int) -> None:
    allowed = IDS[::share]
    assert index.search(query, 5, np.isin(IDS, allowed)).ids.tolist() == brute_force(query, 5, allowed)


def test_nothing_allowed_finds_nothing(index: VectorIndex, way: str) -> None:
    assert index.search(QUERIES[0], 5, np.zeros(COUNT, dtype=np.bool_)).ids.tolist() == []


def test_asking_for_more_than_there_is_gives_all_of_it_once(index: VectorIndex) -> None:
    assert sorted(index.search(QUERIES[0], COUNT * 2).ids.tolist()) == IDS.tolist()


def test_cosines_of_given_passages_are_exact_and_unknown_ones_left_out(index: VectorIndex) -> None:
    found = index.cosines(QUERIES[0], np.array([IDS[7], 11, IDS[3]], dtype=np.int64))
    expected = {int(IDS[row]): float(VECTORS[row] @ QUERIES[0]) for row in (3, 7)}
    assert dict(zip(found.ids.tolist(), found.cosines.tolist(), strict=True)) == pytest.approx(expected, abs=1e-6)


def test_an_index_read_from_disk_finds_the_same(index: VectorIndex, tmp_path: Path) -> None:
    write(tmp_path, IDS, VECTORS)
    read = VectorIndex.read(tmp_path)
    assert (len(read), read.kind, read.ids.tolist()) == (COUNT, index.kind, IDS.tolist())
    assert read.search(QUERIES[1], 10).ids.tolist() == brute_force(QUERIES[1], 10)
    assert read.search(QUERIES[1], 10).cosines == pytest.approx(index.search(QUERIES[1], 10).cosines, abs=1e-6)
    assert read.search(QUERIES[1], 10, np.isin(IDS, IDS[::2])).ids.tolist() == brute_force(QUERIES[1], 10, IDS[::2])


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    write(tmp_path, np.empty(0, dtype=np.int64), np.empty((0, DIMENSION), dtype=np.float32))
    empty = VectorIndex.read(tmp_path)
    assert len(empty) == 0
    for allowed in (None, np.empty(0, dtype=np.bool_)):
        assert empty.search(QUERIES[0], 5, allowed).ids.tolist() == []
    assert empty.cosines(QUERIES[0], IDS).ids.tolist() == []


def test_passages_that_are_almost_alike_are_told_apart_by_their_full_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "MAX_FLAT", 100)
    vectors = VECTORS.copy()
    vectors[:40] = QUERIES[0] + np.random.default_rng(3).normal(scale=0.002, size=(40, DIMENSION))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    best = IDS[np.argsort(-(vectors @ QUERIES[0]))][:5]
    assert VectorIndex.build(IDS, vectors).search(QUERIES[0], 5).ids.tolist() == best.tolist()


def test_vectors_that_can_no_longer_be_read_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "MAX_FLAT", 100)
    write(tmp_path, IDS, VECTORS)
    read = VectorIndex.read(tmp_path)
    with (tmp_path / vector_index.VECTORS_FILE).open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(OSError, match="to their end"):
        read.search(QUERIES[0], 10)


def test_many_codes_are_looked_through_by_several_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "MAX_FLAT", 100)
    monkeypatch.setattr(scanning, "ROWS_PER_SHARD", 90)
    monkeypatch.setattr(scanning, "available_cores", lambda: 3)
    index = VectorIndex.build(IDS, VECTORS)
    threads: set[int] = set()
    nearest = scanning._Shard.nearest

    def told(*arguments: object) -> object:
        threads.add(threading.get_ident())
        barrier.wait(10)
        return nearest(*arguments)

    # Each waits for the others: one thread alone would wait in vain.
    barrier = threading.Barrier(3)
    monkeypatch.setattr(scanning._Shard, "nearest", told)
    assert index.search(QUERIES[0], 10).ids.tolist() == brute_force(QUERIES[0], 10)
    assert len(threads) == 3
