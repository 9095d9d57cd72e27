"""A proxy on loopback as companies have them: it knows Discord's hosts, and leads each to the server."""

import asyncio
import base64
import contextlib
import socket
from typing import TYPE_CHECKING

from tests.wire.tls import HOSTS

if TYPE_CHECKING:
    from tests.wire.server import Server


class Proxy:
    """Takes `CONNECT host:443` (RFC 9110, 9.3.6); the connection itself is handed to the server.

    Attributes:
        hosts: where it was asked to lead to, in order; other hosts than Discord's get a 403.
        credentials: `user:password` that it wants, empty for none.
        status: what it answers in place of leading anywhere; 0 where all is well.
    """

    def __init__(self, server: "Server") -> None:
        self.hosts: list[str] = []
        self.credentials = ""
        self.status = 0
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self._asked: set[asyncio.Task[None]] = set()
        self._taking = asyncio.create_task(self._take())

    @property
    def address(self) -> str:
        return f"http://{self.place}"

    @property
    def place(self) -> str:
        return "{}:{}".format(*self._listener.getsockname())

    async def close(self) -> None:
        """Takes no more connections; those that were handed on stay with the server."""
        for task in (self._taking, *self._asked):
            task.cancel()
        await asyncio.gather(self._taking, *self._asked, return_exceptions=True)
        self._listener.close()

    async def _take(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _address = await loop.sock_accept(self._listener)
            task = asyncio.create_task(self._serve(connection))
            self._asked.add(task)
            task.add_done_callback(self._asked.discard)

    async def _serve(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        loop, head = asyncio.get_running_loop(), b""
        with contextlib.suppress(ConnectionError):
            while not head.endswith(b"\r\n\r\n"):
                if not (more := await loop.sock_recv(connection, 4096)):
                    break
                head += more
            status = self._judge(head.decode())
            await loop.sock_sendall(connection, f"HTTP/1.1 {status} \r\n\r\n".encode())
            if status == 200:
                await self._server.adopt(connection)
                return
        connection.close()

    def _judge(self, head: str) -> int:
        first, *others = head.split("\r\n")
        method, _, place = first.removesuffix(" HTTP/1.1").partition(" ")
        host, _, port = place.partition(":")
        given = {name.lower(): value for name, _, value in (line.partition(": ") for line in others)}
        wanted = "Basic " + base64.b64encode(self.credentials.encode()).decode()
        self.hosts.append(host)
        if self.credentials and given.get("proxy-authorization") != wanted:
            return 407
        if method != "CONNECT" or port != "443" or host not in HOSTS:
            return 403
        return self.status or 200
