"""The bot as its operator sees it: what is counted, whether it is ready, and what a service manager is told."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr
from simcord.env import Env

from bot.discord.bot import AttacheBot
from bot.discord.errors import OnCooldown
from bot.discord.monitor import Monitor, monitoring
from bot.discord.process import run_bot
from bot.discord.questions.question_metrics import measure_question
from bot.discord.workers.answer_queue import QueueFull, ShuttingDown
from bot.ops.metrics import Entry, Metrics, Outcome
from bot.ops.request_trace import trace_config
from bot.ops.service_manager import Notifier
from bot.service.attache import Attache
from bot.service.poll import PollLoop, PollRound
from corpus.errors import AttacheError, BadInput, StorageFailure
from tests.discord.screen import button_id
from tests.discord.test_process import TOKEN

QUESTION = "Did Arland deny sending rockets to Borduria?"
UNKNOWN = "Did Qorvath elect a new chancellor?"


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0


def questions(metrics: Metrics) -> dict[tuple[str, str], float]:
    [family] = [each for each in metrics.registry.collect() if each.name == "attache_questions"]
    return {
        (each.labels["entry"], each.labels["outcome"]): each.value
        for each in family.samples
        if each.value and each.name.endswith("_total")
    }


@pytest.fixture
def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def watched_bot(simcord_bot: AttacheBot, free_port: int) -> AttacheBot:
    simcord_bot.settings = simcord_bot.settings.model_copy(update={"metrics_port": free_port})
    return simcord_bot


async def get(bot: AttacheBot, path: str) -> tuple[int, str]:
    address = f"http://127.0.0.1:{bot.settings.metrics_port}{path}"
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status, await response.text()


def heard(manager: socket.socket) -> list[str]:
    """What waits to be read."""
    lines = []
    with contextlib.suppress(BlockingIOError):
        while True:
            lines.append(manager.recv(1024).decode())
    return lines


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.simcord(settle_timeout=60)
@pytest.mark.usefixtures("with_next_questions")
async def test_questions_are_counted_by_entry_and_outcome_and_nothing_of_them_is_told(simcord_env: Env):
    # With what is asked silently after each answer, for the next questions: that is nobody's question.
    bot, metrics = simcord_env.bot, simcord_env.bot.metrics
    guild = simcord_env.create_guild("Secret Server")
    channel, alice = guild.create_text_channel("general"), guild.add_member(simcord_env.create_user("alice-in-private"))
    await alice.slash(channel, "ask", question=QUESTION)
    await alice.slash(channel, "ask", question=UNKNOWN)
    await alice.slash(channel, "ask", question=QUESTION, since="no day")
    await alice.send(channel, f"<@{bot.user.id}> {QUESTION}")
    await alice.send(channel, f"<@{bot.user.id}>")
    await alice.user.send_dm(QUESTION)
    bob = guild.add_member(simcord_env.create_user("bob"))
    claim = await bob.send(channel, "Arland sent rockets to Borduria.")
    await bob.context_menu(channel, "Check this claim", claim)
    hidden = await bob.slash(channel, "ask", question=QUESTION, private=True)
    await bob.click(hidden.response, label="Share")
    refused = await bob.slash(channel, "ask", question=QUESTION, since="2024-09-01")
    await bob.click(refused.response, label="Without filters")
    assert questions(metrics) == {
        ("ask", "yes"): 2,
        ("ask", "not_found"): 2,
        ("ask", "invalid"): 1,
        ("mention", "yes"): 1,
        ("dm", "yes"): 1,
        ("claim", "disputed"): 1,
        ("share", "yes"): 1,
        ("retry", "yes"): 1,
    }
    assert value(metrics, "attache_question_seconds_count") == 9
    # One of them tells a refusal with filters whether there is an answer without them.
    assert value(metrics, "attache_answers_remembered_total") == 5
    # Two texts of questions and one of a claim; asked again, a text is not embedded again.
    assert value(metrics, "attache_stage_seconds_count", stage="embed") == 3
    for stage in ("dense", "lexical", "fuse", "answer"):
        assert value(metrics, "attache_stage_seconds_count", stage=stage) == 5, stage
    # And a search for the nearest articles for each of the two refusals.
    assert value(metrics, "attache_queue_wait_seconds_count") == 12
    told = metrics.registry.collect()
    labels = {text for family in told for each in family.samples for text in each.labels.values()}
    secrets = (str(guild.id), str(alice.id), str(channel.id), "Secret", "alice", "Arland", f"discord-{guild.id}")
    assert not [text for text in labels for secret in secrets if secret in text]


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (OnCooldown(3.0, whole_server=True), Outcome.TOO_FAST),
        (QueueFull("Full.", ""), Outcome.BUSY),
        (ShuttingDown(), Outcome.CLOSING),
        (BadInput("No question.", ""), Outcome.INVALID),
        (StorageFailure("Gone.", ""), Outcome.FAILED),
        (RuntimeError("Unforeseen."), Outcome.FAILED),
    ],
)
async def test_a_question_without_an_answer_is_counted_by_what_it_failed_of(failure: Exception, outcome: Outcome):
    metrics = Metrics()
    with pytest.raises(type(failure)):
        async with measure_question(metrics, Entry.MENTION, 0.0):
            raise failure
    assert questions(metrics) == {("mention", outcome.value): 1}
    assert value(metrics, "attache_question_seconds_count") == 0
    async with measure_question(metrics, Entry.MENTION, 0.0):
        pass
    assert questions(metrics) == {("mention", outcome.value): 1}


async def test_requests_to_discord_are_counted_by_status_and_by_what_discord_holds_against_the_bot(free_port: int):
    async def answer(request: web.Request) -> web.Response:
        scope = request.query.get("scope")
        return web.Response(status=int(request.query["status"]), headers={"X-RateLimit-Scope": scope} if scope else {})

    app = web.Application()
    app.add_routes([web.get("/", answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", free_port).start()
    metrics, address = Metrics(), f"http://127.0.0.1:{free_port}/"
    async with aiohttp.ClientSession(trace_configs=[trace_config(metrics, lambda *_reply: None)]) as session:
        for query in ("200", "204", "403", "404", "502", "429&scope=user", "429&scope=shared"):
            await (await session.get(f"{address}?status={query}")).read()
        await runner.cleanup()
        with pytest.raises(aiohttp.ClientError):
            await session.get(address)
    found = {
        status: value(metrics, "attache_discord_requests_total", status=status) for status in ("2xx", "4xx", "5xx")
    }
    assert found == {"2xx": 2, "4xx": 4, "5xx": 1}
    assert value(metrics, "attache_discord_requests_total", status="none") == 1
    assert value(metrics, "attache_discord_rate_limited_total", scope="shared") == 1
    assert value(metrics, "attache_discord_invalid_requests_total", status="429") == 1
    assert value(metrics, "attache_discord_invalid_requests_total", status="403") == 1
    assert value(metrics, "attache_discord_request_seconds_count") == 8


async def test_the_client_passes_its_requests_by_the_counter_and_counts_its_sessions(simcord_bot: AttacheBot):
    async with simcord_bot as bot:
        assert bot.http.http_trace is not None
        await bot.before_identify_hook(0, initial=True)
        assert value(bot.metrics, "attache_discord_identifies_total") == 1


async def test_shards_that_are_lost_and_come_back_are_counted_once(simcord_env: Env):
    bot = simcord_env.bot
    metrics, health = bot.metrics, bot.health
    await until(lambda: health.shards_ready == 1)
    for event in ("shard_disconnect", "shard_disconnect"):
        bot.dispatch(event, 0)
    await until(lambda: health.shards_ready == 0)
    assert "0 of 1 shards" in health.parts()["shards"]
    bot.dispatch("shard_resumed", 0)
    await until(lambda: health.shards_ready == 1)
    names = ("disconnects", "reconnects", "resumes")
    assert [value(metrics, f"attache_discord_{name}_total") for name in names] == [1, 1, 1]
    bot.dispatch("shard_disconnect", 0)
    await until(lambda: health.shards_ready == 0)
    bot.dispatch("shard_connect", 0)
    await until(lambda: value(metrics, "attache_discord_reconnects_total") == 2)
    assert health.shards_ready == 0
    bot.dispatch("shard_ready", 0)
    await until(lambda: health.shards_ready == 1)


async def test_the_port_tells_what_is_not_ready_from_the_start_to_the_end(watched_bot: AttacheBot):
    bot = watched_bot
    bot.shard_count = 2
    async with bot, monitoring(bot, Notifier()) as watched:
        assert await get(bot, "/healthz") == (200, '{"alive": true, "worker": "ok"}')
        status, text = await get(bot, "/readyz")
        assert status == 503
        assert "The corpus is being opened." in text
        await bot.answer_queue.warm_up()
        watched.warmed_up()
        for shard_id in (0, 1):
            assert "shards" in (await get(bot, "/readyz"))[1]
            bot.health.shard_ready(shard_id, bot.shard_count)
        status, text = await get(bot, "/readyz")
        assert (status, '"ready": true' in text) == (200, True)
        await until(lambda: value(bot.metrics, "attache_corpus_articles") == 1)
        status, text = await get(bot, "/metrics")
        assert status == 200
        assert "attache_discord_shards_ready 2.0" in text
        assert 'attache_ready{part="index_fresh"} 1.0' in text
        assert "attache_index_vectors 1.0" in text
        assert "process_open_fds" in text
        watched.stopping()
        status, text = await get(bot, "/readyz")
        assert status == 503
        assert "The bot is shutting down." in text
        assert (await get(bot, "/healthz"))[0] == 200


async def test_a_thread_that_hangs_makes_the_bot_unhealthy_and_the_event_loop_goes_on(
    watched_bot: AttacheBot, monkeypatch: pytest.MonkeyPatch
):
    release = threading.Event()
    monkeypatch.setattr("bot.ops.health.STUCK_S", 0.1)
    async with watched_bot as bot:
        watched = Monitor(bot, Notifier(), beat_s=0.01)
        await watched.open()
        watched.warmed_up()
        hanging = asyncio.create_task(bot.answer_queue.run(lambda _attache: release.wait(10)))
        async with asyncio.timeout(5):
            while (await get(bot, "/healthz"))[0] == 200:
                await asyncio.sleep(0.01)
        assert "has not responded" in (await get(bot, "/healthz"))[1]
        release.set()
        await hanging
        async with asyncio.timeout(5):
            while (await get(bot, "/healthz"))[0] != 200:
                await asyncio.sleep(0.01)
        await watched.close()


async def test_a_service_manager_hears_ready_signs_of_life_only_while_nothing_hangs_and_the_end(
    simcord_bot: AttacheBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    address, release = str(tmp_path / "notify"), threading.Event()
    monkeypatch.setattr("bot.ops.health.STUCK_S", 0.1)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.setblocking(False)

        async def told() -> str:
            return (await asyncio.wait_for(asyncio.get_running_loop().sock_recv(manager, 1024), 5)).decode()

        async with simcord_bot as bot:
            watched = Monitor(bot, Notifier(address, watchdog_s=0.03), beat_s=0.01)
            await watched.open()
            assert await told() == "STATUS=Discord is not connected yet. The corpus is being opened."
            watched.warmed_up()
            bot.health.shard_ready(0, 1)
            said = {await told() for _ in range(30)}
            assert {"READY=1", "WATCHDOG=1", "STATUS=Answering questions; 1 shards are ready."} <= said
            hanging = asyncio.create_task(bot.answer_queue.run(lambda _attache: release.wait(10)))
            while "has not responded" not in await told():
                pass
            await asyncio.sleep(0.2)
            assert "WATCHDOG=1" not in heard(manager)
            release.set()
            await hanging
            while await told() != "WATCHDOG=1":
                pass
            watched.stopping()
            while await told() != "STOPPING=1":
                pass
            assert await told() == "STATUS=The bot is shutting down."
            await watched.close()


async def test_a_port_that_is_taken_is_told_in_a_sentence_before_anything_else_happens(
    attache: Attache, free_port: int
):
    update = {"metrics_port": free_port, "discord_token": SecretStr(TOKEN)}
    settings = attache.settings.model_copy(update=update)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        with pytest.raises(AttacheError, match=f"The metrics port {free_port} on 127.0.0.1 is in use"):
            await run_bot(settings, attache, Metrics(), Notifier())


async def test_a_stopped_bot_is_not_ready_while_it_finishes_what_is_under_way(
    attache: Attache, free_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    begun: list[AttacheBot] = []

    async def start(bot: AttacheBot, _token: str) -> None:
        await bot._async_setup_hook()
        begun.append(bot)
        bot.health.shard_ready(0, 1)
        await asyncio.sleep(30)

    monkeypatch.setattr(AttacheBot, "start", start)
    update = {"metrics_port": free_port, "discord_token": SecretStr(TOKEN)}
    settings = attache.settings.model_copy(update=update)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        running = asyncio.create_task(run_bot(settings, attache, Metrics(), Notifier(str(tmp_path / "notify"))))
        await until(lambda: begun)
        [bot] = begun
        assert (await get(bot, "/readyz"))[0] == 200
        replying = bot.answer_queue.hold_open()
        await replying.__aenter__()
        os.kill(os.getpid(), signal.SIGTERM)
        await until(lambda: not bot.answer_queue.is_open)
        status, text = await get(bot, "/readyz")
        assert (status, "The bot is shutting down." in text) == (503, True)
        assert "STOPPING=1" in heard(manager)
        await replying.__aexit__(None, None, None)
        await asyncio.wait_for(running, 10)
    with pytest.raises(aiohttp.ClientError):
        await get(bot, "/readyz")


async def test_without_a_port_and_a_manager_nothing_is_opened_or_read(simcord_bot: AttacheBot):
    async with simcord_bot as bot, monitoring(bot, Notifier()) as watched:
        watched.warmed_up()
        await asyncio.sleep(0.05)
        assert value(bot.metrics, "attache_corpus_articles") == 0
        assert value(bot.metrics, "attache_event_loop_lag_seconds_count") == 0


async def test_warnings_and_errors_in_the_log_are_counted_while_the_bot_runs(simcord_bot: AttacheBot):
    logger = logging.getLogger("tests.operating")
    async with simcord_bot as bot:
        async with monitoring(bot, Notifier()):
            logger.warning("one")
            logger.error("two")
            logger.info("three")
        logger.error("four")
        counts = [value(bot.metrics, "attache_log_records_total", level=level) for level in ("warning", "error")]
    assert counts == [1, 1]


@pytest.fixture
def one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polling is one round of two feeds, the second of which fails."""
    reports = [SimpleNamespace(error="", changes=2), SimpleNamespace(error="No answer.", changes=0)]
    rounds = [PollRound(reports)]
    monkeypatch.setattr(PollLoop, "watch", lambda _self, on_round, _wanted: rounds and on_round(rounds.pop()))


