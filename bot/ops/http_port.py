"""The local port: `/metrics` for Prometheus, `/healthz` and `/readyz` for whoever keeps the bot running."""

import asyncio
import errno
from collections.abc import Callable

from aiohttp import hdrs, web
from prometheus_client.exposition import choose_encoder

from bot.ops.health import Health
from bot.ops.metrics import Metrics
from corpus.errors import AttacheError

# Seconds that a reply under way has when the port is closed.
_LINGER_S = 0.5


class OperationsServer:
    """Answers on a port, within the event loop that it watches.

    Args:
        metrics: what is told.
        health: the same.
        refresh: called before metrics are told, in the event loop, to note what is only known at the moment.
    """

    def __init__(self, metrics: Metrics, health: Health, refresh: Callable[[], None]) -> None:
        self._metrics = metrics
        self._health = health
        self._refresh = refresh
        app = web.Application(client_max_size=1024)
        app.add_routes(
            [
                web.get("/metrics", self._tell_metrics),
                web.get("/healthz", self._tell_alive),
                web.get("/readyz", self._tell_ready),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LINGER_S)

    async def open(self, host: str, port: int) -> None:
        """Begins to answer; on a free port if it is 0.

        Raises:
            AttacheError: the port can't be had.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise AttacheError(
                    f"The port {port} for metrics on {host} is taken.",
                    "Perhaps this bot runs already; else choose another ATTACHE_METRICS_PORT.",
                ) from error
            raise AttacheError(
                f"The port {port} for metrics on {host} can't be opened ({error.strerror or error}).",
                "Check ATTACHE_METRICS_HOST and ATTACHE_METRICS_PORT; 0 does without.",
            ) from error

    @property
    def port(self) -> int:
        """The port that it answers on."""
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Answers no more."""
        await self._runner.cleanup()

    async def _tell_metrics(self, request: web.Request) -> web.Response:
        self._refresh()
        encode, content_type = choose_encoder(request.headers.get(hdrs.ACCEPT, ""))
        # The text takes milliseconds, in which no heartbeat should have to wait.
        text = await asyncio.to_thread(encode, self._metrics.registry)
        return web.Response(body=text, headers={hdrs.CONTENT_TYPE: content_type})

    async def _tell_alive(self, _request: web.Request) -> web.Response:
        alive = self._health.is_alive
        return _said({"alive": alive, "worker": self._health.parts()["worker"]}, alive)

    async def _tell_ready(self, _request: web.Request) -> web.Response:
        ready = self._health.is_ready
        return _said({"ready": ready, "parts": self._health.parts()}, ready)


def _said(content: dict[str, object], good: bool) -> web.Response:
    return web.json_response(content, status=200 if good else 503, headers={hdrs.CACHE_CONTROL: "no-store"})
