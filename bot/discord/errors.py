"""One table from what went wrong to the sentence that people are told; the log gets the rest."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.retry import CLOSED_PLACE, REQUEST_FAILURES
from bot.discord.views.escape import escape
from bot.discord.workers.answer_queue import DeskBusy, DeskClosed
from bot.discord.workers.jobs import JobCancelled, JobRunning
from corpus.errors import AttacheError, CorpusBusy, StorageFailure
from index.errors import DamagedGeneration, ModelUnavailable

log = structlog.get_logger(__name__)

# discord.com/developers/docs/topics/opcodes-and-status-codes: unknown message, unknown webhook, unknown interaction,
# already acknowledged, token expired. Whoever asked is gone, or has been answered; or the place is.
TOO_LATE = frozenset((10008, 10015, 10062, 40060, 50027)) | CLOSED_PLACE
_TOO_MANY_REQUESTS = 429


class NotAllowed(AttacheError):
    """Somebody tried what only others may do."""


class TooFast(AttacheError):
    """Somebody asks more often than the server allows.

    Args:
        wait_s: seconds until the next question is taken.
        whole_server: whether all members together were too fast.
    """

    def __init__(self, wait_s: float, *, whole_server: bool) -> None:
        super().__init__("Too many questions.", f"Ask again in {wait_s:.0f} seconds.")
        self.wait_s = wait_s
        self.whole_server = whole_server


class BotAbsent(AttacheError):
    """A server has the commands but not the bot, and so can have no settings and articles of its own.

    Args:
        link: adds the bot to the server.
    """

    def __init__(self, link: str) -> None:
        super().__init__("The bot is no member of this server.", f"Add it: {link}")
        self.link = link


class Gone(AttacheError):
    """A button's answer is no longer kept."""


# The first that fits decides; what stands here with None tells its own sentence.
_TABLE: tuple[tuple[type[Exception], str | None], ...] = (
    (NotAllowed, "failure-not-allowed"),
    (Gone, "failure-gone"),
    (DeskBusy, "failure-busy"),
    (DeskClosed, "failure-closing"),
    (JobCancelled, "job-cancelled"),
    (StorageFailure, "failure-storage"),
    (CorpusBusy, "failure-corpus-busy"),
    (DamagedGeneration, "failure-storage"),
    (ModelUnavailable, "failure-storage"),
    (app_commands.MissingPermissions, "failure-not-allowed"),
    (app_commands.NoPrivateMessage, "failure-server-only"),
    (app_commands.CommandNotFound, "failure-old-command"),
    (app_commands.CommandSignatureMismatch, "failure-old-command"),
    (app_commands.TransformerError, "failure-bad-option"),
    (app_commands.CheckFailure, "failure-not-allowed"),
    (discord.Forbidden, "failure-forbidden"),
    (discord.DiscordServerError, "failure-discord"),
    (aiohttp.ClientError, "failure-discord"),
    (AttacheError, None),
)


def is_too_late(error: BaseException) -> bool:
    """Whether nobody waits for this reply any more."""
    cause = getattr(error, "original", error)
    return isinstance(cause, discord.HTTPException) and cause.code in TOO_LATE


def sentence(error: Exception, phrases: Phrases) -> str:
    """What people are told; a failure that nobody thought of is logged with an incident id."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, TooFast):
        key = "failure-server-too-fast" if cause.whole_server else "failure-too-fast"
        return phrases.say(key, seconds=max(1, round(cause.wait_s)))
    if isinstance(cause, BotAbsent):
        return phrases.say("failure-bot-absent", link=f"<{cause.link}>")
    if isinstance(cause, JobRunning):
        return _running(cause, phrases)
    if isinstance(cause, discord.HTTPException) and cause.status == _TOO_MANY_REQUESTS:
        log.warning("Discord takes no more requests")
        return phrases.say("failure-discord")
    for kind, told in _TABLE:
        if isinstance(cause, kind):
            # The type alone: messages may hold what somebody wrote, and what people write is not logged.
            log.info("request failed", failure=type(cause).__name__)
            if isinstance(cause, StorageFailure):
                log.error("storage failure", reason=cause.message)
            return phrases.say(told) if told else escape(str(cause))
    incident = secrets.token_hex(4)
    log.error("incident", incident=incident, exc_info=cause)
    return phrases.say("failure-incident", incident=incident)


def _running(running: JobRunning, phrases: Phrases) -> str:
    """Who runs what and how far it is; of another server's work only how far."""
    job, percent = running.job, f"{running.job.progress.share:.0%}"
    if not running.same_server:
        return phrases.say("job-running-elsewhere", percent=percent)
    return phrases.say(
        "job-running-here", who=f"<@{job.user_id}>", what=phrases.say(f"job-{job.kind}"), percent=percent
    )


@asynccontextmanager
async def reporting(
    show: Callable[[str], Awaitable[object]],
    phrases: Phrases,
    is_told: Callable[[Exception], bool] = lambda _failure: True,
) -> AsyncIterator[None]:
    """Turns whatever fails inside into one sentence that is shown; what comes too late is only logged.

    Args:
        show: shows the sentence.
        phrases: the words for it.
        is_told: whether a failure is shown, rather than only logged.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the border to people: every failure ends in a sentence
        if is_too_late(error):
            log.info("too late", code=getattr(error, "code", None))
            return
        told = sentence(error, phrases)
        if not is_told(error):
            log.info("not told", failure=type(error).__name__)
            return
        try:
            await show(told)
        except REQUEST_FAILURES as unsent:
            log.warning(
                "a failure could not be told", failure=type(unsent).__name__, code=getattr(unsent, "code", None)
            )
