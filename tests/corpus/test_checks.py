"""What the checks find in a damaged data folder, what repair puts right, and that it costs no vector."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlite_utils import Database

from bot.service import open_index as opening
from bot.service.doctor import Check, run_checks
from bot.service.ingest import reindex
from bot.service.open_index import open_index
from bot.service.repair import repair
from bot.settings import Settings
from corpus.articles import Articles
from corpus.checks import integrity_problems, misplaced_passages
from corpus.database import DATABASE_NAME, open_database
from corpus.errors import StorageFailure
from corpus.feeds.feed import Entry
from corpus.feeds.feed_store import FeedStore
from corpus.feeds.items import ItemStore
from corpus.feeds.schedule import CIRCUIT_FAILURES, MAX_TRIES
from index.errors import DamagedGeneration
from index.generation.generations import MANIFEST_FILE, POINTER_FILE, Generation, Generations
from index.generation.vector_index import INDEX_FILE
from index.schema import migrations as index_migrations
from tests.damage import flip_index, live_folder
from tests.fakes import HashingEmbedder
from tests.feeds import FakeTime

Damage = Callable[[Path], None]


@pytest.fixture
def mine(made_up_data: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a sound data folder, embedded by HashingEmbedder, which the checks take for the model."""
    monkeypatch.setattr("bot.service.sessions.SentenceEmbedder", lambda *_: HashingEmbedder())
    return Settings.load(env_file=None, data_dir=made_up_data)


@pytest.fixture
def stored(mine: Settings) -> Iterator[Database]:
    opened = open_database(mine.data_dir, (index_migrations,))
    yield opened
    opened.close()


def failed(settings: Settings) -> list[str]:
    """The names of the checks that do not pass; each of those has a remedy."""
    checks: list[Check] = [check for check in run_checks(settings) if check.name != "free disk"]
    assert all(check.found for check in checks)
    assert all(check.remedy for check in checks if not check.passed)
    return [check.name for check in checks if not check.passed]


def mend(settings: Settings) -> tuple[list[str], int]:
    """Repairs; returns what the user is told and how many texts were embedded for it."""
    told: list[str] = []
    embedder = HashingEmbedder()
    repair(settings, embedder, told.append)
    return told, embedder.encoded


def test_a_sound_folder_passes_and_repair_leaves_it_as_it_is(mine: Settings) -> None:
    live = Generations(mine.data_dir).live_name()
    assert failed(mine) == []
    assert mend(mine) == ([], 0)
    assert Generations(mine.data_dir).live_name() == live


