"""A publisher, the keys to find it by, and the sites of addresses."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

_HOST = re.compile(r"[\w.:-]+")
# Hosts on which sites serve the same articles to other readers.
_PREFIX = re.compile(r"^(?:www|m|mobile|amp|feeds?|rss)\.")


class Kind(StrEnum):
    """What a publisher is; state control is a separate field."""

    AGENCY = "agency"
    NEWSPAPER = "newspaper"
    MAGAZINE = "magazine"
    BROADCASTER = "broadcaster"
    PUBLIC_BROADCASTER = "public-broadcaster"
    GOVERNMENT_FUNDED = "government-funded"
    THINK_TANK = "think-tank"
    GOVERNMENT = "government"
    ORGANISATION = "organisation"
    SATIRE = "satire"
    OWN_BRIEF = "own-brief"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher.

    `country` is an ISO 3166-1 alpha-2 code (`EU` for the European Union), or None. `also` are alternative names.
    `domains` are hosts whose pages it publishes, including their subdomains. `source` says where these facts come from.
    `is_edited` is True if an operator changed any of them.
    """

    name: str
    kind: Kind
    country: str | None = None
    domains: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    state_controlled: bool = False
    source: str = ""
    is_edited: bool = False


def name_key(name: str) -> str:
    """Return the key to look up a name by: `The New York Times` and `new york times` have the same."""
    return " ".join(name.casefold().split()).removeprefix("the ")


def host_of(url: str | None) -> str:
    """Return the host of a url without `www.`, or an empty string."""
    try:
        host = (urlsplit(url or "").hostname or "").rstrip(".")
    except ValueError:
        return ""
    # Browsers end the host at a backslash, Python does not.
    return host.removeprefix("www.") if _HOST.fullmatch(host) else ""


def site_of(url: str | None) -> str:
    """Return the site that serves a url: its host without `www.`, with its port if that is unusual; or empty."""
    host = host_of(url)
    if not host:
        return ""
    try:
        port = urlsplit(url or "").port
    except ValueError:
        return ""
    return host if port in {None, 80, 443} else f"{host}:{port}"


def is_one_site(one: str | None, other: str | None) -> bool:
    """Return whether two sites are equal apart from `www.`, `feeds.` and the like, or one is below the other."""
    if not one or not other:
        return False
    short, long = sorted((_PREFIX.sub("", one), _PREFIX.sub("", other)), key=len)
    return short == long or ("." in short and long.endswith("." + short))


def owns_url(served_by: str | None, url: str | None) -> bool:
    """Return whether a url leads to the site that served a text."""
    return is_one_site(served_by, site_of(url))
