"""Trace requests to Discord with aiohttp's tracing hooks."""

import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import aiohttp

from bot.ops.metrics import Metrics

# discord.com/developers/docs/reference, "Base URL".
REST_HOST = "discord.com"


def trace_config(metrics: Metrics, on_response: Callable[[int, Mapping[str, str]], None]) -> aiohttp.TraceConfig:
    """Return a trace configuration for the HTTP session that counts every response and failure.

    Args:
        metrics: where they are counted.
        on_response: called with status and headers of every response of Discord's REST API.
    """

    async def on_start(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        context.began = time.monotonic()

    async def on_end(
        _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        scope = params.response.headers.get("X-RateLimit-Scope", "")
        metrics.count_request(params.response.status, time.monotonic() - context.began, scope)
        # The gateway and file servers have rate limits of their own.
        if params.url.host == REST_HOST:
            on_response(params.response.status, params.response.headers)

    async def on_exception(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        metrics.count_request(None, time.monotonic() - context.began, "")

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(on_start)
    trace.on_request_end.append(on_end)
    trace.on_request_exception.append(on_exception)
    return trace
