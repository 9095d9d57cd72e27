"""Requests to Discord that survive faults and rate limits: retries, acknowledgements, typing, the send rate limiter."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord
import structlog
from discord.abc import Messageable

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds before each further try. An acknowledgement has 3 s in all, so the first tries come soon.
RETRY_DELAYS_S = (0.1, 0.5, 2.0, 5.0)
# Most answers arrive sooner than anybody would notice the typing, and Discord counts every request for it.
TYPING_DELAY_S = 0.7
# With a longer delay of messages new questions are refused; with the second one even the refusals are dropped, or they
# alone could use up the rate.
MAX_DELAY_S = 10.0
MAX_DELAY_FOR_REFUSALS_S = 15.0
# Cloudflare bans an address temporarily after too many refused requests, with a 429 that lacks the `Via` header of
# Discord's own proxies (discord.com/developers/docs/topics/rate-limits). Seconds if it does not say how long, and the
# longest that is waited for: an interaction's token lives no longer.
DEFAULT_BAN_S = 60.0
MAX_BAN_S = 15 * 60.0
# A request whose connection was lost may have been executed. Discord recognises a message by its nonce for a few
# minutes (discord.com/developers/docs/resources/message, "Create Message"); a later retry would post it twice.
NONCE_LIFETIME_S = 120.0
_ACKNOWLEDGE_TIMEOUT_S = 3.0
_ALREADY_ACKNOWLEDGED = 40060
# discord.com/developers/docs/topics/opcodes-and-status-codes: unknown channel, archived thread. A message reopens an
# archived thread, unless a moderator has locked it.
CLOSED_CHANNEL_CODES = frozenset((10003, 50083))
# What a request can raise, whether Discord refused it or was not reached.
REQUEST_ERRORS = (discord.HTTPException, aiohttp.ClientError, OSError)


async def retry(request: Callable[[], Awaitable[T]], timeout_s: float = MAX_BAN_S) -> T:
    """Make an idempotent request, and repeat it until it is answered.

    discord.py itself retries after rate limits and most of Discord's errors, but not when a connection ends without an
    answer (such as a stale kept-alive one), when a service is unavailable (503), or when the address is banned.

    Args:
        request: makes the request.
        timeout_s: seconds for all tries and the waiting between them; at most `NONCE_LIFETIME_S` after a lost
            connection.

    Raises:
        aiohttp.ClientError, OSError, discord.HTTPException: from the last try.
    """
    end = time.monotonic() + timeout_s
    for delay_s in RETRY_DELAYS_S:
        try:
            return await request()
        except REQUEST_ERRORS as error:
            now, wait_s = time.monotonic(), _wait_s(error, delay_s)
            if not isinstance(error, discord.HTTPException):
                end = min(end, now + NONCE_LIFETIME_S)
            if wait_s is None or now + wait_s > end:
                raise
            log.info("request retried", failure=type(error).__name__)
            await asyncio.sleep(wait_s)
    return await request()


def ban_seconds(status: int, headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds a response says that this address is banned; None if it does not say so."""
    if status != 429 or headers.get("Via"):
        return None
    seconds = headers.get("Retry-After", "")
    return float(seconds) if seconds.isdecimal() and seconds.isascii() else DEFAULT_BAN_S


def _wait_s(error: Exception, delay_s: float) -> float | None:
    """Return the seconds to wait before a retry; None if a retry is pointless."""
    if not isinstance(error, discord.HTTPException) or error.status == 503:
        return delay_s
    # discord.py has already retried other errors five times.
    return ban_seconds(error.status, error.response.headers)


async def acknowledge(
    interaction: discord.Interaction[Any], *, ephemeral: bool = False, thinking: bool = False
) -> None:
    """Defer the reply to an interaction.

    Raises:
        discord.HTTPException: it is too late.
    """
    kinds = discord.InteractionResponseType
    kind = kinds.deferred_channel_message if thinking else kinds.deferred_message_update
    await _respond(interaction, partial(interaction.response.defer, ephemeral=ephemeral, thinking=thinking), kind)


