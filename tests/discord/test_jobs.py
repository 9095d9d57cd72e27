"""Long work: progress, cancelling, who is told what, and the end of the interaction's token."""

import asyncio
import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from unittest.mock import AsyncMock, Mock

import discord
import pytest
from simcord.env import Env

from bot.discord.errors import NotAllowed
from bot.discord.i18n.phrases import phrases_in
from bot.discord.scope import server_collection
from bot.discord.transport.long_reply import LongReply
from bot.discord.transport.page import NO_LINKS, text_page
from bot.discord.views.job_progress import bar_text, progress_page, progress_text
from bot.discord.workers.answer_queue import ShuttingDown
from bot.discord.workers.jobs import Job, JobCancelled, JobRunning, Jobs, Progress
from corpus.catalog import count_articles
from index.filters import Filters
from tests.discord.admins import QUESTION, Server, begin, make_server
from tests.discord.screen import button_id, labels_of, text_of
from tests.fakes import HashingEmbedder

ENGLISH = phrases_in("en")


class Hooked(HashingEmbedder):
    """Calls what a test wants in the middle of the work, in the thread that does it."""

    def __init__(self, hook) -> None:
        super().__init__()
        self.hook = hook

    def encode(self, texts, on_done=lambda _count: None):
        self.hook()
        return super().encode(texts, on_done)


def cancelling(bot):
    """Cancels whatever is under way when it is called."""

    def cancel() -> None:
        bot.jobs.current.cancel()

    return cancel


async def count_own(server: Server) -> int:
    within = (server_collection(server.guild.id),)
    return await server.env.bot.corpus_reader.run(lambda db: count_articles(db, within))


async def test_one_piece_of_work_at_a_time():
    jobs, release = Jobs(HashingEmbedder()), threading.Event()
    first = asyncio.create_task(jobs.run(Job("add", 1, 10), lambda _job: release.wait(5)))
    await asyncio.sleep(0.01)
    with pytest.raises(JobRunning) as told:
        await jobs.run(Job("add", 2, 20), lambda _job: None)
    assert not told.value.same_server
    with pytest.raises(JobRunning) as told:
        jobs.check_free(10)
    assert told.value.same_server
    release.set()
    assert await first
    assert await jobs.run(Job("add", 2, 20), lambda _job: "done") == "done"
    await jobs.close()


async def test_closing_cancels_the_work_and_takes_no_more():
    jobs, begun = Jobs(HashingEmbedder()), threading.Event()

    def work(job: Job) -> None:
        begun.set()
        while True:
            job.report("embedding", 1, 2)

    running = asyncio.create_task(jobs.run(Job("reindex", 1, 10), work))
    await asyncio.to_thread(begun.wait, 5)
    await jobs.close()
    with pytest.raises(JobCancelled):
        await running
    with pytest.raises(ShuttingDown):
        await jobs.run(Job("reindex", 1, 10), work)
    await jobs.close()


async def test_who_stops_waiting_cancels_the_work_before_others_may_begin():
    jobs, ended = Jobs(HashingEmbedder()), threading.Event()

    def work(job: Job) -> None:
        try:
            while True:
                job.report("embedding", 1, 2)
        finally:
            ended.set()

    waiting = asyncio.create_task(jobs.run(Job("reindex", 1, 10), work))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended.is_set()
    assert jobs.current is None
    await jobs.close()


async def test_a_shutdown_stops_even_what_nobody_can_cancel():
    jobs, begun = Jobs(HashingEmbedder()), threading.Event()

    def work(job: Job) -> None:
        begun.set()
        while True:
            job.report("embedding", 1, 2)

    running = asyncio.create_task(jobs.run(Job("cleanup", 0, 0, can_cancel=False), work))
    await asyncio.to_thread(begun.wait, 5)
    jobs.current.cancel()
    assert not jobs.current.is_cancelled
    await asyncio.wait_for(jobs.close(), 5)
    with pytest.raises(JobCancelled):
        await running


async def test_a_step_that_takes_too_long_is_left_behind_and_whoever_waits_is_told():
    jobs, release = Jobs(HashingEmbedder()), threading.Event()
    running = asyncio.create_task(jobs.run(Job("remove", 1, 10, can_cancel=False), lambda _job: release.wait(10)))
    await asyncio.sleep(0.05)
    await asyncio.wait_for(jobs.close(0.1), 5)
    with pytest.raises(ShuttingDown):
        await asyncio.wait_for(running, 5)
    release.set()


def test_work_in_one_step_can_not_be_cancelled():
    job = Job("remove", 1, 10, can_cancel=False)
    job.cancel()
    job.report("embedding", 1, 2)
    assert not progress_page(job, ENGLISH).buttons


