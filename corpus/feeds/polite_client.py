"""Gets feeds and articles as a guest should: by each site's rules, one request a host at a time, with pauses."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from corpus.article import SourceItem
from corpus.errors import BadStatus
from corpus.feeds.parse import ACCEPT
from corpus.feeds.rate_limit import Hosts
from corpus.feeds.robots import MOST_BYTES as MOST_RULES
from corpus.feeds.robots import Robots
from corpus.feeds.schedule import Clock, retry_after
from corpus.feeds.sitemap import MOST_BYTES
from corpus.fetch.content import bad_status
from corpus.fetch.download import Download, Head, download
from corpus.fetch.fetch_article import fetch_article
from corpus.fetch.options import FetchOptions

# Seconds between two requests to one host, unless its robots.txt asks for more.
DELAY_S = 1.0
# Statuses that may state when to come back.
_BUSY = frozenset({429, 503})


class Web:
    """The way to feeds and articles; may be used by several threads.

    Args:
        options: what may be reached, and the limits for a page.
        clock: the time, and how to wait.
        delay_s: seconds between two requests to one host.
    """

    def __init__(self, options: FetchOptions, clock: Clock, delay_s: float = DELAY_S) -> None:
        self._clock = clock
        self._delay_s = delay_s
        self._hosts = Hosts(clock)
        self._robots = Robots(self._rules, clock)
        self._unruled = replace(options, visit=self._turn, max_bytes=MOST_RULES)
        self._pages = replace(options, visit=self._visit)
        self._listings = replace(options, visit=self._visit, max_bytes=MOST_BYTES)

    def listing(self, url: str, conditions: Mapping[str, str]) -> Download:
        """Gets a feed; its status is 200, 203 or, under conditions, 304.

        Raises:
            AddressRefused: it may not be read.
            FetchFailed: it could not be got.
        """
        with self._noting_holds(url):
            check = _check_conditional if conditions else _check
            return download(url, self._listings, accept=ACCEPT, check=check, conditions=conditions)

    def article(self, url: str) -> SourceItem:
        """Gets the article of a page.

        Raises:
            AddressRefused: it may not be read.
            FetchFailed: it could not be got.
            UnreadableSource: it is no article, or only the beginning of one.
        """
        with self._noting_holds(url):
            return fetch_article(url, self._pages)

    def _rules(self, url: str) -> Download:
        return download(url, self._unruled, accept="text/plain", check=_check)

    @contextmanager
    def _visit(self, url: str) -> Iterator[None]:
        delay_s = max(self._delay_s, self._robots.delay(url))
        with self._hosts.turn(urlsplit(url).hostname or "", delay_s):
            yield

    @contextmanager
    def _turn(self, url: str) -> Iterator[None]:
        with self._hosts.turn(urlsplit(url).hostname or "", self._delay_s):
            yield

    @contextmanager
    def _noting_holds(self, url: str) -> Iterator[None]:
        """Leaves a host alone that says for how long it is busy."""
        try:
            yield
        except BadStatus as error:
            seconds = retry_after(error.retry_after, self._clock.now())
            if error.status in _BUSY and seconds:
                self._hosts.hold(urlsplit(url).hostname or "", seconds)
            raise


def _check(head: Head) -> None:
    if head.status not in {200, 203}:
        raise bad_status(head)


def _check_conditional(head: Head) -> None:
    if head.status != 304:
        _check(head)
