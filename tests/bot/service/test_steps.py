"""Long work in steps: others have turns between two of them, and the result is the same as at once."""

import asyncio
import json
import threading
from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.discord.workers.job_actions import run_add, run_reindex_in_steps
from bot.discord.workers.jobs import Job, JobCancelled, Jobs
from bot.service import steps, stories, uploads
from bot.service.ingest import ingest, reindex, remove_article, undo_addition
from bot.service.ingest_progress import ProgressCallbacks
from bot.service.sessions import reading
from bot.service.steps import reindex_in_steps, remove_collection_in_steps
from bot.service.stories import group_in_steps
from bot.settings import Settings
from corpus.catalog import count_articles
from corpus.ingest import IngestOptions
from index.embedding import vector_store
from index.embedding.embedder import Vectors
from index.embedding.vector_store import Embeddings
from index.stories.story_store import Stories
from tests.bot.service.exhaust import exhaust
from tests.bot.service.folder_contents import contents
from tests.conftest import MakeSettings, StoreArticle
from tests.fakes import HashingEmbedder

NONE = ProgressCallbacks()


def paragraph(number: int) -> str:
    return " ".join(f"Ferry {number} of line {word} left the harbour of Castine at dawn." for word in range(14))


def book(folder: Path, chapters: int = 12) -> Path:
    """One article of a dozen passages."""
    path = folder / "book.txt"
    path.write_text("\n\n".join(paragraph(number) for number in range(chapters)), encoding="utf-8")
    return path


def news(folder: Path, count: int, name: str = "news") -> Path:
    path = folder / f"{name}.jsonl"
    lines = [{"title": f"{name} {each}", "body": f"{paragraph(each)} So {name} reported."} for each in range(count)]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


class Held(HashingEmbedder):
    """A model that waits before each batch until it may go on, and says when it waits first."""

    def __init__(self) -> None:
        super().__init__()
        self.waits, self.release = threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        self.waits.set()
        assert self.release.wait(30)
        return super().encode(texts, on_done)


