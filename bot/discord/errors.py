"""Maps every error to the sentence that people see; the log gets the details."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.discord.i18n.phrases import Phrases
from bot.discord.i18n.reason_texts import explain
from bot.discord.transport.page import QuestionGone
from bot.discord.transport.retry import CLOSED_CHANNEL_CODES, REQUEST_ERRORS
from bot.discord.views.escape import escape
from bot.discord.workers.answer_queue import QueueFull, ShuttingDown
from bot.discord.workers.jobs import JobCancelled, JobRunning
from bot.processes.answer_process import Unanswered
from bot.processes.nursery import CannotFork
from bot.records.channel_settings import ChannelSettings
from bot.records.server_settings import BadSetting, ServerSettings, UnknownSetting
from corpus.errors import AttacheError, BadInput, CorpusBusy, StorageFailure
from index.errors import DamagedGeneration, IndexUnreachable, ModelUnavailable

log = structlog.get_logger(__name__)

# discord.com/developers/docs/topics/opcodes-and-status-codes: unknown message, unknown webhook, unknown interaction,
# already acknowledged, token expired. The asker has gone or has an answer already, or the channel is closed.
TOO_LATE_CODES = frozenset((10008, 10015, 10062, 40060, 50027)) | CLOSED_CHANNEL_CODES


class NotAllowed(AttacheError):
    """The user may not do this.

    Args:
        phrase: the phrase `failure-PHRASE` says who may.
    """

    def __init__(self, phrase: str = "not-allowed") -> None:
        super().__init__("That is not allowed.", "Ask somebody who may do it.")
        self.phrase = f"failure-{phrase}"


class Refused(BadInput):
    """The input is refused with one of our phrases, in the user's language and with escaped values."""


class OnCooldown(AttacheError):
    """Questions come more often than the server allows.

    Args:
        wait_s: seconds until the next question is accepted.
        whole_server: whether the limit of the server was reached, rather than the member's own.
    """

    def __init__(self, wait_s: float, *, whole_server: bool) -> None:
        super().__init__("Too many questions.", f"Ask again in {wait_s:.0f} seconds.")
        self.wait_s = wait_s
        self.whole_server = whole_server


class BotNotInstalled(AttacheError):
    """A server has the commands but not the bot, so it can have no settings or articles of its own.

    Args:
        link: adds the bot to the server.
    """

    def __init__(self, link: str) -> None:
        super().__init__("The bot isn't a member of this server.", f"Add it: {link}")
        self.link = link


class Expired(AttacheError):
    """The record that a button needs has been deleted."""


# The first match wins; None shows the error's own message.
_PHRASES: tuple[tuple[type[Exception], str | None], ...] = (
    # It has a phrase of its own.
    (NotAllowed, None),
    (Expired, "failure-gone"),
    (QueueFull, "failure-busy"),
    (ShuttingDown, "failure-closing"),
    (Unanswered, "failure-unanswered"),
    (CannotFork, "failure-unanswered"),
    (JobCancelled, "job-cancelled"),
    (StorageFailure, "failure-storage"),
    (CorpusBusy, "failure-corpus-busy"),
    (DamagedGeneration, "failure-storage"),
    (ModelUnavailable, "failure-storage"),
    (IndexUnreachable, "failure-storage"),
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
    """Return whether nobody is waiting for this reply any more."""
    cause = getattr(error, "original", error)
    return isinstance(cause, QuestionGone) or (
        isinstance(cause, discord.HTTPException) and cause.code in TOO_LATE_CODES
    )


def error_text(error: Exception, phrases: Phrases) -> str:
    """Return the sentence to show for an error; log an unexpected one with an incident id."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if (told := _text_with_values(cause, phrases)) is not None:
        return told
    if isinstance(cause, discord.HTTPException) and cause.status == 429:
        log.warning("rate limited by Discord")
        return phrases.say("failure-discord")
    for kind, phrase in _PHRASES:
        if isinstance(cause, kind):
            # Only the type: messages may quote a user, and what users write is not logged.
            log.info("request failed", failure=type(cause).__name__)
            if isinstance(cause, StorageFailure):
                log.error("storage failure", reason=cause.message)
            told = cause.phrase if isinstance(cause, NotAllowed) else phrase
            if told:
                return phrases.say(told)
            return str(cause) if isinstance(cause, Refused) else escape(_explained(cause, phrases))
    incident = secrets.token_hex(4)
    log.error("incident", incident=incident, exc_info=cause)
    return phrases.say("failure-incident", incident=incident)


def _explained(error: Exception, phrases: Phrases) -> str:
    """Return an error's own sentence and hint, in the user's language where it has them."""
    if not isinstance(error, AttacheError):
        return str(error)
    return f"{explain(error.message, phrases)} {explain(error.hint, phrases)}".strip()


def _text_with_values(cause: BaseException, phrases: Phrases) -> str | None:
    """Return the sentence for an error that has values to fill in; None for any other."""
    if isinstance(cause, OnCooldown):
        key = "failure-server-too-fast" if cause.whole_server else "failure-too-fast"
        return phrases.say(key, seconds=max(1, round(cause.wait_s)))
    if isinstance(cause, BotNotInstalled):
        return phrases.say("failure-bot-absent", link=f"<{cause.link}>")
    if isinstance(cause, JobRunning):
        return _job_running_text(cause, phrases)
    if isinstance(cause, UnknownSetting):
        return _unknown_setting_text(cause, phrases)
    if isinstance(cause, BadSetting):
        words = ", ".join(f"`{word}`" for word in cause.words)
        numbers = {"low": cause.low, "high": cause.high}
        return phrases.say(
            f"setting-bad-{cause.kind}", name=cause.name, value=escape(cause.value), words=words, **numbers
        )
    return None


def _unknown_setting_text(error: UnknownSetting, phrases: Phrases) -> str:
    """Say which settings there are, or that the setting is one of the whole server or of single channels."""
    if error.wanted in ServerSettings.model_fields:
        return phrases.say("setting-of-server", name=error.wanted)
    if error.wanted in ChannelSettings.model_fields:
        return phrases.say("setting-of-channel", name=error.wanted)
    if error.close:
        return phrases.say("setting-unknown-close", name=escape(error.name), close=error.close)
    names = ", ".join(f"`{name}`" for name in error.known)
    return phrases.say("setting-unknown", name=escape(error.name), names=names)


def _job_running_text(error: JobRunning, phrases: Phrases) -> str:
    """Say who runs which job and its progress; of another server's job only the progress."""
    job, percent = error.job, f"{error.job.progress.share:.0%}"
    if not error.same_server:
        return phrases.say("job-running-elsewhere", percent=percent)
    return phrases.say(
        "job-running-here", who=f"<@{job.user_id}>", what=phrases.say(f"job-{job.kind}"), percent=percent
    )


@asynccontextmanager
async def report_errors(
    show: Callable[[str], Awaitable[object]],
    phrases: Phrases,
    should_show: Callable[[Exception], bool] = lambda _error: True,
) -> AsyncIterator[None]:
    """Catch every error raised in the block and show it as one sentence; only log it if the reply comes too late.

    Args:
        show: shows the sentence.
        phrases: the user's language.
        should_show: whether an error is shown, rather than only logged.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - last-resort error handler of every command
        if is_too_late(error):
            log.info("too late", code=getattr(error, "code", None))
            return
        text = error_text(error, phrases)
        if not should_show(error):
            log.info("error not shown", failure=type(error).__name__)
            return
        try:
            await show(text)
        except REQUEST_ERRORS as unsent:
            log.warning("could not show an error", failure=type(unsent).__name__, code=getattr(unsent, "code", None))
