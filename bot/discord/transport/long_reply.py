"""A reply that outlives its interaction's token: after 14 minutes it moves to a direct message or the log channel."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import discord
import structlog
from discord.abc import Messageable

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import InteractionDelivery, Page, text_page
from bot.discord.transport.retry import REQUEST_ERRORS, retry

log = structlog.get_logger(__name__)

# discord.com/developers/docs/interactions/receiving-and-responding: a token is valid for 15 minutes.
HAND_OVER_S = 14 * 60.0
# discord.com/developers/docs/topics/opcodes-and-status-codes: invalid webhook token, unknown webhook.
_TOKEN_EXPIRED_CODES = (50027, 10015)


class LongReply:
    """Replies to a deferred interaction for as long as its job takes.

    Args:
        interaction: the deferred interaction.
        log_channel: finds the server's log channel, the fallback if direct messages are closed.
        phrases: the user's language.
        clock: monotonic seconds; by default the event loop's.
    """

    def __init__(
        self,
        interaction: discord.Interaction[Any],
        log_channel: Callable[[], Awaitable[Messageable | None]],
        phrases: Phrases,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._interaction = interaction
        self._reply = InteractionDelivery(interaction)
        self._log_channel = log_channel
        self._phrases = phrases
        self._clock = clock or asyncio.get_running_loop().time
        self._received = self._clock()
        self._is_handed_over = False
        self._message: discord.Message | None = None
        self.is_plain = False

    @property
    def channel_id(self) -> int | None:
        """The channel where the reply is shown now."""
        return self._message.channel.id if self._message else self._interaction.channel_id

    @property
    def is_due(self) -> bool:
        """Whether the token is about to expire, so that the next page goes elsewhere."""
        return not self._is_handed_over and self._clock() - self._received >= HAND_OVER_S

    async def show(self, page: Page) -> int | None:
        """Replace the page that is shown; return the message's id, or None if the page could not be shown anywhere."""
        page = replace(page, is_plain=page.is_plain or self.is_plain)
        if self.is_due:
            await self._hand_over(page)
        elif not self._is_handed_over:
            try:
                return await self._reply.show(page)
            except discord.HTTPException as error:
                if error.code not in _TOKEN_EXPIRED_CODES:
                    raise
                # The token expired early: the interaction arrived late, or the computer slept.
                await self._hand_over(page)
        elif self._message is not None:
            self._message = await retry(partial(self._message.edit, **_content(page)))
        return self._message.id if self._message else None

    async def _hand_over(self, page: Page) -> None:
        self._is_handed_over = True
        key = "job-goes-on-in-status"
        if await self._send(self._interaction.user, page):
            key = "job-goes-on-in-dm"
        elif (channel := await self._log_channel()) is not None and await self._send(channel, page):
            key = "job-goes-on-in-log"
        try:
            await self._reply.show(text_page(self._phrases.say(key)))
        except REQUEST_ERRORS as error:
            # The token may have expired meanwhile.
            log.info("hand-over not shown", code=getattr(error, "code", None))

    async def _send(self, place: Messageable, page: Page) -> bool:
        fields = {name: value for name, value in _content(page).items() if value is not None}
        try:
            self._message = await place.send(**fields, allowed_mentions=discord.AllowedMentions.none())
        except REQUEST_ERRORS as error:
            log.info("progress not sent", code=getattr(error, "code", None))
            return False
        return True


def _content(page: Page) -> dict[str, Any]:
    """Return the fields of a message; these pages are short enough for components."""
    if page.is_plain:
        return {"content": page.content(), "view": page.button_view()}
    return {"content": None, "view": page.layout()}
