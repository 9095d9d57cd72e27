"""What Discord refuses at the start: told in a sentence, or done without."""

import asyncio

import pytest

from bot.discord import process as running
from bot.ops.metrics import Metrics
from bot.ops.service_manager import Notifier
from bot.service.attache import Attache
from bot.settings import BadSettings, Settings
from corpus.errors import AttacheError
from tests.fakes import HashingEmbedder
from tests.wire.live_bot import ANSWER, QUESTION, connected
from tests.wire.script import make_place
from tests.wire.server import TOKEN, Server


@pytest.fixture
def start(server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch):
    """Runs the bot as its process does, until it ends."""
    settings = settings.model_copy(update={"discord_token": type(settings.discord_token)(TOKEN), "metrics_port": 0})

    async def run() -> None:
        attache = Attache(settings, embedder=HashingEmbedder())
        notifier = Notifier.from_environment({})
        await running.run_bot(settings, attache, Metrics(), notifier, connector=server.connector())

    return run


@pytest.mark.parametrize(
    ("request_", "status", "told"),
    [
        ("GET /users/@me", 403, "refuses the bot's requests \\(status 403\\)"),
        ("GET /gateway/bot", 404, "can't be reached"),
    ],
)
async def test_a_refusal_at_the_start_is_told(server: Server, start, request_: str, status: int, told: str):
    server.faults.add(request_, "status", status)
    with pytest.raises(AttacheError, match=told):
        await start()


async def test_a_token_that_the_gateway_refuses_is_a_wrong_setting(server: Server, start):
    server.gateway._token = "another"
    with pytest.raises(BadSettings, match="token"):
        await start()


# discord.com/developers/docs/topics/opcodes-and-status-codes, "Gateway": what no client comes back from.
FOR_GOOD = [(4004, "token"), (4010, "code 4010"), (4011, "code 4011"), (4013, "code 4013"), (4014, "content")]


@pytest.mark.parametrize(("code", "told"), FOR_GOOD)
async def test_a_connection_that_is_refused_for_good_is_told(server: Server, start, code: int, told: str):
    make_place(server)
    server.gateway._refusal = lambda *_given: code
    with pytest.raises(AttacheError, match=told):
        await start()


@pytest.mark.parametrize(("code", "told"), FOR_GOOD)
async def test_a_connection_that_is_ended_for_good_is_told(server: Server, start, code: int, told: str):
    place = make_place(server)
    running = asyncio.create_task(start())
    await server.until(server.gateway.live, "a session")
    asked = place.bob.asks(QUESTION)
    await place.bob.sees(ANSWER)
    await server.gateway.close(code)
    with pytest.raises(AttacheError, match=told):
        await running
    assert len(place.bob.replies_to(asked)) == 1


async def test_a_stream_that_can_not_be_unpacked_ends_the_process_with_a_sentence(server: Server, start):
    """What manages services starts it again; the library knows no other way."""
    place = make_place(server)
    running = asyncio.create_task(start())
    await server.until(server.gateway.live, "a session")
    place.bob.asks(QUESTION)
    await place.bob.sees(ANSWER)
    (session,) = server.gateway.live()
    await session.link.spoil()
    with pytest.raises(AttacheError, match="can't be read"):
        await running


async def test_commands_that_discord_refuses_stop_nobody_from_asking(server: Server, settings: Settings):
    place = make_place(server)
    server.faults.add("PUT /applications/*/commands", "status", 400)
    async with connected(server, settings):
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
