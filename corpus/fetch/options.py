"""Options of fetching: allowed hosts, size limits, timeouts, redirects."""

import ipaddress
import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from corpus.errors import BadInput

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to the host's IP addresses as text; raises OSError if there are none."""

RequestGuard = Callable[[str], AbstractContextManager[None]]
"""URL to a context manager around each request; may wait for a rate limit or raise to refuse the request."""

DEFAULT_PORTS = {"http": 80, "https": 443}
# News pages have up to about 3 MB of markup; extracting text from larger ones takes too long.
MAX_PAGE_BYTES = 5 * 1024 * 1024
# Each link has them all read.
MAX_ALLOWED_HOSTS = 1_000
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.ASCII)
_ENTRY = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]+)(?::(?P<port>\d{1,5}))?")


def is_host_name(host: str) -> bool:
    """Return whether a lower-case text is a valid host name (RFC 1123, and underscores, which occur)."""
    return len(host) <= 253 and bool(_NAME.fullmatch(host))


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts that the operator allows even in a private network or on another port.

    An entry is a host name or IP address, and a port or None for 80 and 443.
    """

    entries: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "AllowedHosts":
        """Parse a comma-separated list of `host` or `host:port`, with IPv6 addresses in brackets.

        Raises:
            BadInput: an entry is invalid.
        """
        if text.count(",") >= MAX_ALLOWED_HOSTS:
            raise BadInput(
                f"There are more than {MAX_ALLOWED_HOSTS:,} hosts.", "Allow fewer; links to the public web need none."
            )
        return cls(frozenset(map(_entry, filter(None, map(str.strip, text.lower().split(","))))))

    def allows(self, host: str, port: int) -> bool:
        """Return whether an entry matches this host and port."""
        return (host, port) in self.entries or (port in DEFAULT_PORTS.values() and (host, None) in self.entries)


def no_guard(_url: str) -> AbstractContextManager[None]:
    """Guard nothing: for links that a person enters one by one."""
    return nullcontext()


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Options for fetching one page.

    Args:
        allowed: hosts allowed beyond the public web.
        max_bytes: the largest size of a page, before and after decompression.
        timeout_s: seconds for the whole fetch: lookups, connections, redirects and body.
        redirects: the largest number of redirects to follow.
        resolve: looks up a host's addresses; None for the system's resolver.
        ssl_context: trusted certificates; None for the authorities of the certifi package.
        guard: entered around every request, including redirects.
    """

    allowed: AllowedHosts = AllowedHosts()
    max_bytes: int = MAX_PAGE_BYTES
    timeout_s: float = 20.0
    redirects: int = 5
    resolve: Resolver | None = None
    ssl_context: ssl.SSLContext | None = None
    guard: RequestGuard = no_guard


def _entry(text: str) -> tuple[str, int | None]:
    match = _ENTRY.fullmatch(text)
    port = int(match["port"]) if match and match["port"] else None
    error = BadInput(f"“{text[:60]}” isn't a host or host:port.", "Write for example intranet.example:8080.")
    if not match or (port is not None and not 0 < port < 65536):
        raise error
    host = match["host"].rstrip(".")
    try:
        return str(ipaddress.ip_address(host.strip("[]"))), port
    except ValueError:
        if not is_host_name(host):
            raise error from None
    return host, port
