"""The thread that is opened for an answer, where a server wants one for each."""

from functools import partial

import discord
import structlog

from bot.discord.transport.retry import REQUEST_ERRORS, retry
from bot.discord.views.escape import brief

log = structlog.get_logger(__name__)

LONGEST_THREAD_NAME = 90
# discord.com/developers/docs/topics/opcodes-and-status-codes: a thread has already been created for this message.
HAS_THREAD = 160004


def takes_threads(message: discord.Message) -> bool:
    """Return whether a thread can be opened from a message: not in a thread, nor in the chat of a voice channel."""
    return isinstance(message.channel, discord.TextChannel)


async def open_thread(message: discord.Message, question: str) -> discord.Thread | None:
    """Open a thread for an answer; return None if the bot may not, so that it replies instead."""
    try:
        return await retry(partial(message.create_thread, name=brief(question, LONGEST_THREAD_NAME) or "?"))
    except discord.HTTPException as error:
        if error.code == HAS_THREAD:
            return await _existing_thread(message)
        log.info("no thread", code=error.code)
    except REQUEST_ERRORS as error:
        log.info("no thread", failure=type(error).__name__)
    return None


async def _existing_thread(message: discord.Message) -> discord.Thread | None:
    """Return a message's thread, which an earlier try or somebody else has opened."""
    assert message.guild is not None
    if known := message.guild.get_thread(message.id):
        return known
    try:
        found = await retry(partial(message.guild.fetch_channel, message.id))
    except (*REQUEST_ERRORS, discord.InvalidData) as error:
        log.info("no thread", failure=type(error).__name__)
        return None
    return found if isinstance(found, discord.Thread) else None
