"""Briefs: `/brief` for a member, and those that admins have posted; when, what, once, and nothing of others."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import numpy as np
import pytest
import simcord.actors
from simcord.env import Env
from sqlite_utils import Database

from bot.answering.answer_changes import AnswerChange, ChangeKind
from bot.discord.bot import AttacheBot
from bot.discord.cogs.briefs import BriefCommands
from bot.records.watch_outbox import record_look
from bot.records.watches import Watch, add_watch
from bot.service.brief import Brief
from bot.service.watched_answers import change_text
from corpus.timestamps import utc_now
from tests.discord.admins import Server, lines, make_server
from tests.discord.places import button_id_after
from tests.discord.screen import button_id, text_of

AddArticles = Callable[..., None]
LONG = ". It was a day like many another in the harbour of Salis" * 3


async def work(env: Env) -> None:
    """Has the bot send what is due, as it does twice a minute."""
    cog = env.bot.get_cog("Briefs")
    assert isinstance(cog, BriefCommands)
    await cog.desk.work_all()


async def a_day_later(env: Env) -> None:
    """Makes the next brief of every rule due."""
    day = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    await env.bot.records.run(lambda db: db.execute("UPDATE brief_rules SET last_day = ?, retry_at = ''", (day,)))


def builds(env: Env) -> list[object]:
    """The periods of the briefs that are built from now on."""
    cog = env.bot.get_cog("Briefs")
    assert isinstance(cog, BriefCommands)
    built: list[object] = []
    read = cog.desk.read

    async def counted(*arguments: Any) -> Brief:
        built.append(arguments[0])
        return await read(*arguments)

    cog.desk.read = counted  # type: ignore[method-assign]
    return built


def posted(channel: Any) -> list[str]:
    return [text_of(message) for message in channel.history() if message.author.bot]


async def set_brief(server: Server, channel: Any, **options: Any) -> str:
    return await server.run("briefs set", channel=channel, **options)


def watch(server: Server, channel: Any, question: str, *, private: bool = False) -> Callable[[Database], None]:
    """Has bob watch a question in a channel, and its answer change."""

    def store(db: Database) -> None:
        now = utc_now()
        made = Watch(
            0, server.bob.id, server.guild.id, channel.id, "direct", question, None, None, (), private, "en", now, now,
            None, "yes", (), 0,
        )  # fmt: skip
        added = add_watch(db, made, "none", np.zeros(3, dtype=np.float32))
        change = change_text(AnswerChange(ChangeKind.VERDICT, "yes", "disputed"))
        record_look(db, added, "disputed", (), 1, [change], now)

    return store


async def test_a_member_sees_what_is_new_and_turns_its_pages(simcord_env: Env, add_articles: AddArticles):
    server = make_server(simcord_env)
    words = "granite lantern ferry orchard violin glacier".split()
    add_articles(
        *(
            {
                "title": f"The {word} of Salis",
                "publisher": f"{word.title()} Post",
                "url": f"https://{word}.example/{'long-' * 60}",
                "body": f"{word} {' '.join(f'{word}{number}' for number in range(40))} end.",
            }
            for word in words
        )
    )
    built = builds(simcord_env)
    result = await server.bob.slash(server.channel, "brief", days=2)
    assert result.ephemeral
    first = text_of(result.response)
    assert "6 new articles, 6 independent publishers" in first
    assert "Top stories" in first
    second = text_of(
        (await server.bob.click(result.response, custom_id=button_id_after(result.response, "brief-page"))).response
    )
    assert max(map(len, (first, second))) <= 4000
    for word in words:
        assert (f"The {word} of Salis" in first) != (f"The {word} of Salis" in second)
    # Another page builds nothing; an article that is gone does, and is on no page.
    assert len(built) == 1
    await server.alice.slash(server.channel, "settings set", setting="hidden_publishers", value="Granite Post")
    again = await server.bob.click(result.response, custom_id=button_id_after(result.response, "brief-page"))
    assert len(built) == 2
    assert "Granite Post" not in text_of(again.response)


async def test_a_brief_is_posted_once_a_day_with_what_came_in_since(
    simcord_env: Env, fresh_bot: Callable[[], AttacheBot]
):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("briefs")
    await server.run("settings set", setting="time_zone", value="europe/berlin")
    told = await set_brief(server, news, time="6:30", day="monday")
    assert "on Mondays at 06:30 (Europe/Berlin)" in told
    assert "every day at 07:00 (Europe/Berlin)" in await set_brief(server, news)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await work(simcord_env)
    assert posted(news) == []
    await a_day_later(simcord_env)
    await work(simcord_env)
    await work(simcord_env)
    [message] = posted(news)
    assert "Ferry sails" in message
    assert "Harbour Herald" in message
    # As if killed between sending and noting it.
    await simcord_env.bot.records.run(lambda db: db.execute("UPDATE brief_posts SET message_id = NULL"))
    await simcord_env.restart_bot(fresh_bot())
    await work(simcord_env)
    assert len(posted(news)) == 1
    # Nothing came in, so nothing is posted, unless the admins want it to be said.
    await a_day_later(simcord_env)
    await work(simcord_env)
    assert len(posted(news)) == 1
    await set_brief(server, news, empty=True)
    await a_day_later(simcord_env)
    await work(simcord_env)
    assert "There is nothing to tell." in posted(news)[-1]


async def test_the_button_shows_it_all_to_those_who_may_read_it(simcord_env: Env):
    server, other = make_server(simcord_env), make_server(simcord_env, "two")
    news = server.guild.create_text_channel("briefs")
    await set_brief(server, news)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await a_day_later(simcord_env)
    await work(simcord_env)
    [message] = [each for each in news.history() if each.author.bot]
    pressed = await server.bob.click(message, custom_id=button_id(message, "brief"))
    assert pressed.ephemeral
    assert "Ferry sails" in text_of(pressed.response)
    await other.add(lines("Barge sinks"), "barge.jsonl")
    elsewhere = (await other.bob.slash(other.channel, "brief")).response
    assert "Ferry" not in text_of(elsewhere)
    assert "Barge sinks" in text_of(elsewhere)


async def test_no_server_hears_of_anothers_articles_or_questions(simcord_env: Env, add_articles: AddArticles):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    ours, theirs = one.guild.create_text_channel("briefs"), two.guild.create_text_channel("briefs")
    for server, channel in ((one, ours), (two, theirs)):
        await set_brief(server, channel)
    await one.add(lines("Ferry sails"), "ferry.jsonl")
    await simcord_env.bot.records.run(watch(one, one.channel, "Does the ferry sail?"))
    await a_day_later(simcord_env)
    await work(simcord_env)
    [message] = posted(ours)
    assert "Does the ferry sail?" in message
    assert "Disputes opened" in message
    assert posted(theirs) == []


async def test_questions_of_closed_channels_and_private_ones_stay_there(simcord_env: Env):
    server = make_server(simcord_env)
    hidden = {server.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    news = server.guild.create_text_channel("briefs")
    closed = server.guild.create_text_channel("closed", overwrites=hidden)
    await set_brief(server, news)
    for store in (
        watch(server, closed, "Who is to be banned?"),
        watch(server, server.channel, "Am I being followed?", private=True),
        watch(server, server.channel, "Is the bridge open?"),
    ):
        await simcord_env.bot.records.run(store)
    await a_day_later(simcord_env)
    await work(simcord_env)
    [message] = posted(news)
    assert "Is the bridge open?" in message
    assert "banned" not in message
    assert "followed" not in message


async def test_a_channel_that_is_closed_is_told_once_and_nothing_is_lost(simcord_env: Env):
    server = make_server(simcord_env)
    log, news = server.guild.create_text_channel("log"), server.guild.create_text_channel("briefs")
    await server.run("settings set", setting="log_channel", value=f"<#{log.id}>")
    await set_brief(server, news)
    before = len(posted(log))
    simcord_env.inject_error("POST", f"/channels/{news.id}/messages", status=403, code=50013, times=None)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    for _ in range(3):
        await a_day_later(simcord_env)
        await work(simcord_env)
    told = [text for text in posted(log)[before:] if "can’t post the brief" in text]
    assert len(told) == 1
    assert "⚠️ I may not write there." in await server.run("briefs list")
    simcord_env.backend.faults.clear()
    await server.add(lines("Ferry sails", "Bridge opens"), "more.jsonl")
    await a_day_later(simcord_env)
    await work(simcord_env)
    [message] = posted(news)
    assert "2 new articles" in message
    assert "may not write" not in await server.run("briefs list")


async def test_rules_are_listed_refused_and_stopped(simcord_env: Env):
    server, other = make_server(simcord_env), make_server(simcord_env, "two")
    news = server.guild.create_text_channel("briefs")
    assert "No brief is posted yet" in await server.run("briefs list")
    assert "can’t read that time" in await set_brief(server, news, time="25:00")
    assert "can’t read that day" in await set_brief(server, news, day="someday")
    assert "can't be “Mars/Olympus”" in await server.run("settings set", setting="time_zone", value="Mars/Olympus")
    zones = await server.alice.autocomplete(server.channel, "settings set", "value", "berl", setting="time_zone")
    assert [each["value"] for each in zones] == ["Europe/Berlin"]
    await set_brief(server, news, day="sonntag")
    assert f"<#{news.id}>" in await server.run("briefs list")
    [choice] = await server.alice.autocomplete(server.channel, "briefs stop", "rule", "brief")
    assert choice["name"] == "#briefs · on Sundays at 07:00 (UTC)"
    assert "no such brief" in await other.run("briefs stop", rule=choice["value"])
    assert "Stopped" in await server.run("briefs stop", rule=choice["value"])
    assert "No brief is posted yet" in await server.run("briefs list")


@pytest.mark.usefixtures("in_german")
async def test_a_german_sees_it_in_german(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    assert "Was neu ist" in text_of((await server.bob.slash(server.channel, "brief")).response)


@pytest.mark.parametrize("argument", ["p99", "24.000000000", "9999.1700000000", "24.99999999999", "0.1700000000"])
async def test_a_forged_period_shows_nothing(simcord_env: Env, argument: str):
    server = make_server(simcord_env)
    shown = (await server.bob.slash(server.channel, "brief")).response
    stored = server.bob._env.backend.get_message(shown.channel_id, shown.id)
    pressed = f"attache:brief-page:0:{argument}"
    button = {"type": 2, "id": 2, "style": 2, "label": "Press", "custom_id": pressed}
    stored.components = [{"type": 1, "id": 1, "components": [button]}]
    sent = {"custom_id": pressed, "component_type": 2}
    result = await simcord.actors._component_interaction(server.bob, stored, sent)
    assert "no longer kept" in text_of(result.followups[-1] if result.followups else result.response)
