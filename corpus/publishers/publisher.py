"""A publisher, and the keys to find it by."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


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
    return host.removeprefix("www.")
