"""Questions that nobody told the bot of, because a shard's session was over: they are read from the channels."""

import asyncio
import contextlib
import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import discord
import structlog
from discord.ext import commands

from bot.discord.bot import AttacheBot
from bot.discord.questions import cooldowns
from bot.discord.transport.retry import REQUEST_FAILURES, again
from bot.discord.workers.settings_cache import DEFAULTS
from corpus.errors import StorageFailure

log = structlog.get_logger(__name__)

Written = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread

# Seconds: whoever asked longer ago has gone, or asked again.
OLDEST_S = 600.0
# Seconds between looks at whether the servers of a new session have come in, and for how long at most: Discord may not
# reach some of them for hours.
LOOK_S = 0.5
LONGEST_COMING_S = 60.0
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
        self._lost: dict[int, int] = {}
        self._ahead_s = -math.inf

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Learns from a new message what time it is at Discord, since this computer's clock may be wrong."""
        self._ahead_s = max(self._ahead_s, message.created_at.timestamp() - time.monotonic())

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Notes where the gap begins, if there is one: after the last message that the shard was told of."""
        if shard_id not in self._lost:
            channels = (channel for guild in self._guilds(shard_id) for channel in _channels(guild))
            self._lost[shard_id] = max((channel.last_message_id or 0 for channel in channels), default=0)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """There was none."""
        self._lost.pop(shard_id, None)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Reads the gap before a new session."""
        since = self._lost.pop(shard_id, None)
        if since is None:
            return
        since = max(since, self._oldest())
        with contextlib.suppress(TimeoutError):
            # The library does not always say when all servers of a shard are there.
            await asyncio.wait_for(self._until_all_are_there(shard_id), LONGEST_COMING_S)
        await self._pass_on(await self._read(shard_id, since))

    def _guilds(self, shard_id: int) -> list[discord.Guild]:
        return [guild for guild in self.bot.guilds if guild.shard_id == shard_id]

    def _oldest(self) -> int:
        """The snowflake of what is too old; where no message came yet, this computer's clock has to do."""
        ahead_s = self._ahead_s if math.isfinite(self._ahead_s) else time.time() - time.monotonic()
        return discord.utils.time_snowflake(datetime.fromtimestamp(time.monotonic() + ahead_s - OLDEST_S, UTC))

    async def _until_all_are_there(self, shard_id: int) -> None:
        while any(guild.unavailable for guild in self._guilds(shard_id)):
            await asyncio.sleep(LOOK_S)

    async def _read(self, shard_id: int, since: int) -> list[discord.Message]:
        """What was written meanwhile, oldest first; the latest where it is too much."""
        channels = sorted(
            (channel for guild in self._guilds(shard_id) for channel in _written_in(guild, since)),
            key=lambda channel: channel.last_message_id or 0,
            reverse=True,
        )
        found: list[discord.Message] = []
        for channel in channels[:MOST_CHANNELS]:
            try:
                found += await again(partial(_history, channel, since))
            except REQUEST_FAILURES as error:
                log.info("a channel could not be read", failure=type(error).__name__)
        log.info("caught up", shard=shard_id, messages=len(found), left_out=len(channels[MOST_CHANNELS:]))
        return sorted(found, key=lambda message: message.id)

    async def _pass_on(self, messages: list[discord.Message]) -> None:
        """The feature that answers tells what is for the bot, and what it knows already.

        In rounds, none with more questions than the cooldowns take in their time: nobody is refused because the
        questions of many minutes come at once.
        """
        rounds: defaultdict[int, list[discord.Message]] = defaultdict(list)
        filled: Counter[tuple[str, int, int]] = Counter()
        for message in messages:
            number = 0
            limits = await self._limits(message)
            while any(filled[*whose, number] >= most for whose, most in limits.items()):
                number += 1
            filled.update((*whose, number) for whose in limits)
            rounds[number].append(message)
        for number in range(len(rounds)):
            if number:
                await asyncio.sleep(cooldowns.PERIOD_S)
            for message in rounds[number]:
                self.bot.dispatch("message", message)

    async def _limits(self, message: discord.Message) -> dict[tuple[str, int], int]:
        """How many questions a minute the member and the server may ask; none for what looks like no question."""
        if message.guild is None or not ("?" in message.content or self.bot.user in message.mentions):
            return {}
        try:
            settings = await self.bot.book.settings(message.guild.id)
        except StorageFailure:
            settings = DEFAULTS
        return {
            ("member", message.author.id): settings.questions_per_minute_member,
            ("server", message.guild.id): settings.questions_per_minute_server,
        }


def _channels(guild: discord.Guild) -> list[Written]:
    return [*guild.text_channels, *guild.voice_channels, *guild.stage_channels, *guild.threads]


def _written_in(guild: discord.Guild, since: int) -> Iterator[Written]:
    """The channels with something new that the bot may read."""
    for channel in _channels(guild):
        if guild.me is None or (channel.last_message_id or 0) <= since:
            continue
        # A thread whose channel the bot does not see has no permissions that it could know.
        with contextlib.suppress(discord.ClientException):
            may = channel.permissions_for(guild.me)
            if may.view_channel and may.read_message_history:
                yield channel


async def _history(channel: Written, since: int) -> list[discord.Message]:
    """The latest messages after that one, newest first."""
    after = discord.Object(since)
    return [message async for message in channel.history(after=after, limit=MOST_MESSAGES, oldest_first=False)]
