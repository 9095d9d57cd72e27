"""The server as a whole: it listens on loopback, keeps a record of every request, and lets faults in."""

import asyncio
import json
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.wire import rest_application, rest_channels, rest_interactions
from tests.wire.buckets import Buckets
from tests.wire.clock import Clock
from tests.wire.faults import Fault, Faults
from tests.wire.gateway import Gateway
from tests.wire.handshakes import Handshakes
from tests.wire.refusals import Refused
from tests.wire.replies import Replies
from tests.wire.tls import Certificates, loopback_connector, trusting
from tests.wire.world import Channel, World

TOKEN = "a" * 24 + "." + "b" * 6 + "." + "c" * 30
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
# What Cloudflare answers an address that it keeps out, which is none of Discord's JSON.
SHUT_OUT = (
    "<!doctype html><title>Access denied | discord.com used Cloudflare to restrict access</title>error code: 1015"
)
# Seconds between two looks at what no request tells of.
POLL_S = 0.03
# Requests that are remembered; a soak makes far more.
MOST_CALLS = 50_000


@dataclass(frozen=True)
class Call:
    """One request as it was answered: status 0 where its connection was cut."""

    request: str
    path: str
    status: int
    code: int = 0
    detail: str = ""
    at: float = field(default_factory=time.monotonic)


