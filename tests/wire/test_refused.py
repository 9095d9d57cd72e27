"""What Discord refuses at the start: told in a sentence, or done without."""

import pytest

from bot.discord import running
from bot.operations.metrics import Metrics
from bot.operations.notifying import Notifier
from bot.service import Attache
from bot.settings import BadSettings, Settings
from corpus.errors import AttacheError
from tests.fakes import HashingEmbedder
from tests.wire.running import ANSWER, QUESTION, connected
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


async def test_a_connection_that_is_ended_for_good_is_told(server: Server, start):
    make_place(server)
    # A shard that there is not: discord.com/developers/docs/topics/opcodes-and-status-codes.
    server.gateway._refusal = lambda *_given: 4010
    with pytest.raises(AttacheError, match="code 4010"):
        await start()


async def test_commands_that_discord_refuses_stop_nobody_from_asking(server: Server, settings: Settings):
    place = make_place(server)
    server.faults.add("PUT /applications/*/commands", "status", 400)
    async with connected(server, settings):
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