async def open_modal(interaction: discord.Interaction[Any], modal: discord.ui.Modal) -> None:
    """Answer an interaction with a modal.

    Raises:
        discord.HTTPException: it is too late.
    """
    # Registered first, so that a submission is handled even if the response to this request is lost.
    interaction._state.store_view(modal)  # noqa: SLF001 - discord.py does so only after the response
    kind = discord.InteractionResponseType.modal
    await _respond(interaction, partial(interaction.response.send_modal, modal), kind)


async def _respond(
    interaction: discord.Interaction[Any],
    request: Callable[[], Awaitable[object]],
    kind: discord.InteractionResponseType,
) -> None:
    async def once() -> None:
        try:
            await request()
        except discord.HTTPException as error:
            if error.code != _ALREADY_ACKNOWLEDGED:
                raise
            # An earlier try, ours or discord.py's, was executed; only its response was lost.
            interaction.response._response_type = kind  # noqa: SLF001 - else discord.py would acknowledge again

    await retry(once, _ACKNOWLEDGE_TIMEOUT_S)


@asynccontextmanager
async def typing_in(channel: Messageable) -> AsyncIterator[asyncio.Task[None]]:
    """Show the typing indicator if the block takes long; ignore errors of doing so.

    Yields the task, to be cancelled before the message is sent: discord.py may delay a request until a rate limit is
    over, and the bot would then seem to go on typing.
    """
    task = asyncio.create_task(_show_typing(channel))
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _show_typing(channel: Messageable) -> None:
    await asyncio.sleep(TYPING_DELAY_S)
    # Shielded: cancelling discord.py while it waits for the global rate limit blocks every later request for ever.
    await asyncio.shield(_type(channel))


async def _type(channel: Messageable) -> None:
    try:
        # Once is enough: Discord shows it for 10 s, and for longer waits the bot shows the position in the queue.
        await channel.typing()
    except REQUEST_ERRORS as error:
        log.info("typing not shown", failure=type(error).__name__)


class RateLimiter:
    """Spaces the messages that the bot sends and edits.

    Discord allows a bot 50 requests a second, not counting those on interactions. It refuses the rest, which discord.py
    retries all at once: with a few hundred waiting, answers are given up after five tries, and 10,000 refusals in 10
    minutes get the bot banned (discord.com/developers/docs/topics/rate-limits).

    While discord.py waits for the global limit, requests pile up and then go out together: at less than half the limit
    even these stay within it.

    Args:
        per_second: messages a second.
        clock: monotonic seconds.
        observe: called with the seconds that a message waited for its slot (`pace`) and that sending took (`send`).
    """

    def __init__(
        self,
        per_second: float = 24.0,
        clock: Callable[[], float] = time.monotonic,
        observe: Callable[[str, float], None] = lambda _stage, _seconds: None,
    ) -> None:
        self._interval_s = 1.0 / per_second
        self._clock = clock
        self._observe = observe
        self._last = float("-inf")
        self._blocked_until = float("-inf")
        self._waiting = 0
        self._lock = asyncio.Lock()

    @property
    def delay_s(self) -> float:
        """Seconds that a new message would wait."""
        return max(self._waiting * self._interval_s, self._blocked_until - self._clock())

    def block(self, seconds: float) -> None:
        """Send nothing for this long, at most `MAX_BAN_S`."""
        self._blocked_until = max(self._blocked_until, self._clock() + min(seconds, MAX_BAN_S))

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for the next free slot; the block then sends the message."""
        arrived = self._clock()
        await self._wait()
        began = self._clock()
        self._observe("pace", began - arrived)
        try:
            yield
        finally:
            self._observe("send", self._clock() - began)

    async def _wait(self) -> None:
        """Wait for the next slot.

        After a delay of the event loop a burst of two is allowed, so that small delays cost no throughput. Even with
        that one extra message, two adjacent seconds together stay within Discord's 50.
        """
        self._waiting += 1
        try:
            async with self._lock:
                due = max(self._last, self._clock() - 2 * self._interval_s) + self._interval_s
                # A block may start while this message waits.
                while (wait_s := max(due, self._blocked_until) - self._clock()) > 0:
                    await asyncio.sleep(wait_s)
                self._last = max(due, self._blocked_until)
        finally:
            self._waiting -= 1
