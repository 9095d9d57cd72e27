"""The local HTTP port: `/metrics` for Prometheus, `/healthz` and `/readyz` for service managers."""

import asyncio
import errno
from collections.abc import Callable

from aiohttp import hdrs, web
from prometheus_client.exposition import choose_encoder

from bot.ops.health import Health
from bot.ops.metrics import Metrics
from corpus.errors import AttacheError

# Seconds that a request in progress has when the port is closed.
_SHUTDOWN_TIMEOUT_S = 0.5


class OperationsServer:
    """An HTTP server inside the event loop that it monitors.

    Args:
        metrics: the metrics to serve.
        health: the health to serve.
        refresh: called in the event loop before metrics are served, to set gauges that are read on demand.
    """

    def __init__(self, metrics: Metrics, health: Health, refresh: Callable[[], None]) -> None:
        self._metrics = metrics
        self._health = health
        self._refresh = refresh
        app = web.Application(client_max_size=1024)
        app.add_routes(
            [
                web.get("/metrics", self._get_metrics),
                web.get("/healthz", self._get_alive),
                web.get("/readyz", self._get_ready),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_TIMEOUT_S)

    async def open(self, host: str, port: int) -> None:
        """Open the port; 0 for any free one.

        Raises:
            AttacheError: the port can't be opened.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        # UnicodeError: a part of the host's name is empty or has more than 63 characters.
        except (OSError, UnicodeError) as error:
            await self._runner.cleanup()
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                raise AttacheError(
                    f"The metrics port {port} on {host} is in use.",
                    "Perhaps this bot is already running; otherwise choose another ATTACHE_METRICS_PORT.",
                ) from error
            raise AttacheError(
                f"The metrics port {port} on {host} can't be opened ({getattr(error, 'strerror', '') or error}).",
                "Check ATTACHE_METRICS_HOST and ATTACHE_METRICS_PORT; 0 switches it off.",
            ) from error

    @property
    def port(self) -> int:
        """The open port."""
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Close the port."""
        await self._runner.cleanup()

    async def _get_metrics(self, request: web.Request) -> web.Response:
        self._refresh()
        encode, content_type = choose_encoder(request.headers.get(hdrs.ACCEPT, ""))
        # Encoding takes milliseconds, which would delay heartbeats.
        text = await asyncio.to_thread(encode, self._metrics.registry)
        return web.Response(body=text, headers={hdrs.CONTENT_TYPE: content_type})

    async def _get_alive(self, _request: web.Request) -> web.Response:
        alive = self._health.is_alive
        return _json_response({"alive": alive, "worker": self._health.parts()["worker"]}, alive)

    async def _get_ready(self, _request: web.Request) -> web.Response:
        ready = self._health.is_ready
        return _json_response({"ready": ready, "parts": self._health.parts()}, ready)


def _json_response(content: dict[str, object], good: bool) -> web.Response:
    return web.json_response(content, status=200 if good else 503, headers={hdrs.CACHE_CONTROL: "no-store"})
