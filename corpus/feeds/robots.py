"""What sites let programs read (robots.txt, RFC 9309), remembered for a day."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from corpus.errors import AddressRefused, BadStatus, FetchFailed
from corpus.feeds.schedule import Clock
from corpus.fetch.download import Download

# The name that rules for this program are written under.
NAME = "Attache"
PATH = "/robots.txt"
# RFC 9309, 2.4: no longer than 24 hours; 2.5: at least 500 kibibytes are read.
KEPT_S = 24 * 3600
MOST_BYTES = 500 * 1024
# Rules that could not be read are asked for again after this; until then nothing is read there (RFC 9309, 2.3.1.4).
FAILED_S = 15 * 60
MOST_SITES = 1_000
# Who asks for longer pauses is asked no more than once a minute all the same.
MOST_DELAY_S = 60.0


class RobotsRefused(AddressRefused):
    """The site's robots.txt does not let programs read this page."""


@dataclass(frozen=True, slots=True)
class _Rules:
    until: float
    rules: Protego | None
    failure: FetchFailed | None = None


class Robots:
    """The rules of the sites that were visited.

    Args:
        get: gets an address, without asking here.
        clock: the time.
    """

    def __init__(self, get: Callable[[str], Download], clock: Clock) -> None:
        self._get = get
        self._clock = clock
        self._sites: dict[str, _Rules] = {}

    def delay(self, url: str) -> float:
        """The seconds between two visits that a site asks for, if this page of it may be read.

        Raises:
            RobotsRefused: it may not.
            FetchFailed: the site can't tell now.
        """
        parts = urlsplit(url)
        if parts.path == PATH:
            return 0.0
        site = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        found = self._sites.get(site)
        if found is None or found.until <= self._clock.now():
            found = self._ask(site)
            if len(self._sites) >= MOST_SITES:
                self._sites.clear()
            self._sites[site] = found
        if found.failure is not None:
            raise found.failure
        if found.rules is None:
            return 0.0
        if not found.rules.can_fetch(url, NAME):
            raise RobotsRefused(f"The site {parts.hostname} does not let programs read this page (robots.txt).")
        return min(MOST_DELAY_S, found.rules.crawl_delay(NAME) or 0.0)

    def _ask(self, site: str) -> _Rules:
        now = self._clock.now()
        try:
            text = self._get(site + PATH).body[:MOST_BYTES].decode("utf-8", "replace")
            return _Rules(now + KEPT_S, Protego.parse(text))
        except BadStatus as error:
            # RFC 9309, 2.3.1.3: where there are no rules, everything may be read.
            if 400 <= error.status < 500 and error.status != 429:
                return _Rules(now + KEPT_S, None)
            return _Rules(now + FAILED_S, None, _unknown(error))
        except AddressRefused:
            return _Rules(now + KEPT_S, None)
        except FetchFailed as error:
            return _Rules(now + FAILED_S, None, _unknown(error))
        # What hostile rules do to the library: no rules that could be kept.
        except (ValueError, RecursionError, LookupError, TypeError):
            return _Rules(now + KEPT_S, None)


def _unknown(error: FetchFailed) -> FetchFailed:
    return FetchFailed(f"The site can't tell now what programs may read (robots.txt): {error.message}", error.hint)
