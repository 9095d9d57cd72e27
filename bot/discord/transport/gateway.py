"""How the bot's connections are made and kept: proxies, a gateway that is waited for, events that can't be read."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import discord
import structlog
from discord.gateway import ReconnectWebSocket
from discord.shard import EventItem, EventType

from bot.settings import Proxy

log = structlog.get_logger(__name__)

Connect = Callable[..., Awaitable[aiohttp.ClientWebSocketResponse]]
Parse = Callable[[object], None]
Put = Callable[[EventItem], None]

# Seconds between tries. The library gives a connection 60 s; the sum stays below.
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0)
# Seconds before a session is begun once more whose connection was cut.
AGAIN_S = 1.0


def credentials(proxy: Proxy | None) -> aiohttp.BasicAuth | None:
    """What the proxy is told of who asks; None where it wants nothing."""
    return aiohttp.BasicAuth(proxy.user, proxy.password, "utf-8") if proxy and (proxy.user or proxy.password) else None


def outlast_faults(client: discord.AutoShardedClient) -> None:
    """Has a client keep its sessions where the library would give them up, or end altogether.

    A gateway that can't be reached, or answers a handshake with an error, is waited for: the library would begin a new
    session, and nobody would tell the bot what was said meanwhile. A connection that is cut while a new session begins
    is tried again. An event that the library fails at is passed over.
    """
    client.http.ws_connect = partial(_patient, client.http.ws_connect)  # type: ignore[method-assign]
    # There is no public way: the library calls what stands in these, and ends the whole client with what that raises.
    queue = client._AutoShardedClient__queue  # type: ignore[attr-defined] # noqa: SLF001
    queue.put_nowait = partial(_trying_again, queue.put_nowait)
    parsers = client._connection.parsers  # noqa: SLF001
    for event, parse in parsers.items():
        # Without these there is no session to go on with.
        if event not in ("READY", "RESUMED"):
            parsers[event] = partial(_passing_over, event, parse)


async def _patient(connect: Connect, url: str, **options: int) -> aiohttp.ClientWebSocketResponse:
    for pause in PAUSES_S:
        try:
            return await connect(url, **options)
        except aiohttp.ClientConnectorError as error:
            log.warning("gateway not reached", failure=type(error).__name__)
        except aiohttp.ClientResponseError as error:
            # A proxy before the gateway says it in the same way.
            if error.status < 500 and error.status != 429:
                raise
            log.warning("gateway refuses", status=error.status)
        await asyncio.sleep(pause)
    return await connect(url, **options)


def _trying_again(put: Put, item: EventItem) -> None:
    """Takes a connection that ended before its first word as what it is to the library everywhere else: a lost one."""
    if item.type == EventType.terminate and isinstance(item.error, ReconnectWebSocket):
        again = EventItem(EventType.reconnect, item.shard, item.error)
        asyncio.get_running_loop().call_later(AGAIN_S, put, again)
    else:
        put(item)


def _passing_over(event: str, parse: Parse, data: object) -> None:
    try:
        parse(data)
    except Exception:
        log.exception("an event could not be read", event_name=event)
