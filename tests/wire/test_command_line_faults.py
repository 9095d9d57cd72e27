"""`attache bot` where something is wrong around it: settings, Discord's refusals, signals, death, a second one."""

import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.wire.gateway import FORBIDDEN_INTENTS, IDENTIFIES_A_DAY, NEEDS_SHARDS, TIMED_OUT
from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.observers import Port
from tests.wire.process import process
from tests.wire.script import make_place
from tests.wire.server import TOKEN, Server

pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="signals and permissions of Linux"), pytest.mark.slow]


@pytest.fixture
def folder(fed_folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(fed_folder, tmp_path / "run" / "data")
    return tmp_path / "run"


# Settings.


@pytest.mark.parametrize(
    ("settings", "code", "told"),
    [
        ({"discord_token": "a.b.wrong"}, 2, "does not accept the bot's token"),
        ({"discord_token": "wrong"}, 2, "does not look like a bot token"),
        ({"discord_token": ""}, 2, "No Discord token is set"),
        ({"discord_token": "", "discord_token_file": "missing"}, 2, "The token file missing can't be read"),
        ({"message_content": "true"}, 2, "does not let this bot read the content"),
        ({"proxy": "proxy.example"}, 2, "ATTACHE_PROXY can't be used"),
        ({"proxy": "http://127.0.0.1:1"}, 1, "The proxy 127.0.0.1:1 can't be reached"),
    ],
)
async def test_what_is_wrong_with_the_settings_is_said_in_a_sentence(
    server: Server, folder: Path, settings: dict[str, str], code: int, told: str
):
    async with process(server, folder) as bot:
        await bot.start(settings.pop("discord_token", TOKEN), **settings)
        assert await bot.ends() == code, bot.told()
        assert told in bot.told()
        assert "Traceback" not in bot.told()


@pytest.mark.parametrize(
    ("status", "code", "told"), [(407, 2, "refuses the user or password"), (502, 1, "does not lead to Discord")]
)
async def test_a_proxy_that_refuses_is_told_without_its_password(
    server: Server, folder: Path, status: int, code: int, told: str
):
    async with process(server, folder) as bot:
        bot.proxy.status = status
        await bot.start(proxy=f"http://ann:s3cret@{bot.proxy.place}")
        assert await bot.ends() == code, bot.told()
        assert told in bot.told()
        assert "s3cret" not in bot.told()
        for command in ("status", "doctor"):
            assert "s3cret" not in (await bot.runs(command, proxy=f"http://ann:s3cret@{bot.proxy.place}"))[1]


async def test_a_dry_run_connects_to_nothing(server: Server, folder: Path):
    async with process(server, folder) as bot:
        await bot.start(run=("bot", "--dry-run"))
        assert await bot.ends() == 0, bot.told()
        assert "Nothing was sent." in bot.told()
        assert "https://discord.com/oauth2/authorize?client_id=" in bot.told()
        assert bot.proxy.hosts == []
        assert not server.calls


async def test_a_port_that_is_taken_is_told(server: Server, folder: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        async with process(server, folder) as bot:
            await bot.start(metrics_port=number)
            assert await bot.ends() == 1, bot.told()
            assert f"The metrics port {number} on 127.0.0.1 is in use." in bot.told()
    assert not server.calls


@pytest.mark.parametrize("shards", [1, 2, 4])
async def test_discord_says_how_many_shards_there_are(server: Server, folder: Path, shards: int):
    places = [make_place(server, str(number)) for number in range(shards)]
    async with process(server, folder, shards=shards) as bot:
        await bot.start()
        await bot.is_up()
        for place in places:
            place.bob.asks(QUESTION)
            await place.bob.sees(ANSWER)
        assert {each.shard for each in server.gateway.live()} == set(range(shards))


# Signals.


HANGUP = pytest.param(
    signal.SIGHUP,
    marks=pytest.mark.skipif(
        signal.getsignal(signal.SIGHUP) is signal.SIG_IGN, reason="these tests run under nohup, and so does the bot"
    ),
)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, HANGUP])
async def test_a_signal_ends_it_once_what_was_asked_is_answered(server: Server, folder: Path, number: signal.Signals):
    place = make_place(server)
    async with process(server, folder) as bot:
        await bot.start()
        await bot.is_up()
        server.faults.add("POST /channels/*/messages", "slow", 0.5)
        asked = place.bob.asks(QUESTION)
        await server.until(lambda: server.faults.are_over, "an answer on its way")
        bot.signal(number)
        assert await bot.ends() == 0, bot.told()
        assert len(place.bob.replies_to(asked)) == 1
        assert "Traceback" not in bot.told()


