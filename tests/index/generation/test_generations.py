"""Generations: one whole index is live, whatever breaks and whenever."""

import json
import os
import shutil
import uuid
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import AttacheError, StorageFailure
from index.embedding.vector_store import StoredVectors
from index.errors import DamagedGeneration
from index.generation import generations as module
from index.generation import vector_index
from index.generation.generations import (
    BUILDING_PREFIX,
    MANIFEST_FILE,
    NEW_POINTER_FILE,
    POINTER_FILE,
    Content,
    Generation,
    Generations,
)
from index.generation.postings import STEMS_FILE, Postings
from index.generation.vector_index import INDEX_FILE, VECTORS_FILE, Kind
from tests.damage import flip, locked

DIMENSION = 16
MODEL = "hashing@1"


def vectors(count: int) -> StoredVectors:
    raw = np.random.default_rng(count).normal(size=(count, DIMENSION)).astype(np.float32)
    ids = np.arange(1, count + 1, dtype=np.int64)
    return StoredVectors(ids, raw / np.linalg.norm(raw, axis=1, keepdims=True))


def build(generations: Generations, count: int) -> Generation:
    stored = vectors(count)
    parts = [StoredVectors(stored.ids[rows], stored.vectors[rows]) for rows in (slice(0, 7), slice(7, None))]
    content = Content(stored.ids, parts, Postings.build([("", "words")] * count))
    return generations.activate(generations.write(content, model=MODEL, dimension=DIMENSION, revision=count))


def live_count(generations: Generations) -> int | None:
    """How many vectors the live generation holds, after it was verified and searched."""
    live = generations.open_live(MODEL)
    if live is None:
        return None
    count = len(live.index)
    assert live.manifest.count == live.manifest.revision == count
    first = vectors(count).vectors[0]
    assert live.index.search(first, 1).ids.tolist() == [1]
    return count


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path)


def test_nothing_is_live_before_the_first_is_built(generations: Generations) -> None:
    assert generations.live_name() is None
    assert generations.open_live(MODEL) is None


def test_what_is_built_is_live_and_tells_what_it_was_made_of(generations: Generations) -> None:
    built = build(generations, 30)
    live = generations.open_live(MODEL)
    assert live is not None
    assert (live.name, live.manifest) == (built.name, built.manifest)
    assert (live.manifest.model, live.manifest.dimension, live.manifest.kind) == (MODEL, DIMENSION, Kind.FLAT)


def test_the_live_one_and_the_one_before_are_kept(generations: Generations) -> None:
    names = [build(generations, count).name for count in (10, 11, 12, 13)]
    assert generations.live_name() == names[-1]
    folders = {path.name for path in generations.folder("x").parent.iterdir() if path.is_dir()}
    assert len(folders) == 2
    assert names[-1] in folders
    assert folders <= set(names)


def test_the_one_before_is_kept_even_when_builds_follow_each_other_within_a_second(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Frozen(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2024, 9, 9, tzinfo=tz)

    falling = iter(uuid.UUID(int=number << 96) for number in range(9, 0, -1))
    monkeypatch.setattr(module, "datetime", Frozen)
    monkeypatch.setattr(module.uuid, "uuid4", lambda: next(falling))
    names = [build(generations, count).name for count in (10, 11, 12, 13)]
    assert generations.folder(names[-2]).is_dir()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


DAMAGES: list[Callable[[Path], None]] = [flip, truncate, Path.unlink, lambda path: path.write_bytes(b"")]


@pytest.mark.parametrize("damage", DAMAGES, ids=["flipped bit", "truncated", "missing", "empty"])
@pytest.mark.parametrize("name", [INDEX_FILE, VECTORS_FILE])
def test_a_damaged_file_is_noticed(
    generations: Generations, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None], name: str
) -> None:
    monkeypatch.setattr(vector_index, "MAX_FLAT", 20)
    built = build(generations, 60)
    assert live_count(generations) == 60
    damage(generations.folder(built.name) / name)
    with pytest.raises(DamagedGeneration) as raised:
        generations.open_live(MODEL)
    assert name in raised.value.message


