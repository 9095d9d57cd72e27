"""How far fetching may go: allowed hosts, sizes, times, redirects."""

import ipaddress
import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from corpus.errors import BadInput

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to the addresses of the host, as text; raises OSError where there are none."""

Visit = Callable[[str], AbstractContextManager[None]]
"""What surrounds every single request to an address: it may wait for its turn, or raise what refuses it."""

DEFAULT_PORTS = {"http": 80, "https": 443}
# News pages have up to about 3 MB of markup. What is larger costs the extraction of text too much time.
MOST_PAGE_BYTES = 5 * 1024 * 1024
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.ASCII)
_ENTRY = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]+)(?::(?P<port>\d{1,5}))?")


def is_host_name(host: str) -> bool:
    """Tell whether a text in lower case can be the name of a host (RFC 1123, and underscores, which occur)."""
    return len(host) <= 253 and bool(_NAME.fullmatch(host))


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts that the operator vouches for: they may lie in a private network and, where a port is named, answer there.

    An entry is a host's name or literal address, and a port or None for 80 and 443.
    """

    entries: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "AllowedHosts":
        """Reads `host` or `host:port`, several with commas between; an IPv6 address stands in brackets.

        Raises:
            BadInput: an entry is neither.
        """
        return cls(frozenset(map(_entry, filter(None, map(str.strip, text.lower().split(","))))))

    def allows(self, host: str, port: int) -> bool:
        """Tell whether an entry names this host and port."""
        return (host, port) in self.entries or (port in DEFAULT_PORTS.values() and (host, None) in self.entries)


def at_once(_url: str) -> AbstractContextManager[None]:
    """A visit that waits for nothing: for links that a person gives one by one."""
    return nullcontext()


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How to get one page.

    Args:
        allowed: hosts beyond the public web.
        max_bytes: the most bytes a page may have, sent and after decompression.
        total_s: seconds for the whole of it: names, connections, redirects, body.
        redirects: how many redirects are followed.
        resolve: asks for a host's addresses; None for the system's resolver.
        ssl_context: whom to trust; None for the certificate authorities of the certifi package.
        visit: surrounds every request, those of redirects too.
    """

    allowed: AllowedHosts = AllowedHosts()
    max_bytes: int = MOST_PAGE_BYTES
    total_s: float = 20.0
    redirects: int = 5
    resolve: Resolver | None = None
    ssl_context: ssl.SSLContext | None = None
    visit: Visit = at_once


def _entry(text: str) -> tuple[str, int | None]:
    match = _ENTRY.fullmatch(text)
    port = int(match["port"]) if match and match["port"] else None
    if not match or (port is not None and not 0 < port < 65536):
        raise BadInput(f"“{text}” is no host or host:port.", "Write for example intranet.example:8080.")
    host = match["host"].rstrip(".")
    try:
        return str(ipaddress.ip_address(host.strip("[]"))), port
    except ValueError:
        if not is_host_name(host):
            raise BadInput(f"“{text}” is no host or host:port.", "Write for example intranet.example:8080.") from None
    return host, port
