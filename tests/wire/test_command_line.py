"""`attache` as it is installed, from its first line to its last, driven from outside only."""

import asyncio
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.wire.live_bot import ANSWER, BRIDGE, BRIDGE_ANSWER, BRIDGE_QUESTION, QUESTION
from tests.wire.observers import Manager, Port
from tests.wire.process import Process, process
from tests.wire.script import Place, make_place
from tests.wire.server import TOKEN, Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and sockets of Linux")

WATCHDOG_S = 9.0
# Seconds for an answer or an addition by the real model on a machine that has other work, too.
PATIENCE_S = 60.0


@pytest.fixture
def folder(fed_by_real_model: Path, tmp_path: Path) -> Path:
    shutil.copytree(fed_by_real_model, tmp_path / "run" / "data")
    return tmp_path / "run"


async def test_a_day_of_the_command(server: Server, folder: Path):
    """Started by a service manager behind a proxy, watched, asked, fed, cut off, and told to stop in mid-answer."""
    place, port = make_place(server), Port()
    (folder / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    with Manager(folder) as manager:
        async with process(server, folder, shards=2, model="real") as bot:
            bot.proxy.credentials = "ann:s3cret@x"
            settings = {
                "proxy": f"http://ann:s3cret%40x@{bot.proxy.place}",
                "discord_token_file": str(folder / "token"),
            }
            await bot.start("", environment=manager.environment(WATCHDOG_S), metrics_port=str(port.number), **settings)
            await opens(bot, port, manager)
            await serves(bot, place, settings)
            await is_cut_off(server, bot, place, port)
            await manager.hears("WATCHDOG=1", within=WATCHDOG_S)
            await stops_in_mid_answer(server, bot, place, manager)
            assert {"discord.com", "gateway.discord.gg", "gateway-loop.discord.gg"} <= set(bot.proxy.hosts)
            for unwanted in ("s3cret", "Basic ", TOKEN, "Traceback"):
                assert unwanted not in bot.told()


async def opens(bot: Process, port: Port, manager: Manager) -> None:
    """It is alive before it is ready, and says when it is."""
    ready = asyncio.create_task(manager.hears("READY=1"))
    assert (await port.becomes("/healthz", 200))["alive"]
    told = await port.becomes("/readyz", 503)
    assert told["parts"]["shards"] == "Discord is not connected yet."
    await ready
    await bot.is_up()
    assert (await port.becomes("/readyz", 200))["ready"]
    status, metrics = await port.get("/metrics")
    assert (status, "attache_discord_shards_ready 2.0" in metrics) == (200, True)


async def serves(bot: Process, place: Place, settings: dict[str, str]) -> None:
    """Members ask, an admin feeds and reindexes, and the operator syncs the commands beside it."""
    place.bob.asks(QUESTION)
    await place.bob.sees(ANSWER, within=PATIENCE_S)
    place.alice.runs("corpus add", file=BRIDGE)
    await place.alice.sees("One article added", within=PATIENCE_S)
    place.alice.runs("corpus reindex")
    await place.alice.sees("up to date", within=PATIENCE_S)
    place.bob.asks(BRIDGE_QUESTION)
    await place.bob.sees(BRIDGE_ANSWER, within=PATIENCE_S)
    code, told = await bot.runs("sync", **settings)
    assert (code, told.startswith("Registered ")) == (0, True), told


async def is_cut_off(server: Server, bot: Process, place: Place, port: Port) -> None:
    """While the proxy leads nowhere it is alive but not ready; then it resumes, and has missed nothing."""
    bot.proxy.status = 503
    server.gateway.cut()
    told = await port.becomes("/readyz", 503)
    assert "of 2 shards are ready." in told["parts"]["shards"]
    assert (await port.get("/healthz"))[0] == 200
    place.bob.asks(QUESTION)
    bot.proxy.status = 0
    await place.bob.sees(ANSWER, within=PATIENCE_S)
    await port.becomes("/readyz", 200)
    assert len(server.gateway.identified) == 2


async def stops_in_mid_answer(server: Server, bot: Process, place: Place, manager: Manager) -> None:
    """What was asked is answered once, and the manager knows why it takes a moment."""
    server.faults.add("POST /channels/*/messages", "slow", 0.5)
    asked = place.bob.asks(QUESTION)
    await server.until(lambda: server.faults.are_over, "an answer on its way")
    stopping = asyncio.create_task(manager.hears("STOPPING=1"))
    bot.signal(signal.SIGTERM)
    await stopping
    bot.signal(signal.SIGTERM)
    assert await bot.ends() == 0, bot.told()
    assert [ANSWER in str(reply) for reply in place.bob.replies_to(asked)] == [True]
