"""An HTTP transport that connects only to checked addresses and keeps every step within the deadline."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from corpus.errors import FetchFailed
from corpus.fetch.addresses import resolve_host
from corpus.fetch.deadline import Deadline
from corpus.fetch.options import FetchOptions

# Short enough to try the next address if an IPv6 one is dead.
_CONNECT_TIMEOUT_S = 8.0
_MAX_ADDRESSES = 4
_AGAIN = "Try again later."


class PinnedTransport(httpx.BaseTransport):
    """Sends requests through `PinnedBackend`, without proxies, retries or HTTP/2.

    TLS verifies the certificate for the link's host. httpcore limits response headers to 100 KB.

    Args:
        options: allowed hosts and resolver.
        deadline: the deadline of the whole fetch.
        ssl_context: trusted certificates; needed for https only.
    """

    def __init__(self, options: FetchOptions, deadline: Deadline, ssl_context: ssl.SSLContext | None) -> None:
        self._deadline = deadline
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context, network_backend=PinnedBackend(options, deadline), max_connections=1
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            AddressRefused: the host has an address that isn't allowed.
            FetchFailed: no complete response in time.
        """
        url = request.url
        sent = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
        )
        with _translated_errors(self._deadline):
            response = self._pool.handle_request(sent)
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response, self._deadline))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class PinnedBackend(httpcore.NetworkBackend):
    """Resolves a host once, checks every address, and connects only to these."""

    def __init__(self, options: FetchOptions, deadline: Deadline) -> None:
        self._options = options
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        addresses = resolve_host(host, port, self._options, self._deadline)[:_MAX_ADDRESSES]
        for number, address in enumerate(addresses, start=1):
            seconds = min(_CONNECT_TIMEOUT_S, self._deadline.remaining())
            try:
                stream = self._network.connect_tcp(str(address), port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                return _TimedStream(stream, self._deadline)
        raise httpcore.ConnectError


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline, however slowly bytes arrive."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Read within the deadline."""
        return self._inner.read(max_bytes, self._deadline.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Write within the deadline."""
        self._inner.write(buffer, self._deadline.remaining())

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Encrypt the connection; raise FetchFailed for an invalid certificate."""
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.remaining())
        except httpcore.ConnectError as error:
            raise _tls_error(error.__cause__) from error
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        """Return information about the connection."""
        return self._inner.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response, deadline: Deadline) -> None:
        self._response = response
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        with _translated_errors(self._deadline):
            yield from self._response.iter_stream()

    def close(self) -> None:
        """Drop the rest of the response."""
        self._response.close()


@contextmanager
def _translated_errors(deadline: Deadline) -> Iterator[None]:
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise FetchFailed("The site doesn't answer.", _AGAIN) from error
    except httpcore.TimeoutException as error:
        raise deadline.timed_out() from error
    except httpcore.ConnectError as error:
        raise FetchFailed("The site can't be reached.", _AGAIN) from error
    except httpcore.NetworkError as error:
        raise FetchFailed("The connection broke off before the page was complete.", _AGAIN) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise FetchFailed("The site's response is incomplete or isn't valid HTTP.", _AGAIN) from error


def _tls_error(cause: BaseException | None) -> FetchFailed:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return FetchFailed(
            "The site's certificate is not valid for its name, so the page could come from anyone.",
            "Check the link's spelling; otherwise the site must fix this.",
        )
    return FetchFailed("No secure connection to the site is possible.", "Check whether the link starts with http://.")