@pytest.mark.parametrize("name", [f"../{POINTER_FILE}", MANIFEST_FILE, INDEX_FILE, STEMS_FILE])
def test_a_file_that_can_not_be_read_is_not_damaged_and_is_told_by_its_place(
    generations: Generations, name: str
) -> None:
    built = build(generations, 10)
    path = generations.folder(built.name) / name
    with locked(path.resolve()), pytest.raises(StorageFailure, match="can't be read") as raised:
        generations.open_live(MODEL)
    assert path.name in raised.value.message
    assert "let the user" in raised.value.hint.lower()
    assert live_count(generations) == 10


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"version": 1}', '"text"', "\x00"])
def test_a_damaged_manifest_is_noticed(generations: Generations, content: str) -> None:
    built = build(generations, 10)
    (generations.folder(built.name) / MANIFEST_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(DamagedGeneration):
        generations.open_live(MODEL)


@pytest.mark.parametrize("change", [{"version": 1}, {"count": 11}])
def test_a_manifest_that_does_not_fit_is_noticed(generations: Generations, change: dict[str, int]) -> None:
    path = generations.folder(build(generations, 10).name) / MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(DamagedGeneration):
        generations.open_live(MODEL)


@pytest.mark.parametrize("name", [POINTER_FILE, NEW_POINTER_FILE])
def test_a_folder_in_place_of_the_pointer_makes_room_for_it(generations: Generations, name: str) -> None:
    build(generations, 10)
    pointer = generations.folder(name)
    pointer.unlink(missing_ok=True)
    (pointer / "odd").mkdir(parents=True)
    build(generations, 20)
    assert live_count(generations) == 20


def test_a_pointer_to_nothing_is_noticed(generations: Generations) -> None:
    shutil.rmtree(generations.folder(build(generations, 10).name))
    with pytest.raises(DamagedGeneration):
        generations.open_live(MODEL)


def test_another_models_generation_is_refused_with_what_to_do(generations: Generations) -> None:
    build(generations, 10)
    with pytest.raises(DamagedGeneration, match="other@2") as raised:
        generations.open_live("other@2")
    assert "attache reindex" in raised.value.hint


def test_a_damaged_generation_is_kept_aside_and_no_longer_live(generations: Generations) -> None:
    name = build(generations, 10).name
    place = generations.quarantine(name)
    assert (place / MANIFEST_FILE).is_file()
    assert generations.open_live(MODEL) is None
    build(generations, 11)
    assert live_count(generations) == 11
    assert place.is_dir(), "kept for whoever looks into it"


class Killed(BaseException):
    """Stands for a kill: nothing in the code may count on handling it."""


# Every call that touches the disk on the way from vectors to a live generation.
STEPS = [
    (os, "fsync"),
    (Path, "mkdir"),
    (Path, "rename"),
    (Path, "replace"),
    (Path, "write_text"),
    (Path, "iterdir"),
    (shutil, "rmtree"),
    (module, "file_sha256"),
    (vector_index.faiss, "write_index"),
]


def kill_at(call: int, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> Callable[[], int]:
    """Makes the given call to the disk, of whatever kind, the last; returns how many there were."""
    calls = 0

    def counted(original: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls > call or (calls == call and not after):
                raise Killed
            result = original(*arguments, **options)
            if calls == call:
                raise Killed
            return result

        return step

    for owner, name in STEPS:
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))
    return lambda: calls


@pytest.mark.parametrize("after", [False, True], ids=["before the step", "after the step"])
def test_a_kill_between_any_two_steps_leaves_one_whole_generation_live(
    generations: Generations, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    build(generations, 10)
    build(generations, 11)
    outcomes = []
    for call in range(1, 100):
        old = live_count(generations)
        with monkeypatch.context() as patch:
            kill_at(call, patch, after=after)
            try:
                build(generations, 11 + call)
            except Killed:
                killed = True
            else:
                killed = False
        found = live_count(generations)
        assert found in {old, 11 + call}
        outcomes.append((killed, found == old))
        if not killed:
            break
    assert outcomes.count((True, True)) >= 8, "killed, and the old one is live"
    assert outcomes[-1] == (False, False), "not killed, and the new one is live"
    folders = [path.name for path in generations.folder("x").parent.iterdir() if path.is_dir()]
    assert len(folders) == 2, f"what the kills left is cleared away: {folders}"


@pytest.mark.parametrize("step", ["_point_to", "_write"])
@pytest.mark.parametrize("numbered", [True, False], ids=["the system's words", "the words of NumPy"])
def test_a_full_disk_leaves_the_old_generation_live_and_is_told_in_a_sentence(
    generations: Generations, monkeypatch: pytest.MonkeyPatch, step: str, numbered: bool
) -> None:
    build(generations, 10)
    owner = Generations if step == "_point_to" else module

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device") if numbered else OSError("2849 requested and 2016 written")

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, fail)
        with pytest.raises(StorageFailure, match="could not be written") as raised:
            build(generations, 20)
    assert ("No space left" in raised.value.message) == numbered
    assert "requested" not in raised.value.message
    assert "free disk space" in raised.value.hint
    assert live_count(generations) == 10
    build(generations, 21)
    assert live_count(generations) == 21


def test_what_an_earlier_build_left_takes_no_room_of_the_next(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = generations.folder("x").parent
    (root / f"{BUILDING_PREFIX}20240101T000000-deadbeef").mkdir(parents=True)
    written = module._write

    def checking(folder: Path, content: Content, *, model: str, dimension: int, revision: int) -> None:
        assert [path.name for path in root.iterdir()] == [folder.name]
        written(folder, content, model=model, dimension=dimension, revision=revision)

    monkeypatch.setattr(module, "_write", checking)
    build(generations, 11)
    assert live_count(generations) == 11


def test_an_index_that_faiss_cannot_write_is_told_in_a_sentence(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(generations, 10)

    def fail(*_: object) -> None:
        raise RuntimeError("Error in faiss: fwrite failed")

    with monkeypatch.context() as patch:
        patch.setattr(vector_index.faiss, "write_index", fail)
        with pytest.raises(AttacheError) as raised:
            build(generations, 20)
    assert "faiss" not in raised.value.message
    assert live_count(generations) == 10


@pytest.mark.parametrize("largest_flat", [1000, 20], ids=["flat", "sq8"])
def test_a_reader_of_an_old_generation_is_not_disturbed_by_new_ones(
    generations: Generations, monkeypatch: pytest.MonkeyPatch, largest_flat: int
) -> None:
    monkeypatch.setattr(vector_index, "MAX_FLAT", largest_flat)
    build(generations, 50)
    reader = generations.open_live(MODEL)
    assert reader is not None
    for count in (60, 70, 80):
        build(generations, count)
    shutil.rmtree(generations.folder(reader.name), ignore_errors=True)
    for row, vector in enumerate(vectors(50).vectors):
        assert reader.index.search(vector, 1).ids.tolist() == [row + 1]
