"""Work on a real local Ray of two workers: order, bounds, lost workers, and the same corpus as one process makes."""

import os
import pickle
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.cluster.cluster_errors import ClusterUnavailable
from bot.cluster.cluster_workers import Identity, code_hash
from bot.cluster.ray_cluster import ClusterOptions, RayCluster
from bot.cluster.ray_connection import connected
from bot.cluster.worker_pool import AHEAD, Batch, Lost, WorkerPool
from bot.service.ingest import ingest, reindex
from corpus.article import Draft, SourceItem
from corpus.database import open_database
from corpus.ingest import IngestOptions, ingest_paths
from corpus.starter import starter_files
from index.embedding.embedder import SentenceEmbedder
from index.embedding.models import PACKAGED_MODEL
from index.embedding.vector_store import Embeddings
from index.schema import migrations as index_migrations
from tests.conftest import MakeSettings
from tests.mixed_folder import stored, write_mixed_folder

# Not imported here: what it reads when it is imported is for `connected` to set.
pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install '.[ray]'")

WORKERS = 2
SECRET = "ATTACHE_DISCORD_TOKEN"


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """Ray's library, connected to a local cluster of two workers, or the one that RAY_ADDRESS names."""
    os.environ[SECRET] = "not for workers"
    with connected(os.environ.get("RAY_ADDRESS", "local"), WORKERS) as library:
        assert os.environ.pop(SECRET) == "not for workers"
        yield library


@pytest.fixture
def cluster(ray: Any) -> RayCluster:
    return RayCluster(ray, ClusterOptions("local", WORKERS), PACKAGED_MODEL)


class Worker:
    """Gives parts back; ends its process on some, once (a path to note that in) or always (None)."""

    def identify(self) -> Identity:
        return Identity("tests")

    def work(self, parts: Sequence[Any]) -> list[Any]:
        return [part.work() if isinstance(part, Deadly) else part for part in parts]


class Deadly:
    """A part on which a worker ends: the first time if it has a `note` to leave, else every time."""

    def __init__(self, note: Path | None) -> None:
        self._note = note

    def work(self) -> str:
        end_worker(self._note)
        return "survived"


def end_worker(note: Path | None) -> None:
    """End this process as the system would for lack of memory."""
    if note is None or not note.exists():
        if note is not None:
            note.touch()
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def pool(ray: Any) -> Iterator[WorkerPool]:
    actor = ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(Worker)
    made = WorkerPool(ray, actor.remote, WORKERS, Identity("tests"))
    yield made
    made.close()


def batches(*parts: Sequence[Any]) -> Iterator[Batch]:
    return iter([Batch(each, len(each)) for each in parts])


def test_results_come_in_order_and_few_batches_are_ahead(pool: WorkerPool) -> None:
    taken = 0

    def many() -> Iterator[Batch]:
        nonlocal taken
        for number in range(60):
            taken += 1
            yield Batch([number, -number] if number % 7 else [], 1)

    for number, results in enumerate(pool.map(many())):
        assert results == ([number, -number] if number % 7 else [])
        assert taken - number <= AHEAD * WORKERS + 1
    assert taken == 60


