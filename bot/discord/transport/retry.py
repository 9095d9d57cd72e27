"""Requests to Discord that outlast a broken connection: made again where that does no harm, else let go."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
import discord
import structlog
from discord.abc import Messageable

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds before each further try. An acknowledgement has 3 s, so the first ones come soon.
PAUSES_S = (0.1, 0.5, 2.0, 5.0)
# Answers are mostly there before anybody would see the bot write; Discord counts every such request.
TYPING_AFTER_S = 0.7
# Seconds that messages may wait for their turn. Beyond, new questions are refused; a refusal that would wait still
# longer is not told at all, or refusals alone could fill the time.
MOST_BEHIND_S = 10.0
MOST_BEHIND_FOR_REFUSALS_S = 15.0
# Discord's border (Cloudflare) shuts an address out for a while after too many refused requests, and says so with a 429
# that has not come through Discord's own proxies (discord.com/developers/docs/topics/rate-limits). Seconds, where it
# does not say how long; the longest that a reply is kept for afterwards, which is what a token lives.
SHUT_OUT_S = 60.0
LONGEST_SHUT_OUT_S = 15 * 60.0
# A request whose connection was lost may have been carried out. Discord knows a message by its nonce for a few minutes
# (discord.com/developers/docs/resources/message, "Create Message"); sent again later, it would stand there twice.
REMEMBERED_S = 120.0
_ACKNOWLEDGE_S = 3.0
_ALREADY_ACKNOWLEDGED = 40060
# discord.com/developers/docs/topics/opcodes-and-status-codes: unknown channel, archived thread. A message opens an
# archived thread again, unless a moderator has locked it.
CLOSED_PLACE = frozenset((10003, 50083))
# What a request may end with, whether Discord refused it or was not reached.
REQUEST_FAILURES = (discord.HTTPException, aiohttp.ClientError, OSError)


async def again(request: Callable[[], Awaitable[T]], patience_s: float = LONGEST_SHUT_OUT_S) -> T:
    """Makes a request that may be carried out twice without harm, until it is answered.

    The library itself tries again after rate limits and most errors of Discord, but not where a connection ends without
    an answer, as it does when one that was kept open has gone stale, nor while a service is unavailable (503), nor
    where the bot is shut out.

    Args:
        request: what makes it.
        patience_s: seconds for all tries and the waiting between them; after a connection was lost fewer, see
            `REMEMBERED_S`.

    Raises:
        aiohttp.ClientError, OSError, discord.HTTPException: as the last try.
    """
    end = time.monotonic() + patience_s
    for pause in PAUSES_S:
        try:
            return await request()
        except REQUEST_FAILURES as error:
            now, wait_s = time.monotonic(), _wait_s(error, pause)
            if not isinstance(error, discord.HTTPException):
                end = min(end, now + REMEMBERED_S)
            if wait_s is None or now + wait_s > end:
                raise
            log.info("request made again", failure=type(error).__name__)
            await asyncio.sleep(wait_s)
    return await request()


def shut_out_s(status: int, headers: Mapping[str, str]) -> float | None:
    """For how many seconds a reply says that this address is shut out; None where it does not say so."""
    if status != 429 or headers.get("Via"):
        return None
    said = headers.get("Retry-After", "")
    return float(said) if said.isdecimal() and said.isascii() else SHUT_OUT_S


def _wait_s(error: Exception, pause: float) -> float | None:
    """Seconds to wait before a request is made again; None where that is in vain."""
    if not isinstance(error, discord.HTTPException):
        return pause
    if error.status == 503:
        return pause
    # Other errors of Discord the library has tried five times already.
    return shut_out_s(error.status, error.response.headers)


async def acknowledge(
    interaction: discord.Interaction[Any], *, ephemeral: bool = False, thinking: bool = False
) -> None:
    """Tells Discord that a reply will come. The same interaction is never handled twice.

    Raises:
        discord.HTTPException: it is too late.
    """

    async def once() -> None:
        try:
            await interaction.response.defer(ephemeral=ephemeral, thinking=thinking)
        except discord.HTTPException as error:
            if error.code != _ALREADY_ACKNOWLEDGED:
                raise
            # A try before, of ours or of the library after a 5xx, came through after all; only its answer was lost.
            kinds = discord.InteractionResponseType
            kind = kinds.deferred_channel_message if thinking else kinds.deferred_message_update
            interaction.response._response_type = kind  # noqa: SLF001 - else the library would acknowledge once more

    await again(once, _ACKNOWLEDGE_S)


async def open_modal(interaction: discord.Interaction[Any], modal: discord.ui.Modal) -> None:
    """Answers an interaction with a modal.

    Raises:
        discord.HTTPException: it is too late.
    """
    # What is filled in has to find its way as soon as anybody sees the modal, and though the answer to this is lost.
    interaction._state.store_view(modal)  # noqa: SLF001 - the library does it only once it has the answer

    async def once() -> None:
        try:
            await interaction.response.send_modal(modal)
        except discord.HTTPException as error:
            if error.code != _ALREADY_ACKNOWLEDGED:
                raise
            # As above: it is open.
            interaction.response._response_type = discord.InteractionResponseType.modal  # noqa: SLF001

    await again(once, _ACKNOWLEDGE_S)


@asynccontextmanager
async def typing_in(channel: Messageable) -> AsyncIterator[asyncio.Task[None]]:
    """Shows that the bot writes, if what is done inside takes long; that it can't be shown disturbs nothing.

    Yields the task that does it, to be cancelled before the message goes out: the library may hold a request back after
    it was carried out, until a rate limit is over, and the bot would seem to go on writing.
    """
    showing = asyncio.create_task(_show_typing(channel))
    try:
        yield showing
    finally:
        showing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await showing


async def _show_typing(channel: Messageable) -> None:
    await asyncio.sleep(TYPING_AFTER_S)
    # Where the library is cancelled while it waits for the global limit to be over, it waits for ever, and with it
    # every other request: what was begun is let go on.
    await asyncio.shield(_type(channel))


async def _type(channel: Messageable) -> None:
    try:
        # Once, for Discord shows it for 10 s. Whoever waits longer waits in the queue, and is told so.
        await channel.typing()
    except REQUEST_FAILURES as error:
        log.info("typing not shown", failure=type(error).__name__)


class Pace:
    """Spaces the messages that the bot sends and changes.

    Discord takes 50 requests a second of a bot, those on interactions apart. What goes beyond is refused, and the
    library tries it again together with all the rest: past a few hundred waiting ones answers are given up after five
    tries, and 10,000 refusals in 10 minutes shut the bot out (discord.com/developers/docs/topics/rate-limits).

    While the library waits for the global limit, what is sent meanwhile gathers, and goes out together with the rest:
    with less than half the limit a second even that stays within it.

    Args:
        a_second: messages a second.
        clock: seconds that only grow.
        tell: told how many seconds a message waited for its turn (`pace`), and how many it then took (`send`).
    """

    def __init__(
        self,
        a_second: float = 24.0,
        clock: Callable[[], float] = time.monotonic,
        tell: Callable[[str, float], None] = lambda _stage, _seconds: None,
    ) -> None:
        self._step_s = 1.0 / a_second
        self._clock = clock
        self._tell = tell
        self._last = float("-inf")
        self._held_until = float("-inf")
        self._waiting = 0
        self._gate = asyncio.Lock()

    @property
    def behind_s(self) -> float:
        """Seconds that a message would wait now."""
        return max(self._waiting * self._step_s, self._held_until - self._clock())

    def hold(self, seconds: float) -> None:
        """Lets no message go out for so many seconds; no longer than replies are kept for."""
        self._held_until = max(self._held_until, self._clock() + min(seconds, LONGEST_SHUT_OUT_S))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits until the next message may go out, which is sent inside."""
        came = self._clock()
        await self._wait()
        began = self._clock()
        self._tell("pace", began - came)
        try:
            yield
        finally:
            self._tell("send", self._clock() - began)

    async def _wait(self) -> None:
        """A loop that is a little late makes up for it, and loses no turns; one that was held up lets two go together.

        With that one more than their share, those that gather in a second and those of the next are 50 at most.
        """
        self._waiting += 1
        try:
            async with self._gate:
                due = max(self._last, self._clock() - 2 * self._step_s) + self._step_s
                # A message that waits for its turn may hear of a limit meanwhile.
                while (wait_s := max(due, self._held_until) - self._clock()) > 0:
                    await asyncio.sleep(wait_s)
                self._last = max(due, self._held_until)
        finally:
            self._waiting -= 1