def test_a_folder_without_a_corpus_passes(tmp_path: Path, mine: Settings) -> None:
    assert failed(Settings.load(env_file=None, data_dir=tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()


def test_the_real_model_is_checked_and_told_from_the_one_that_made_the_index(made_up_data: Path) -> None:
    checks = {check.name: check for check in run_checks(Settings.load(env_file=None, data_dir=made_up_data))}
    assert checks["model checksum"].passed
    assert not checks["manifest and checksum"].passed
    assert "hashing@1" in checks["manifest and checksum"].found
    assert "attache reindex" in checks["manifest and checksum"].remedy


# --- feeds


def test_feeds_in_trouble_are_found_with_what_to_do(mine: Settings, stored: Database) -> None:
    fake_time = FakeTime()
    clock = fake_time.clock()

    def in_trouble() -> dict[str, str]:
        checks = {check.name: check for check in run_checks(mine, clock) if "feeds" in check.name}
        assert len(checks) == 4
        assert all("attache" in check.remedy for check in checks.values())
        return {name: check.found for name, check in checks.items() if not check.passed}

    feeds = FeedStore(stored)
    for number in range(1, 4):
        feeds.add(f"https://news-{number}.example/feed", "shared", clock.timestamp(), title=f"News {number}")
    assert in_trouble() == {}
    fake_time.at += 2 * 3600
    [never] = in_trouble().items()
    assert never == ("feeds polled in time", "no. 1 News 1, no. 2 News 2, no. 3 News 3: due since 2024-09-02T06:00:00Z")
    stored.execute("UPDATE feeds SET polled_at = ?", (clock.timestamp(),))
    assert in_trouble() == {}
    fake_time.at += 48 * 3600
    assert list(in_trouble()) == ["feeds polled in time"]
    feeds.pause(1)
    for _ in range(CIRCUIT_FAILURES):
        feeds.record_failure(feeds.get(2), "The site has an error.", clock.timestamp(3600), clock.timestamp())
    ItemStore(stored).record(3, [Entry(url="https://news-3.example/a")], clock.timestamp(), 0)
    stored.execute("UPDATE feed_items SET tries = ?", (MAX_TRIES - 1,))
    stored.execute("UPDATE feeds SET next_poll = ? WHERE id = 3", (clock.timestamp(),))
    assert in_trouble() == {
        "feeds answer": "no. 2 News 2: 5 or more failures in a row, the last: The site has an error.",
        "articles of feeds arrive": "1 could not be fetched in 3 tries (no. 3 News 3)",
    }
    stored.execute("UPDATE feeds SET failures = 0, next_poll = '2034-09-02T06:00:00Z' WHERE id = 2")
    assert in_trouble()["feeds' times"] == (
        "no. 2 News 2: last polled or due at times in the future, such as 2034-09-02T06:00:00Z"
    )


# --- passages


@pytest.mark.parametrize("change", ["start = start + 1", '"end" = "end" - 1', "text = text || '.'"])
def test_misplaced_passages_are_found_and_cut_again(mine: Settings, stored: Database, change: str) -> None:
    stored.execute(f"UPDATE passages SET {change} WHERE article_id = 2")
    assert misplaced_passages(stored) == [2]
    assert "passages verbatim" in failed(mine)
    told, embedded = mend(mine)
    assert "The passages of article 2 were cut again." in told
    assert embedded == 0
    assert misplaced_passages(stored) == []
    assert failed(mine) == []


# --- the database file


def test_a_damaged_database_is_found_and_left_to_a_backup(mine: Settings) -> None:
    path = mine.data_dir / DATABASE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [page] = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'articles_by_publisher'"
        ).fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(raw)
    assert failed(mine) == ["database integrity"]
    with pytest.raises(StorageFailure, match="damaged") as caught:
        mend(mine)
    assert "backup" in caught.value.hint


def test_rows_that_refer_to_nothing_are_found(mine: Settings, stored: Database) -> None:
    assert integrity_problems(stored) == []
    stored.execute("PRAGMA foreign_keys = OFF")
    stored.execute("INSERT INTO versions VALUES (1, 77, 't', 'b', 'p', 'a', NULL, 's', 's', 'o', 'f', 'r')")
    assert integrity_problems(stored) == ["1 rows refer to rows that are gone"]
    assert failed(mine) == ["database integrity"]


# --- vectors


def test_lost_vectors_are_found_and_only_those_are_embedded_again(mine: Settings, stored: Database) -> None:
    stored.execute("DELETE FROM embeddings WHERE text_sha256 IN (SELECT sha256 FROM passages WHERE article_id = 1)")
    assert failed(mine) == ["passages without vectors"]
    told, embedded = mend(mine)
    assert embedded == stored.execute("SELECT count(*) FROM passages WHERE article_id = 1").fetchone()[0]
    assert len(told) == 1
    assert failed(mine) == []


def test_an_index_that_was_built_before_the_last_changes_is_in_step_all_the_same(
    mine: Settings, stored: Database
) -> None:
    Articles(stored).remove(1)
    assert failed(mine) == []
    [found] = [check.found for check in run_checks(mine) if check.name == "index in step"]
    assert found.startswith("finds exactly the stored passages")


# --- the generation


def truncate_the_index(data_dir: Path) -> None:
    path = live_folder(data_dir) / INDEX_FILE
    path.write_bytes(path.read_bytes()[:-7])


def empty_the_index(data_dir: Path) -> None:
    (live_folder(data_dir) / INDEX_FILE).write_bytes(b"")


def lose_the_index(data_dir: Path) -> None:
    (live_folder(data_dir) / INDEX_FILE).unlink()


def lose_the_manifest(data_dir: Path) -> None:
    (live_folder(data_dir) / MANIFEST_FILE).unlink()


def truncate_the_manifest(data_dir: Path) -> None:
    path = live_folder(data_dir) / MANIFEST_FILE
    path.write_bytes(path.read_bytes()[:40])


def miscount(data_dir: Path) -> None:
    path = live_folder(data_dir) / MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"count": 7777}))


