"""Caches each site's robots.txt (RFC 9309) for a day."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from corpus.errors import AddressRefused, BadStatus, FetchFailed
from corpus.feeds.schedule import Clock
from corpus.fetch.download import Download

# The product token that rules for this program name (RFC 9309, 2.2.1).
PRODUCT_TOKEN = "Attache"  # noqa: S105
PATH = "/robots.txt"
# RFC 9309, 2.4: no longer than 24 hours; 2.5: at least 500 kibibytes are read.
CACHE_S = 24 * 3600
MAX_BYTES = 500 * 1024
# After a failure robots.txt is fetched again this much later; until then nothing may be read (RFC 9309, 2.3.1.4).
RETRY_S = 15 * 60
MAX_SITES = 1_000
# Of all cached rules together: one site may have 500 kB of rules, and a rule takes 40 times its text in memory.
MAX_CACHED_CHARACTERS = 4_000_000
# Longer crawl delays are cut to this.
MAX_DELAY_S = 60.0

_AGENT = re.compile(r"user[\s-]*agent\b\s*:?(.*)", re.IGNORECASE)
# They apply to the whole site, wherever they stand.
_SITE_WIDE = re.compile(r"(?:site-?maps?|host)\b", re.IGNORECASE)
# Protego reads rules without a colon, too; other words are no rule.
_RULE = re.compile(r"[^:]*:|(?:allow|di\w{5,8}|(?:crawl|request|visit)[ -](?:delay|rate|time))\s", re.IGNORECASE)


class RobotsRefused(AddressRefused):
    """The site's robots.txt forbids programs to read this page."""


@dataclass(frozen=True, slots=True)
class _Rules:
    expires_at: float
    rules: Protego | None
    failure: FetchFailed | None = None
    characters: int = 0


class RobotsCache:
    """The rules of the sites visited so far.

    Args:
        get: downloads a url without checking robots.txt.
        clock: the time.
    """

    def __init__(self, get: Callable[[str], Download], clock: Clock) -> None:
        self._get = get
        self._clock = clock
        self._sites: dict[str, _Rules] = {}

    def crawl_delay(self, url: str) -> float:
        """Return the seconds between two visits that a site asks for, if this page of it may be read.

        Raises:
            RobotsRefused: the page may not be read.
            FetchFailed: robots.txt can't be fetched right now.
        """
        parts = urlsplit(url)
        if parts.path == PATH:
            return 0.0
        site = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        found = self._sites.get(site)
        # More than a day ahead, it was computed while the clock was wrong.
        if found is None or not 0 < found.expires_at - self._clock.now() <= CACHE_S:
            found = self._fetch(site)
            self._keep(site, found)
        if found.failure is not None:
            raise found.failure
        if found.rules is None:
            return 0.0
        if not found.rules.can_fetch(url, PRODUCT_TOKEN):
            raise RobotsRefused(f"The robots.txt of {parts.hostname} doesn't let programs read this page.")
        return min(MAX_DELAY_S, found.rules.crawl_delay(PRODUCT_TOKEN) or 0.0)

    def _keep(self, site: str, rules: _Rules) -> None:
        # Threads of other sites change the cache meanwhile.
        kept = list(self._sites.values())
        if len(kept) >= MAX_SITES or sum(each.characters for each in kept) + rules.characters > MAX_CACHED_CHARACTERS:
            self._sites = {}
        self._sites[site] = rules

    def _fetch(self, site: str) -> _Rules:
        now = self._clock.now()
        try:
            text = own_rules(self._get(site + PATH).body[:MAX_BYTES].decode("utf-8", "replace"))
            return _Rules(now + CACHE_S, Protego.parse(text), characters=len(text))
        except FetchFailed as error:
            # RFC 9309, 2.3.1.3: without rules, everything may be read.
            if isinstance(error, BadStatus) and 400 <= error.status < 500 and error.status != 429:
                return _Rules(now + CACHE_S, None)
            message = f"The site's robots.txt can't be read right now: {error.message}"
            return _Rules(now + RETRY_S, None, FetchFailed(message, error.hint))
        # Protego raises all but the first for malformed rules, which then count as none.
        except (AddressRefused, ValueError, RecursionError, LookupError, TypeError):
            return _Rules(now + CACHE_S, None)


def own_rules(text: str) -> str:
    """Return the rules of a robots.txt that apply to this program, as one group.

    Protego keeps every rule for every agent: 80 KB of agents and rules take half a minute and more than a gigabyte.
    """
    found: dict[str, list[str]] = {}
    agents: dict[str, None] = {}
    is_among_agents = False
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if agent := _AGENT.match(line):
            agents = agents if is_among_agents else {}
            is_among_agents = True
            name = agent[1].strip().lower()
            name = name if name == "*" else name.replace("*", "")
            # As Protego does, which lets a group's agent be the beginning of a program's name.
            if name and (name == "*" or PRODUCT_TOKEN.lower().startswith(name)):
                agents[name] = None
                found.setdefault(name, [])
        elif _RULE.match(line) and not _SITE_WIDE.match(line):
            is_among_agents = False
            for each in agents:
                found[each].append(line)
    if not found:
        return ""
    # RFC 9309, 2.2.1: the most specific group applies, and `*` if there is no other.
    best = max(found, key=lambda name: 0 if name == "*" else len(name))
    return "\n".join(["User-agent: *", *found[best]])
