"""What desks share that post to channels: failures that stay apart, the channel, and what a refusal means."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

import discord
import structlog

from bot.discord.transport.retry import REQUEST_ERRORS, retry
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

Channel = discord.TextChannel | discord.Thread
_Item = TypeVar("_Item")
# How many are worked on at the same time.
AT_ONCE = 4


async def each_at_once(items: Sequence[_Item], work: Callable[[_Item], Awaitable[None]]) -> None:
    """Work on items, `AT_ONCE` at the same time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: _Item) -> None:
        async with gate:
            await work(item)

    await asyncio.gather(*map(one, items))


async def apart(what: str, work: Awaitable[None], **about: int) -> None:
    """Do one thing; its failure is logged as that of `what`, and stays its own."""
    try:
        await work
    except AttacheError as error:
        log.info("message postponed", what=what, failure=type(error).__name__, **about)
    except Exception as error:
        if not isinstance(error, REQUEST_ERRORS):
            log.exception("message failed", what=what, **about)
            return
        log.info("message not sent", what=what, code=getattr(error, "code", None), **about)


async def find_channel(guild: discord.Guild, channel_id: int) -> Channel | None:
    """Return a channel or thread that can be posted to; None if it was deleted or can't be seen."""
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        try:
            # discord.py drops archived threads from its cache, but a message reopens them.
            channel = await retry(partial(guild.fetch_channel, channel_id))
        except (discord.NotFound, discord.Forbidden, discord.InvalidData):
            return None
    return channel if isinstance(channel, Channel) else None


def is_passing(error: discord.HTTPException) -> bool:
    """Return whether Discord could not do it just then; discord.py has repeated it already."""
    return error.status == 429 or error.status >= 500


def problem_of(error: discord.HTTPException) -> str:
    """Return the phrase for why a channel took no message."""
    return {404: "news-problem-gone", 403: "news-problem-forbidden"}.get(error.status, "news-problem-refused")