def age_the_manifest(data_dir: Path) -> None:
    path = live_folder(data_dir) / MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 0}))


def put_noise_into_the_manifest(data_dir: Path) -> None:
    (live_folder(data_dir) / MANIFEST_FILE).write_bytes(b"\xff\xfe[]")


def point_to_nothing(data_dir: Path) -> None:
    (live_folder(data_dir).parent / POINTER_FILE).write_text("20200101T000000-deadbeef\n")


def lose_the_pointer(data_dir: Path) -> None:
    (live_folder(data_dir).parent / POINTER_FILE).unlink()


def empty_the_pointer(data_dir: Path) -> None:
    (live_folder(data_dir).parent / POINTER_FILE).write_bytes(b"")


def flip_a_bit_of_the_pointer(data_dir: Path) -> None:
    path = live_folder(data_dir).parent / POINTER_FILE
    raw = bytearray(path.read_bytes())
    raw[0] ^= 0x80
    path.write_bytes(raw)


def lose_everything(data_dir: Path) -> None:
    shutil.rmtree(live_folder(data_dir).parent)


DAMAGES = [
    flip_index,
    truncate_the_index,
    empty_the_index,
    lose_the_index,
    lose_the_manifest,
    truncate_the_manifest,
    miscount,
    age_the_manifest,
    put_noise_into_the_manifest,
    point_to_nothing,
    lose_the_pointer,
    empty_the_pointer,
    flip_a_bit_of_the_pointer,
    lose_everything,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_generation_is_found_and_rebuilt_without_embedding(mine: Settings, damage: Damage) -> None:
    damage(mine.data_dir)
    assert failed(mine) == ["manifest and checksum"]
    told, embedded = mend(mine)
    assert embedded == 0
    assert told[-1].startswith("The vector index was built again")
    assert failed(mine) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_generation_is_healed_when_it_is_opened(mine: Settings, stored: Database, damage: Damage) -> None:
    damage(mine.data_dir)
    told: list[str] = []
    embedder = HashingEmbedder()
    generation = open_index(mine, Generations(mine.data_dir), stored, embedder, told.append)
    assert embedder.encoded == 0
    assert len(told) == 1
    assert generation.index.ids.tolist() == [row[0] for row in stored.execute("SELECT id FROM passages ORDER BY id")]
    assert failed(mine) == []


def test_two_that_meet_the_damage_at_once_heal_it_once(mine: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    flip_index(mine.data_dir)
    meeting, heal = Barrier(2), opening._heal

    def heal_together(*given: Any) -> Generation:
        meeting.wait()
        return heal(*given)

    def open_one() -> str:
        with closing(open_database(mine.data_dir, (index_migrations,))) as db:
            return open_index(mine, Generations(mine.data_dir), db, HashingEmbedder(), lambda _sentence: None).name

    monkeypatch.setattr(opening, "_heal", heal_together)
    with ThreadPoolExecutor(2) as both:
        names = {future.result() for future in [both.submit(open_one), both.submit(open_one)]}
    assert names == {live_folder(mine.data_dir).name}


def test_what_is_damaged_is_kept_for_whoever_looks_into_it(mine: Settings) -> None:
    name = live_folder(mine.data_dir).name
    flip_index(mine.data_dir)
    told, _ = mend(mine)
    assert "set aside" in told[0]
    assert (Generations(mine.data_dir).folder(f"damaged-{name}") / INDEX_FILE).exists()


def test_an_index_of_another_model_is_never_opened_and_repair_makes_one_of_this(mine: Settings) -> None:
    reindex(mine, HashingEmbedder("other@1", dimension=32))
    assert failed(mine) == ["manifest and checksum"]
    with closing(open_database(mine.data_dir, (index_migrations,))) as db:
        with pytest.raises(DamagedGeneration, match="other@1") as caught:
            open_index(mine, Generations(mine.data_dir), db, HashingEmbedder(), lambda _sentence: None)
        assert "attache reindex" in caught.value.hint
    told, embedded = mend(mine)
    assert (len(told), embedded) == (1, 0)
    assert failed(mine) == []
