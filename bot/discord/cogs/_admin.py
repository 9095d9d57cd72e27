"""The frame around what admins do: checked again, acknowledged, told, recorded, and followed while it takes long."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import discord
import structlog
from sqlite_utils import Database

from bot.discord.bot import AttacheBot
from bot.discord.errors import BotAbsent, NotAllowed, reporting
from bot.discord.scope import Scope, public_phrases
from bot.discord.transport.long_reply import LastingDelivery
from bot.discord.transport.page import Page, text_page
from bot.discord.transport.retry import REQUEST_FAILURES, acknowledge, again
from bot.discord.views.escape import brief, escape
from bot.discord.views.job_progress import progress_page
from bot.discord.workers.jobs import Job
from bot.records import audit
from corpus.errors import StorageFailure
from corpus.timestamps import utc_now

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Work that is done sooner shows no progress at all.
FIRST_EDIT_S = 1.0
# Discord allows 5 edits of a message in 5 seconds; others share the limit.
EDIT_EVERY_S = 3.0
LONGEST_DETAILS = 400
# What docs/discord.md lists, with the reasons.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    embed_links=True,
    create_public_threads=True,
)
LogChannel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
LOG_CHANNELS = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread)


@dataclass(frozen=True, slots=True)
class Admin:
    """Who acts, for which server, and where the reply goes."""

    bot: AttacheBot
    scope: Scope
    server_id: int
    delivery: LastingDelivery

    async def show(self, page: Page) -> None:
        """Shows a page in place of the one before."""
        await self.delivery.show(page)

    async def say(self, key: str, **values: str | int) -> None:
        """Shows one phrase."""
        await self.show(text_page(self.scope.phrases.say(key, **values)))

    def check_operator(self) -> None:
        """Refuses whoever is no operator.

        Raises:
            NotAllowed: the settings don't name this person.
        """
        if self.scope.user_id not in self.bot.settings.operators:
            raise NotAllowed("Only operators may change the shared collection.")

    async def follow(
        self, job: Job, work: Callable[[Job], T], afterwards: Callable[[T], Awaitable[None]] | None = None
    ) -> T:
        """Does long work and what comes `afterwards`, and shows how far it is; raises whatever these raise.

        Raises:
            JobRunning: other work is under way.
            JobCancelled: somebody cancelled it.
        """
        # The task of its own goes on when a message can't be edited, or whoever waits is cancelled.
        task = asyncio.create_task(self.bot.jobs.run(job, work, afterwards))
        wait_s, shown = FIRST_EDIT_S, None
        try:
            while not (await asyncio.wait((task,), timeout=wait_s))[0]:
                page, wait_s = progress_page(job, self.scope.phrases), EDIT_EVERY_S
                if page.blocks != shown or self.delivery.is_due:
                    shown = page.blocks
                    await self._try_showing(page)
        finally:
            if not task.done():
                job.cancel()
        return task.result()

    async def _try_showing(self, page: Page) -> None:
        try:
            await self.show(page)
        except REQUEST_FAILURES as error:
            # The work goes on; it is not stopped because nobody can be told how far it is.
            log.info("progress not shown", failure=type(error).__name__, code=getattr(error, "code", None))


@asynccontextmanager
async def administering(bot: AttacheBot, interaction: discord.Interaction[Any]) -> AsyncIterator[Admin]:
    """Acknowledges an admin's command, which only they see the reply to; what fails inside ends in a sentence.

    Raises:
        NotAllowed: whoever acts may not manage this server, whatever Discord let through.
        BotAbsent: the server has only the commands, not the bot.
    """
    await acknowledge(interaction, ephemeral=True, thinking=True)
    scope, server_id = await bot.admin_scope(interaction)
    _check_present(bot, server_id)
    delivery = LastingDelivery(interaction, lambda: log_channel(bot, scope), scope.phrases)
    delivery.is_plain = scope.settings.answer_style == "plain"
    async with bot.desk.visit(), reporting(lambda told: delivery.show(text_page(told)), scope.phrases):
        yield Admin(bot, scope, server_id, delivery)


def _check_present(bot: AttacheBot, server_id: int) -> None:
    # Discord does not tell that a server removed the commands alone, so what is kept of it would never be deleted.
    if bot.get_guild(server_id) is None:
        link = discord.utils.oauth_url(
            bot.application_id or 0, permissions=PERMISSIONS, guild=discord.Object(server_id)
        )
        raise BotAbsent(link)


async def log_channel(bot: AttacheBot, scope: Scope) -> LogChannel | None:
    """The server's log channel; None where it has none, or where the channel is none of this server's."""
    guild, number = bot.get_guild(scope.server_id or 0), scope.settings.log_channel
    if guild is None or number is None:
        return None
    try:
        # The library forgets archived threads, which Discord opens again with the next message.
        channel = guild.get_channel_or_thread(number) or await again(partial(guild.fetch_channel, number))
    except (*REQUEST_FAILURES, discord.InvalidData) as error:
        log.info("no log channel", failure=type(error).__name__, code=getattr(error, "code", None))
        return None
    return channel if isinstance(channel, LOG_CHANNELS) else None


async def note_act(admin: Admin, act: str, details: str) -> None:
    """Records what an admin did, and tells it in the server's log channel; neither failing undoes the act."""
    details = brief(details, LONGEST_DETAILS)
    entry = audit.Act(utc_now(), admin.server_id, admin.scope.user_id, act, details)

    def store(db: Database) -> None:
        audit.record(db, entry)

    try:
        await admin.bot.records.run(store)
    except StorageFailure as failure:
        log.warning("an act could not be recorded", act=act, reason=failure.message)
    await _tell_log_channel(admin, act, details)


async def _tell_log_channel(admin: Admin, act: str, details: str) -> None:
    channel = await log_channel(admin.bot, admin.scope)
    if channel is None:
        return
    phrases = public_phrases(admin.scope.settings, channel.guild.preferred_locale)
    text = phrases.say("log-act", who=f"<@{admin.scope.user_id}>", act=act, details=escape(details))
    try:
        await channel.send(text[:2000], allowed_mentions=discord.AllowedMentions.none())
    except REQUEST_FAILURES as error:
        log.info("log channel not told", failure=type(error).__name__, code=getattr(error, "code", None))
