"""How the bot starts: where its token comes from, and what is checked without connecting."""

import asyncio
import base64
import gc
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from bot.discord import process as running
from bot.discord.bot import AttacheBot
from bot.discord.process import command_names, invite_link, read_token, run_bot, shut_down
from bot.discord.workers.jobs import Job
from bot.ops.metrics import Metrics
from bot.ops.service_manager import Notifier
from bot.service.attache import Attache
from bot.settings import BadSettings, Settings
from bot.worker_thread import JOIN_TIMEOUT_S
from corpus.errors import AttacheError

TOKEN = "a" * 24 + "." + "b" * 6 + "." + "c" * 30


def test_the_token_comes_from_the_settings_or_from_the_file_that_they_name(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    assert read_token(Settings.load(None, discord_token=TOKEN)) == TOKEN
    assert read_token(Settings.load(None, discord_token_file=file)) == TOKEN
    assert read_token(Settings.load(None, discord_token=TOKEN, discord_token_file=tmp_path / "none")) == TOKEN


@pytest.mark.parametrize("given", ["", "no token", "a.b", "a.b.c d"])
def test_what_is_no_token_is_refused_without_being_repeated(given: str):
    with pytest.raises(BadSettings) as refused:
        read_token(Settings.load(None, discord_token=given))
    assert "docs/discord.md" in str(refused.value)
    assert not given or given not in str(refused.value)


def test_a_token_file_that_can_not_be_read_is_named(tmp_path: Path):
    with pytest.raises(BadSettings, match="can't be read"):
        read_token(Settings.load(None, discord_token_file=tmp_path / "none"))


async def test_a_dry_run_lists_the_commands_and_connects_to_nothing(attache: Attache):
    names = await asyncio.wait_for(command_names(attache.settings, attache), 20)
    assert {"ask", "search", "corpus add", "settings set", "my-data delete"} <= set(names)


def test_the_invite_link_names_the_application_and_the_permissions_that_the_documents_list():
    token = f"{base64.b64encode(b'1456074443980800000').decode().rstrip('=')}.b.{'c' * 30}"
    link = invite_link(Settings.load(None, discord_token=token))
    assert link.startswith(
        "https://discord.com/oauth2/authorize?client_id=1456074443980800000&scope=bot+applications.c"
    )
    page = (Path(__file__).parents[2] / "docs" / "discord.md").read_text(encoding="utf-8")
    assert link.replace("1456074443980800000", "ID", 1) in page
    assert "client_id=APPLICATION_ID&" in invite_link(Settings.load(None, discord_token=TOKEN))


async def test_a_signal_while_the_models_are_loaded_closes_the_bot_down(
    attache: Attache, monkeypatch: pytest.MonkeyPatch
):
    loading, release, released = threading.Event(), threading.Event(), []
    monkeypatch.setattr(attache, "warm_up", lambda: (loading.set(), release.wait(10)))
    monkeypatch.setattr(AttacheBot, "start", lambda *_given: released.append("started"))
    # Of those who send it where nobody listens yet.
    before = signal.signal(signal.SIGTERM, lambda *_given: None)
    try:
        settings = attache.settings.model_copy(update={"discord_token": SecretStr(TOKEN)})
        ending = asyncio.create_task(run_bot(settings, attache, Metrics(), Notifier.from_environment({})))
        await asyncio.to_thread(loading.wait, 10)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(ending, 5)
        assert not released
    finally:
        release.set()
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
        signal.signal(signal.SIGTERM, before)


async def test_what_was_loaded_costs_no_later_collection_of_garbage(
    simcord_bot: AttacheBot, attache: Attache, monkeypatch: pytest.MonkeyPatch
):
    left_out: list[int] = []

    async def start(*_given: object) -> None:
        left_out.append(gc.get_freeze_count())

    monkeypatch.setattr(attache, "warm_up", lambda: None)
    monkeypatch.setattr(AttacheBot, "start", start)
    try:
        async with simcord_bot:
            await running._warm_up_and_start(simcord_bot, TOKEN, SimpleNamespace(warmed_up=lambda: None))
        assert left_out[0] > 100_000
    finally:
        gc.unfreeze()


async def test_a_shutdown_leaves_a_step_that_takes_too_long_behind(fresh_bot: Callable[[], AttacheBot]):
    release = threading.Event()
    async with fresh_bot() as bot:
        job = Job("cleanup", 0, 0, can_cancel=False)
        working = asyncio.create_task(bot.jobs.run(job, lambda _job: release.wait()))
        await asyncio.sleep(0.05)
        await shut_down(bot, grace_s=0.2, close_timeout_s=1.0, disconnect_timeout_s=1.0)
        assert job.is_cancelled
        assert bot.is_closed()
        assert isinstance((await asyncio.gather(working, return_exceptions=True))[0], AttacheError)
    release.set()


async def test_a_shutdown_goes_on_although_a_part_does_not_end(fresh_bot: Callable[[], AttacheBot]):
    async with fresh_bot() as bot:

        async def never(*_given: object) -> None:
            await asyncio.sleep(30)

        bot.answer_queue.close = never
        await asyncio.wait_for(shut_down(bot, grace_s=0.1, close_timeout_s=0.2, disconnect_timeout_s=2.0), 5)
        assert bot.is_closed()


def test_a_shutdown_is_over_within_twenty_seconds_and_leaves_time_for_apologies():
    assert running.CLOSE_TIMEOUT_S + running.DISCONNECT_TIMEOUT_S + JOIN_TIMEOUT_S <= 20
    assert running.GRACE_S + 2 <= running.CLOSE_TIMEOUT_S


@pytest.mark.parametrize(("given", "ids"), [("", ()), ("12, 34", (12, 34)), ("56", (56,)), ("1 2,3", (1, 2, 3))])
def test_operators_are_read_with_commas(given: str, ids: tuple[int, ...], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTACHE_OPERATORS", given)
    assert Settings.load(None).operators == ids


def test_an_operator_that_is_no_id_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTACHE_OPERATORS", "alice")
    with pytest.raises(BadSettings, match="OPERATORS"):
        Settings.load(None)
