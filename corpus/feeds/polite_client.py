"""Fetches feeds and articles politely: by each site's robots.txt, one request per host at a time, with pauses."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from corpus.article import SourceItem
from corpus.errors import BadStatus
from corpus.feeds.parse import ACCEPT
from corpus.feeds.rate_limit import RateLimiter
from corpus.feeds.robots import MAX_BYTES as MAX_ROBOTS_BYTES
from corpus.feeds.robots import RobotsCache
from corpus.feeds.schedule import Clock, parse_retry_after
from corpus.feeds.sitemap import MAX_BYTES
from corpus.fetch.content import status_error
from corpus.fetch.download import Download, Head, download
from corpus.fetch.fetch_article import fetch_article
from corpus.fetch.options import FetchOptions

# Seconds between two requests to one host, unless its robots.txt asks for more.
DELAY_S = 1.0
# Statuses that may have a Retry-After header.
_BUSY_STATUSES = frozenset({429, 503})


class PoliteClient:
    """An HTTP client for feeds and articles; thread-safe.

    Args:
        options: the allowed hosts, and the limits for a page.
        clock: the time, and how to wait.
        delay_s: seconds between two requests to one host.
    """

    def __init__(self, options: FetchOptions, clock: Clock, delay_s: float = DELAY_S) -> None:
        self._clock = clock
        self._delay_s = delay_s
        self._limiter = RateLimiter(clock)
        self._robots = RobotsCache(self._get_robots, clock)
        self._robots_options = replace(options, guard=self._limit_rate, max_bytes=MAX_ROBOTS_BYTES)
        self._page_options = replace(options, guard=self._obey_robots)
        self._listing_options = replace(options, guard=self._obey_robots, max_bytes=MAX_BYTES)

    def get_listing(self, url: str, conditions: Mapping[str, str]) -> Download:
        """Download a feed; the status is 200, 203 or, with conditional headers, 304.

        Raises:
            AddressRefused: it must not be read.
            FetchFailed: it could not be fetched.
        """
        with self._pause_busy_host(url):
            check = _check_conditional if conditions else _check
            return download(url, self._listing_options, accept=ACCEPT, check=check, conditions=conditions)

    def get_article(self, url: str) -> SourceItem:
        """Download the article of a page.

        Raises:
            AddressRefused: it must not be read.
            FetchFailed: it could not be fetched.
            UnreadableSource: it is no article, or only the beginning of one.
        """
        with self._pause_busy_host(url):
            return fetch_article(url, self._page_options)

    def _get_robots(self, url: str) -> Download:
        return download(url, self._robots_options, accept="text/plain", check=_check)

    def _obey_robots(self, url: str) -> AbstractContextManager[None]:
        delay_s = max(self._delay_s, self._robots.crawl_delay(url))
        return self._limiter.slot(urlsplit(url).hostname or "", delay_s)

    def _limit_rate(self, url: str) -> AbstractContextManager[None]:
        return self._limiter.slot(urlsplit(url).hostname or "", self._delay_s)

    @contextmanager
    def _pause_busy_host(self, url: str) -> Iterator[None]:
        """Pause requests to a host that sends Retry-After."""
        try:
            yield
        except BadStatus as error:
            seconds = parse_retry_after(error.retry_after, self._clock.now())
            if error.status in _BUSY_STATUSES and seconds:
                self._limiter.pause(urlsplit(url).hostname or "", seconds)
            raise


def _check(head: Head) -> None:
    if head.status not in {200, 203}:
        raise status_error(head)


def _check_conditional(head: Head) -> None:
    if head.status != 304:
        _check(head)
