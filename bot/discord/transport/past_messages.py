"""Looks for one message in a channel's history."""

from collections.abc import Callable
from functools import partial

import discord

from bot.discord.transport.retry import retry


async def first_after(
    channel: discord.abc.Messageable, after_id: int, is_wanted: Callable[[discord.Message], bool], most: int
) -> discord.Message | None:
    """Return the first wanted message after one with an id, among the `most` that came next; None without any.

    Raises:
        aiohttp.ClientError, OSError, discord.HTTPException: the history can't be read.
    """
    return await retry(partial(_search, channel, after_id, is_wanted, most))


async def _search(
    channel: discord.abc.Messageable, after_id: int, is_wanted: Callable[[discord.Message], bool], most: int
) -> discord.Message | None:
    async for message in channel.history(limit=most, after=discord.Object(after_id), oldest_first=True):
        if is_wanted(message):
            return message
    return None
