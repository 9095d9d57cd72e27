"""Requests to Discord that outlast a broken connection: made again where that does no harm, else let go."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
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
_ALREADY_ACKNOWLEDGED = 40060
# What a request may end with, whether Discord refused it or was not reached.
REQUEST_FAILURES = (discord.HTTPException, aiohttp.ClientError, OSError)


async def again(request: Callable[[], Awaitable[T]]) -> T:
    """Makes a request that may be carried out twice without harm, until it is answered.

    The library itself tries again after rate limits and most errors of Discord, but not where a connection ends without
    an answer, as it does when one that was kept open has gone stale, nor while a service is unavailable (503).

    Raises:
        aiohttp.ClientError, OSError, discord.HTTPException: as the last try.
    """
    for pause in PAUSES_S:
        try:
            return await request()
        except (aiohttp.ClientError, OSError, discord.DiscordServerError) as error:
            if isinstance(error, discord.DiscordServerError) and error.status != 503:
                # The library has tried this five times already.
                raise
            log.info("request made again", failure=type(error).__name__)
            await asyncio.sleep(pause)
    return await request()


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

    await again(once)


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
        self._waiting = 0
        self._gate = asyncio.Lock()

    @property
    def behind_s(self) -> float:
        """Seconds that a message would wait now."""
        return self._waiting * self._step_s

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
                if (wait_s := due - self._clock()) > 0:
                    await asyncio.sleep(wait_s)
                self._last = due
        finally:
            self._waiting -= 1
