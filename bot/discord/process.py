"""Runs the bot as a process: token, parts, signals, patience with what is under way, and a clean end."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable

import aiohttp
import structlog

from bot.discord.bot import AttacheBot
from bot.discord.cogs import FEATURES
from bot.discord.monitor import Operating, operating
from bot.discord.single_instance import alone
from bot.discord.transport.connection_errors import TOKEN_HINT, discord_failures
from bot.discord.workers.answer_queue import Desk
from bot.discord.workers.corpus_reader import Shelves
from bot.discord.workers.jobs import Jobs
from bot.ops.metrics import Metrics
from bot.ops.service_manager import Notifier
from bot.records.records import Records
from bot.service.attache import Attache
from bot.settings import BadSettings, Settings

log = structlog.get_logger(__name__)

# Seconds that replies and work under way may take after a request to stop; those who wait longer are told so.
PATIENCE_S = 15.0
# Seconds for all of that, apologies included; then what is still in its step is left behind.
CLOSING_S = 17.0
# Seconds for the connection and the files after that. With the second that a thread may linger it makes less than 20;
# service managers kill after 30 or more.
DISCONNECTING_S = 1.5


def read_token(settings: Settings) -> str:
    """The bot's token, from the environment or from the file that the settings name.

    Raises:
        BadSettings: there is none, or it does not look like one.
    """
    token = settings.discord_token.get_secret_value().strip()
    if not token and settings.discord_token_file is not None:
        try:
            token = settings.discord_token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettings(
                f"The token file {settings.discord_token_file} can't be read.", "Check the path and its permissions."
            ) from error
    if not token:
        raise BadSettings("No Discord token is set.", TOKEN_HINT)
    # Three parts, dot-separated: the application's id, a time, a signature (discord.com/developers/docs/reference).
    if token.count(".") != 2 or any(char.isspace() for char in token):
        raise BadSettings("ATTACHE_DISCORD_TOKEN does not look like a bot token.", TOKEN_HINT)
    return token


def make_bot(
    settings: Settings,
    attache: Attache,
    *,
    metrics: Metrics | None = None,
    connector: aiohttp.BaseConnector | None = None,
    shard_count: int | None = None,
) -> AttacheBot:
    """The bot with all its parts, connected to nothing yet."""
    metrics = metrics or Metrics()
    return AttacheBot(
        settings,
        Desk(attache, metrics),
        Shelves(settings),
        Records(settings.data_dir),
        Jobs(attache.embedder),
        metrics,
        FEATURES,
        connector=connector,
        shard_count=shard_count,
    )


async def command_names(settings: Settings, attache: Attache) -> list[str]:
    """The commands and menus, as the bot would offer them; connects to nothing."""
    async with make_bot(settings, attache) as bot:
        await bot.load_features()
        await bot.commands_digest()
        return [command.qualified_name for command in bot.tree.walk_commands()]


async def sync_commands(settings: Settings, attache: Attache) -> int:
    """Tells Discord the commands now; returns how many.

    Raises:
        BadSettings: Discord does not accept the token.
        AttacheError: Discord can't be reached, or refuses.
    """
    token = read_token(settings)
    async with discord_failures(), make_bot(settings, attache) as bot:
        # Logging in runs `setup_hook`, which syncs only what has changed; this is asked for outright.
        await bot.login(token)
        return await bot.sync_commands()


async def run_bot(
    settings: Settings,
    attache: Attache,
    metrics: Metrics,
    notifier: Notifier,
    *,
    connector: aiohttp.BaseConnector | None = None,
) -> None:
    """Connects and answers until SIGTERM, SIGINT or SIGHUP, then finishes what is under way.

    Args:
        settings: the settings of this process.
        attache: answers the questions.
        metrics: what is counted.
        notifier: tells the service manager how the bot is.
        connector: reaches Discord; None for the ordinary way.

    Raises:
        BadSettings: Discord does not accept the token.
        AttacheError: Discord can't be reached, refuses or ends the connection for good; another bot runs on the data
            folder, or the port for metrics can't be had.
    """
    token = read_token(settings)
    bot = make_bot(settings, attache, metrics=metrics, connector=connector)
    with alone(settings.data_dir):
        await _run(bot, token, notifier)


async def _run(bot: AttacheBot, token: str, notifier: Notifier) -> None:
    stop = _stop_on_signals()
    async with operating(bot, notifier) as watched, bot:
        running = asyncio.create_task(_open_and_start(bot, token, watched))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
        finally:
            stopping.cancel()
            watched.stopping()
            await close_down(bot)
            running.cancel()
            await asyncio.gather(running, stopping, return_exceptions=True)


async def _open_and_start(bot: AttacheBot, token: str, watched: Operating) -> None:
    await bot.desk.warm_up()
    watched.opened()
    async with discord_failures():
        await bot.start(token)


def _stop_on_signals() -> asyncio.Event:
    """Set as soon as a signal asks the bot to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _stopping_signals():
        # Windows has no signal handlers on the loop; Ctrl-C ends it there as an exception.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop


def _stopping_signals() -> list[signal.Signals]:
    """Those that ask the bot to stop: also SIGHUP, when its terminal goes, unless `nohup` has it ignored."""
    hangup = [each for each in signal.Signals if each.name == "SIGHUP" and signal.getsignal(each) is not signal.SIG_IGN]
    return [signal.SIGTERM, signal.SIGINT, *hangup]


async def close_down(
    bot: AttacheBot,
    patience_s: float = PATIENCE_S,
    closing_s: float = CLOSING_S,
    disconnecting_s: float = DISCONNECTING_S,
) -> None:
    """Finishes what is under way or apologises for it, then closes everything, in as many seconds at most."""
    desk = bot.desk.close(patience_s, bot.pace.behind_s)
    await _within(closing_s, asyncio.gather(desk, bot.jobs.close(patience_s)), "closing")
    await _within(disconnecting_s, bot.close(), "disconnecting")


async def _within(seconds: float, work: Awaitable[object], stage: str) -> None:
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        log.warning("shutdown goes on without waiting longer", stage=stage)