async def test_rounds_of_polling_are_counted(one_round: None, simcord_env: Env):
    metrics = simcord_env.bot.metrics
    await until(lambda: value(metrics, "attache_feed_articles_total") == 2)
    assert [value(metrics, "attache_feed_polls_total", result=each) for each in ("ok", "failed")] == [1, 1]


async def test_pages_about_an_answer_are_counted_and_an_old_button_is_no_failure(simcord_env: Env):
    bot, metrics = simcord_env.bot, simcord_env.bot.metrics
    guild = simcord_env.create_guild("server")
    channel, alice = guild.create_text_channel("general"), guild.add_member(simcord_env.create_user("alice"))
    await alice.send(channel, f"<@{bot.user.id}> {QUESTION}")
    shown = channel.last_message
    await alice.send(channel, f"<@{bot.user.id}> who says so?", reply_to=shown)
    for verb in ("quotes", "sources", "more"):
        await alice.click(shown, custom_id=button_id(shown, verb))
    await bot.records.run(lambda db: db.execute("DELETE FROM asked"))
    await alice.click(shown, custom_id=button_id(shown, "quotes"))
    counted = {("mention", "yes"): 1, ("mention", "page"): 1, ("about", "page"): 3, ("about", "invalid"): 1}
    assert questions(metrics) == counted
    # They say nothing of how long people wait for answers.
    assert value(metrics, "attache_question_seconds_count") == 1
