"""Watched questions over the wire, and a bot that is killed while it tells; tests/discord has the details."""

import asyncio
import json
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from bot.discord.i18n.phrases import phrases_in
from bot.records.watches import add_watch, all_watches
from tests.wire.live import Live
from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.process import process
from tests.wire.script import Place, make_place, text_of
from tests.wire.server import Server

SAY = phrases_in("en").say
PATIENCE_S = 120.0
SPEAKERS = ("Premier Ivo Marn", "General Otto Quist", "Minister Ana Velden", "Senator Ida Rell", "Envoy Max Tolm")


def denial(number: int) -> bytes:
    """An article in which somebody else denies it."""
    body = f"{SPEAKERS[number]} denied on {number + 6} March that Arland had sent rockets to Borduria."
    facts = {
        "title": f"Denial {number}",
        "url": f"https://paper.example/{number}",
        "published_at": f"2024-03-{number + 6:02}",
    }
    return json.dumps({**facts, "publisher": f"Paper {number}", "body": body}).encode()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_member_watches_a_question_is_told_and_stops(live: Live, one: Place):
    alice, bob, bot = one.alice, one.bob, live.bot
    bob.asks(QUESTION)
    answer = await bob.sees(ANSWER)
    bob.presses("🔔 Watch", answer)
    await bob.sees("You watch")
    bob.presses("Tell me in this channel")
    await bob.sees("changes are told in")
    bob.presses("Tell me directly")
    await bob.sees("changes come by direct message")
    bob.runs("watch pace", most=7, quiet="none", zone="Europe/Berlin")
    await bob.sees("At most 7 messages")
    alice.runs("corpus add", file=("denial.jsonl", denial(0)))
    await alice.sees("One article added")
    direct = bob.in_dms()
    await direct.sees(SPEAKERS[0], within=PATIENCE_S)
    direct.presses("What I watch")
    await direct.sees(SAY("watch-title"))

    def more(db: Database) -> None:
        [watch] = all_watches(db)
        db.execute("UPDATE watches SET changed_at = '2024-01-01T00:00:00Z'")
        for number in range(10):
            other = replace(watch, question=f"What about harbour {number}?", changed_at="2124-01-01T00:00:00Z")
            add_watch(db, other, "none", np.zeros(3, dtype=np.float32))

    await bot.records.run(more)
    await direct.sees("Nothing has changed for 90 days", within=PATIENCE_S)
    direct.presses("Go on")
    await direct.sees("I go on")
    direct.presses("Stop watching")
    await direct.sees("Stopped")
    bob.runs("watch list")
    await bob.sees("harbour 0")
    offered = await bob.completes("watch remove", "question", "harbour")
    assert len(offered) == 10
    bob.runs("watch remove", question=offered[0])
    await bob.sees("Stopped")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_long_list_has_pages(live: Live, one: Place):
    bob = one.bob
    bob.asks(QUESTION)
    bob.presses("🔔 Watch", await bob.sees(ANSWER))
    await bob.sees("You watch")

    def more(db: Database) -> None:
        [watch] = [each for each in all_watches(db) if each.user_id == bob.user.id and each.question == QUESTION]
        for number in range(14):
            other = replace(watch, question=f"What about pier {number}?", changed_at="2124-01-01T00:00:00Z")
            add_watch(db, other, "none", np.zeros(3, dtype=np.float32))

    await live.bot.records.run(more)
    bob.runs("watch list")
    first = text_of(await bob.sees(SAY("watch-title")))
    bob.turns("watch-page")
    assert text_of(await bob.sees(SAY("watch-title"))) != first


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")
async def test_killed_again_and_again_each_change_is_told_once(server: Server, fed_folder: Path, tmp_path: Path):
    shutil.copytree(fed_folder, tmp_path / "run" / "data")
    place = make_place(server)
    direct = server.world.dm_with(place.bob.user)
    async with process(server, tmp_path / "run") as bot:
        await bot.start()
        await bot.is_up(within=PATIENCE_S)
        place.bob.runs("watch pace", most=50)
        await place.bob.sees("At most 50", within=PATIENCE_S)
        place.bob.asks(QUESTION)
        place.bob.presses("🔔 Watch", await place.bob.sees(ANSWER, within=PATIENCE_S))
        await place.bob.sees("You watch", within=PATIENCE_S)
        for number, fault in enumerate(("slow", "cut after", "slow after", "cut before")):
            place.alice.runs("corpus add", file=(f"{number}.jsonl", denial(number)))
            await place.alice.sees("One article added", within=PATIENCE_S)
            server.faults.add(f"POST /channels/{direct.id}/messages", fault, 1.0)
            await server.until(lambda: server.faults.are_over, f"a message on its way: {fault}", within=PATIENCE_S)
            await asyncio.sleep(0.1)
            bot.signal(signal.SIGKILL)
            assert await bot.ends() == -signal.SIGKILL
            # Discord forgets the numbers of messages after some minutes.
            server.clock.advance(600)
            server.forgets_nonces()
            await bot.start()
            await bot.is_up(within=PATIENCE_S)
        wanted = SPEAKERS[:4]
        await server.until(lambda: all(each in told(direct) for each in wanted), "every change", within=PATIENCE_S)
        await asyncio.sleep(1.0)
    assert [told(direct).count(f"**{each}**") for each in wanted] == [1, 1, 1, 1]


def told(channel: object) -> str:
    """All that was told in a channel."""
    return "\n".join(map(text_of, channel.messages.values()))
