"""Briefs over the wire, and a bot that is killed while it posts them; tests/discord has the details."""

import asyncio
import json
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.discord.i18n.phrases import phrases_in
from bot.records.records import RECORDS_NAME
from tests.wire.live import Live
from tests.wire.process import process
from tests.wire.script import Place, make_place, text_of
from tests.wire.server import Server
from tests.wire.world import Channel

SAY = phrases_in("en").say
PATIENCE_S = 120.0
# As if the last brief had been days ago.
DUE = "UPDATE brief_rules SET last_day = '2024-01-01'"
TOWNS = ("Rell", "Velden", "Quist", "Ostrava", "Brandt", "Tolm")


def ferries(first: int, count: int) -> bytes:
    """Articles that no two are alike, as a file."""
    rows = [
        {
            "title": f"Ferry {number} leaves {TOWNS[number % 6]}",
            "publisher": f"Paper {number}",
            "url": f"https://paper-{number}.example/{'far-' * 50}",
            "body": " ".join(f"{TOWNS[number % 6]}{number}x{word}" for word in range(28)) + ".",
        }
        for number in range(first, first + count)
    ]
    return "\n".join(map(json.dumps, rows)).encode()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_brief_is_shown_posted_opened_and_stopped(live: Live, one: Place):
    alice, bob = one.alice, one.bob
    news = one.new_channel("briefs")
    alice.runs("briefs set", channel=news, time="6:30", day="Monday", empty=True)
    await alice.sees("on Mondays at 06:30 (UTC)")
    alice.runs("corpus add", file=("ferries.jsonl", ferries(1, 6)))
    await alice.sees("6 articles added")
    bob.runs("brief", days=1)
    first = text_of(await bob.sees(SAY("brief-title")))
    bob.turns("brief-page")
    assert text_of(await bob.sees("Ferry")) != first
    await live.bot.records.run(lambda db: db.execute(DUE))
    reader = bob.at(news)
    await reader.sees("6 new articles", within=PATIENCE_S)
    reader.presses("Show all of it")
    await reader.sees(SAY("brief-stories"))
    alice.runs("briefs list")
    await alice.sees("on Mondays at 06:30 (UTC)")
    (rule,) = await alice.completes("briefs stop", "rule", "briefs")
    alice.runs("briefs stop", rule=rule)
    await alice.sees("Stopped.")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")
async def test_killed_again_and_again_each_brief_is_posted_once(server: Server, fed_folder: Path, tmp_path: Path):
    shutil.copytree(fed_folder, tmp_path / "run" / "data")
    place = make_place(server)
    news = place.new_channel("briefs")
    async with process(server, tmp_path / "run") as bot:
        await bot.start()
        await bot.is_up(within=PATIENCE_S)
        place.alice.runs("briefs set", channel=news)
        await place.alice.sees("The next brief tells", within=PATIENCE_S)
        first = 1
        for fault in ("slow", "cut after", "slow after", "cut before"):
            place.alice.runs("corpus add", file=(f"{first}.jsonl", ferries(first, 2)))
            await place.alice.sees("2 articles added", within=PATIENCE_S)
            first += 2
            server.faults.add(f"POST /channels/{news.id}/messages", fault, 1.0)
            make_due(tmp_path / "run" / "data")
            await server.until(lambda: server.faults.are_over, f"a message on its way: {fault}", within=PATIENCE_S)
            await asyncio.sleep(0.1)
            bot.signal(signal.SIGKILL)
            assert await bot.ends() == -signal.SIGKILL
            # Discord forgets the numbers of messages after some minutes.
            server.clock.advance(600)
            server.forgets_nonces()
            await bot.start()
            await bot.is_up(within=PATIENCE_S)
        wanted = [f"Ferry {number} leaves" for number in range(1, first)]
        await server.until(lambda: all(each in written(news) for each in wanted), "every brief", within=PATIENCE_S)
        await asyncio.sleep(1.0)
    titles = [text_of(each).count(SAY("brief-title")) for each in news.messages.values()]
    assert titles == [1] * 4
    assert all(written(news).count(f"**{each}") == 1 for each in wanted)


def make_due(folder: Path) -> None:
    with closing(sqlite3.connect(folder / RECORDS_NAME, timeout=10.0)) as db, db:
        db.execute(DUE)


def written(channel: Channel) -> str:
    return "\n".join(map(text_of, channel.messages.values()))