async def test_started_by_nohup_it_outlives_its_terminal(server: Server, folder: Path):
    place = make_place(server)
    async with process(server, folder) as bot:
        await bot.start(around=("nohup",))
        await bot.is_up()
        bot.signal(signal.SIGHUP)
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)


# What Discord ends or refuses.


@pytest.mark.parametrize(
    ("close", "code", "told"),
    [
        (4004, 2, "does not accept the bot's token"),
        (NEEDS_SHARDS, 1, "code 4011"),
        (4013, 1, "code 4013"),
        (FORBIDDEN_INTENTS, 2, "does not let this bot read the content"),
    ],
)
async def test_a_connection_that_discord_ends_for_good_ends_the_bot(
    server: Server, folder: Path, close: int, code: int, told: str
):
    async with process(server, folder) as bot:
        await bot.start()
        await bot.is_up()
        await server.gateway.close(close)
        assert await bot.ends() == code, bot.told()
        assert told in bot.told()
        assert "Traceback" not in bot.told()


async def test_a_session_that_timed_out_begins_anew(server: Server, folder: Path):
    place = make_place(server)
    async with process(server, folder) as bot:
        await bot.start()
        await bot.is_up()
        server.clock.advance(6)
        (former,) = server.gateway.live()
        await server.gateway.close(TIMED_OUT)
        former.is_over = True
        await server.until(lambda: len(server.gateway.identified) == 2, "a new session", within=30)
        await bot.is_up()
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)


async def test_without_a_session_left_it_begins_none(server: Server, folder: Path):
    spend(server)
    async with process(server, folder) as bot:
        await bot.start()
        assert await bot.ends() == 1, bot.told()
        assert "Discord lets this bot begin no new session for another 4 hours." in bot.told()
        assert "Traceback" not in bot.told()
    assert server.gateway.closed == []


async def test_when_the_last_session_ends_it_begins_no_other(server: Server, folder: Path):
    async with process(server, folder) as bot:
        await bot.start()
        await bot.is_up()
        spend(server)
        server.gateway.invalidate(resumable=False)
        assert await bot.ends() == 1, bot.told()
        assert "Discord lets this bot begin no new session for another 4 hours." in bot.told()
    assert 4004 not in server.gateway.closed


def spend(server: Server) -> None:
    """Uses up the sessions of the day, a while ago."""
    server.gateway.identified.extend([(server.clock.now() - 60, 0)] * IDENTIFIES_A_DAY)


# The data folder.


async def test_a_second_bot_on_the_same_data_folder_says_so_and_ends(server: Server, folder: Path):
    place = make_place(server)
    async with process(server, folder) as bot:
        await bot.start()
        await bot.is_up()
        code, told = await bot.runs("bot")
        assert code == 1, told
        assert "Another `attache bot` is running on the data folder" in told
        asked = place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        assert len(place.bob.replies_to(asked)) == 1
        assert len(server.gateway.identified) == 1
        # The lock of one that is killed is nobody's.
        bot.signal(signal.SIGKILL)
        await bot.ends()
        server.clock.advance(6)
        await bot.start()
        await bot.is_up()


async def test_a_data_folder_that_may_not_be_written_is_told(server: Server, folder: Path):
    (folder / "data").chmod(0o555)
    async with process(server, folder) as bot:
        # Root may write everywhere, unless that is taken from it.
        await bot.start(around=("setpriv", "--bounding-set=-dac_override"))
        assert await bot.ends() == 1, bot.told()
        assert "data can't be written (Permission denied)." in bot.told()
    (folder / "data").chmod(0o755)
    assert not server.calls


async def test_a_corpus_that_can_not_be_read_makes_it_unready(server: Server, folder: Path):
    port, corpus = Port(), folder / "data" / "corpus.sqlite3"
    async with process(server, folder) as bot:
        await bot.start(metrics_port=str(port.number))
        await bot.is_up()
        await port.becomes("/readyz", 200)
        kept = corpus.rename(corpus.with_suffix(".kept"))
        corpus.write_bytes(b"no database" * 1000)
        # The corpus is looked at once a minute.
        told = await port.becomes("/readyz", 503, within=90)
        assert told["parts"]["index_open"] == "The corpus can't be read."
        assert (await port.get("/healthz"))[0] == 200
        kept.replace(corpus)
        await port.becomes("/readyz", 200, within=90)
