"""Runs the bot as a process: signals, patience with what is under way, and a clean end."""

import asyncio
import contextlib
import signal

import aiohttp
import discord

from bot.discord.client import AttacheClient
from bot.discord.desk import Desk
from bot.service import Attache
from bot.settings import BadSettings, Settings
from corpus.errors import AttacheError

# Seconds that questions under way may take after a request to stop; service managers kill after 30 or more.
PATIENCE_S = 20.0
_TOKEN_HINT = "Put the bot's token into ATTACHE_DISCORD_TOKEN in .env; docs/discord.md tells how to get one."  # noqa: S105 - a sentence, not a secret


def read_token(settings: Settings) -> str:
    """The bot's token.

    Raises:
        BadSettings: there is none, or it does not look like one.
    """
    token = settings.discord_token.get_secret_value().strip()
    if not token:
        raise BadSettings("No Discord token is set.", _TOKEN_HINT)
    # Three parts, dot-separated: the application's id, a time, a signature (discord.com/developers/docs/reference).
    if token.count(".") != 2 or any(char.isspace() for char in token):
        raise BadSettings("ATTACHE_DISCORD_TOKEN does not look like a bot token.", _TOKEN_HINT)
    return token


async def command_names(settings: Settings, attache: Attache) -> list[str]:
    """The slash commands, as the bot would offer them; connects to nothing."""
    client = AttacheClient(Desk(attache), settings.data_dir)
    return [f"/{command.name}" for command in client.tree.get_commands()]


async def run_bot(settings: Settings, attache: Attache) -> None:
    """Connects and answers until SIGTERM or SIGINT, then finishes what is under way.

    Raises:
        BadSettings: Discord does not accept the token.
    """
    token = read_token(settings)
    desk = Desk(attache)
    await desk.warm_up()
    client = AttacheClient(desk, settings.data_dir)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no signal handlers on the loop; Ctrl-C ends it there as an exception.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    running = asyncio.create_task(client.start(token))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
    except discord.LoginFailure as error:
        raise BadSettings("Discord does not accept the bot's token.", _TOKEN_HINT) from error
    except (aiohttp.ClientError, OSError) as error:
        raise AttacheError(
            f"Discord can't be reached ({error}).", "Check the network, then start the bot again."
        ) from error
    finally:
        stopping.cancel()
        await desk.close(PATIENCE_S)
        await client.close()
        await asyncio.gather(running, stopping, return_exceptions=True)
