"""How the bot's connections are made and kept: proxies, a gateway that is waited for, events that can't be read."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import discord
import structlog
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from bot.proxy import Proxy

log = structlog.get_logger(__name__)

Connect = Callable[..., Awaitable[aiohttp.ClientWebSocketResponse]]
Parse = Callable[[object], None]

# Seconds between tries. The library gives a connection 60 s; the sum stays below.
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0)


class PatientConnector(aiohttp.TCPConnector):
    """An ordinary connector, but for the gateway.

    Where a connection to the gateway can't be made, the library gives its session up and begins a new one, and nobody
    would tell the bot what was said meanwhile. Waited for, the session is resumed, and Discord tells all of it.
    """

    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout
    ) -> Connection:
        """Makes or takes a connection.

        Raises:
            aiohttp.ClientConnectorError: it can't be made, for the gateway not in three quarters of a minute.
        """
        if not (req.url.host or "").startswith("gateway"):
            return await super().connect(req, traces, timeout)
        for pause in PAUSES_S:
            try:
                return await super().connect(req, traces, timeout)
            except aiohttp.ClientConnectorError as error:
                log.warning("gateway not reached", failure=type(error).__name__)
                await asyncio.sleep(pause)
        return await super().connect(req, traces, timeout)


def credentials(proxy: Proxy | None) -> aiohttp.BasicAuth | None:
    """What the proxy is told of who asks; None where it wants nothing."""
    return aiohttp.BasicAuth(proxy.user, proxy.password, "utf-8") if proxy and (proxy.user or proxy.password) else None


def outlast_faults(client: discord.Client) -> None:
    """Has a client keep its sessions where the library would give them up, or end altogether.

    A gateway that answers a handshake with an error is waited for as one that can't be reached. An event that the
    library fails at is passed over.
    """
    client.http.ws_connect = partial(_patient, client.http.ws_connect)  # type: ignore[method-assign]
    # There is no public way: the library calls what stands here, and ends the whole client with what that raises.
    parsers = client._connection.parsers  # noqa: SLF001
    for event, parse in parsers.items():
        # Without these there is no session to go on with.
        if event not in ("READY", "RESUMED"):
            parsers[event] = partial(_passing_over, event, parse)


async def _patient(connect: Connect, url: str, **options: int) -> aiohttp.ClientWebSocketResponse:
    for pause in PAUSES_S:
        try:
            return await connect(url, **options)
        except aiohttp.ClientResponseError as error:
            # A proxy before the gateway says it in the same way.
            if error.status < 500 and error.status != 429:
                raise
            log.warning("gateway refuses", status=error.status)
            await asyncio.sleep(pause)
    return await connect(url, **options)


def _passing_over(event: str, parse: Parse, data: object) -> None:
    try:
        parse(data)
    except Exception:
        log.exception("an event could not be read", event_name=event)
