"""Catches up on questions that were asked between two sessions of a shard, by reading the channels."""

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
from bot.discord.transport.retry import REQUEST_ERRORS, retry
from bot.discord.workers.settings_cache import DEFAULTS
from corpus.errors import StorageFailure

log = structlog.get_logger(__name__)

Channel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread

# Older questions, in seconds, are ignored: their askers have gone, or asked again.
MAX_AGE_S = 600.0
# Seconds between checks whether the servers of a new session are available, and the time limit: an outage of some
# servers can last for hours.
CHECK_INTERVAL_S = 0.5
AVAILABLE_TIMEOUT_S = 60.0
# Seconds within which the messages of a round are counted: a window begins with the last of them.
COUNTED_WITHIN_S = 1.0
# Each channel takes one request.
MAX_CHANNELS = 50
MAX_MESSAGES_PER_CHANNEL = 100


class MissedMessages(commands.Cog):
    """Reads the messages of servers between the end of a session and the next one.

    Discord replays them itself if a session resumes. Direct messages can't be found: nothing tells which of those
    channels have new messages.
    """

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._last_ids: dict[int, int] = {}
        self._clock_offset_s = -math.inf

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Estimate Discord's time from a new message, since the system clock may be wrong."""
        self._clock_offset_s = max(self._clock_offset_s, message.created_at.timestamp() - time.monotonic())

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note the last message that the shard received: a gap would start after it."""
        if shard_id not in self._last_ids:
            channels = (channel for guild in self._guilds(shard_id) for channel in _channels(guild))
            self._last_ids[shard_id] = max((channel.last_message_id or 0 for channel in channels), default=0)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """Forget the gap: Discord has replayed it."""
        self._last_ids.pop(shard_id, None)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Catch up on the gap before a new session."""
        since = self._last_ids.pop(shard_id, None)
        if since is None:
            return
        since = max(since, self._oldest_id())
        with contextlib.suppress(TimeoutError):
            # Polled, since discord.py does not always fire an event when all servers of a shard are available.
            async with asyncio.timeout(AVAILABLE_TIMEOUT_S):
                while any(guild.unavailable for guild in self._guilds(shard_id)):
                    await asyncio.sleep(CHECK_INTERVAL_S)
        await self._dispatch(await self._read(shard_id, since))

    def _guilds(self, shard_id: int) -> list[discord.Guild]:
        return [guild for guild in self.bot.guilds if guild.shard_id == shard_id]

    def _oldest_id(self) -> int:
        """Return the snowflake at the maximum age; before the first message, by the system clock."""
        offset_s = self._clock_offset_s if math.isfinite(self._clock_offset_s) else time.time() - time.monotonic()
        return discord.utils.time_snowflake(datetime.fromtimestamp(time.monotonic() + offset_s - MAX_AGE_S, UTC))

    async def _read(self, shard_id: int, since: int) -> list[discord.Message]:
        """Return the messages after `since`, oldest first; the latest ones if there are too many."""
        channels = sorted(
            (channel for guild in self._guilds(shard_id) for channel in _channels_with_news(guild, since)),
            key=lambda channel: channel.last_message_id or 0,
            reverse=True,
        )
        found: list[discord.Message] = []
        for channel in channels[:MAX_CHANNELS]:
            try:
                found += await retry(partial(_history, channel, since))
            except REQUEST_ERRORS as error:
                log.info("a channel could not be read", failure=type(error).__name__)
        log.info("caught up", shard=shard_id, messages=len(found), left_out=len(channels[MAX_CHANNELS:]))
        return sorted(found, key=lambda message: message.id)

    async def _dispatch(self, messages: list[discord.Message]) -> None:
        """Dispatch messages as if they had just arrived; `QuestionMessages` ignores what it has answered already.

        In rounds of one window each, none with more questions than the cooldowns allow: nobody is refused because the
        questions of several minutes come at once.
        """
        rounds: defaultdict[int, list[discord.Message]] = defaultdict(list)
        counts: Counter[tuple[str, int, int]] = Counter()
        for message in messages:
            number = 0
            limits = await self._limits(message)
            while any(counts[*key, number] >= limit for key, limit in limits.items()):
                number += 1
            counts.update((*key, number) for key in limits)
            rounds[number].append(message)
        for number in range(len(rounds)):
            if number:
                await asyncio.sleep(cooldowns.WINDOW_S + COUNTED_WITHIN_S)
            for message in rounds[number]:
                self.bot.dispatch("message", message)

    async def _limits(self, message: discord.Message) -> dict[tuple[str, int], int]:
        """Return how many questions a minute the member and the server may ask; nothing if this is no question."""
        if message.guild is None or not ("?" in message.content or self.bot.user in message.mentions):
            return {}
        try:
            settings = await self.bot.settings_cache.get(message.guild.id)
        except StorageFailure:
            settings = DEFAULTS
        return {
            ("member", message.author.id): settings.questions_per_minute_member,
            ("server", message.guild.id): settings.questions_per_minute_server,
        }


def _channels(guild: discord.Guild) -> list[Channel]:
    return [*guild.text_channels, *guild.voice_channels, *guild.stage_channels, *guild.threads]


def _channels_with_news(guild: discord.Guild, since: int) -> Iterator[Channel]:
    """Yield the channels that have new messages and that the bot may read."""
    for channel in _channels(guild):
        if guild.me is None or (channel.last_message_id or 0) <= since:
            continue
        # Raised for a thread whose parent channel the bot does not see.
        with contextlib.suppress(discord.ClientException):
            allowed = channel.permissions_for(guild.me)
            if allowed.view_channel and allowed.read_message_history:
                yield channel


async def _history(channel: Channel, since: int) -> list[discord.Message]:
    """Return the latest messages after `since`, newest first."""
    after = discord.Object(since)
    return [
        message async for message in channel.history(after=after, limit=MAX_MESSAGES_PER_CHANNEL, oldest_first=False)
    ]