def test_progress_tells_bar_rate_and_time_left(monkeypatch: pytest.MonkeyPatch):
    job = Job("reindex", 1, 10)
    job.progress = Progress("embedding", 500, 1000, stage_began=100.0)
    monkeypatch.setattr("bot.discord.views.job_progress.time", SimpleNamespace(monotonic=lambda: 110.0))
    told = progress_text(job, ENGLISH)
    assert told == "`████████░░░░░░░░` 50%\n-# making searchable · 50 texts per second · 10 seconds left"
    assert bar_text(0.0) == "░" * 16
    assert bar_text(1.0) == "█" * 16


class Panic(BaseException):
    """What libraries written in Rust raise."""


@pytest.mark.parametrize("error", [StopIteration(), Panic(), SystemExit(), MemoryError()], ids=repr)
@pytest.mark.parametrize("place", ["work", "afterwards"])
async def test_a_job_that_fails_is_told_and_the_next_one_runs(error: BaseException, place: str):
    jobs = Jobs(HashingEmbedder())

    def work(_job: Job) -> None:
        if place == "work":
            raise error

    async def afterwards(_result: object) -> None:
        # In the event loop only errors are caught; a panic comes from the threads.
        raise error if isinstance(error, MemoryError) else RuntimeError("broken")

    with pytest.raises((RuntimeError, MemoryError)):
        await asyncio.wait_for(jobs.run(Job("add", 1, 10), work, afterwards if place == "afterwards" else None), 5)
    assert jobs.current is None
    assert await asyncio.wait_for(jobs.run(Job("add", 2, 20), lambda _job: "done"), 5) == "done"
    await jobs.close()


async def test_questions_are_answered_while_a_reindex_runs(simcord_env: Env):
    server, heard, bot = make_server(simcord_env), [], simcord_env.bot
    await server.add()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        filters = Filters(collections=(server_collection(server.guild.id),))
        asked = bot.answer_queue.ask(QUESTION, filters, datetime.now(UTC))
        heard.append(asyncio.run_coroutine_threadsafe(asked, loop).result(60))

    bot.jobs.embedder = Hooked(ask)
    bot.jobs.embedder.fingerprint = "another@1"
    assert "The index is up to date." in await server.run("corpus reindex")
    assert "closes on Monday" in heard[0].evidence[0].quote.text


async def test_a_cancelled_addition_leaves_everything_as_it_was(simcord_env: Env):
    server, bot = make_server(simcord_env), simcord_env.bot
    await server.add(
        b'{"title": "Ferry", "url": "https://n.example/1", "body": "The ferry sails at noon every day."}', "a.jsonl"
    )
    bot.jobs.embedder = Hooked(cancelling(bot))
    told = await server.add(
        b'{"title": "Ferry", "url": "https://n.example/1", "body": "The ferry sails at midnight every day."}\n'
        b'{"title": "New", "url": "https://n.example/2", "body": "A new bridge opens in the valley in May."}',
        "a.jsonl",
    )
    assert told.startswith("Cancelled.")
    assert await count_own(server) == 1
    bot.jobs.embedder = HashingEmbedder()
    assert "at noon" in await server.run("ask", question="When does the ferry sail?")
    assert (await server.acts())[-1] == ("corpus add", "a.jsonl: cancelled")
    assert "one article removed" in await server.confirm("corpus undo", "undo-addition")
    assert "The search index is up to date." in await server.run("corpus status")


async def test_a_cancelled_reindex_leaves_the_index_in_use(simcord_env: Env):
    server, bot = make_server(simcord_env), simcord_env.bot
    await server.add()
    bot.jobs.embedder = Hooked(cancelling(bot))
    bot.jobs.embedder.fingerprint = "another@1"
    assert (await server.run("corpus reindex")).startswith("Cancelled.")
    assert "Velden bridge closes on" in await server.run("ask", question=QUESTION)


async def test_a_failure_in_the_middle_takes_the_addition_back(simcord_env: Env):
    server, bot = make_server(simcord_env), simcord_env.bot

    def fail() -> None:
        raise RuntimeError("the model broke")

    bot.jobs.embedder = Hooked(fail)
    told = await server.add()
    assert "incident" in told
    assert await count_own(server) == 0


