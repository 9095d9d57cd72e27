"""What is known of a publisher, and the names under which it is found."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class Kind(StrEnum):
    """What a publisher is; whether a state controls it is told apart from that."""

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
    """What is known of one publisher.

    `country` is an ISO 3166-1 alpha-2 code (`EU` for the European Union), None where it belongs to no country. `also`
    are other names, `domains` hosts whose pages it publishes, with those below them. `source` says where the facts
    are stated. `is_edited` where an operator of this corpus changed any of it.
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
    """The spelling under which a name is looked up: `The New York Times` and `new york times` are one."""
    return " ".join(name.casefold().split()).removeprefix("the ")


def host_of(url: str | None) -> str:
    """The host of an address, without `www.`; empty where there is none."""
    try:
        host = (urlsplit(url or "").hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host.removeprefix("www.")
