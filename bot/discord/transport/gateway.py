"""How gateway connections survive faults: retries, proxies, and events that can't be parsed."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import discord
import structlog
from discord.gateway import ReconnectWebSocket
from discord.shard import EventItem, EventType

from bot.server_addresses import Proxy

log = structlog.get_logger(__name__)

Connect = Callable[..., Awaitable[aiohttp.ClientWebSocketResponse]]
Parse = Callable[[object], None]
Put = Callable[[EventItem], None]

# Seconds between tries. discord.py times a connection out after 60 s; the sum stays below.
RETRY_DELAYS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0)
# Seconds before a new session is tried again after its connection was cut.
RECONNECT_DELAY_S = 1.0


def proxy_auth(proxy: Proxy | None) -> aiohttp.BasicAuth | None:
    """Return the credentials for the proxy; None if it needs none."""
    return aiohttp.BasicAuth(proxy.user, proxy.password, "utf-8") if proxy and (proxy.user or proxy.password) else None


def harden_client(client: discord.AutoShardedClient) -> None:
    """Make a client keep its sessions where discord.py would give them up, or stop altogether.

    - A gateway that is unreachable or fails the handshake is retried; discord.py would start a new session and miss
      the events in between.
    - A connection that is cut while a new session starts is tried again.
    - An event that discord.py can't parse is logged and skipped.
    """
    client.http.ws_connect = partial(_connect_with_retries, client.http.ws_connect)  # type: ignore[method-assign]
    # There is no public hook: discord.py calls the entries of these, and an exception there ends the whole client.
    queue = client._AutoShardedClient__queue  # type: ignore[attr-defined] # noqa: SLF001
    queue.put_nowait = partial(_put_or_reconnect, queue.put_nowait)
    parsers = client._connection.parsers  # noqa: SLF001
    for event, parse in parsers.items():
        # Without these two there is no session to keep.
        if event not in ("READY", "RESUMED"):
            parsers[event] = partial(_parse_or_skip, event, parse)


async def _connect_with_retries(connect: Connect, url: str, **options: int) -> aiohttp.ClientWebSocketResponse:
    for delay_s in RETRY_DELAYS_S:
        try:
            return await connect(url, **options)
        except aiohttp.ClientConnectorError as error:
            log.warning("gateway not reached", failure=type(error).__name__)
        except aiohttp.ClientResponseError as error:
            # A proxy in front of the gateway reports errors the same way.
            if error.status < 500 and error.status != 429:
                raise
            log.warning("gateway refuses", status=error.status)
        await asyncio.sleep(delay_s)
    return await connect(url, **options)


def _put_or_reconnect(put: Put, item: EventItem) -> None:
    """Reconnect a shard whose connection ended before its first event; discord.py would end the client."""
    if item.type == EventType.terminate and isinstance(item.error, ReconnectWebSocket):
        reconnect = EventItem(EventType.reconnect, item.shard, item.error)
        asyncio.get_running_loop().call_later(RECONNECT_DELAY_S, put, reconnect)
    else:
        put(item)


def _parse_or_skip(event: str, parse: Parse, data: object) -> None:
    try:
        parse(data)
    except Exception:
        log.exception("an event could not be read", event_name=event)