def test_large_batches_are_not_held_by_the_dozen(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cluster.worker_pool.MAX_BYTES_AHEAD", 100)
    taken = 0

    def large() -> Iterator[Batch]:
        nonlocal taken
        for number in range(8):
            taken += 1
            yield Batch([number], 60)

    for number, results in enumerate(pool.map(large())):
        assert results == [number]
        assert taken - number <= 3


def test_a_worker_that_ends_is_replaced_and_its_batch_done_again(pool: WorkerPool, tmp_path: Path) -> None:
    deadly = Deadly(tmp_path / "ended")
    given = [[1, 2], [3, deadly, 4], [5], [], *([number] for number in range(6, 20))]
    results = list(pool.map(batches(*given)))
    assert results[:4] == [[1, 2], [3, "survived", 4], [5], []]
    assert results[4:] == [[number] for number in range(6, 20)]


def test_only_what_ends_two_workers_is_lost(pool: WorkerPool) -> None:
    results = list(pool.map(batches([1, Deadly(None), 2], [3, 4], [Deadly(None)], *([n] for n in range(5, 15)))))
    assert isinstance(results[0].pop(1), Lost)
    assert isinstance(results[2].pop(), Lost)
    assert results == [[1, 2], [3, 4], [], *([n] for n in range(5, 15))]


def test_workers_that_run_other_code_are_refused(ray: Any) -> None:
    actor = ray.remote(num_cpus=1)(Worker)
    other = WorkerPool(ray, actor.remote, 1, Identity(code_hash()))
    with pytest.raises(ClusterUnavailable, match="another release"):
        list(other.map(batches([1])))
    other.close()


class Unstartable(Worker):
    def __init__(self) -> None:
        raise ModuleNotFoundError("No module named 'made_up'")


def test_workers_that_never_start_end_the_run_in_a_sentence(ray: Any) -> None:
    actor = ray.remote(num_cpus=1)(Unstartable)
    pool = WorkerPool(ray, actor.remote, WORKERS, Identity("tests"))
    with pytest.raises(ClusterUnavailable, match="made_up"):
        list(pool.map(batches([1])))
    pool.close()


def test_workers_know_no_settings(ray: Any) -> None:
    names = ray.get(ray.remote(lambda: list(os.environ)).remote())
    assert "PATH" in names
    assert not [name for name in names if name.startswith("ATTACHE_")]


@pytest.mark.skipif("RAY_ADDRESS" in os.environ, reason="the cluster is somebody else's")
def test_a_local_cluster_is_out_of_the_networks_reach(ray: Any) -> None:
    assert [node["NodeManagerAddress"] for node in ray.nodes()] == ["127.0.0.1"]


def test_a_cluster_makes_the_corpus_that_one_process_makes(
    cluster: RayCluster, real_embedder: SentenceEmbedder, settings: MakeSettings, tmp_path: Path
) -> None:
    paths = [*starter_files(), write_mixed_folder(tmp_path / "news")]
    found = {}
    for name, given in (("here", None), ("there", cluster)):
        at = settings(tmp_path / name)
        result = ingest(at, real_embedder, paths, IngestOptions(), cluster=given)
        with closing(open_database(at.data_dir, (index_migrations,))) as db:
            vectors = Embeddings(db, real_embedder.fingerprint).load(real_embedder.dimension)
            found[name] = asdict(result.ingest), result.index.embedded, stored(db), vectors
    here, there = found["here"], found["there"]
    assert there[:3] == here[:3]
    assert there[3].ids.tolist() == here[3].ids.tolist()
    assert (there[3].vectors * here[3].vectors).sum(axis=1).min() > 0.999
    again = ingest(settings(tmp_path / "there"), real_embedder, paths, IngestOptions(), cluster=cluster)
    assert (again.ingest.added, again.index.embedded, again.index.built) == (0, 0, False)
    with closing(open_database(tmp_path / "there", (index_migrations,))) as db, db.atomic():
        db.execute("DELETE FROM embeddings")
    assert reindex(settings(tmp_path / "there"), real_embedder, cluster=cluster).embedded == here[1]
    with closing(open_database(tmp_path / "there", (index_migrations,))) as db:
        renewed = Embeddings(db, real_embedder.fingerprint).load(real_embedder.dimension)
    assert np.abs(renewed.vectors - there[3].vectors).max() < 0.02


def deadly_item(name: str, note: Path | None) -> SourceItem:
    return SourceItem(name, name.encode(), partial(parse_deadly, name, note))


def parse_deadly(name: str, note: Path | None) -> Draft:
    end_worker(note)
    return plain(name)


def plain(name: str) -> Draft:
    return Draft(body=f"The council of {name} met on Monday to talk about the ferry.", title=name)


def test_a_file_that_ends_workers_is_that_files_failure_and_nothing_else_is_lost(
    cluster: RayCluster, tmp_path: Path
) -> None:
    items = [SourceItem(f"Town {n}", f"{n}".encode(), partial(plain, f"Town {n}")) for n in range(80)]
    items[20] = deadly_item("Once", tmp_path / "ended")
    items[50] = deadly_item("Always", None)
    with closing(open_database(tmp_path / "data")) as db:
        report = ingest_paths(db, [], IngestOptions(), fetched=items, prepare_ahead=cluster.prepare_ahead)
        titles = [row[0] for row in db.execute("SELECT title FROM articles ORDER BY id")]
    assert [each.origin for each in report.rejected] == ["Always"]
    assert "ended" in report.rejected[0].reason
    assert titles == [item.origin for item in items if item.origin != "Always"]


def test_what_cannot_be_sent_is_prepared_here(cluster: RayCluster, tmp_path: Path) -> None:
    items = [SourceItem("Town", b"1", lambda: plain("Town"))]
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(items)
    with closing(open_database(tmp_path / "data")) as db:
        report = ingest_paths(db, [], IngestOptions(), fetched=items, prepare_ahead=cluster.prepare_ahead)
    assert (report.added, report.rejected) == (1, [])
