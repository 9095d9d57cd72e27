"""The greeting and new articles in channels over the wire: each thing once, and a bot that is killed in between."""

import asyncio
import json
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.wire.live import Live
from tests.wire.message_rules import CROSSPOSTED
from tests.wire.process import process
from tests.wire.script import Place, make_place, text_of
from tests.wire.server import Server
from tests.wire.world import MANAGE_GUILD, NEWS, SEND, Channel

PATIENCE_S = 120.0


def barges(first: int, count: int) -> bytes:
    """Articles that no two are alike, as a file."""
    return "\n".join(
        json.dumps(
            {
                "title": f"Barge number {number} sails",
                "url": f"https://news.example/barge-{number}",
                "publisher": "Harbour Herald",
                "body": f"Barge number {number} sails to Quist at noon, the harbour office said on Monday.",
            }
        )
        for number in range(first, first + count)
    ).encode()


def texts(channel: Channel) -> list[str]:
    return [text_of(each) for each in channel.messages.values()]


def new_channel(place: Place, kind: int, name: str) -> Channel:
    channel = place.server.world.new_channel(kind, guild=place.guild, name=name)
    place.server.gateway.tell("CHANNEL_CREATE", channel.payload(), place.guild)
    return channel


@pytest.mark.asyncio(loop_scope="module")
async def test_a_server_is_greeted_and_gets_new_articles_in_its_channels(live: Live, one: Place):
    place, server = one, live.server
    await server.until(live.bot.is_ready, "the servers that there are")
    place.loses_the_bot()
    place.guild.system_channel = place.channel.id
    place.gets_the_bot()
    bob, alice = place.bob, place.alice
    await bob.sees("Hello! I answer questions from news articles")
    bob.presses("All commands")
    await bob.sees("How to ask me")
    role = server.world.ids.new()
    place.guild.roles[role] = MANAGE_GUILD
    news = new_channel(place, NEWS, "news")
    payload = place.guild.payload(server.world.bot.id)["roles"][-1]
    server.gateway.tell("GUILD_ROLE_CREATE", {"guild_id": str(place.guild.id), "role": payload}, place.guild)
    assert set(await alice.completes("news set", "source", "")) == {"own", "shared"}
    alice.runs(
        "news set", channel=news, source="own", role=role, words="barge, ferry", most=2, publish=True,
    )  # fmt: skip
    await alice.sees("New articles are posted from now on")
    alice.runs("corpus add", file=("barges.jsonl", barges(1, 3)))
    await alice.sees("3 articles added")
    reader = bob.at(news)
    await reader.sees("Barge number 1 sails", within=PATIENCE_S)
    digest = await reader.sees("2 new articles", within=PATIENCE_S)
    assert digest["mention_roles"] == [str(role)] or f"<@&{role}>" in text_of(digest)
    await server.until(
        lambda: all(each["flags"] & CROSSPOSTED for each in news.messages.values()), "publishing", PATIENCE_S
    )
    reader.presses("About this article")
    await reader.sees("In this message")
    alice.runs("news list")
    await alice.sees("at most 2 messages an hour")
    (rule,) = await alice.completes("news stop", "rule", "news")
    alice.runs("news stop", rule=rule)
    await alice.sees("Stopped.")
    assert len([each for each in news.messages.values() if not each.get("_for")]) == 2


@pytest.mark.asyncio(loop_scope="module")
async def test_a_channel_that_is_closed_is_told_to_the_admin_once(live: Live, one: Place):
    place, alice = one, one.alice
    news = place.new_channel("closed")
    alice.runs("news set", channel=news, source="own")
    await alice.sees("New articles are posted from now on")
    news.denied = SEND
    place.server.gateway.tell("CHANNEL_UPDATE", news.payload(), place.guild)
    alice.runs("corpus add", file=("barges.jsonl", barges(50, 1)))
    await alice.sees("One article added")
    await alice.in_dms().sees("I can't post new articles in", within=PATIENCE_S)
    alice.runs("news list")
    await alice.sees("⚠️ I may not write there.")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")
async def test_killed_again_and_again_nothing_is_posted_twice_and_nothing_is_lost(
    server: Server, fed_folder: Path, tmp_path: Path
):
    shutil.copytree(fed_folder, tmp_path / "run" / "data")
    place = make_place(server)
    place.loses_the_bot()
    place.guild.system_channel = place.channel.id
    news = server.world.new_channel(0, guild=place.guild, name="news")
    async with process(server, tmp_path / "run") as bot:
        await bot.start()
        await bot.is_up(within=PATIENCE_S)
        await server.until(lambda: "servers recorded" in bot.told(), "the servers that there are", within=PATIENCE_S)
        place.gets_the_bot()
        await place.bob.sees("Hello! I answer questions", within=PATIENCE_S)
        place.alice.runs("news set", channel=news, source="own", most=60)
        await place.alice.sees("New articles are posted", within=PATIENCE_S)
        first = 1
        for fault in ("slow", "cut after", "slow after", "cut before"):
            place.alice.runs("corpus add", file=(f"{first}.jsonl", barges(first, 3)))
            await place.alice.sees("3 articles added", within=PATIENCE_S)
            first += 3
            server.faults.add(f"POST /channels/{news.id}/messages", fault, 1.0)
            await server.until(lambda: server.faults.are_over, f"a message on its way: {fault}", within=PATIENCE_S)
            await asyncio.sleep(0.1)
            bot.signal(signal.SIGKILL)
            assert await bot.ends() == -signal.SIGKILL
            # Discord forgets the numbers of messages after some minutes.
            server.clock.advance(600)
            server.forgets_nonces()
            await bot.start()
            await bot.is_up(within=PATIENCE_S)
        wanted = {f"Barge number {number} sails" for number in range(1, first)}
        await server.until(lambda: wanted <= titles(news), "every article", within=PATIENCE_S)
        await asyncio.sleep(1.0)
    found = [title for text in texts(news) for title in wanted if f"[{title}]" in text]
    assert sorted(found) == sorted(wanted)
    assert sum("Hello! I answer questions" in text for text in texts(place.channel)) == 1


def titles(channel: Channel) -> set[str]:
    written = "\n".join(texts(channel))
    return {title for number in range(1, 99) if f"[{(title := f'Barge number {number} sails')}]" in written}
