"""Greets a server that adds the bot: one message, once."""

import discord
import structlog
from discord.ext import commands

from bot.discord.bot import AttacheBot
from bot.discord.cogs._notices import may_write
from bot.discord.cogs._private_reply import private_reply
from bot.discord.cogs.about import guide
from bot.discord.transport.outbox import newest_message, send_once
from bot.discord.transport.page import ChannelDelivery
from bot.discord.transport.retry import REQUEST_ERRORS, retry
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.guide import help_page
from bot.discord.views.welcome import greeting_page
from bot.records import greetings
from bot.records.greetings import Greeting
from corpus.errors import StorageFailure
from corpus.timestamps import utc_now

log = structlog.get_logger(__name__)

# Entries of the audit log that are searched for whoever added the bot.
MAX_ENTRIES = 10


class Greeter(commands.Cog):
    """Greets new servers. A server that was only unavailable fires no `guild_join`."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        bot.button_handlers |= {"greeting": self.show_help}

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet the server, unless it was greeted since the bot joined."""
        place = await self._place(guild)
        after_id, now = newest_message(place), utc_now()
        try:
            greeting = await self.bot.records.run(lambda db: greetings.begin_greeting(db, guild.id, after_id, now))
            if greeting is not None:
                await self._greet(guild, place, greeting, is_first=True)
        except (*REQUEST_ERRORS, StorageFailure) as error:
            log.warning("not greeted", failure=type(error).__name__, code=getattr(error, "code", None))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Finish greetings that a killed process has begun."""
        try:
            begun = await self.bot.records.read(greetings.unfinished_greetings)
            for guild_id, greeting in begun.items():
                guild = self.bot.get_guild(guild_id)
                if guild is not None and not guild.unavailable:
                    await self._greet(guild, await self._place(guild), greeting, is_first=False)
        except (*REQUEST_ERRORS, StorageFailure) as error:
            log.warning("not greeted", failure=type(error).__name__, code=getattr(error, "code", None))

    async def show_help(self, interaction: discord.Interaction[AttacheBot], _argument: str, _page: int) -> None:
        """Show the help to whoever pressed the greeting's button."""
        async with private_reply(self.bot, interaction) as reply:
            await reply.show(help_page(guide(interaction), 0, "help", reply.scope.phrases))

    async def _greet(
        self, guild: discord.Guild, place: discord.abc.Messageable | None, greeting: Greeting, *, is_first: bool
    ) -> None:
        """Send a greeting; a server without a place for it, or that refuses it, is not greeted later."""
        try:
            if place is not None:
                scope = await self.bot.scope_in(guild)
                mention = self.bot.user.mention if self.bot.user else ""
                page = greeting_page(
                    mention, str(guild.id), scope.phrases, is_plain=scope.settings.answer_style == "plain"
                )
                mark = PersistentButton.make("greeting", str(guild.id), label="?").custom_id
                delivery = ChannelDelivery(place, greeting.nonce, self.bot.rate_limiter, self.bot.command_links)
                await send_once(place, page, delivery, mark, greeting.after_id, is_first=is_first)
        except discord.HTTPException as error:
            if error.status == 429 or error.status >= 500:
                raise
            log.info("greeting refused", status=error.status, code=error.code)
        await self.bot.records.run(lambda db: greetings.end_greeting(db, guild.id))

    async def _place(self, guild: discord.Guild) -> discord.abc.Messageable | None:
        """Return the channel that the server names for such messages, else whoever added the bot, if that is known."""
        for channel in (guild.system_channel, guild.public_updates_channel):
            if channel is not None and may_write(channel):
                return channel
        return await self._inviter(guild)

    async def _inviter(self, guild: discord.Guild) -> discord.abc.Messageable | None:
        if not guild.me.guild_permissions.view_audit_log:
            return None

        async def find() -> discord.abc.Messageable | None:
            async for entry in guild.audit_logs(limit=MAX_ENTRIES, action=discord.AuditLogAction.bot_add):
                if entry.target is not None and entry.target.id == guild.me.id and entry.user_id is not None:
                    return await self.bot.create_dm(discord.Object(entry.user_id))
            return None

        try:
            return await retry(find)
        except REQUEST_ERRORS as error:
            log.info("inviter unknown", code=getattr(error, "code", None))
            return None
