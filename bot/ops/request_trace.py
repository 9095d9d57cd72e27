"""Watches the requests to Discord through the hook that aiohttp has for it."""

import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import aiohttp

from bot.ops.metrics import Metrics

# discord.com/developers/docs/reference, "Base URL".
REST_HOST = "discord.com"


def traced(metrics: Metrics, replied: Callable[[int, Mapping[str, str]], None]) -> aiohttp.TraceConfig:
    """What the client passes to its HTTP session: every reply and every failure is counted.

    Args:
        metrics: counts them.
        replied: told of every reply of Discord's requests (REST), its status and its headers.
    """

    async def began(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        context.began = time.monotonic()

    async def ended(
        _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        scope = params.response.headers.get("X-RateLimit-Scope", "")
        metrics.requested(params.response.status, time.monotonic() - context.began, scope)
        # The gateway and the servers of files limit handshakes and downloads by themselves.
        if params.url.host == REST_HOST:
            replied(params.response.status, params.response.headers)

    async def failed(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        metrics.requested(None, time.monotonic() - context.began, "")

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(began)
    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace
