"""Servers that come and go, and what is deleted of those that left."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import simcord.interactions
from simcord.env import Env

from bot.discord.cogs._admin import PERMISSIONS
from bot.discord.cogs.housekeeper import Housekeeper
from bot.discord.errors import BotNotInstalled
from bot.discord.scope import server_collection
from bot.discord.workers.jobs import JobRunning
from bot.records import retention
from bot.records.server_settings import set_setting
from corpus.catalog import count_articles
from tests.discord.admins import MINE, Server, begin, make_server


def keeper(env: Env) -> Housekeeper:
    cog = env.bot.get_cog("Housekeeper")
    assert isinstance(cog, Housekeeper)
    return cog


def after(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def rows(env: Env) -> dict[int, bool]:
    """The servers in the records, and whether each has left."""
    sql = "SELECT server_id, removed_at IS NOT NULL FROM servers"
    return dict(await env.bot.records.run(lambda db: db.execute(sql).fetchall()))


async def articles_of(server: Server) -> int:
    within = (server_collection(server.guild.id),)
    return await server.env.bot.corpus_reader.run(lambda db: count_articles(db, within))


def remove_bot(env: Env, server: Server) -> SimpleNamespace:
    """As Discord shows the bot after a server removed it."""
    gone = SimpleNamespace(id=server.guild.id)
    env.bot._connection._guilds.pop(server.guild.id)
    return gone


async def test_a_server_that_adds_the_bot_is_noted_and_one_that_removes_it_too(simcord_env: Env):
    server = make_server(simcord_env)
    await keeper(simcord_env).on_guild_join(simcord_env.bot.get_guild(server.guild.id))
    assert await rows(simcord_env) == {server.guild.id: False}
    await keeper(simcord_env).on_guild_remove(remove_bot(simcord_env, server))
    assert await rows(simcord_env) == {server.guild.id: True}


async def test_a_server_that_left_while_the_bot_was_away_is_noted_at_the_start(simcord_env: Env):
    server = make_server(simcord_env)
    await simcord_env.bot.records.run(lambda db: retention.mark_present(db, 4711, after(0)))
    await keeper(simcord_env).on_ready()
    assert await rows(simcord_env) == {server.guild.id: False, 4711: True}


async def test_an_unavailable_server_has_not_left(simcord_env: Env):
    server = make_server(simcord_env)
    simcord_env.bot.get_guild(server.guild.id).unavailable = True
    await keeper(simcord_env).reconcile()
    assert await rows(simcord_env) == {server.guild.id: False}


async def test_all_of_a_server_goes_thirty_days_after_it_left_and_nothing_of_others(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    await one.add()
    await two.add()
    await one.run("settings set", setting="keep_days", value="7")
    await keeper(simcord_env).on_guild_remove(remove_bot(simcord_env, one))
    assert (await keeper(simcord_env).purge(after(29.9))).servers == ()
    assert await articles_of(one) == 1
    assert (await keeper(simcord_env).purge(after(30.1))).servers == (one.guild.id,)
    assert await articles_of(one) == 0
    assert await articles_of(two) == 1
    assert await one.acts() == []
    assert len(await two.acts()) == 1
    assert (await simcord_env.bot.settings_cache.get(one.guild.id)).keep_days == 30
    assert await rows(simcord_env) == {}
    assert (await keeper(simcord_env).purge(after(31))).servers == ()


async def test_while_other_work_runs_the_articles_wait_for_the_next_round(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    await one.add()
    await keeper(simcord_env).on_guild_remove(remove_bot(simcord_env, one))
    begin(two)
    with pytest.raises(JobRunning):
        await keeper(simcord_env).purge(after(31))
    assert await articles_of(one) == 1
    simcord_env.bot.jobs.current = None
    assert (await keeper(simcord_env).purge(after(31))).servers == (one.guild.id,)
    assert await articles_of(one) == 0


async def test_a_server_that_came_back_keeps_its_articles(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    guild = simcord_env.bot.get_guild(server.guild.id)
    await keeper(simcord_env).on_guild_remove(guild)
    # The event of its return was missed, but Discord lists it among the bot's servers.
    await keeper(simcord_env).reconcile()
    assert (await keeper(simcord_env).purge(after(31))).servers == ()
    assert await articles_of(server) == 1


async def test_freed_memory_is_given_back_while_the_bot_runs(simcord_env: Env, monkeypatch: pytest.MonkeyPatch):
    given_back: list[bool] = []
    monkeypatch.setattr("bot.discord.cogs.housekeeper.return_freed_memory", lambda: given_back.append(True))
    await keeper(simcord_env).free_memory()
    assert given_back == [True]


async def test_rounds_begin_when_the_bot_is_ready_and_end_with_it(simcord_env: Env, fresh_bot):
    former = keeper(simcord_env)
    assert former.round.is_running()
    assert former.free_memory.is_running()
    await simcord_env.restart_bot(fresh_bot())
    assert not former.round.is_running()
    assert not former.free_memory.is_running()
    assert keeper(simcord_env).round.is_running()


async def test_nothing_runs_before_the_bot_is_connected(fresh_bot):
    async with fresh_bot() as bot:
        await bot.load_cogs()
        cog = bot.get_cog("Housekeeper")
        assert isinstance(cog, Housekeeper)
        assert not cog.round.is_running()
        assert not (bot.settings.data_dir / "records.sqlite3").exists()


async def test_what_is_kept_of_a_server_that_has_only_the_commands_goes_too(simcord_env: Env):
    await simcord_env.bot.records.run(lambda db: set_setting(db, 4711, "language", "de"))
    await keeper(simcord_env).reconcile()
    assert await rows(simcord_env) == {4711: True}
    assert (await keeper(simcord_env).purge(after(31))).servers == (4711,)
    assert (await simcord_env.bot.settings_cache.get(4711)).language == "auto"


async def test_where_only_the_commands_are_admins_are_told_how_to_add_the_bot(
    simcord_env: Env, monkeypatch: pytest.MonkeyPatch
):
    server = make_server(simcord_env)
    remove_bot(simcord_env, server)
    make = simcord.interactions.base_payload

    def payload(*given: Any, **named: Any) -> Any:
        record, sent = make(*given, **named)
        return record, sent | {"authorizing_integration_owners": {"0": str(server.guild.id)}}

    monkeypatch.setattr(simcord.interactions, "base_payload", payload)
    for command, options in (
        ("settings set", {"setting": "language", "value": "de"}),
        ("corpus add", {"file": ("bridge.md", MINE)}),
        ("insights", {}),
    ):
        told = await server.run(command, **options)
        assert "not installed in this server" in told
        assert f"guild_id={server.guild.id}" in told
        assert "scope=bot+applications.commands" in told
    assert [type(error.original) for error in simcord_env.errors] == [BotNotInstalled] * 3
    assert await server.acts() == []
    assert await articles_of(server) == 0
    assert (await simcord_env.bot.settings_cache.get(server.guild.id)).language == "auto"


def test_the_link_that_adds_the_bot_asks_for_the_permissions_of_the_guide():
    guide = (Path(__file__).parents[2] / "docs" / "discord.md").read_text(encoding="utf-8")
    assert f"permissions={PERMISSIONS.value}`" in guide
