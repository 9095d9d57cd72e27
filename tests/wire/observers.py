"""Those who watch a bot from outside: its port, and a service manager that listens to it."""

import asyncio
import json
import socket
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

from tests.wire.metrics import free_port


class Port:
    """The port that a bot serves its health on."""

    def __init__(self) -> None:
        self.number = free_port()

    async def get(self, path: str) -> tuple[int, str]:
        """Status and text; 0 while nobody listens."""
        try:
            async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{self.number}{path}") as reply:
                return reply.status, await reply.text()
        except aiohttp.ClientConnectionError:
            return 0, ""

    async def becomes(self, path: str, status: int, within: float = 30.0) -> dict[str, Any]:
        """Waits until a page answers with a status; what it says then."""
        async with asyncio.timeout(within):
            while (got := await self.get(path))[0] != status:
                await asyncio.sleep(0.1)
        return dict(json.loads(got[1]))


class Manager:
    """A service manager's socket, as systemd has one (sd_notify(3))."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify"
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._news = asyncio.Event()

    def __enter__(self) -> "Manager":
        self._socket.bind(str(self.path))
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def environment(self, watchdog_s: float) -> dict[str, str]:
        """What it tells the process that it starts."""
        return {"NOTIFY_SOCKET": str(self.path), "WATCHDOG_USEC": str(round(watchdog_s * 1e6))}

    async def hears(self, line: str, within: float = 60.0) -> None:
        """Waits until it is told this, from now on."""
        count = self.heard.count(line)
        async with asyncio.timeout(within):
            while self.heard.count(line) == count:
                self._news.clear()
                await self._news.wait()

    def _hear(self) -> None:
        self.heard.extend(self._socket.recv(4096).decode().splitlines())
        self._news.set()
