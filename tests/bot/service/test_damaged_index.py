"""A damaged or missing index: set aside, rebuilt, and stood in for while somebody else writes."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.service import open_index as opening
from bot.service.attache import HEAL_INTERVAL_S, Attache
from bot.service.ingest import reindex
from corpus.errors import StorageFailure
from corpus.lock import writer_lock
from index.embedding.embedder import Embedder
from index.generation.generations import MANIFEST_FILE, POINTER_FILE, Generations
from index.generation.vector_index import INDEX_FILE
from tests.conftest import MakeSettings
from tests.damage import flip_index, live_folder, locked
from tests.fakes import HashingEmbedder

BRIDGE = "Is the Velden bridge unsafe?"


def cut_manifest(data_dir: Path) -> None:
    (live_folder(data_dir) / MANIFEST_FILE).write_text("{")


def remove_index(data_dir: Path) -> None:
    (live_folder(data_dir) / INDEX_FILE).unlink()


@pytest.mark.parametrize("damage", [flip_index, cut_manifest, remove_index])
def test_a_damaged_index_is_set_aside_and_rebuilt_with_a_sentence(
    settings: MakeSettings, made_up_data: Path, damage: Callable[[Path], None]
) -> None:
    generations = Generations(made_up_data)
    name = generations.live_name()
    damage(made_up_data)
    told: list[str] = []
    embedder = HashingEmbedder()
    with Attache(settings(made_up_data), embedder=embedder, notify=told.append) as attache:
        attache.open()
        assert embedder.encoded == 0, "nothing is embedded again"
        assert attache.search(BRIDGE).hits[0].article.external_id == "bridge"
    assert len(told) == 1
    assert "set aside" in told[0]
    assert generations.open_live(embedder.fingerprint) is not None
    assert generations.live_name() != name
    again: list[str] = []
    with Attache(settings(made_up_data), embedder=embedder, notify=again.append) as attache:
        attache.open()
    assert again == []


@contextmanager
def taken(path: Path) -> Iterator[None]:
    """Takes the right to read a file away; root may read it all the same."""
    path.chmod(0)
    try:
        yield
    finally:
        path.chmod(0o600)


@pytest.mark.parametrize(
    "keep", [locked, pytest.param(taken, marks=pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything"))]
)
@pytest.mark.parametrize("name", [MANIFEST_FILE, INDEX_FILE, f"../{POINTER_FILE}"])
def test_an_index_that_can_not_be_read_stays_where_it_is_and_is_told_of(
    settings: MakeSettings, made_up_data: Path, keep: Callable[[Path], AbstractContextManager[None]], name: str
) -> None:
    path = (live_folder(made_up_data) / name).resolve()
    live, told = Generations(made_up_data).live_name(), list[str]()
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), notify=told.append) as attache:
        with keep(path):
            with pytest.raises(StorageFailure) as raised:
                attache.search(BRIDGE)
            with pytest.raises(StorageFailure):
                reindex(settings(made_up_data), HashingEmbedder())
        assert str(path) in raised.value.message
        assert raised.value.hint
        assert attache.search(BRIDGE).hits[0].cosine is not None
    assert Generations(made_up_data).live_name() == live
    assert [each.name for each in (made_up_data / "index").iterdir() if each.is_dir()] == [live]
    assert told == []


def test_a_missing_index_is_built_from_the_stored_vectors(settings: MakeSettings, made_up_data: Path) -> None:
    generations = Generations(made_up_data)
    generations.quarantine(str(generations.live_name()))
    told: list[str] = []
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), notify=told.append) as attache:
        assert attache.search(BRIDGE).hits[0].cosine is not None
    assert len(told) == 1
    assert generations.live_name()


def test_a_damaged_index_is_healed_in_memory_while_another_program_writes(
    settings: MakeSettings, made_up_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip_index(made_up_data)
    monkeypatch.setattr("bot.service.open_index.writer_lock", lambda folder, purpose, **_: writer_lock(folder, purpose))
    with (
        writer_lock(made_up_data, "a long ingest"),
        Attache(settings(made_up_data), embedder=HashingEmbedder()) as attache,
    ):
        hit = attache.search(BRIDGE).hits[0]
    assert hit.article.external_id == "bridge"
    assert hit.cosine is not None


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), sqlite3.OperationalError("database or disk is full")], ids=str
)
def test_a_damaged_index_is_healed_in_memory_while_the_disk_is_full(
    settings: MakeSettings, made_up_data: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(*_: object) -> None:
        raise error

    flip_index(made_up_data)
    told: list[str] = []
    clock = Clock()
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), notify=told.append, clock=clock) as attache:
        with monkeypatch.context() as patch:
            patch.setattr(opening, "rebuild", full)
            assert attache.search(BRIDGE).hits[0].cosine is not None
            clock.now += HEAL_INTERVAL_S
            assert attache.search(BRIDGE).hits[0].cosine is not None
        assert "held in memory" in told[-1]
        assert Generations(made_up_data).live_name() is None
        clock.now += HEAL_INTERVAL_S
        assert attache.search(BRIDGE).hits[0].cosine is not None
    assert Generations(made_up_data).open_live(HashingEmbedder().fingerprint) is not None


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def in_memory_builds(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """A list that grows with every stand-in: what each stands for."""
    made: list[str | None] = []
    build = opening._in_memory

    def counting(db: Database, embedder: Embedder, replaces: str | None) -> opening.MemoryGeneration:
        made.append(replaces)
        return build(db, embedder, replaces)

    monkeypatch.setattr(opening, "_in_memory", counting)
    return made


def lock_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A list that grows with every attempt to lock: the seconds that it may wait, which are not waited here."""
    waits: list[float] = []

    def lock(folder: Path, purpose: str, *, wait_s: float) -> AbstractContextManager[None]:
        waits.append(wait_s)
        return writer_lock(folder, purpose)

    monkeypatch.setattr(opening, "writer_lock", lock)
    return waits


