"""Runs the bot as a process: token, start, signals, and a graceful shutdown."""

import asyncio
import base64
import contextlib
import gc
import signal
from collections.abc import Awaitable

import aiohttp
import structlog

from bot.discord.bot import AttacheBot
from bot.discord.cogs import COGS
from bot.discord.cogs._admin import PERMISSIONS
from bot.discord.monitor import Monitor, monitoring
from bot.discord.transport.connection_errors import TOKEN_HINT, translate_discord_errors
from bot.discord.workers.answer_queue import AnswerQueue
from bot.discord.workers.corpus_reader import CorpusReader
from bot.discord.workers.jobs import Jobs
from bot.ops.metrics import Metrics
from bot.ops.service_manager import Notifier
from bot.processes.answer_pool import AnswerPool
from bot.records.records import Records
from bot.service.attache import Attache
from bot.service.folder_checks import refuse_newer_folder
from bot.service.process_memory import check_answering
from bot.service.single_instance import single_instance
from bot.service.written_answers import make_writer
from bot.settings import BadSettings, Settings
from corpus.worded_dates import load_words

log = structlog.get_logger(__name__)

# Seconds that replies and jobs in progress get after a request to stop.
GRACE_S = 15.0
# Seconds for the above plus the apologies to those still waiting; then whatever still runs is abandoned.
CLOSE_TIMEOUT_S = 17.0
# Seconds to close the connection and files after that. With a worker thread's second the total stays below 20;
# service managers kill after 30 or more.
DISCONNECT_TIMEOUT_S = 1.5
# Stands in the link that adds the bot where its token does not tell the application's id.
UNKNOWN_APPLICATION = "APPLICATION_ID"


def read_token(settings: Settings) -> str:
    """Read the bot's token from the environment, or from the file named in the settings.

    Raises:
        BadSettings: there is no token, or it does not look like one.
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
    # Three parts, dot-separated: application id, timestamp, signature (discord.com/developers/docs/reference).
    if token.count(".") != 2 or any(char.isspace() for char in token):
        raise BadSettings("ATTACHE_DISCORD_TOKEN does not look like a bot token.", TOKEN_HINT)
    return token


def invite_link(settings: Settings) -> str:
    """Return the address that adds the bot to a server, with the permissions that it needs.

    Raises:
        BadSettings: there is no token, or it does not look like one.
    """
    # The first part of a token is the application's id in base64; an application of before 2017 has another one.
    head = read_token(settings).partition(".")[0]
    try:
        decoded = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
    except ValueError:
        decoded = ""
    application = decoded if decoded.isdigit() else UNKNOWN_APPLICATION
    query = f"client_id={application}&scope=bot+applications.commands&permissions={PERMISSIONS.value}"
    return f"https://discord.com/oauth2/authorize?{query}"


def make_bot(
    settings: Settings,
    attache: Attache,
    *,
    metrics: Metrics | None = None,
    connector: aiohttp.BaseConnector | None = None,
    shard_count: int | None = None,
) -> AttacheBot:
    """Build the bot with all its parts, without connecting.

    Raises:
        BadSettings: this system can't answer from as many processes as the settings say.
    """
    metrics = metrics or Metrics()
    check_answering(settings)
    pool = None
    if settings.answering > 1:
        pool = AnswerPool(settings, attache.notify, on_lost=metrics.count_lost_process)
    return AttacheBot(
        settings,
        AnswerQueue(attache, metrics, pool),
        CorpusReader(settings),
        Records(settings.data_dir),
        Jobs(attache.embedder),
        make_writer(settings, metrics),
        metrics,
        COGS,
        connector=connector,
        shard_count=shard_count,
    )


async def command_names(settings: Settings, attache: Attache) -> list[str]:
    """Return the names of the bot's commands and menus, without connecting."""
    async with make_bot(settings, attache) as bot:
        await bot.load_cogs()
        await bot.commands_digest()
        return [command.qualified_name for command in bot.tree.walk_commands()]


async def sync_commands(settings: Settings, attache: Attache) -> int:
    """Upload the commands to Discord now, and return how many there are.

    Raises:
        BadSettings: Discord rejects the token.
        AttacheError: Discord can't be reached, or refuses.
    """
    token = read_token(settings)
    async with translate_discord_errors(), make_bot(settings, attache) as bot:
        # Logging in runs `setup_hook`, which syncs only changed commands; this sync is unconditional.
        await bot.login(token)
        return await bot.sync_commands(await bot.commands_digest())


async def run_bot(
    settings: Settings,
    attache: Attache,
    metrics: Metrics,
    notifier: Notifier,
    *,
    connector: aiohttp.BaseConnector | None = None,
) -> None:
    """Connect and answer until SIGTERM, SIGINT or SIGHUP, then shut down gracefully.

    Args:
        settings: the settings of this process.
        attache: answers the questions.
        metrics: the counters to update.
        notifier: reports the bot's state to the service manager.
        connector: reaches Discord; None for aiohttp's default.

    Raises:
        BadSettings: Discord rejects the token.
        AttacheError: Discord can't be reached, refuses, or ends the connection for good; another bot is running on
            the data folder, or a newer version wrote it; or the port for metrics is taken.
    """
    token = read_token(settings)
    bot = make_bot(settings, attache, metrics=metrics, connector=connector)
    with single_instance(settings.data_dir):
        refuse_newer_folder(settings.data_dir)
        await _run(bot, token, notifier)


async def _run(bot: AttacheBot, token: str, notifier: Notifier) -> None:
    stop = _stop_on_signals()
    async with monitoring(bot, notifier) as monitor, bot:
        running = asyncio.create_task(_warm_up_and_start(bot, token, monitor))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
        finally:
            stopping.cancel()
            monitor.stopping()
            await shut_down(bot)
            running.cancel()
            await asyncio.gather(running, stopping, return_exceptions=True)


async def _warm_up_and_start(bot: AttacheBot, token: str, monitor: Monitor) -> None:
    await bot.answer_queue.warm_up()
    # Now, while nobody waits: a feed or a member may write such a date.
    await asyncio.to_thread(load_words)
    # What was loaded stays: each full collection would hold all threads for a third of a second to visit it.
    gc.collect()
    gc.freeze()
    monitor.warmed_up()
    async with translate_discord_errors():
        await bot.start(token)


def _stop_on_signals() -> asyncio.Event:
    """Return an event that is set when a signal asks the process to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # SIGHUP comes when the terminal closes; `nohup` has it ignored, and Windows does not have it.
    hangup = [each for each in signal.Signals if each.name == "SIGHUP" and signal.getsignal(each) is not signal.SIG_IGN]
    for number in (signal.SIGTERM, signal.SIGINT, *hangup):
        # Windows has no signal handlers on the loop; Ctrl-C raises an exception there.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop


async def shut_down(
    bot: AttacheBot,
    grace_s: float = GRACE_S,
    close_timeout_s: float = CLOSE_TIMEOUT_S,
    disconnect_timeout_s: float = DISCONNECT_TIMEOUT_S,
) -> None:
    """Finish the work in progress or apologise for it, then close everything, each within its time limit."""
    queue = bot.answer_queue.close(grace_s, bot.rate_limiter.delay_s)
    await _within(close_timeout_s, asyncio.gather(queue, bot.jobs.close(grace_s)), "closing")
    await _within(disconnect_timeout_s, bot.close(), "disconnecting")


async def _within(seconds: float, work: Awaitable[object], stage: str) -> None:
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        log.warning("shutdown timed out", stage=stage)
