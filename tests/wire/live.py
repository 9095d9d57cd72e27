"""A Discord with the bot connected to it, which the stories of a file share; every story has servers of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.discord.bot import AttacheBot
from bot.settings import Settings
from tests.feeds import Paper, newspaper, story
from tests.wire.live_bot import connected
from tests.wire.server import Server
from tests.wire.short_waits import SHORTER
from tests.wire.tls import Certificates
from tests.wire.world import User

# Codes that no well-made client provokes, whatever happens around it.
NEVER = (50035, 50006, 50109, 50005, 40060)


@dataclass(frozen=True)
class Live:
    """What the stories of a file share.

    Attributes:
        server: the Discord.
        bot: connected to it, all its shards ready.
        settings: those of the bot.
        operator: somebody whom the settings name as one.
        paper: a newspaper with feeds that the bot may read.
    """

    server: Server
    bot: AttacheBot
    settings: Settings
    operator: User
    paper: Paper


@asynccontextmanager
async def start_live(certificates: Certificates, data: Path, shards: int) -> AsyncIterator[Live]:
    """Connects the bot with so many shards, over a data folder that the stories may change."""
    server = Server(certificates)
    server.buckets.shorten(SHORTER)
    operator = server.world.new_user("olga")
    await server.start()
    with newspaper() as paper:
        paper.stories += [story(number) for number in range(2)]
        host = f"127.0.0.1:{paper.site.port}"
        paper.url = lambda path="/feed": f"http://{host}{path}"  # type: ignore[method-assign]
        settings = Settings.load(
            None, data_dir=data, operators=(operator.id,), allowed_hosts=host, feed_delay_s=0.0, feeds_per_server=9
        )
        async with connected(server, settings, shards=shards) as bot:
            yield Live(server, bot, settings, operator, paper)
    await server.stop()


def check(server: Server, since: float = 0.0) -> None:
    """Fails where the client did what Discord does not take, since a moment of the monotonic clock."""
    assert not server.problems, server.problems
    wrong = [
        call for call in server.calls if call.at >= since and call.code in NEVER and call.code not in server.expected
    ]
    assert not wrong, wrong
