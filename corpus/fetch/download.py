"""Gets what a link leads to, over redirects, each of which is checked like the link itself."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from corpus.errors import AddressRefused, FetchFailed
from corpus.fetch.body import ENCODINGS, read_body
from corpus.fetch.deadline import Deadline
from corpus.fetch.options import DEFAULT_PORTS, FetchOptions
from corpus.fetch.target import target
from corpus.fetch.transport import PinnedTransport

USER_AGENT = "Attache (answers questions from news articles; fetches the links and feeds that people give it)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Head:
    """What a response states before its body.

    `url` is where the redirects ended. `media_type`, `charset` and the names of `headers` are in lower case; the first
    two are empty where the site states none.
    """

    url: str
    status: int
    media_type: str
    charset: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Download:
    """A whole response, its body decompressed.

    `moved_to` is where the link has moved for good: where the first redirects lead, as far as they are permanent ones.
    """

    head: Head
    body: bytes
    moved_to: str | None = None


def download(
    link: str,
    options: FetchOptions,
    *,
    accept: str,
    check: Callable[[Head], None],
    conditions: Mapping[str, str] | None = None,
) -> Download:
    """Gets what a link leads to. No cookie is kept, nothing is taken from the environment, no proxy is used.

    An https page never leads to http: such a redirect is followed to the same address over https.

    Args:
        link: an http or https address.
        options: what may be reached, and the limits.
        accept: the value of the header `Accept`.
        check: is shown what the last response states before its body is read; may raise to leave it unread.
        conditions: headers such as `If-None-Match`, under which the answer may be a 304 without a body.

    Raises:
        AddressRefused: the link, or one that it redirects to, may not be followed.
        FetchFailed: nothing whole came within the limits.
    """
    url = target(link, options.allowed)
    way = _Way(
        options, {"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": ENCODINGS, **(conditions or {})}
    )
    moved_to, for_good = None, True
    for _ in range(options.redirects + 1):
        with way.ask(url) as response:
            if response.status_code not in _REDIRECTS or "location" not in response.headers:
                head = _head(url, response)
                check(head)
                return Download(head, read_body(response, options.max_bytes), moved_to)
            url = _next(url, response.headers["location"], options)
            for_good = for_good and response.status_code in _FOR_GOOD
            moved_to = str(url) if for_good else moved_to
    raise FetchFailed(f"The link redirects more than {options.redirects} times.", "Give the link where it ends.")


class _Way:
    """The requests of one download: the time that all of them have together, whom they trust, what they say."""

    def __init__(self, options: FetchOptions, headers: Mapping[str, str]) -> None:
        self._options = options
        self._headers = headers
        self._deadline = Deadline.after(options.total_s)
        self._trusted = options.ssl_context

    @contextmanager
    def ask(self, url: httpx.URL) -> Iterator[httpx.Response]:
        """The response of one address, its body unread."""
        if url.scheme == "https" and self._trusted is None:
            self._trusted = httpx.create_ssl_context(trust_env=False)
        began = time.monotonic()
        with self._options.visit(str(url)):
            # The wait for a turn is not the site's.
            self._deadline = self._deadline.moved(time.monotonic() - began)
            transport = PinnedTransport(self._options, self._deadline, self._trusted)
            # A client for each hop: what one site sets, the next does not get.
            with (
                httpx.Client(transport=transport, trust_env=False) as client,
                client.stream("GET", url, headers=self._headers, follow_redirects=False) as response,
            ):
                yield response


def _next(url: httpx.URL, location: str, options: FetchOptions) -> httpx.URL:
    try:
        joined = url.join(location.strip())
        if url.scheme == "https" and joined.scheme == "http" and joined.port in {None, DEFAULT_PORTS["http"]}:
            joined = joined.copy_with(scheme="https", port=None)
            if joined == url:
                raise FetchFailed("The site sends readers of its safe page back to http.", "Give its http link.")
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("The link redirects to something that is no address.") from error
    if url.scheme == "https" and joined.scheme == "http":
        raise AddressRefused("The link redirects from https to http at another port, where it could be tampered with.")
    return target(str(joined), options.allowed)


def _head(url: httpx.URL, response: httpx.Response) -> Head:
    headers = {name.lower(): value for name, value in response.headers.items()}
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    charset = next(
        (
            value.strip(" \"'")
            for name, _, value in (each.partition("=") for each in parameters.split(";"))
            if name.strip().lower() == "charset"
        ),
        "",
    )
    return Head(str(url), response.status_code, media_type.strip().lower(), charset.lower(), headers)
