"""What the service answers over the starter briefs, with the real model, and how it opens a data folder."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot import opening
from bot.answering.answer import Answer, Verdict
from bot.feeding import reindex
from bot.service import HEAL_EVERY_S, Attache
from bot.settings import Settings
from corpus.articles import Articles
from corpus.database import DATABASE_NAME, open_database_read_only
from corpus.errors import BadInput, StorageFailure
from corpus.lock import writer_lock
from corpus.starter import STARTER_PUBLISHER
from index.embedder import Embedder
from index.embeddings import migrations as index_migrations
from index.errors import DamagedGeneration
from index.filters import Filters
from index.generations import MANIFEST_FILE, Generations
from index.vector_index import INDEX_FILE
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

DENIAL = "Did Iran deny the missile reports?"


def assert_verbatim(answer: Answer, data: Path) -> None:
    db = open_database_read_only(data, (index_migrations,))
    try:
        for each in answer.evidence:
            article = Articles(db).get(each.quote.article_id)
            assert article is not None
            assert article.body[each.quote.start : each.quote.end] == each.quote.text
    finally:
        db.close()


def test_a_question_is_answered_with_quotes_that_name_their_source(
    starter_service: Attache, starter_data: Path
) -> None:
    answer = starter_service.ask(DENIAL)
    assert not answer.is_refusal
    assert len(answer.evidence) >= 2
    assert_verbatim(answer, starter_data)
    for each in answer.evidence:
        assert each.citation.publisher == STARTER_PUBLISHER
        assert each.citation.is_own_brief
        assert date.fromisoformat((each.citation.published_at or "")[:10])
        assert (each.citation.link or "").startswith("file:///")
        assert "#:~:text=" in (each.citation.link or "")
    assert any("denied" in each.quote.text for each in answer.evidence)
    assert answer.as_of == max((each.citation.published_at or "")[:10] for each in answer.evidence)


def test_an_answer_says_what_was_searched_and_when_it_was_asked(starter_service: Attache) -> None:
    now = datetime(2024, 10, 1, tzinfo=UTC)
    answer = starter_service.ask(DENIAL, now=now)
    assert answer.asked_at == now
    assert answer.searched.articles == 32
    assert (answer.searched.first_date or "") < (answer.searched.last_date or "")
    assert answer.timings_ms.keys() >= {"embed", "dense", "lexical", "fuse", "answer"}


def test_the_same_question_has_the_same_answer(starter_service: Attache) -> None:
    first, second = starter_service.ask(DENIAL), starter_service.ask(DENIAL)
    assert first.evidence == second.evidence


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Which commander denied that missiles were sent to Russia?", "Nozari"),
        ("When was the Chinese balloon shot down?", "4 February 2023"),
        ("Which country left the grain deal?", "Russia"),
    ],
)
def test_the_answer_stands_in_the_quotes(starter_service: Attache, question: str, word: str) -> None:
    answer = starter_service.ask(question)
    assert answer.verdict is Verdict.OPEN
    assert any(word in each.quote.text for each in answer.evidence)


@pytest.mark.parametrize(
    "question",
    ["Which team won the cricket world cup final?", "What is the best recipe for banana bread?"],
)
def test_what_the_corpus_does_not_know_is_refused_without_evidence(starter_service: Attache, question: str) -> None:
    answer = starter_service.ask(question)
    assert answer.is_refusal
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.evidence == ()
    assert answer.as_of is None
    assert answer.confidence < answer.threshold


@pytest.mark.parametrize(
    "filters",
    [
        Filters(since=date(2024, 1, 1)),
        Filters(until=date(2023, 12, 31)),
        Filters(since=date(2024, 9, 16), until=date(2024, 9, 16)),
        Filters(publishers=("attaché BACKGROUND brief",)),
    ],
)
def test_filters_hold_in_the_quotes_and_in_what_was_searched(starter_service: Attache, filters: Filters) -> None:
    answer = starter_service.ask("Did Iran deny supplying weapons to Russia?", filters)
    assert answer.searched.filters == filters
    for each in answer.evidence:
        day = date.fromisoformat((each.citation.published_at or "")[:10])
        assert (filters.since or day) <= day <= (filters.until or day)
    if filters.publishers:
        assert answer.evidence


@pytest.mark.parametrize(
    "filters", [Filters(publishers=("Nobody's Post",)), Filters(since=date(2099, 1, 1)), Filters(collections=("none",))]
)
def test_filters_that_leave_nothing_give_a_refusal(starter_service: Attache, filters: Filters) -> None:
    answer = starter_service.ask(DENIAL, filters)
    assert answer.is_refusal
    assert answer.searched.articles == 0
    assert starter_service.search(DENIAL, 10, filters).hits == []


@pytest.mark.parametrize("question", ["", "?!", "x" * 10_000, "\0\0", "🙂"])
def test_what_is_no_question_is_refused_before_anything_is_opened(tmp_path: Path, question: str) -> None:
    with Attache(Settings.load(env_file=None, data_dir=tmp_path / "none"), embedder=HashingEmbedder()) as attache:
        for act in (attache.ask, attache.search):
            with pytest.raises(BadInput):
                act(question)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "question", ['" OR NEAR( *', "did\0 iran; DROP TABLE articles --", "Iran 🙂 \u202emissiles", "a" * 999]
)
def test_hostile_questions_are_answered_or_refused(starter_service: Attache, question: str) -> None:
    assert starter_service.ask(question).headline


# --- opening


class Told(list[str]):
    """What the user was told on the way."""

    def __call__(self, sentence: str) -> None:
        self.append(sentence)


def damage_flip(folder: Path) -> None:
    path = folder / INDEX_FILE
    raw = bytearray(path.read_bytes())
    raw[-9] ^= 4
    path.write_bytes(raw)


def damage_manifest(folder: Path) -> None:
    (folder / MANIFEST_FILE).write_text("{")


def damage_missing(folder: Path) -> None:
    (folder / INDEX_FILE).unlink()


@pytest.mark.parametrize("damage", [damage_flip, damage_manifest, damage_missing])
def test_a_damaged_index_is_set_aside_and_rebuilt_with_a_sentence(
    settings: MakeSettings, made_up_data: Path, damage: Callable[[Path], None]
) -> None:
    generations = Generations(made_up_data)
    name = str(generations.live_name())
    damage(generations.folder(name))
    told, embedder = Told(), HashingEmbedder()
    with Attache(settings(made_up_data), embedder=embedder, notify=told) as attache:
        attache.open()
        assert embedder.encoded == 0, "nothing is embedded again"
        assert attache.search("Is the Velden bridge unsafe?").hits[0].article.external_id == "bridge"
    assert len(told) == 1
    assert "set aside" in told[0]
    assert generations.open_live(embedder.fingerprint) is not None
    assert generations.live_name() != name
    again = Told()
    with Attache(settings(made_up_data), embedder=embedder, notify=again) as attache:
        attache.open()
    assert again == []


def test_a_missing_index_is_built_from_the_stored_vectors(settings: MakeSettings, made_up_data: Path) -> None:
    generations = Generations(made_up_data)
    generations.set_aside(str(generations.live_name()))
    told = Told()
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), notify=told) as attache:
        assert attache.search("Is the Velden bridge unsafe?").hits[0].cosine is not None
    assert len(told) == 1
    assert generations.live_name()


def test_a_damaged_index_is_healed_in_memory_while_another_program_writes(
    settings: MakeSettings, made_up_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations = Generations(made_up_data)
    damage_flip(generations.folder(str(generations.live_name())))
    monkeypatch.setattr("bot.opening.writer_lock", lambda folder, purpose, **_: writer_lock(folder, purpose))
    with (
        writer_lock(made_up_data, "a long ingest"),
        Attache(settings(made_up_data), embedder=HashingEmbedder()) as attache,
    ):
        hit = attache.search("Is the Velden bridge unsafe?").hits[0]
    assert hit.article.external_id == "bridge"
    assert hit.cosine is not None


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
        assert attache.search("Is the Velden bridge unsafe?").hits[0].article.external_id == "bridge"
        assert attache.ask("Is the Velden bridge unsafe?").searched.articles == 5
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
        attache.ask("Is the Velden bridge unsafe?")
    assert contents() == before


def test_an_empty_folder_takes_the_starter_briefs_in_with_one_line(settings: MakeSettings, tmp_path: Path) -> None:
    told = Told()
    with Attache(settings(), embedder=HashingEmbedder(), notify=told) as attache:
        assert attache.search("Did Iran deny the missile reports?").hits
        assert attache.ask("Did Iran deny the missile reports?").searched.articles == 32
    assert len(told) == 1
    assert "background briefs" in told[0]
    with Attache(settings(), embedder=HashingEmbedder(), notify=told) as attache:
        attache.open()
    assert len(told) == 1


def test_a_corpus_with_articles_does_not_get_the_starter_briefs(settings: MakeSettings, made_up_data: Path) -> None:
    told = Told()
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), notify=told) as attache:
        assert attache.ask("Is the Velden bridge unsafe?").searched.articles == 5
    assert told == []


def test_articles_that_are_not_embedded_yet_are_told_of(settings: MakeSettings, made_up_data: Path) -> None:
    db = sqlite3.connect(made_up_data / DATABASE_NAME)
    db.execute("DELETE FROM embeddings WHERE text_sha256 IN (SELECT sha256 FROM passages LIMIT 1)")
    db.execute("UPDATE state SET revision = revision + 1")
    db.commit()
    db.close()
    told = Told()
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), notify=told) as attache:
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
        attache.ask("Is the Velden bridge unsafe?")
    assert raised.value.hint


# --- while it is open


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

    def counting(db: Database, embedder: Embedder, stands_for: str | None) -> opening.StandIn:
        made.append(stands_for)
        return build(db, embedder, stands_for)

    monkeypatch.setattr(opening, "_in_memory", counting)
    return made


BRIDGE = "Is the Velden bridge unsafe?"


def test_questions_during_a_long_write_do_not_wait_for_a_damaged_index_again_and_again(
    settings: MakeSettings, made_up_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations, made, clock, waits = Generations(made_up_data), in_memory_builds(monkeypatch), Clock(), []
    name = str(generations.live_name())
    damage_flip(generations.folder(name))

    def lock(folder: Path, purpose: str, *, wait_s: float) -> AbstractContextManager[None]:
        waits.append(wait_s)
        return writer_lock(folder, purpose)

    monkeypatch.setattr(opening, "writer_lock", lock)
    with Attache(settings(made_up_data), embedder=HashingEmbedder(), clock=clock) as attache:
        with writer_lock(made_up_data, "a long ingest"):
            for _ in range(5):
                assert attache.search(BRIDGE).hits[0].cosine is not None
            assert (made, waits) == ([name], [opening.LOCK_WAIT_S])
            clock.now += HEAL_EVERY_S
            for _ in range(5):
                attache.search(BRIDGE)
            assert (made, waits) == ([name], [opening.LOCK_WAIT_S, 0.0])
        attache.search(BRIDGE)
        assert generations.live_name() == name, "no attempt before its time"
        clock.now += HEAL_EVERY_S
        assert attache.search(BRIDGE).hits[0].cosine is not None
        assert generations.open_live(HashingEmbedder().fingerprint) is not None
        assert generations.live_name() != name
        for _ in range(3):
            clock.now += HEAL_EVERY_S
            attache.search(BRIDGE)
    assert made == [name]
    assert len(waits) == 3


def test_an_index_that_another_process_healed_is_used_at_once(
    settings: MakeSettings, made_up_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations, made = Generations(made_up_data), in_memory_builds(monkeypatch)
    damage_flip(generations.folder(str(generations.live_name())))
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
        generations = Generations(made_up_data)
        damage_flip(generations.folder(str(generations.live_name())))
        with writer_lock(made_up_data, "a long ingest"):
            began = time.monotonic()
            assert attache.search(BRIDGE).hits[0].cosine is not None
            assert time.monotonic() - began < opening.LOCK_WAIT_S / 2
    assert made == [generations.live_name()]


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


def test_the_model_is_at_work_before_the_first_question(made_up_data: Path, settings: MakeSettings) -> None:
    embedder = HashingEmbedder()
    with Attache(settings(made_up_data), embedder=embedder) as attache:
        attache.open()
        before = embedder.encoded
        attache.warm_up()
        assert embedder.encoded == before + 1
