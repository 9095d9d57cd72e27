"""`attache bot` killed in the middle of its work and started again: nothing twice, and a corpus that is whole."""

import asyncio
import json
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.process import Process, process
from tests.wire.script import make_place
from tests.wire.server import Server

pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux"), pytest.mark.slow]

# Seconds for what the real model has to do on a machine that has other work, too.
PATIENCE_S = 120.0
MANY = 400


@pytest.fixture
def folder(fed_by_real_model: Path, tmp_path: Path) -> Path:
    shutil.copytree(fed_by_real_model, tmp_path / "run" / "data")
    return tmp_path / "run"


def many_articles() -> bytes:
    """Enough to be at work for some seconds."""
    kinds = ("timber", "copper", "salt", "wool", "grain", "marble", "amber")
    return "\n".join(
        json.dumps(
            {
                "title": f"Freight train {number}",
                "url": f"https://news.example/train-{number}",
                "date": "2024-03-01",
                "body": f"Freight train {number} left Velden with {number * 7} tonnes of {kinds[number % 7]} on board.",
            }
        )
        for number in range(1, MANY + 1)
    ).encode()


async def die(bot: Process, server: Server) -> None:
    """Ends it at once; Discord sees its connections break."""
    bot.signal(signal.SIGKILL)
    assert await bot.ends() == -signal.SIGKILL
    server.clock.advance(6)


@pytest.mark.parametrize("is_on_its_way", [True, False])
async def test_in_mid_answer_nothing_is_answered_twice(server: Server, folder: Path, is_on_its_way: bool):
    place = make_place(server)
    async with process(server, folder, model="real") as bot:
        await bot.start()
        await bot.is_up(within=PATIENCE_S)
        place.bob.runs("ask", question=QUESTION)
        old = await place.bob.sees(ANSWER, within=PATIENCE_S)
        server.faults.add("POST /channels/*/messages", "slow", 1.0)
        asked = place.bob.asks(QUESTION)
        if is_on_its_way:
            await server.until(lambda: server.faults.are_over, "an answer on its way", within=PATIENCE_S)
        await die(bot, server)
        await bot.start()
        await bot.is_up(within=PATIENCE_S)
        place.bob.presses("uote", old)
        await place.bob.sees(ANSWER, within=PATIENCE_S)
        again = place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER, within=PATIENCE_S)
        # What was being sent arrives; what was not dies with the process, and a new session is told nothing of it.
        await server.until(lambda: len(place.bob.replies_to(asked)) == is_on_its_way, "what was on its way")
        assert [len(place.bob.replies_to(each)) for each in (asked, again)] == [int(is_on_its_way), 1]


@pytest.mark.parametrize("is_deleted", [False, True], ids=["edit", "delete"])
async def test_in_mid_edit_and_in_mid_delete_there_is_one_answer_or_none(
    server: Server, folder: Path, is_deleted: bool
):
    place = make_place(server)
    async with process(server, folder, model="real") as bot:
        await bot.start()
        await bot.is_up(within=PATIENCE_S)
        asked = place.bob.asks("What did Borduria's army say about the rockets?")
        before = await place.bob.sees(within=PATIENCE_S)
        server.faults.add(
            "DELETE /channels/*/messages/*" if is_deleted else "PATCH /channels/*/messages/*", "slow", 9.0
        )
        if is_deleted:
            place.bob.deletes(asked)
        else:
            place.bob.edits(asked, f"<@{server.world.bot.id}> {QUESTION}")
        await server.until(lambda: server.faults.are_over, "a change on its way", within=PATIENCE_S)
        await die(bot, server)
        await bot.start()
        await bot.is_up(within=PATIENCE_S)
        if is_deleted:
            await server.until(lambda: before not in place.bob.visible(), "no answer", within=PATIENCE_S)
        else:
            assert (await place.bob.sees(ANSWER, within=PATIENCE_S))["id"] == before["id"]
        assert len(place.bob.replies_to(asked)) == (not is_deleted)


@pytest.mark.parametrize("after_s", [0.0, 0.7, 2.0])
async def test_in_mid_work_on_the_corpus_it_stays_whole(server: Server, folder: Path, after_s: float):
    place = make_place(server)
    async with process(server, folder, model="real") as bot:
        await bot.start()
        await bot.is_up(within=PATIENCE_S)
        for command, options in (
            ("corpus add", {"file": ("trains.jsonl", many_articles())}),
            ("corpus reindex", {"full": True}),
        ):
            shake = place.alice.runs(command, **options)
            await server.until(lambda shake=shake: shake.reply_kind, "an acknowledgement", within=PATIENCE_S)
            await asyncio.sleep(after_s)
            await die(bot, server)
            await check(bot)
            await bot.start()
            await bot.is_up(within=PATIENCE_S)
            place.bob.asks(QUESTION)
            await place.bob.sees(ANSWER, within=PATIENCE_S)
        place.alice.runs("corpus add", file=("trains.jsonl", many_articles()))
        await place.alice.sees("Import finished", within=PATIENCE_S)
        place.bob.asks(f"What did freight train {MANY} leave Velden with?")
        await place.bob.sees(f"{MANY * 7} tonnes", within=PATIENCE_S)
        await check(bot)


async def check(bot: Process) -> None:
    """The data folder, as its operator would: what was stored and has no vector yet gets it, and all is well."""
    for options in (("--repair",), ()):
        code, told = await bot.runs("doctor", *options, within=PATIENCE_S)
    assert code == 0, told
