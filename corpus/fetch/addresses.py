"""Which addresses of the internet may be reached, and which ones a host has."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

from corpus.errors import AddressRefused, FetchFailed
from corpus.fetch.deadline import Deadline
from corpus.fetch.options import FetchOptions, Resolver

Address = IPv4Address | IPv6Address


def _networks(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(map(ipaddress.ip_network, text.split()))


# What is not globally reachable in the IANA registries of special-purpose addresses (RFC 6890 and its updates), and
# multicast, the former 6to4 relays, and what is reserved. Stated here, since the lists in Python differ by version.
_NOT_PUBLIC_4 = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
    " 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24"
    " 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
)
# The only block of global unicast that is in use (RFC 4291): mapped, unique local, link-local, multicast are outside.
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
# Protocol assignments with Teredo, documentation, 6to4, AS112.
_NOT_PUBLIC_6 = _networks("2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20")
# Where a network without IPv4 reaches it (RFC 6052); the last four bytes are the IPv4 address.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# An interface identifier that holds an IPv4 address (ISATAP, RFC 5214).
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")
# Not even for an allowed name: whoever controls its DNS would reach the secrets of the cloud's machines. The single
# addresses are metadata services of AWS (IPv6) and Alibaba Cloud.
_NEVER = _networks(
    "0.0.0.0/8 169.254.0.0/16 100.100.100.200/32 224.0.0.0/4 240.0.0.0/4 ::/128 fe80::/10 ff00::/8 fd00:ec2::254/128"
)

_PRIVATE_HINT = "Use a link to the public web; an operator can allow a host with ATTACHE_ALLOWED_HOSTS."


def is_public(address: Address) -> bool:
    """Tell whether an address is one that anybody on the internet reaches, and no other address in disguise."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_PUBLIC_4)
    if address in _NAT64:
        return is_public(IPv4Address(address.packed[12:]))
    if address.packed[8:12] in _ISATAP and not is_public(IPv4Address(address.packed[12:])):
        return False
    return address.is_global and address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


def is_literal(host: str) -> bool:
    """Tell an address from a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def reachable(host: str, port: int, options: FetchOptions, deadline: Deadline) -> list[Address]:
    """The addresses of a host, asked for once, all of which may be reached.

    Raises:
        AddressRefused: one of them may not.
        FetchFailed: the host has none, or they do not come in time.
    """
    found = [host] if is_literal(host) else _ask(host, port, options.resolve or system_resolver, deadline)
    try:
        addresses = list(dict.fromkeys(map(ipaddress.ip_address, found)))
    except ValueError as error:
        raise AddressRefused(f"The site {host} has no address that can be used.", _PRIVATE_HINT) from error
    if not addresses:
        raise _unknown(host)
    is_allowed = options.allowed.allows(host, port)
    for address in addresses:
        vouched = is_allowed and (is_literal(host) or not _is_never(address))
        if not (is_public(address) or vouched):
            raise AddressRefused(
                f"The link leads to {host}, which is not on the public web but in a private or reserved network.",
                _PRIVATE_HINT,
            )
    return addresses


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses that the system knows for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _ask(host: str, port: int, resolve: Resolver, deadline: Deadline) -> Sequence[str]:
    """Ask in a thread of its own: getaddrinfo knows no time limit."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise deadline.passed() from None
    if isinstance(answer, Exception):
        raise _unknown(host) from answer
    return answer


def _is_never(address: Address) -> bool:
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
    return any(plain in network for network in _NEVER)


def _unknown(host: str) -> FetchFailed:
    return FetchFailed(f"There is no site {host}, or its name can't be looked up now.", "Check the link's spelling.")