class Server:
    """A Discord on loopback.

    Attributes:
        calls: every request, the latest last.
        problems: what no client of Discord may do; a test with any of them has failed.
        expected: codes of refusals that a test means to provoke.
    """

    def __init__(self, certificates: Certificates | None = None) -> None:
        self.clock = Clock()
        self.world = World(self.clock)
        self.gateway = Gateway(self.world, TOKEN)
        self.buckets = Buckets(self.clock)
        self.faults = Faults()
        self.shakes = Handshakes(self.clock)
        self.replies = Replies(self.world, self.tell)
        self.commands: dict[int, list[dict[str, Any]]] = {}
        self.calls: deque[Call] = deque(maxlen=MOST_CALLS)
        self.problems: list[str] = []
        self.expected: set[int] = set()
        self.certificates = certificates or Certificates.make()
        self.port = 0
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._listener: web.TCPSite | None = None

    async def start(self) -> None:
        """Listens on a port of its own."""
        app = web.Application(middlewares=[self._border], client_max_size=30 * 2**20)
        app.router.add_get("/", self.gateway.serve)
        for requests in (rest_application, rest_interactions):
            requests.add_routes(self, app)
        self._channels = rest_channels.add_routes(self, app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.listen()
        self.port = self._runner.addresses[0][1]

    async def listen(self) -> None:
        """Takes new connections, on the same port as before."""
        assert self._runner is not None
        self._listener = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self.certificates.server)
        await self._listener.start()

    async def adopt(self, connection: socket.socket) -> None:
        """Serves a connection that somebody else took."""
        assert self._runner is not None
        assert self._runner.server is not None
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(self._runner.server, connection, ssl=self.certificates.server)

    async def stop_listening(self) -> None:
        """Takes no new connections, and cuts those of the gateway."""
        assert self._listener is not None
        await self._listener.stop()
        self.gateway.cut()

    async def stop(self) -> None:
        """Ends every connection."""
        self.gateway.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    def forgets_nonces(self) -> None:
        """Some minutes later a message that is sent again is no longer recognised."""
        self._channels.forget_nonces()

    def connector(self) -> aiohttp.TCPConnector:
        """The way of a client in this process."""
        return loopback_connector(self.port, trusting(self.certificates.authority.cert_pem.bytes().decode()))

    def tell(self, name: str, data: dict[str, Any], channel: Channel) -> None:
        """An event in a channel, to those shards that see it; an empty name is only for those who wait here."""
        guild = channel.guild
        if name and (guild is None or guild.has_bot) and channel.kind != 3:
            self.gateway.tell(name, data, guild)
        self.notice()

    def notice(self) -> None:
        """Wakes those who wait for something to happen."""
        self._changed.set()

    async def until(self, found: Callable[[], Any], what: str, within: float = 10.0) -> Any:
        """Waits until something is there.

        Raises:
            AssertionError: it does not come.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while not (result := found()):
            left = end - loop.time()
            if left <= 0:
                recent = "\n".join(map(str, list(self.calls)[-12:]))
                raise AssertionError(f"in vain for {within:g} s: {what}\n{recent}")
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, POLL_S))
            except TimeoutError:
                continue
        return result

    def reply(self, body: Any, status: int = 200) -> web.Response:
        """JSON, with the content type that Discord sends and its clients compare with."""
        return web.Response(
            status=status,
            body=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Via": "1.1 google"},
        )

    @web.middleware
    async def _border(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        if request.path == "/":
            return await handler(request)
        if resource is None or request.match_info.http_exception is not None:
            self.problems.append(f"unknown route: {request.method} {request.path}")
            return self.reply({"message": "404: Not Found", "code": 0}, 404)
        path = request.path.removeprefix("/api/v10")
        route = f"{request.method} {resource.canonical.removeprefix('/api/v10')}"
        fault = self.faults.take(request.method, path)
        return await self._faulty(request, handler, route, path, fault)

    async def _faulty(
        self, request: web.Request, handler: Handler, route: str, path: str, fault: Fault | None
    ) -> web.StreamResponse:
        kind, value = (fault.kind, fault.value) if fault else ("", 0.0)
        if kind == "late":
            self.clock.advance(value)
        elif kind == "slow":
            await self._keep_waiting(request, value)
        elif kind == "cut before":
            return self._cut(request, route, path)
        elif kind == "status":
            self.calls.append(Call(route, path, int(value), detail="fault"))
            return self.reply({"message": f"{value:.0f}: it happens", "code": 0}, int(value))
        elif kind == "rate limit" and fault is not None:
            return self._limited(route, path, value, scope=fault.scope, detail="fault")
        elif kind == "shut out":
            self.calls.append(Call(route, path, 429, detail="shut out"))
            return web.Response(
                status=429, text=SHUT_OUT, content_type="text/html", headers={"Retry-After": f"{value:.0f}"}
            )
        elif kind == "refused":
            refused = Refused(int(value))
            self.calls.append(Call(route, path, refused.status, refused.code, "fault"))
            return self.reply(refused.body, refused.status)
        response = await self._answered(request, handler, route, path)
        if kind == "slow after":
            await asyncio.sleep(value)
        elif kind == "status after":
            return self.reply({"message": f"{value:.0f}: it happens", "code": 0}, int(value))
        return self._cut(request, route, path) if kind == "cut after" else response

    async def _keep_waiting(self, request: web.Request, seconds: float) -> None:
        if request.content_type == "application/json":
            # What was sent has arrived, whatever becomes of its sender meanwhile.
            await request.read()
        self.notice()
        await asyncio.sleep(seconds)

    async def _answered(self, request: web.Request, handler: Handler, route: str, path: str) -> web.StreamResponse:
        info = request.match_info
        major = info.get("channel") or info.get("token") or info.get("guild") or ""
        wait, is_global, headers = self.buckets.take(route, major)
        if wait > 0:
            return self._limited(route, path, wait, scope="global" if is_global else "user", headers=headers)
        needs_token = not route.partition(" ")[2].startswith(("/interactions", "/webhooks", "/attachments"))
        if needs_token and request.headers.get("Authorization") != f"Bot {TOKEN}":
            self.calls.append(Call(route, path, 401))
            return self.reply({"message": "401: Unauthorized", "code": 0}, 401)
        code, detail = 0, ""
        try:
            response = await handler(request)
        except Refused as refused:
            response, code, detail = self.reply(refused.body, refused.status), refused.code, str(refused)
        except Exception as error:
            # The server's own mistake, or a payload that it could not even read.
            self.problems.append(f"{route}: {error!r}")
            raise
        response.headers.update(headers)
        self.calls.append(Call(route, path, response.status, code, detail))
        self.notice()
        return response

    def _limited(
        self, route: str, path: str, wait: float, *, scope: str, headers: dict[str, str] | None = None, detail: str = ""
    ) -> web.Response:
        is_global = scope == "global"
        self.calls.append(Call(route, path, 429, detail=scope if is_global else detail))
        body = {"message": "You are being rate limited.", "retry_after": wait, "global": is_global}
        response = self.reply(body, 429)
        response.headers.update(headers or {})
        response.headers["Retry-After"] = str(round(wait + 0.5))
        response.headers["X-RateLimit-Scope"] = scope
        if is_global:
            response.headers["X-RateLimit-Global"] = "true"
        return response

    def _cut(self, request: web.Request, route: str, path: str) -> web.Response:
        self.calls.append(Call(route, path, 0, detail="cut"))
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
