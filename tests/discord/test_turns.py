"""Servers take turns: a long job lets another server's job run between two of its steps, and nobody waits for ever."""

import asyncio
import json
import threading
from collections.abc import Callable

import pytest
from simcord.env import Env

from bot.discord.cogs._uploads import saved_upload
from bot.discord.workers.answer_queue import ShuttingDown
from bot.discord.workers.jobs import MAX_WAITING, Job, JobCancelled, JobRunning, Jobs, Steps
from bot.service import uploads
from corpus.catalog import count_articles
from tests.discord.admins import lines, make_server
from tests.fakes import HashingEmbedder


def waiting(server_id: int, kind: str = "add") -> Job:
    return Job(kind, 1, server_id, waits=True)


class Long:
    """Work of several steps, each of which is noted; the first waits until it may go on."""

    def __init__(self, name: str, done: list[str], steps: int) -> None:
        self.name, self.done, self.steps = name, done, steps
        self.release = threading.Event()

    def __call__(self, job: Job) -> Steps[str]:
        try:
            for number in range(self.steps):
                self.release.wait(5)
                job.report("reading", number, self.steps)
                self.done.append(f"{self.name}{number}")
                if number + 1 < self.steps:
                    yield
        except JobCancelled:
            self.done.append(f"{self.name} undone")
            raise
        return self.name


def note(done: list[str], what: str) -> Callable[[Job], None]:
    return lambda _job: done.append(what)


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.workers.jobs.CHECK_S", 0.01)


async def test_a_long_job_lets_others_run_between_its_steps():
    jobs, done = Jobs(HashingEmbedder()), []
    long = Long("long", done, 3)
    first = asyncio.create_task(jobs.run_steps(waiting(10), long))
    await asyncio.sleep(0.02)
    others = [asyncio.create_task(jobs.run(waiting(each), note(done, f"short {each}"))) for each in (20, 30)]
    await asyncio.sleep(0.02)
    assert [job.server_id for job in jobs.all] == [10, 20, 30]
    assert jobs.all[1].progress.stage == "waiting"
    long.release.set()
    assert await first == "long"
    await asyncio.gather(*others)
    assert done == ["long0", "short 20", "short 30", "long1", "long2"]
    assert jobs.all == []
    await jobs.close()


async def test_a_server_has_one_job_and_only_so_many_may_wait():
    jobs, done = Jobs(HashingEmbedder()), []
    long = Long("long", done, 1)
    tasks = [asyncio.create_task(jobs.run_steps(waiting(0), long))]
    await asyncio.sleep(0.02)
    tasks += [asyncio.create_task(jobs.run(waiting(each), note(done, "x"))) for each in range(1, MAX_WAITING + 1)]
    await asyncio.sleep(0.02)
    for server_id in (0, 5):
        with pytest.raises(JobRunning) as told:
            jobs.check_free(server_id)
        assert told.value.same_server
    with pytest.raises(JobRunning) as told:
        await jobs.run(waiting(99), note(done, "x"))
    assert not told.value.same_server
    long.release.set()
    await asyncio.gather(*tasks)
    await jobs.close()


async def test_a_waiting_job_can_be_cancelled_and_others_have_their_turn():
    jobs, done = Jobs(HashingEmbedder()), []
    long, second = Long("long", done, 1), waiting(20)
    first = asyncio.create_task(jobs.run_steps(waiting(10), long))
    await asyncio.sleep(0.02)
    cancelled = asyncio.create_task(jobs.run(second, note(done, "second")))
    third = asyncio.create_task(jobs.run(waiting(30), note(done, "third")))
    await asyncio.sleep(0.02)
    second.cancel()
    with pytest.raises(JobCancelled):
        await cancelled
    long.release.set()
    await asyncio.gather(first, third)
    assert done == ["long0", "third"]
    await jobs.close()


async def test_a_job_cancelled_between_two_steps_takes_back_what_it_did():
    jobs, done = Jobs(HashingEmbedder()), []
    long, job = Long("long", done, 3), waiting(10)
    other = Long("other", done, 1)
    first = asyncio.create_task(jobs.run_steps(job, long))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(jobs.run_steps(waiting(20), other))
    long.release.set()
    while jobs.current is None or jobs.current.server_id != 20:
        await asyncio.sleep(0.01)
    job.cancel()
    other.release.set()
    with pytest.raises(JobCancelled):
        await first
    await second
    assert done == ["long0", "other0", "long undone"]
    assert jobs.all == []
    await jobs.close()


