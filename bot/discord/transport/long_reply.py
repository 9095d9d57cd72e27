"""A reply that outlasts an interaction: from minute 14 on it goes on in a direct message or the log channel."""

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
from bot.discord.transport.retry import REQUEST_FAILURES, again

log = structlog.get_logger(__name__)

# discord.com/developers/docs/interactions/receiving-and-responding: a token is valid for 15 minutes.
HAND_OVER_S = 14 * 60.0
# discord.com/developers/docs/topics/opcodes-and-status-codes: invalid webhook token, unknown webhook.
_ENDED = (50027, 10015)


class LastingDelivery:
    """Replies to a deferred interaction for as long as it takes.

    Args:
        interaction: what is replied to.
        log_channel: finds the server's log channel, where direct messages are closed.
        phrases: the words for whoever acted.
        clock: seconds that only grow; by default those of the event loop, since this computer's clock may jump.
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
        self._shown: discord.Message | None = None
        self.is_plain = False

    @property
    def channel_id(self) -> int | None:
        """The channel where it is shown now."""
        return self._shown.channel.id if self._shown else self._interaction.channel_id

    @property
    def is_due(self) -> bool:
        """Whether the token is about to end: what is shown next goes elsewhere."""
        return not self._is_handed_over and self._clock() - self._received >= HAND_OVER_S

    async def show(self, page: Page) -> int | None:
        """Shows a page in place of the one before; None where there is no place left to show it."""
        page = replace(page, is_plain=page.is_plain or self.is_plain)
        if self.is_due:
            self._is_handed_over = True
            await self._hand_over(page)
        elif not self._is_handed_over:
            try:
                return await self._reply.show(page)
            except discord.HTTPException as error:
                if error.code not in _ENDED:
                    raise
                # The token ended before its time: the interaction came late, or the computer slept.
                self._is_handed_over = True
                await self._hand_over(page)
        elif self._shown is not None:
            self._shown = await again(partial(self._shown.edit, **_content(page)))
        return self._shown.id if self._shown else None

    async def _hand_over(self, page: Page) -> None:
        told = "job-goes-on-in-status"
        if await self._began(self._interaction.user, page):
            told = "job-goes-on-in-dm"
        elif (channel := await self._log_channel()) is not None and await self._began(channel, page):
            told = "job-goes-on-in-log"
        try:
            await self._reply.show(text_page(self._phrases.say(told)))
        except REQUEST_FAILURES as error:
            # The token's last minute may have passed: an edit that failed before, a computer that slept.
            log.info("hand-over not told", code=getattr(error, "code", None))

    async def _began(self, place: Messageable, page: Page) -> bool:
        given = {name: value for name, value in _content(page).items() if value is not None}
        try:
            self._shown = await place.send(**given, allowed_mentions=discord.AllowedMentions.none())
        except REQUEST_FAILURES as error:
            log.info("progress not sent", code=getattr(error, "code", None))
            return False
        return True


def _content(page: Page) -> dict[str, Any]:
    """What a message takes; these pages are short enough for components."""
    if page.is_plain:
        return {"content": page.content(), "view": page.keys()}
    return {"content": None, "view": page.layout()}
