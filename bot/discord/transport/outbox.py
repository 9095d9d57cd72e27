"""Sends a stored message once, even if the process was killed while it was sent before."""

import discord
import structlog

from bot.discord.transport.page import ChannelDelivery, Page
from bot.discord.transport.past_messages import first_after

log = structlog.get_logger(__name__)

# Messages that are searched for the mark. The message was sent right after the one that was noted before it.
MAX_SEARCHED = 500


async def send_once(
    channel: discord.abc.Messageable, page: Page, delivery: ChannelDelivery, mark: str, after_id: int, *, is_first: bool
) -> int | None:
    """Send a page unless an earlier try has sent it; return the message's id.

    Discord itself recognises a repeated nonce for a few minutes. For later tries the channel is searched for the mark.
    Where the channel's history may not be read, a message whose try was cut off more than a few minutes ago is sent
    again: that one could then be there twice.

    Args:
        channel: the channel or user.
        page: the page, one of whose buttons has the mark as its custom_id.
        delivery: sends it, with the nonce that is stored for it.
        mark: a custom_id that no other message has.
        after_id: the newest message of the channel before the first try.
        is_first: whether this is the first try.

    Raises:
        aiohttp.ClientError, OSError, discord.HTTPException: the message could not be sent.
    """
    if not is_first and (found := await _find(channel, mark, after_id)) is not None:
        return found
    return await delivery.show(page)


def newest_message(channel: object) -> int:
    """Return the id of a channel's newest message, or a time before now where it is not known."""
    newest: int | None = getattr(channel, "last_message_id", None)
    return newest or discord.utils.time_snowflake(discord.utils.utcnow()) - (3_600_000 << 22)


async def _find(channel: discord.abc.Messageable, mark: str, after_id: int) -> int | None:
    def has_mark(message: discord.Message) -> bool:
        return any(mark in _custom_ids(component) for component in message.components)

    try:
        found = await first_after(channel, after_id, has_mark, MAX_SEARCHED)
    except discord.Forbidden as error:
        log.info("history not readable", code=error.code)
        return None
    return found.id if found else None


def _custom_ids(component: object) -> set[str]:
    found = {getattr(component, "custom_id", None) or ""}
    for child in getattr(component, "children", ()):
        found |= _custom_ids(child)
    return found
