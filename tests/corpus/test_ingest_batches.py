"""Batches of articles: each is stored whole or not at all, and told of."""

import gzip
from itertools import repeat
from unittest.mock import DEFAULT, Mock

import pytest
from sqlite_utils import Database

from corpus import ingest
from corpus.ingest import IngestOptions, IngestProgress, ingest_paths
from corpus.passages import cut_passages
from tests.corpus.conftest import Write
from tests.corpus.made_up_towns import TOWNS, articles, assert_sound, counts, everything, feed, found, record


def test_progress_grows_to_the_end_one_batch_after_the_other(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "BATCH_SIZE", 3)
    lines = "\n".join(map(record, TOWNS))
    told: list[IngestProgress] = []
    ingest_paths(db, [write("a.jsonl.gz", gzip.compress(lines.encode()))], IngestOptions(), told.append)
    assert [progress.articles for progress in told] == [3, 6, 8]
    assert [progress.done_bytes for progress in told] == sorted(progress.done_bytes for progress in told)
    # The line breaks are not of any article.
    assert told[-1].total_bytes - told[-1].done_bytes == len(TOWNS) - 1
    assert told[-1].total_bytes == len(lines)


class Crash(Exception):
    """What no code expects."""


def fail_at(call: int) -> Mock:
    """Cuts the passages of as many articles, then crashes."""
    return Mock(wraps=cut_passages, side_effect=[*repeat(DEFAULT, call), Crash])


def test_an_exception_in_a_batch_leaves_nothing_of_it(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", "\n".join(map(record, TOWNS)))
    before = everything(db)
    with monkeypatch.context() as patched:
        patched.setattr("corpus.articles.cut_passages", fail_at(5))
        with pytest.raises(Crash):
            feed(db, path)
    assert everything(db) == before
    assert found(db, "council") == 0
    assert counts(feed(db, path)) == (len(TOWNS), 0, 0)
    assert_sound(db)


def test_an_exception_leaves_the_batches_before_it_whole(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", "\n".join(map(record, TOWNS)))
    monkeypatch.setattr(ingest, "BATCH_SIZE", 3)
    with monkeypatch.context() as patched:
        patched.setattr("corpus.articles.cut_passages", fail_at(4))
        with pytest.raises(Crash):
            feed(db, path)
    assert [article.title for article in articles(db)] == [f"{town} waits" for town in TOWNS[:3]]
    assert_sound(db)
    assert counts(feed(db, path)) == (len(TOWNS) - 3, 0, 3)
    assert_sound(db)


def test_an_exception_in_an_update_leaves_the_former_text(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(db, write("a.jsonl", record("Belmar")))
    before = everything(db)
    with monkeypatch.context() as patched:
        patched.setattr("corpus.articles.cut_passages", fail_at(0))
        with pytest.raises(Crash):
            feed(db, write("a.jsonl", record("Belmar", body="The pier of Belmar burnt down in the night.")))
    assert everything(db) == before
    assert (found(db, "council"), found(db, "pier")) == (1, 0)
    assert_sound(db)
