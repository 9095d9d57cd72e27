"""Caches each site's robots.txt (RFC 9309) for a day."""

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
# Longer crawl delays are cut to this.
MAX_DELAY_S = 60.0


class RobotsRefused(AddressRefused):
    """The site's robots.txt forbids programs to read this page."""


@dataclass(frozen=True, slots=True)
class _Rules:
    expires_at: float
    rules: Protego | None
    failure: FetchFailed | None = None


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
        if found is None or found.expires_at <= self._clock.now():
            found = self._fetch(site)
            if len(self._sites) >= MAX_SITES:
                self._sites.clear()
            self._sites[site] = found
        if found.failure is not None:
            raise found.failure
        if found.rules is None:
            return 0.0
        if not found.rules.can_fetch(url, PRODUCT_TOKEN):
            raise RobotsRefused(f"The robots.txt of {parts.hostname} doesn't let programs read this page.")
        return min(MAX_DELAY_S, found.rules.crawl_delay(PRODUCT_TOKEN) or 0.0)

    def _fetch(self, site: str) -> _Rules:
        now = self._clock.now()
        try:
            text = self._get(site + PATH).body[:MAX_BYTES].decode("utf-8", "replace")
            return _Rules(now + CACHE_S, Protego.parse(text))
        except FetchFailed as error:
            # RFC 9309, 2.3.1.3: without rules, everything may be read.
            if isinstance(error, BadStatus) and 400 <= error.status < 500 and error.status != 429:
                return _Rules(now + CACHE_S, None)
            message = f"The site's robots.txt can't be read right now: {error.message}"
            return _Rules(now + RETRY_S, None, FetchFailed(message, error.hint))
        # Protego raises all but the first for malformed rules, which then count as none.
        except (AddressRefused, ValueError, RecursionError, LookupError, TypeError):
            return _Rules(now + CACHE_S, None)