@pytest.fixture
def made(settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(vector_store, "TEXTS_PER_COMMIT", 3)
    monkeypatch.setattr(steps, "STEP_ARTICLES", 2)
    monkeypatch.setattr(steps, "ARTICLES_AT_ONCE", 1)
    return settings(tmp_path / "data")


def options(server: int) -> IngestOptions:
    return IngestOptions(f"discord-{server}")


async def test_a_small_upload_ends_before_another_servers_big_one(
    made: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "TURN_ARTICLES", 2)
    held, plain, ended = Held(), HashingEmbedder(), list[str]()
    jobs = Jobs(held)

    async def add(server: int, source: Path, embedder: HashingEmbedder) -> None:
        job = Job("add", 1, server, waits=True)
        await jobs.run_steps(job, partial(run_add, made, embedder, source, options(server)))
        ended.append(source.stem)

    big = asyncio.create_task(add(1, news(tmp_path, 9, "big"), held))
    await asyncio.to_thread(held.waits.wait, 30)
    small = asyncio.create_task(add(2, news(tmp_path, 1, "small"), plain))
    while len(jobs.all) < 2:
        await asyncio.sleep(0)
    held.release.set()
    await asyncio.gather(big, small)
    assert ended == ["small", "big"]
    with reading(made.data_dir) as db:
        assert count_articles(db) == 10
        assert Embeddings(db, plain.fingerprint).count_all_missing() == 0
    await jobs.close()


def test_an_upload_and_an_undo_leave_another_servers_texts_to_its_own_job(made: Settings, tmp_path: Path) -> None:
    other, embedder = Job("add", 1, 1), HashingEmbedder()
    big = run_add(made, embedder, news(tmp_path, 9, "big"), options(1), other)
    next(big)
    with reading(made.data_dir) as db:
        missing = Embeddings(db, embedder.fingerprint).count_all_missing()
    assert missing
    source = news(tmp_path, 1, "small")
    _, added = exhaust(run_add(made, embedder, source, options(2), Job("add", 2, 2)))
    source.write_text(source.read_text(encoding="utf-8").replace("dawn", "dusk"), encoding="utf-8")
    _, changed = exhaust(run_add(made, embedder, source, options(2), Job("add", 2, 2)))
    with reading(made.data_dir) as db:
        assert Embeddings(db, embedder.fingerprint).count_all_missing() == missing
    for each in (changed, added):
        undo_addition(made, embedder, each.addition, until=each.finished_at)
    with reading(made.data_dir) as db:
        assert Embeddings(db, embedder.fingerprint).count_all_missing() == missing
    exhaust(big)
    with reading(made.data_dir) as db:
        assert Embeddings(db, embedder.fingerprint).count_all_missing() == 0


def test_a_removal_embeds_nothing(made: Settings, tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    next(run_add(made, embedder, news(tmp_path, 9), options(1), Job("add", 1, 1)))
    encoded = embedder.encoded
    remove_article(made, embedder, 1)
    exhaust(remove_collection_in_steps(made, embedder, "discord-1"))
    assert embedder.encoded == encoded


async def test_an_upload_runs_between_two_steps_of_a_reindex(made: Settings, tmp_path: Path) -> None:
    ingest(made, HashingEmbedder(), [news(tmp_path, 8)], IngestOptions())
    other = Held()
    other.fingerprint = "other@1"
    jobs, ended = Jobs(other), list[str]()

    async def run(job: Job, work: Callable[[Job], Generator[None, None, object]]) -> None:
        await jobs.run_steps(job, work)
        ended.append(job.kind)

    long = Job("reindex", 1, 1, waits=True)
    first = asyncio.create_task(run(long, lambda job: run_reindex_in_steps(made, other, job, full=True)))
    await asyncio.to_thread(other.waits.wait, 30)
    add = partial(run_add, made, HashingEmbedder(), news(tmp_path, 1, "small"), options(2))
    second = asyncio.create_task(run(Job("add", 1, 2, waits=True), add))
    while len(jobs.all) < 2:
        await asyncio.sleep(0)
    other.release.set()
    await asyncio.gather(first, second)
    assert ended == ["add", "reindex"]
    with reading(made.data_dir) as db:
        assert Embeddings(db, other.fingerprint).count_all_missing() == 0
    await jobs.close()


def test_a_book_is_stored_once_with_turns_for_others_while_it_is_embedded(made: Settings, tmp_path: Path) -> None:
    job, embedder = Job("add", 1, 1), HashingEmbedder()
    turns, added = exhaust(run_add(made, embedder, book(tmp_path), options(1), job))
    assert turns >= 3
    assert len(added.addition.added) == 1
    assert job.progress.done == job.progress.total == embedder.encoded


def test_a_book_that_is_cancelled_while_it_is_embedded_is_taken_back(made: Settings, tmp_path: Path) -> None:
    job = Job("add", 1, 1)
    work = run_add(made, HashingEmbedder(), book(tmp_path), options(1), job)
    next(work)
    job.cancel()
    with pytest.raises(JobCancelled):
        exhaust(work)
    with reading(made.data_dir) as db:
        assert count_articles(db) == 0


@pytest.mark.parametrize("full", [False, True])
def test_a_reindex_in_steps_does_what_one_at_once_does(made: Settings, tmp_path: Path, *, full: bool) -> None:
    ingest(made, HashingEmbedder(), [news(tmp_path, 9)], IngestOptions())
    other = HashingEmbedder("other@1", dimension=32)
    turns, report = exhaust(reindex_in_steps(made, other, NONE, full=full, wait_s=0.0))
    assert turns >= 3
    assert report.built
    assert report.embedded == other.encoded
    in_steps = contents(made.data_dir)
    again = reindex(made, other)
    assert not again.built
    assert again.embedded == 0
    assert contents(made.data_dir) == in_steps


def test_a_reindex_with_nothing_to_do_builds_nothing(made: Settings, tmp_path: Path) -> None:
    ingest(made, HashingEmbedder(), [news(tmp_path, 2)], IngestOptions())
    reindex(made, HashingEmbedder())
    _, report = exhaust(reindex_in_steps(made, HashingEmbedder(), NONE, full=False, wait_s=0.0))
    assert (report.built, report.embedded) == (False, 0)
    _, report = exhaust(reindex_in_steps(made, HashingEmbedder(), NONE, full=True, wait_s=0.0))
    assert report.built


def test_a_full_reindex_in_steps_deletes_the_vectors_of_former_texts(made: Settings, tmp_path: Path) -> None:
    ingest(made, HashingEmbedder(), [news(tmp_path, 2)], IngestOptions())
    remove_article(made, HashingEmbedder(), 1)
    for full, left in ((False, True), (True, False)):
        exhaust(reindex_in_steps(made, HashingEmbedder(), NONE, full=full, wait_s=0.0))
        with reading(made.data_dir) as db:
            assert (Embeddings(db, HashingEmbedder().fingerprint).count_orphans() > 0) == left


def test_what_a_cancelled_reindex_embedded_stays(made: Settings, tmp_path: Path) -> None:
    ingest(made, HashingEmbedder(), [news(tmp_path, 9)], IngestOptions())
    other, job = HashingEmbedder("other@1"), Job("reindex", 1, 1)
    work = run_reindex_in_steps(made, other, job, full=False)
    for _ in range(2):
        next(work)
    first = other.encoded
    assert first
    job.cancel()
    with pytest.raises(JobCancelled):
        exhaust(work)
    report = reindex(made, other)
    assert report.embedded == other.encoded - first
    assert report.built


def test_a_collection_is_removed_in_steps(made: Settings, tmp_path: Path) -> None:
    ingest(made, HashingEmbedder(), [news(tmp_path, 7)], options(1))
    ingest(made, HashingEmbedder(), [news(tmp_path, 2, "kept")], options(2))
    turns, removed = exhaust(remove_collection_in_steps(made, HashingEmbedder(), "discord-1"))
    assert (turns, removed) == (3, 7)
    with reading(made.data_dir) as db:
        assert count_articles(db) == 2
        assert Embeddings(db, "hashing@1").count_orphans() == 0


def test_articles_without_vectors_hold_up_the_grouping_of_no_others(
    db: Database, store: StoreArticle, settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "STEP_ARTICLES", 2)
    embedder = HashingEmbedder()
    embedded = {store(paragraph(number), published_at="2024-05-01") for number in range(3)}
    Embeddings(db, embedder.fingerprint).embed_missing(embedder)
    for number in range(10, 15):
        store(paragraph(number), published_at="2024-04-01")
    turns, grouped = exhaust(group_in_steps(settings(), embedder))
    assert (turns, grouped) == (4, 3)
    assert Stories(db).of_articles(list(embedded)).keys() == embedded
