"""Connections that are silent, slow or never read take nobody's place."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the page needs the extra attache[web]")

import uvicorn

from bot.web import connections
from bot.web.connections import MOST_CONNECTIONS, server_config

BODY = b"a" * 20_000_000
REQUEST = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Page:
    """An app behind the real server: `/held` waits until it is let go, `/large` is large."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.held = asyncio.Event()
        self.asked = 0

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        self.asked += 1
        if scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
        if scope["path"] == "/held":
            await self.held.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"keep-alive")]})
        await send({"type": "http.response.body", "body": BODY if scope["path"] == "/large" else b"Here."})

    async def connect(self, sent: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(*self.listener.getsockname())
        writer.write(sent)
        return reader, writer

    async def status(self) -> int:
        reader, writer = await self.connect(REQUEST % b"")
        line = await reader.readline()
        writer.close()
        return int(line.split()[1])


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    page = Page()
    server = uvicorn.Server(server_config(page, 1))
    serving = asyncio.create_task(server.serve(sockets=[page.listener]))
    while not server.started:
        await asyncio.sleep(0)
    yield page
    page.held.set()
    server.should_exit = server.force_exit = True
    await serving


HALVES = {
    "silent": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b",
    "half a form": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf",
    "half a chunk": b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf",
    "never read": REQUEST % b"large" + REQUEST % b"large",
}


@pytest.mark.parametrize("kind", [each for each in HALVES if each != "never read"])
async def test_others_are_served_while_every_place_is_taken_by_who_does_not_ask(page: Page, kind: str) -> None:
    idle = [await page.connect(HALVES[kind]) for _ in range(MOST_CONNECTIONS)]
    assert [await page.status() for _ in range(3)] == [200] * 3
    for _, writer in idle:
        writer.close()


@pytest.mark.parametrize("kind", HALVES)
async def test_who_neither_asks_nor_reads_is_cut_off(page: Page, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ASK_S", 0.05)
    monkeypatch.setattr(connections, "READ_S", 0.05)
    reader, writer = await page.connect(HALVES[kind])
    taken = 0
    if kind == "never read":
        # What is sent then fails, since the other end is gone.
        with suppress(ConnectionError):
            while True:
                writer.write(b"\r\n")
                await writer.drain()
                await asyncio.sleep(0.01)
    with suppress(ConnectionError):
        while part := await reader.read(65_536):
            taken += len(part)
    assert taken < len(BODY)
    writer.close()


async def test_who_is_being_answered_keeps_the_place_and_more_are_refused(page: Page) -> None:
    asking = [await page.connect(REQUEST % b"held") for _ in range(MOST_CONNECTIONS)]
    while page.asked < MOST_CONNECTIONS:
        await asyncio.sleep(0)
    assert await page.status() == 503
    page.held.set()
    assert {(await reader.readline()).split()[1] for reader, _ in asking} == {b"200"}
    for _, writer in asking:
        writer.close()


async def test_a_connection_serves_one_request_after_the_other(page: Page) -> None:
    reader, writer = await page.connect()
    for _ in range(3):
        writer.write(REQUEST % b"")
        assert (await reader.readline()).split()[1] == b"200"
        assert (await reader.readuntil(b"Here.")).endswith(b"Here.")
        await reader.readline()
        await reader.readuntil(b"0\r\n\r\n")
    writer.close()