async def test_who_stops_waiting_between_two_steps_takes_back_what_was_done():
    jobs, done = Jobs(HashingEmbedder()), []
    long, other = Long("long", done, 3), Long("other", done, 1)
    first = asyncio.create_task(jobs.run_steps(waiting(10), long))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(jobs.run_steps(waiting(20), other))
    long.release.set()
    while jobs.current is None or jobs.current.server_id != 20:
        await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.sleep(0.02)
    assert jobs.current.server_id == 20
    other.release.set()
    with pytest.raises(asyncio.CancelledError):
        await first
    await second
    assert "long undone" in done
    assert jobs.all == []
    await jobs.close()


async def test_a_shutdown_stops_those_between_two_steps_and_begins_no_other():
    jobs, done = Jobs(HashingEmbedder()), []
    long, running = Long("long", done, 3), Long("running", done, 2)
    first = asyncio.create_task(jobs.run_steps(waiting(10), long))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(jobs.run_steps(waiting(20), running))
    third = asyncio.create_task(jobs.run(waiting(30), note(done, "third")))
    long.release.set()
    while jobs.current is None or jobs.current.server_id != 20:
        await asyncio.sleep(0.01)
    closing = asyncio.create_task(jobs.close())
    await asyncio.sleep(0.02)
    running.release.set()
    ended = await asyncio.gather(first, second, third, return_exceptions=True)
    await closing
    assert [type(each) for each in ended] == [JobCancelled, JobCancelled, ShuttingDown]
    assert done == ["long0", "running undone", "long undone"]


async def test_many_tiny_articles_are_refused_in_a_sentence_and_nothing_is_stored(simcord_env: Env):
    server = make_server(simcord_env)
    content = "\n".join(json.dumps({"body": f"Quay {number}."}) for number in range(2001)).encode()
    told = await server.add(content, "tiny.jsonl")
    assert told.startswith("This file holds 2,001 articles; an upload may hold at most 2,000.")
    assert await server.own_articles() == []
    assert await server.acts() == []


async def test_a_full_collection_is_told_in_a_sentence(simcord_env: Env):
    server, bot = make_server(simcord_env), simcord_env.bot
    bot.settings = bot.settings.model_copy(update={"articles_per_server": 1})
    assert "One article added" in await server.add()
    told = await server.add(lines("A"), "a.jsonl")
    assert told.startswith("This server would have 2 articles of its own; it may have at most 1.")
    assert len(await server.own_articles()) == 1


async def test_an_upload_that_turns_out_too_large_is_taken_back(simcord_env: Env, monkeypatch: pytest.MonkeyPatch):
    server, bot = make_server(simcord_env), simcord_env.bot
    monkeypatch.setattr(uploads, "TURN_ARTICLES", 2)
    monkeypatch.setattr("bot.discord.cogs.corpus.check_room", lambda *_given: None)
    bot.settings = bot.settings.model_copy(update={"articles_per_upload": 3})
    told = await server.add(lines("A", "B", "C", "D", "E"), "a.jsonl")
    assert "at most 3" in told
    assert await bot.corpus_reader.run(count_articles) == await server_less(bot)
    assert await server.own_articles() == []
    assert (await server.acts())[-1] == ("corpus add", "a.jsonl: failed")


async def server_less(bot) -> int:
    """How many articles there are without those of any server."""
    return await bot.corpus_reader.run(lambda db: count_articles(db, ("shared",)))


async def test_only_so_many_files_are_downloaded_at_once():
    at_once, most, downloads = [0], [0], asyncio.Semaphore(2)

    class File:
        filename = "a.md"

        async def read(self) -> bytes:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
            await asyncio.sleep(0)
            at_once[0] -= 1
            return b"text"

    async def save() -> None:
        async with saved_upload(File(), downloads) as path:
            assert path.read_bytes() == b"text"

    await asyncio.gather(*(save() for _ in range(9)))
    assert most[0] == 2
