"""How a data folder is opened that is empty, another's, locked or no data folder."""

import gc
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.service.attache import Attache
from corpus.database import DATABASE_NAME
from corpus.errors import StorageFailure
from corpus.lock import writer_lock
from index.errors import DamagedGeneration
from index.generation.generations import Generations
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

BRIDGE = "Is the Velden bridge unsafe?"


def test_another_model_is_refused_with_what_to_do(settings: MakeSettings, made_up_data: Path) -> None:
    with (
        Attache(settings(made_up_data), embedder=HashingEmbedder("other@2")) as attache,
        pytest.raises(DamagedGeneration) as raised,
    ):
        attache.open()
    assert "attache reindex" in raised.value.hint


def test_questions_are_answered_while_another_program_writes(settings: MakeSettings, made_up_data: Path) -> None:
    writer = sqlite3.connect(made_up_data / DATABASE_NAME)
    with (
        writer_lock(made_up_data, "attache ingest"),
        Attache(settings(made_up_data), embedder=HashingEmbedder()) as attache,
    ):
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM articles")
        assert attache.search(BRIDGE).hits[0].article.external_id == "bridge"
        assert attache.ask(BRIDGE).searched.articles == 5
        writer.rollback()
    writer.close()


def test_asking_changes_nothing_in_the_data_folder(settings: MakeSettings, made_up_data: Path) -> None:
    def contents() -> dict[str, bytes]:
        files = (
            path for path in made_up_data.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal"))
        )
        return {str(path): path.read_bytes() for path in files}

    before = contents()
    with Attache(settings(made_up_data), embedder=HashingEmbedder()) as attache:
        attache.ask(BRIDGE)
    assert contents() == before


def test_an_empty_folder_takes_the_starter_briefs_in_with_one_line(settings: MakeSettings, tmp_path: Path) -> None:
    told: list[str] = []
    with Attache(settings(), embedder=HashingEmbedder(), notify=told.append) as attache:
        assert attache.search("Did Iran deny the missile reports?").hits
        assert attache.ask("Did Iran deny the missile reports?").searched.articles == 32
    assert len(told) == 1
    assert "background briefs" in told[0]
    with Attache(settings(), embedder=HashingEmbedder(), notify=told.append) as attache:
        attache.open()
    assert len(told) == 1


def test_a_corpus_with_articles_does_not_get_the_starter_briefs(settings: MakeSettings, made_up_data: Path) -> None:
    told: list[str] = []
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), notify=told.append) as attache:
        assert attache.ask(BRIDGE).searched.articles == 5
    assert told == []


def test_articles_that_are_not_embedded_yet_are_told_of(settings: MakeSettings, made_up_data: Path) -> None:
    db = sqlite3.connect(made_up_data / DATABASE_NAME)
    db.execute("DELETE FROM embeddings WHERE text_sha256 IN (SELECT sha256 FROM passages LIMIT 1)")
    db.execute("UPDATE state SET revision = revision + 1")
    db.commit()
    db.close()
    told: list[str] = []
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), notify=told.append) as attache:
        attache.open()
    assert len(told) == 1
    assert "attache reindex" in told[0]


def test_a_database_that_is_none_is_told_in_a_sentence(settings: MakeSettings, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / DATABASE_NAME).write_bytes(b"this is no database" * 400)
    with (
        Attache(settings(), embedder=HashingEmbedder()) as attache,
        pytest.raises(StorageFailure, match="damaged") as raised,
    ):
        attache.ask(BRIDGE)
    assert raised.value.hint


def test_a_data_folder_that_is_restored_is_read_anew_although_the_index_has_the_same_name(
    settings: MakeSettings, made_up_data: Path, tmp_path: Path
) -> None:
    backup, database = tmp_path / "backup.sqlite3", made_up_data / DATABASE_NAME
    live = Generations(made_up_data).live_name()
    with sqlite3.connect(database) as source, sqlite3.connect(backup) as copy:
        source.backup(copy)
        copy.execute("UPDATE articles SET publisher = 'The Backup Times'")
        copy.execute("PRAGMA journal_mode = WAL")
    source.close()
    copy.close()
    with Attache(settings(made_up_data), embedder=HashingEmbedder()) as attache:
        before = attache.ask(BRIDGE)
        assert before.evidence[0].citation.publisher == "Valley Times"
        for name in ("-wal", "-shm"):
            database.with_name(DATABASE_NAME + name).unlink(missing_ok=True)
        backup.rename(database)
        after = attache.ask(BRIDGE)
        assert after.evidence[0].citation.publisher == "The Backup Times"
    assert Generations(made_up_data).live_name() == live


def test_garbage_is_collected_while_the_starter_briefs_are_embedded(settings: MakeSettings) -> None:
    class Watching(HashingEmbedder):
        def encode(self, texts: Sequence[str], *arguments: object) -> object:
            if len(texts):
                collecting.append(gc.isenabled())
            return super().encode(texts, *arguments)

    collecting: list[bool] = []
    with Attache(settings(), embedder=Watching()) as attache:
        attache.open()
    assert collecting
    assert all(collecting)
