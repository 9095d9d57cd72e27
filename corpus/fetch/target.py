"""Checks a link before it is followed: scheme, host, port, nothing hidden in it."""

import ipaddress
import re

import httpx

from corpus.errors import AddressRefused
from corpus.fetch.addresses import is_literal
from corpus.fetch.options import DEFAULT_PORTS, AllowedHosts, is_host_name

MOST_CHARACTERS = 2_000
_SHOWN = 200
_USER = re.compile(r"//[^/?#]*@")
# Browsers and resolvers take such a last label for a number, and the whole for an IPv4 address (WHATWG URL, 3.5).
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)", re.ASCII)
_HINT = "Give the link of the article's own page, beginning with https://."


def shown_link(text: str) -> str:
    """Return a link for messages: what can be printed of it, without a password, not too long."""
    text = _USER.sub("//…@", "".join(filter(str.isprintable, text.strip())))
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def target(link: str, allowed: AllowedHosts) -> httpx.URL:
    """Return the address of a link that may be followed, as far as its text can tell.

    Raises:
        AddressRefused: it may not.
    """
    url = _parsed(link)
    if url.scheme not in DEFAULT_PORTS:
        raise AddressRefused(f"A link must begin with http or https, not with “{url.scheme[:20]}:”.", _HINT)
    if url.userinfo:
        raise AddressRefused("The link has a user name or password in it.", "Leave out what stands before the @.")
    host = url.raw_host.decode("ascii").rstrip(".")
    if is_literal(host):
        host = str(ipaddress.ip_address(host))
    else:
        _check_name(host)
    port = DEFAULT_PORTS[url.scheme] if url.port is None else url.port
    if port not in DEFAULT_PORTS.values() and not allowed.allows(host, port):
        raise AddressRefused(
            f"The link names port {port}; only 80 and 443 are followed.",
            "An operator can allow it with ATTACHE_ALLOWED_HOSTS.",
        )
    return url.copy_with(host=host, fragment=None)


def _parsed(link: str) -> httpx.URL:
    link = link.strip()
    if len(link) > MOST_CHARACTERS:
        raise AddressRefused(f"The link is longer than {MOST_CHARACTERS:,} characters.", _HINT)
    if not link.isprintable() or " " in link or "\\" in link:
        raise AddressRefused("The link has characters in it that no link has.", _HINT)
    try:
        url = httpx.URL(link)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("This is no link that can be read.", _HINT) from error
    if not url.scheme or (url.scheme in DEFAULT_PORTS and not url.host):
        raise AddressRefused("This is no whole link: it needs https:// and the name of a site.", _HINT)
    return url


def _check_name(host: str) -> None:
    if _NUMBER.fullmatch(host):
        raise AddressRefused("The link writes its host as a number, which hides where it leads.", _HINT)
    if not is_host_name(host):
        raise AddressRefused("The link names no site that can exist.", _HINT)
