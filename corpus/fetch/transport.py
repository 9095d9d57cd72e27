"""Connects to exactly the addresses that were checked, and keeps every step within the deadline."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from corpus.errors import FetchFailed
from corpus.fetch.addresses import reachable
from corpus.fetch.deadline import Deadline
from corpus.fetch.options import FetchOptions

# A site with a dead IPv6 address still answers at the next one.
_CONNECT_S = 8.0
_MOST_ADDRESSES = 4
_AGAIN = "Try again later."


class PinnedTransport(httpx.BaseTransport):
    """Sends requests without proxies, environment, retries or HTTP/2; every connection passes `PinnedBackend`.

    The server's name in TLS is the link's host, whose certificate is verified. A response's headers are limited to
    100 KB by httpcore.

    Args:
        options: what may be reached.
        deadline: by when the whole fetch must be done.
        trusted: the certificate authorities; needed for https alone.
    """

    def __init__(self, options: FetchOptions, deadline: Deadline, trusted: ssl.SSLContext | None) -> None:
        self._deadline = deadline
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted, network_backend=PinnedBackend(options, deadline), max_connections=1
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request.

        Raises:
            AddressRefused: the host has an address that may not be reached.
            FetchFailed: no whole response came in time.
        """
        url = request.url
        sent = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
        )
        with _plain_errors(self._deadline):
            got = self._pool.handle_request(sent)
        return httpx.Response(got.status, headers=got.headers, stream=_Body(got, self._deadline))

    def close(self) -> None:
        """Closes the connection."""
        self._pool.close()


class PinnedBackend(httpcore.NetworkBackend):
    """Looks a host up once, checks every address, and connects to one of these and to nothing else."""

    def __init__(self, options: FetchOptions, deadline: Deadline) -> None:
        self._options = options
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline rules
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connects to a host's first address that answers."""
        addresses = reachable(host, port, self._options, self._deadline)[:_MOST_ADDRESSES]
        for place, address in enumerate(addresses, start=1):
            seconds = min(_CONNECT_S, self._deadline.left())
            try:
                stream = self._network.connect_tcp(str(address), port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(addresses):
                    raise
            else:
                return _TimedStream(stream, self._deadline)
        raise httpcore.ConnectError


class _TimedStream(httpcore.NetworkStream):
    """A connection on which no step outlives the deadline, however slowly bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """What came, within what is left of the time."""
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Sends within what is left of the time."""
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        """Closes the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted, on the same deadline; certificates that fail are told as such."""
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        except httpcore.ConnectError as error:
            raise _unsafe(error.__cause__) from error
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        """What the connection knows of itself."""
        return self._inner.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response, deadline: Deadline) -> None:
        self._response = response
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        with _plain_errors(self._deadline):
            yield from self._response.iter_stream()

    def close(self) -> None:
        """Gives the rest of the response up."""
        self._response.close()


@contextmanager
def _plain_errors(deadline: Deadline) -> Iterator[None]:
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise FetchFailed("The site does not answer.", _AGAIN) from error
    except httpcore.TimeoutException as error:
        raise deadline.passed() from error
    except httpcore.ConnectError as error:
        raise FetchFailed("The site can't be reached.", _AGAIN) from error
    except httpcore.NetworkError as error:
        raise FetchFailed("The connection broke off before the page was complete.", _AGAIN) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise FetchFailed("The site's answer broke off, or is none that a web server gives.", _AGAIN) from error


def _unsafe(cause: BaseException | None) -> FetchFailed:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return FetchFailed(
            "The site's certificate is not valid for its name, so the page could come from anybody.",
            "Check the link's spelling; else the site has to put it right.",
        )
    return FetchFailed("No safe connection to the site is possible.", "Check whether the link begins with http://.")
