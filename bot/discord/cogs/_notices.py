"""Messages to the admins of a server that nobody asked for: to its log channel, else to one of them."""

from collections.abc import AsyncIterator
from functools import partial

import discord
import structlog
from sqlite_utils import Database

from bot.discord.bot import AttacheBot
from bot.discord.cogs._admin import log_channel
from bot.discord.scope import Scope
from bot.discord.transport.page import LONGEST_CONTENT
from bot.discord.transport.retry import REQUEST_ERRORS, retry
from corpus.errors import StorageFailure

log = structlog.get_logger(__name__)


async def tell_admins(bot: AttacheBot, scope: Scope, text: str) -> bool:
    """Tell a server's admins something once, where the first of these can be reached; return whether one could.

    The log channel; the admin who last did something here; the channel for updates from Discord.
    """
    async for place in _places(bot, scope):
        try:
            await place.send(text[:LONGEST_CONTENT], allowed_mentions=discord.AllowedMentions.none())
        except REQUEST_ERRORS as error:
            log.info("admins not reached", code=getattr(error, "code", None))
        else:
            return True
    log.warning("no admin could be told", server=scope.server_id)
    return False


async def _places(bot: AttacheBot, scope: Scope) -> AsyncIterator[discord.abc.Messageable]:
    if (channel := await log_channel(bot, scope)) is not None:
        yield channel
    if (admin := await _last_admin(bot, scope)) is not None:
        yield admin
    guild = bot.get_guild(scope.server_id or 0)
    if guild is not None and guild.public_updates_channel is not None:
        yield guild.public_updates_channel


async def _last_admin(bot: AttacheBot, scope: Scope) -> discord.DMChannel | None:
    def read(db: Database) -> int | None:
        sql = "SELECT user_id FROM acts WHERE server_id = ? ORDER BY id DESC LIMIT 1"
        row = db.execute(sql, (scope.server_id,)).fetchone()
        return int(row[0]) if row else None

    try:
        user_id = await bot.records.read(read)
        return await retry(partial(bot.create_dm, discord.Object(user_id))) if user_id else None
    except (*REQUEST_ERRORS, StorageFailure) as error:
        log.info("no admin found", failure=type(error).__name__)
        return None


def may_write(channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Return whether the bot may see a channel and write there."""
    try:
        allowed = channel.permissions_for(channel.guild.me)
    except discord.ClientException:
        # A thread whose channel the bot does not see.
        return False
    in_thread = isinstance(channel, discord.Thread)
    return allowed.view_channel and (allowed.send_messages_in_threads if in_thread else allowed.send_messages)