def test_questions_during_a_long_write_do_not_wait_for_a_damaged_index_again_and_again(
    settings: MakeSettings, made_up_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations, made, clock = Generations(made_up_data), in_memory_builds(monkeypatch), Clock()
    waits = lock_waits(monkeypatch)
    name = str(generations.live_name())
    flip_index(made_up_data)
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), clock=clock) as attache:
        with writer_lock(made_up_data, "a long ingest"):
            for _ in range(5):
                assert attache.search(BRIDGE).hits[0].cosine is not None
            assert (made, waits) == ([name], [opening.LOCK_WAIT_S])
            clock.now += HEAL_INTERVAL_S
            for _ in range(5):
                attache.search(BRIDGE)
            assert (made, waits) == ([name], [opening.LOCK_WAIT_S, 0.0])
        attache.search(BRIDGE)
        assert generations.live_name() == name, "no attempt before its time"
        clock.now += HEAL_INTERVAL_S
        assert attache.search(BRIDGE).hits[0].cosine is not None
        assert generations.open_live(HashingEmbedder().fingerprint) is not None
        assert generations.live_name() != name
        for _ in range(3):
            clock.now += HEAL_INTERVAL_S
            attache.search(BRIDGE)
    assert made == [name]
    assert len(waits) == 3


def test_an_index_that_another_process_healed_is_used_at_once(
    settings: MakeSettings, made_up_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = in_memory_builds(monkeypatch)
    flip_index(made_up_data)
    monkeypatch.setattr(opening, "writer_lock", lambda folder, purpose, **_: writer_lock(folder, purpose))
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), clock=Clock()) as attache:
        with writer_lock(made_up_data, "a long ingest"):
            attache.open()
        reindex(settings(made_up_data), HashingEmbedder(), full=True)
        monkeypatch.setattr(opening, "_in_memory", None)
        assert attache.search(BRIDGE).hits[0].cosine is not None
    assert len(made) == 1


def test_a_generation_that_turns_out_damaged_while_people_wait_is_not_waited_for(
    settings: MakeSettings, made_up_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = in_memory_builds(monkeypatch)
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), clock=Clock()) as attache:
        attache.open()
        reindex(settings(made_up_data), HashingEmbedder(), full=True)
        flip_index(made_up_data)
        waits = lock_waits(monkeypatch)
        with writer_lock(made_up_data, "a long ingest"):
            assert attache.search(BRIDGE).hits[0].cosine is not None
        assert waits == [0.0]
    assert made == [Generations(made_up_data).live_name()]
