"""Validates links before they are followed: scheme, host, port, credentials."""

import ipaddress
import re

import httpx

from corpus.errors import AddressRefused
from corpus.fetch.addresses import is_ip_address
from corpus.fetch.options import DEFAULT_PORTS, AllowedHosts, is_host_name

MAX_CHARACTERS = 2_000
_MAX_DISPLAYED = 200
_USER = re.compile(r"//[^/?#]*@")
# Browsers and resolvers read a host with such a last label as an IPv4 address (WHATWG URL, 3.5).
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)", re.ASCII)
_HINT = "Use the link of the article's own page, starting with https://."


def display_link(text: str) -> str:
    """Return a link for messages: printable, shortened, and without a password."""
    text = _USER.sub("//…@", "".join(filter(str.isprintable, text.strip())))
    return text if len(text) <= _MAX_DISPLAYED else text[:_MAX_DISPLAYED] + "…"


def parse_link(link: str, allowed: AllowedHosts) -> httpx.URL:
    """Return the URL of a link whose text passes all checks.

    Raises:
        AddressRefused: the link may not be followed.
    """
    url = _parse(link)
    if url.scheme not in DEFAULT_PORTS:
        raise AddressRefused(f"A link must start with http or https, not with “{url.scheme[:20]}:”.", _HINT)
    if url.userinfo:
        raise AddressRefused("The link contains a user name or password.", "Remove the part before the @.")
    host = url.raw_host.decode("ascii").rstrip(".")
    if is_ip_address(host):
        host = str(ipaddress.ip_address(host))
    elif _NUMBER.fullmatch(host):
        raise AddressRefused("The link writes its host as a number, which hides where it leads.", _HINT)
    elif not is_host_name(host):
        raise AddressRefused("The link's site name isn't valid.", _HINT)
    port = DEFAULT_PORTS[url.scheme] if url.port is None else url.port
    if port not in DEFAULT_PORTS.values() and not allowed.allows(host, port):
        raise AddressRefused(
            f"The link uses port {port}; only 80 and 443 are allowed.",
            "An operator can allow it with ATTACHE_ALLOWED_HOSTS.",
        )
    return url.copy_with(host=host, fragment=None)


def _parse(link: str) -> httpx.URL:
    link = link.strip()
    if len(link) > MAX_CHARACTERS:
        raise AddressRefused(f"The link is longer than {MAX_CHARACTERS:,} characters.", _HINT)
    if not link.isprintable() or " " in link or "\\" in link:
        raise AddressRefused("The link has characters that links can't have.", _HINT)
    try:
        url = httpx.URL(link)
        # Decodes an international name, which raises errors of its own.
        host = url.host
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("This isn't a valid link.", _HINT) from error
    if not url.scheme or (url.scheme in DEFAULT_PORTS and not host):
        raise AddressRefused("This link is incomplete: it needs https:// and the name of a site.", _HINT)
    return url
