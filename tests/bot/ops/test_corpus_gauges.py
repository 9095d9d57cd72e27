"""What is read of the corpus for those who watch."""

import time
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.ops.corpus_gauges import read_corpus
from bot.settings import Settings
from corpus.article import Draft
from corpus.articles import Articles
from corpus.database import open_database
from corpus.errors import StorageFailure
from corpus.feeds.feed_store import FeedStore
from corpus.feeds.schedule import CIRCUIT_FAILURES
from index.generation.generations import Generations
from index.maintenance import refresh
from index.schema import migrations
from tests.fakes import HashingEmbedder

MODEL = HashingEmbedder().fingerprint


@pytest.fixture
def corpus(made_up_data: Path):
    db = open_database(made_up_data, (migrations,))
    yield db
    db.close()


def add_article(db: Database) -> None:
    draft = Draft(title="Ferry stops", body="The ferry to Ostrava Island stopped on Monday because of a storm.")
    with db.atomic():
        Articles(db).store(draft, collection="shared", origin="a", source_sha256="b", now="2024-06-01T00:00:00Z")


def test_the_figures_are_totals_of_all_collections(made_up_data: Path) -> None:
    reading = read_corpus(Settings(data_dir=made_up_data), MODEL, lambda _feed: True)
    assert (reading.articles, reading.texts_without_vector) == (5, 0)
    assert reading.passages == reading.vectors + reading.joined == 5
    assert time.gmtime(reading.newest_article)[:3] == (2024, 5, 20)
    assert abs(reading.read_at - reading.index_built) < 3600
    assert reading.database_bytes > 0
    assert reading.free_bytes > 0
    assert reading.is_open
    assert reading.is_current


def test_an_index_is_behind_until_what_was_added_is_embedded(made_up_data: Path, corpus: Database) -> None:
    add_article(corpus)
    behind = read_corpus(Settings(data_dir=made_up_data), MODEL, lambda _feed: True)
    assert behind.is_open
    assert not behind.is_current
    assert behind.texts_without_vector == 2
    refresh(corpus, Generations(made_up_data), HashingEmbedder())
    caught_up = read_corpus(Settings(data_dir=made_up_data), MODEL, lambda _feed: True)
    assert caught_up.is_current
    assert caught_up.vectors + caught_up.joined == caught_up.passages
    assert caught_up.gone == 0


def test_an_index_of_another_model_and_a_damaged_one_are_not_open(made_up_data: Path) -> None:
    assert not read_corpus(Settings(data_dir=made_up_data), "other@1", lambda _feed: True).is_open
    live = (made_up_data / "index" / "LIVE").read_text(encoding="ascii").strip()
    (made_up_data / "index" / live / "manifest.json").write_text("{", encoding="utf-8")
    reading = read_corpus(Settings(data_dir=made_up_data), MODEL, lambda _feed: True)
    assert (reading.is_open, reading.is_current, reading.vectors) == (False, False, 0)


def test_feeds_are_counted_by_state_and_only_those_polled_here_can_be_overdue(
    made_up_data: Path, corpus: Database
) -> None:
    feeds, long_ago = FeedStore(corpus), "2024-06-01T00:00:00Z"
    with corpus.atomic():
        broken, paused, new = (feeds.add(f"https://{name}.example/rss", "shared", long_ago) for name in "abc")
        for _ in range(CIRCUIT_FAILURES):
            feeds.record_failure(broken, "No answer.", "2999-01-01T00:00:00Z", long_ago)
        feeds.pause(paused.id)
    reading = read_corpus(Settings(data_dir=made_up_data), MODEL, lambda _feed: True)
    assert reading.feed_states == {"circuit open": 1, "paused": 1, "new": 1}
    assert reading.feeds_overdue_s > 86_400
    assert reading.feeds_changed == 0
    assert read_corpus(Settings(data_dir=made_up_data), MODEL, lambda feed: feed.id != new.id).feeds_overdue_s == 0


def test_a_folder_without_a_corpus_is_a_failure_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageFailure):
        read_corpus(Settings(data_dir=tmp_path / "none"), MODEL, lambda _feed: True)
