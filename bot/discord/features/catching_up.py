"""Questions that nobody told the bot of, because a shard's session was over: they are read from the channels."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import discord
import structlog
from discord.ext import commands

from bot.discord.client import AttacheBot
from bot.discord.persisting import REQUEST_FAILURES

log = structlog.get_logger(__name__)

# Whoever asked longer ago has gone, or asked again.
OLDEST = timedelta(minutes=10)
# Seconds after which the servers of a new session have come in.
SETTLED_S = 3.0
# A request each: channels in which something was written meanwhile, and messages of each that are looked at.
MOST_CHANNELS = 50
MOST_MESSAGES = 100


class CatchingUp(commands.Cog):
    """Reads what was written in servers between the end of a session and the next one.

    A session that is resumed is told all of it by Discord. Direct messages can't be found in this way: nothing says
    which of them have new ones.
    """

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._last: dict[int, int] = {}
        self._lost: dict[int, int] = {}

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Notes up to where a shard was told."""
        if message.guild is not None:
            shard = message.guild.shard_id
            self._last[shard] = max(message.id, self._last.get(shard, 0))

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Notes where the gap begins, if there is one."""
        now = discord.utils.time_snowflake(discord.utils.utcnow())
        self._lost.setdefault(shard_id, self._last.get(shard_id, now))

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """There was none."""
        self._lost.pop(shard_id, None)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Reads the gap before a new session."""
        since = self._lost.pop(shard_id, None)
        if since is not None:
            # The library does not always say when all servers of a shard are there.
            await asyncio.sleep(SETTLED_S)
            await self._read(shard_id, since)

    async def _read(self, shard_id: int, since: int) -> None:
        """Passes on what was written; the feature that answers tells what is for the bot, and what it knows already."""
        since = max(since, discord.utils.time_snowflake(discord.utils.utcnow() - OLDEST))
        found = 0
        for channel in list(self._written_in(shard_id, since))[:MOST_CHANNELS]:
            try:
                async for message in channel.history(after=discord.Object(since), limit=MOST_MESSAGES):
                    self.bot.dispatch("message", message)
                    found += 1
            except REQUEST_FAILURES as error:
                log.info("a channel could not be read", failure=type(error).__name__)
        log.info("caught up", shard=shard_id, messages=found)

    def _written_in(self, shard_id: int, since: int) -> Iterator[discord.TextChannel | discord.Thread]:
        for guild in self.bot.guilds:
            if guild.shard_id != shard_id or guild.me is None:
                continue
            channels: list[discord.TextChannel | discord.Thread] = [*guild.text_channels, *guild.threads]
            for channel in channels:
                may = channel.permissions_for(guild.me)
                if (channel.last_message_id or 0) > since and may.view_channel and may.read_message_history:
                    yield channel
