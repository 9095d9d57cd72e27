"""The frame of every admin command: permission check, acknowledgement, error reports, progress, audit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import discord
import structlog
from discord import app_commands
from sqlite_utils import Database

from bot.discord.bot import AttacheBot
from bot.discord.errors import BotNotInstalled, NotAllowed, report_errors
from bot.discord.scope import Scope, public_phrases
from bot.discord.transport.long_reply import LongReply
from bot.discord.transport.page import Page, text_page
from bot.discord.transport.retry import REQUEST_ERRORS, acknowledge, retry
from bot.discord.views.escape import brief, escape
from bot.discord.views.job_progress import progress_page
from bot.discord.workers.jobs import Job, Steps
from bot.records import audit
from corpus.errors import StorageFailure
from corpus.timestamps import utc_now

log = structlog.get_logger(__name__)

T = TypeVar("T")

# A job that is done sooner shows no progress at all.
FIRST_EDIT_S = 1.0
# Discord allows 5 edits of a message in 5 seconds; other requests share the limit.
EDIT_EVERY_S = 3.0
LONGEST_DETAILS = 400
# docs/discord.md lists these with the reasons.
PERMISSIONS = discord.Permissions(
    add_reactions=True,
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    embed_links=True,
    create_public_threads=True,
)
LogChannel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


@dataclass(frozen=True, slots=True)
class Admin:
    """The admin who runs a command, their server, and the reply."""

    bot: AttacheBot
    scope: Scope
    server_id: int
    delivery: LongReply

    async def show(self, page: Page) -> None:
        """Show a page in place of the one before."""
        await self.delivery.show(page)

    async def say(self, key: str, **values: str | int) -> None:
        """Show one phrase."""
        await self.show(text_page(self.scope.phrases.say(key, **values)))

    def check_operator(self) -> None:
        """Require an operator.

        Raises:
            NotAllowed: the settings don't list this user as an operator.
        """
        if self.scope.user_id not in self.bot.settings.operators:
            raise NotAllowed("not-operator")

    async def run_job(
        self, job: Job, work: Callable[[Job], T], afterwards: Callable[[T], Awaitable[None]] | None = None
    ) -> T:
        """Run a job and then `afterwards`, and show the progress; raise whatever these raise.

        Raises:
            JobRunning: another job is running.
            JobCancelled: the job was cancelled.
        """
        return await self._show_progress(job, self.bot.jobs.run(job, work, afterwards))

    async def run_steps(
        self, job: Job, work: Callable[[Job], Steps[T]], afterwards: Callable[[T], Awaitable[None]] | None = None
    ) -> T:
        """Run a job that lets others have turns. Raises as `run_job` does."""
        return await self._show_progress(job, self.bot.jobs.run_steps(job, work, afterwards))

    async def _show_progress(self, job: Job, running: Coroutine[Any, Any, T]) -> T:
        # A separate task goes on when a message can't be edited or this coroutine is cancelled.
        task = asyncio.create_task(running)
        wait_s, shown = FIRST_EDIT_S, None
        try:
            while not (await asyncio.wait((task,), timeout=wait_s))[0]:
                page, wait_s = progress_page(job, self.scope.phrases), EDIT_EVERY_S
                if page.blocks != shown or self.delivery.is_due:
                    shown = page.blocks
                    try:
                        await self.show(page)
                    except REQUEST_ERRORS as error:
                        log.info("progress not shown", failure=type(error).__name__, code=getattr(error, "code", None))
        finally:
            if not task.done():
                job.cancel()
        return task.result()


def admin_group(name: str, description: str) -> app_commands.Group:
    """Return a group of commands for who may manage the server, offered only in servers that the bot is in."""
    return app_commands.Group(
        name=name,
        description=description,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )


@asynccontextmanager
async def admin_command(
    bot: AttacheBot, interaction: discord.Interaction[Any], *, in_place: bool = False
) -> AsyncIterator[Admin]:
    """Acknowledge an admin's command with a private reply, and report errors in the block there.

    With `in_place` it is a button, whose message becomes the reply.

    Raises:
        NotAllowed: the user may not manage this server, whatever Discord's own checks say.
        BotNotInstalled: the server has only the commands, not the bot.
    """
    await acknowledge(interaction, ephemeral=not in_place, thinking=not in_place)
    scope, server_id = await bot.admin_scope(interaction)
    # Discord sends no event when a server removes the commands alone, so its data would never be deleted.
    if bot.get_guild(server_id) is None:
        guild = discord.Object(server_id)
        raise BotNotInstalled(discord.utils.oauth_url(bot.application_id or 0, permissions=PERMISSIONS, guild=guild))
    delivery = LongReply(interaction, lambda: log_channel(bot, scope), scope.phrases)
    # Discord takes no plain text into a message in components v2.
    is_layout = in_place and interaction.message is not None and interaction.message.flags.components_v2
    delivery.is_plain = scope.settings.answer_style == "plain" and not is_layout
    async with bot.answer_queue.hold_open(), report_errors(lambda text: delivery.show(text_page(text)), scope.phrases):
        yield Admin(bot, scope, server_id, delivery)


async def log_channel(bot: AttacheBot, scope: Scope) -> LogChannel | None:
    """Return the server's log channel; None if it has none, or if the channel belongs to another server."""
    guild, channel_id = bot.get_guild(scope.server_id or 0), scope.settings.log_channel
    if guild is None or channel_id is None:
        return None
    try:
        # discord.py drops archived threads from its cache, but a message reopens them.
        channel = guild.get_channel_or_thread(channel_id) or await retry(partial(guild.fetch_channel, channel_id))
    except (*REQUEST_ERRORS, discord.InvalidData) as error:
        log.info("no log channel", failure=type(error).__name__, code=getattr(error, "code", None))
        return None
    return channel if isinstance(channel, LogChannel) else None


async def record_action(admin: Admin, action: str, details: str) -> None:
    """Record what an admin did, and post it to the server's log channel; log failures of either."""
    details = brief(details, LONGEST_DETAILS)
    entry = audit.Act(utc_now(), admin.server_id, admin.scope.user_id, action, details)

    def store(db: Database) -> None:
        audit.record(db, entry)

    try:
        await admin.bot.records.run(store)
    except StorageFailure as failure:
        log.warning("could not record an action", act=action, reason=failure.message)
    channel = await log_channel(admin.bot, admin.scope)
    if channel is None:
        return
    phrases = public_phrases(admin.scope.settings, channel.guild.preferred_locale)
    text = phrases.say("log-act", who=f"<@{admin.scope.user_id}>", act=action, details=escape(details))
    try:
        await channel.send(text[:2000], allowed_mentions=discord.AllowedMentions.none())
    except REQUEST_ERRORS as error:
        log.info("log channel not reached", failure=type(error).__name__, code=getattr(error, "code", None))
