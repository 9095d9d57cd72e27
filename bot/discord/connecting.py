"""How the bot's connections are made: through a proxy or not; to the gateway, with patience."""

import asyncio

import aiohttp
import structlog
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from bot.proxy import Proxy

log = structlog.get_logger(__name__)

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
            aiohttp.ClientHttpProxyError: the proxy does not make it.
        """
        if not (req.url.host or "").startswith("gateway"):
            return await super().connect(req, traces, timeout)
        for pause in PAUSES_S:
            try:
                return await super().connect(req, traces, timeout)
            except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError) as error:
                if not _may_pass(error):
                    raise
                log.warning("gateway not reached", failure=type(error).__name__)
                await asyncio.sleep(pause)
        return await super().connect(req, traces, timeout)


def _may_pass(error: aiohttp.ClientError) -> bool:
    """Whether it is as with a network that is gone: a proxy that says so answers 502, 503 or 504 (RFC 9110, 15.6)."""
    return not isinstance(error, aiohttp.ClientHttpProxyError) or error.status >= 500


def credentials(proxy: Proxy | None) -> aiohttp.BasicAuth | None:
    """What the proxy is told of who asks; None where it wants nothing."""
    return aiohttp.BasicAuth(proxy.user, proxy.password, "utf-8") if proxy and (proxy.user or proxy.password) else None