async def test_cancel_is_for_whoever_began_it_and_other_admins_of_the_server(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    job = begin(one)
    handler = simcord_env.bot.button_handlers["cancel"]

    def press(user, permissions: discord.Permissions, guild_id: int | None):
        response = SimpleNamespace(is_done=lambda: False, send_message=AsyncMock())
        return SimpleNamespace(
            guild_id=guild_id,
            user=user,
            client=simcord_env.bot,
            permissions=permissions,
            response=response,
            locale="en-US",
            is_guild_integration=lambda: True,
        )

    nothing, manage = discord.Permissions.none(), discord.Permissions(manage_guild=True)
    # A member of the server, an admin of another, somebody in a direct message, and one who is no admin any more.
    for pressed in (
        press(one.bob, nothing, one.guild.id),
        press(two.alice, manage, two.guild.id),
        press(one.bob, nothing, None),
        press(one.alice, nothing, one.guild.id),
    ):
        with pytest.raises(NotAllowed):
            await handler(pressed, job.id, 0)
        assert not job.is_cancelled
    await handler(press(one.alice, manage, one.guild.id), "an-older-job", 0)
    assert not job.is_cancelled
    await handler(press(one.alice, nothing, None), job.id, 0)
    assert job.is_cancelled
    simcord_env.bot.jobs.current = None


async def test_a_member_who_presses_cancel_is_refused(simcord_env: Env):
    server = make_server(simcord_env)
    job = begin(server)
    shown = await server.channel_message(progress_page(job, ENGLISH))
    result = await server.bob.click(shown, custom_id=button_id(shown, "cancel"))
    assert "Only the person who started it" in text_of(result.response)
    assert not job.is_cancelled
    result = await server.alice.click(shown, custom_id=button_id(shown, "cancel"))
    assert "Cancelling" in text_of(result.response)
    assert job.is_cancelled
    simcord_env.bot.jobs.current = None
    result = await server.alice.click(shown, custom_id=button_id(shown, "cancel"))
    assert "already over" in text_of(result.response)


# The simulated server waits in earnest for what is due before this: less than an edit takes to come.
SOON_SETTLED = pytest.mark.simcord(settle_timeout=8)


@pytest.fixture
def _few_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of an hour has three hundred otherwise."""
    monkeypatch.setattr("bot.discord.cogs._admin.EDIT_EVERY_S", 9.0)


@pytest.mark.usefixtures("_few_edits")
@SOON_SETTLED
async def test_progress_goes_on_in_a_direct_message_after_fourteen_minutes(simcord_env: Env):
    server, release = make_server(simcord_env), asyncio.Event()
    job_shown = await start_slow_reindex(server, release)
    assert "Updating the index" in text_of(job_shown.response)
    assert labels_of(job_shown.response) == ["Cancel"]
    await simcord_env.advance_time(12 * 60)
    assert "direct message" not in text_of(job_shown.response)
    server.env.bot.jobs.current.report("embedding", 50, 100)
    await simcord_env.advance_time(3 * 60)
    assert "continue in a direct message" in text_of(job_shown.response)
    message = server.alice.user.dm_channel.last_message
    assert "50%" in text_of(message)
    await simcord_env.advance_time(120)
    release.set()
    await simcord_env.settle()
    assert "The index is up to date." in text_of(server.alice.user.dm_channel.last_message)


@pytest.mark.usefixtures("_few_edits")
@SOON_SETTLED
async def test_with_closed_direct_messages_progress_goes_on_in_the_log_channel(simcord_env: Env):
    server, release = make_server(simcord_env), asyncio.Event()
    log = server.guild.create_text_channel("log")
    await server.run("settings set", setting="log_channel", value=f"<#{log.id}>")
    simcord_env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    shown = await start_slow_reindex(server, release)
    await simcord_env.advance_time(14 * 60)
    server.env.bot.jobs.current.report("embedding", 50, 100)
    await simcord_env.advance_time(10)
    assert "your direct messages are closed" in text_of(shown.response)
    assert "50%" in text_of(log.last_message)
    result = await server.bob.click(log.last_message, custom_id=button_id(log.last_message, "cancel"))
    assert "Only the person who started it" in text_of(result.response)
    release.set()
    await simcord_env.settle()
    assert "The index is up to date." in text_of(log.last_message)


async def start_slow_reindex(server: Server, release: asyncio.Event):
    """A reindex that lasts until it is released; time passes only when the test says so."""
    env, jobs = server.env, server.env.bot.jobs

    async def run(job: Job, _work, _afterwards):
        jobs.current = job
        job.report("embedding", 25, 100)
        await env.external_wait(release.wait(), reason="the reindex goes on")
        jobs.current = None
        return SimpleNamespace(built=True)

    jobs.run_steps = run
    return await server.alice.slash(server.channel, "corpus reindex")


async def test_where_nothing_can_be_written_the_work_goes_on_without_a_message():
    response = Mock(status=403, reason="Forbidden")
    closed = discord.Forbidden(response, {"code": 50007, "message": "Cannot send messages to this user"})
    interaction = Mock(channel_id=5, client=Mock(command_links=NO_LINKS))
    interaction.user.send = AsyncMock(side_effect=closed)
    interaction.edit_original_response = AsyncMock(return_value=Mock(id=7))
    moment = [0.0]
    delivery = LongReply(interaction, AsyncMock(return_value=None), ENGLISH, clock=lambda: moment[0])
    assert await delivery.show(text_page("first")) == 7
    moment[0] = 14 * 60.0
    assert await delivery.show(text_page("second")) is None
    assert "`/corpus status` shows" in str(interaction.edit_original_response.call_args.kwargs["view"].to_components())
    assert await delivery.show(text_page("third")) is None
    assert interaction.user.send.await_count == 1
