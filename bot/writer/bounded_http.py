"""The HTTP connection to the model's server: what comes back is bounded, and read in steps that hold up nobody."""

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2
from pydantic_ai.models import create_async_httpx2_client

from bot.writer.endpoint import Endpoint
from corpus.errors import AttacheError

# Bytes of a reply. A thousand tokens with their frames take a third of it.
MOST_BYTES = 1_000_000
# Bytes of a line of a stream, which is parsed at once; and of a reply that is no stream.
MOST_AT_ONCE = 64_000
# Characters of a draft, which is parsed anew with every piece of it: a thousand tokens have a quarter of them.
MOST_DRAFTED = 20_000
_STREAM = "text/event-stream"
# Parsers get this many bytes, then to the end of a line, and others their turn in between.
_LEAST_STEP, _MOST_STEP = 256, 4_096


class ReplyTooLong(AttacheError):
    """The reply has more bytes than any that makes sense, or is compressed, which was not asked for."""


def make_client(endpoint: Endpoint, timeout_s: float) -> httpx2.AsyncClient:
    """Return a client for one endpoint. It follows no redirects: prompts go where the settings say, and nowhere else.

    A proxy of the environment is used, but for a server on this machine.
    """
    transport = _Transport("" if endpoint.is_local else _proxy_of(endpoint.url))
    client = create_async_httpx2_client(timeout=httpx2.Timeout(timeout_s, connect=5.0), transport=transport)
    client.follow_redirects = False
    # What was compressed can't be bounded by its bytes.
    client.headers["accept-encoding"] = "identity"
    return client


class _Transport(httpx2.AsyncBaseTransport):
    def __init__(self, proxy: str) -> None:
        context, network = httpx2.create_ssl_context(), _SmallReads()
        if proxy:
            stated = httpx2.Proxy(proxy)
            self._pool: httpcore2.AsyncConnectionPool = httpcore2.AsyncHTTPProxy(
                str(stated.url), stated.raw_auth, ssl_context=context, network_backend=network
            )
        else:
            self._pool = httpcore2.AsyncConnectionPool(context, network_backend=network)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        assert isinstance(request.stream, httpx2.AsyncByteStream)
        sent = httpcore2.Request(
            request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        with _errors_of_the_client():
            response = await self._pool.handle_async_request(sent)
        found = httpx2.Response(response.status, headers=response.headers, stream=_Body(response))
        if found.headers.get("content-encoding", "identity").strip().lower() != "identity":
            await response.aclose()
            raise ReplyTooLong("The reply is compressed.")
        return found

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx2.AsyncByteStream):
    """The body of a response, in small pieces."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response
        stated = next((value for name, value in response.headers if name.lower() == b"content-type"), b"")
        self._is_stream = stated.lower().startswith(_STREAM.encode())
        self._total = self._drafted = 0
        self._line = bytearray()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        # May be called twice: clients read to the end what comes behind the end that they look for.
        assert isinstance(self._response.stream, AsyncIterable)
        with _errors_of_the_client():
            async for chunk in self._response.stream:
                for piece in _steps(chunk):
                    self._count(piece)
                    yield piece
                    await asyncio.sleep(0)

    def _count(self, piece: bytes) -> None:
        self._total += len(piece)
        if self._is_stream:
            *whole, rest = piece.split(b"\n")
            for part in whole:
                self._drafted += _draft_of(bytes(self._line + part))
                self._line.clear()
            self._line += rest
        if (
            self._total > (MOST_BYTES if self._is_stream else MOST_AT_ONCE)
            or len(self._line) > MOST_AT_ONCE
            or self._drafted > MOST_DRAFTED
        ):
            raise ReplyTooLong("The reply is too long.")

    async def aclose(self) -> None:
        await self._response.aclose()


class _SmallReads(httpcore2.AnyIOBackend):
    """Reads little at a time, so that no parser gets thousands of headers or events at once."""

    async def connect_tcp(self, *given: Any, **named: Any) -> httpcore2.AsyncNetworkStream:  # noqa: ANN401 - as there
        return _SmallStream(await super().connect_tcp(*given, **named))


class _SmallStream(httpcore2.AsyncNetworkStream):
    def __init__(self, inner: httpcore2.AsyncNetworkStream) -> None:
        self._inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(min(max_bytes, _MOST_STEP), timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(self, *given: Any, **named: Any) -> httpcore2.AsyncNetworkStream:  # noqa: ANN401 - as there
        return _SmallStream(await self._inner.start_tls(*given, **named))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as there
        return self._inner.get_extra_info(info)


def _steps(chunk: bytes) -> Iterable[bytes]:
    """Yield a chunk in pieces that end at lines, as far as these are short."""
    at = 0
    while at < len(chunk):
        end = chunk.find(b"\n", at + _LEAST_STEP, at + _MOST_STEP) + 1 or at + _MOST_STEP
        yield chunk[at:end]
        at = end


def _draft_of(line: bytes) -> int:
    """Return how many characters a line of a stream adds to the draft, in either dialect."""
    try:
        event = json.loads(line.removeprefix(b"data:"))
    # What can't be read as deep as this, or at all, the client refuses.
    except (ValueError, RecursionError):
        return 0
    found = event if isinstance(event, dict) else {}
    choices = found.get("choices")
    pieces = [found, *(each for each in (choices if isinstance(choices, list) else ()) if isinstance(each, dict))]
    deltas = [each["delta"] for each in pieces if isinstance(each.get("delta"), dict)]
    return sum(
        len(text) for delta in deltas for text in (delta.get("content"), delta.get("text")) if isinstance(text, str)
    )


def _proxy_of(url: str) -> str:
    """Return the proxy that the environment names for an address; empty for none."""
    address = httpx2.URL(url)
    proxies = getproxies()
    return "" if proxy_bypass(address.host) else proxies.get(address.scheme) or proxies.get("all") or ""


@contextmanager
def _errors_of_the_client() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Both libraries name their errors alike.
        kind = getattr(httpx2, type(error).__name__, None)
        if kind is None or not issubclass(kind, httpx2.TransportError):
            raise
        raise kind(str(error)) from error
