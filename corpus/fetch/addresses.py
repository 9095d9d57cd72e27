"""Resolves hosts and allows only public IP addresses."""

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


# Addresses that are not globally reachable by the IANA special-purpose registries (RFC 6890 and its updates), multicast
# and reserved ones, and former 6to4 relays. Listed here because Python's lists differ by version.
_NOT_PUBLIC_4 = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
    " 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24"
    " 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
)
# The only global unicast block in use (RFC 4291); excludes mapped, unique local, link-local and multicast addresses.
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
# Protocol assignments including Teredo, documentation, 6to4, AS112.
_NOT_PUBLIC_6 = _networks("2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20")
# NAT64 (RFC 6052); the last four bytes are the IPv4 address.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Interface identifiers that contain an IPv4 address (ISATAP, RFC 5214).
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")
# Blocked even for an allowed host name, whose DNS could point at a cloud machine's secrets. The single addresses are
# the metadata services of AWS (IPv6) and Alibaba Cloud.
_ALWAYS_BLOCKED = _networks(
    "0.0.0.0/8 169.254.0.0/16 100.100.100.200/32 224.0.0.0/4 240.0.0.0/4 ::/128 fe80::/10 ff00::/8 fd00:ec2::254/128"
)

_PRIVATE_HINT = "Use a link to the public web; an operator can allow a host with ATTACHE_ALLOWED_HOSTS."


def is_public(address: Address) -> bool:
    """Return whether an address is globally reachable and doesn't embed one that isn't."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_PUBLIC_4)
    if address in _NAT64:
        return is_public(IPv4Address(address.packed[12:]))
    if address.packed[8:12] in _ISATAP and not is_public(IPv4Address(address.packed[12:])):
        return False
    return address.is_global and address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


def is_ip_address(host: str) -> bool:
    """Return whether a host is a literal IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def resolve_host(host: str, port: int, options: FetchOptions, deadline: Deadline) -> list[Address]:
    """Look up a host once and return its addresses, all of them checked.

    Raises:
        AddressRefused: one of the addresses is not public, and the host is not allowed.
        FetchFailed: the host has no address, or the lookup times out.
    """
    found = [host] if is_ip_address(host) else _resolve(host, port, options.resolve or system_resolver, deadline)
    try:
        addresses = list(dict.fromkeys(map(ipaddress.ip_address, found)))
    except ValueError as error:
        raise AddressRefused(f"The site {host} has no usable address.", _PRIVATE_HINT) from error
    if not addresses:
        raise _unknown(host)
    is_allowed = options.allowed.allows(host, port)
    for address in addresses:
        if not is_public(address) and not (is_allowed and (is_ip_address(host) or not _is_blocked(address))):
            raise AddressRefused(
                f"The link leads to {host}, which is in a private or reserved network, not on the public web.",
                _PRIVATE_HINT,
            )
    return addresses


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host from the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _resolve(host: str, port: int, resolve: Resolver, deadline: Deadline) -> Sequence[str]:
    """Resolve in a separate thread, since getaddrinfo has no timeout."""
    results: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def lookup() -> None:
        try:
            results.put(resolve(host, port))
        except Exception as error:  # noqa: BLE001 - raised again in the calling thread
            results.put(error)

    threading.Thread(target=lookup, name="resolve", daemon=True).start()
    try:
        result = results.get(timeout=deadline.remaining())
    except queue.Empty:
        raise deadline.timed_out() from None
    if isinstance(result, Exception):
        raise _unknown(host) from result
    return result


def _is_blocked(address: Address) -> bool:
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
    return any(plain in network for network in _ALWAYS_BLOCKED)


def _unknown(host: str) -> FetchFailed:
    return FetchFailed(
        f"There is no site {host}, or its name can't be looked up right now.", "Check the link's spelling."
    )
