"""Downloads a link, and checks every redirect like the link itself."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from corpus.errors import AddressRefused, AttacheError, FetchFailed
from corpus.fetch.body import ENCODINGS, read_body
from corpus.fetch.deadline import Deadline
from corpus.fetch.link_check import parse_link
from corpus.fetch.options import DEFAULT_PORTS, FetchOptions
from corpus.fetch.transport import PinnedTransport

USER_AGENT = "Attache (answers questions from news articles; fetches the links and feeds that people give it)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Head:
    """The status and headers of a response.

    `url` is the last address after redirects. `media_type`, `charset` and header names are in lower case; the first two
    are empty if the site states none.
    """

    url: str
    status: int
    media_type: str
    charset: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Download:
    """A complete response with its decompressed body.

    `moved_to` is the link's new address if its first redirects are permanent.
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
    """Download a link without cookies, proxies or settings from the environment.

    A redirect from https to http is followed over https.

    Args:
        link: an http or https address.
        options: allowed hosts and limits.
        accept: the value of the `Accept` header.
        check: called with the last response's head before its body is read; may raise to skip the body.
        conditions: headers such as `If-None-Match`, which may lead to a 304 without a body.

    Raises:
        AddressRefused: the link, or one that it redirects to, may not be followed.
        FetchFailed: no complete response within the limits.
    """
    try:
        return _download(link, options, accept, check, conditions or {})
    except AttacheError:
        raise
    # httpx reads the address of a redirect, even where it is told not to follow it.
    except (httpx.RemoteProtocolError, httpx.InvalidURL, UnicodeError) as error:
        raise AddressRefused("The link redirects to an invalid address.") from error
    # Whatever libraries make of a site's answer, it is that site's failure.
    except Exception as error:
        raise FetchFailed(f"The site's answer can't be read ({type(error).__name__}).", "Try again later.") from error


def _download(
    link: str, options: FetchOptions, accept: str, check: Callable[[Head], None], conditions: Mapping[str, str]
) -> Download:
    url = parse_link(link, options.allowed)
    headers = {"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": ENCODINGS, **conditions}
    requests = _Requests(options, headers)
    moved_to, is_permanent = None, True
    for _ in range(options.redirects + 1):
        with requests.get(url) as response:
            if response.status_code not in _REDIRECTS or "location" not in response.headers:
                head = _head(url, response)
                check(head)
                return Download(head, read_body(response, options.max_bytes), moved_to)
            url = _redirect(url, response.headers["location"], options)
            is_permanent = is_permanent and response.status_code in _PERMANENT
            moved_to = str(url) if is_permanent else moved_to
    raise FetchFailed(f"The link redirects more than {options.redirects} times.", "Use the link that it ends at.")


class _Requests:
    """The requests of one download, which share a deadline, trusted certificates and headers."""

    def __init__(self, options: FetchOptions, headers: Mapping[str, str]) -> None:
        self._options = options
        self._headers = headers
        self._deadline = Deadline.after(options.timeout_s)
        self._ssl_context = options.ssl_context

    @contextmanager
    def get(self, url: httpx.URL) -> Iterator[httpx.Response]:
        """Send one GET request and return the response with its body unread."""
        if url.scheme == "https" and self._ssl_context is None:
            self._ssl_context = httpx.create_ssl_context(trust_env=False)
        began = time.monotonic()
        with self._options.guard(str(url)):
            # Waiting for the rate limit doesn't count.
            self._deadline = self._deadline.extended(time.monotonic() - began)
            transport = PinnedTransport(self._options, self._deadline, self._ssl_context)
            # A new client for each hop, so that cookies never reach another site.
            with (
                httpx.Client(transport=transport, trust_env=False) as client,
                client.stream("GET", url, headers=self._headers, follow_redirects=False) as response,
            ):
                yield response


def _redirect(url: httpx.URL, location: str, options: FetchOptions) -> httpx.URL:
    try:
        joined = url.join(location.strip())
        if url.scheme == "https" and joined.scheme == "http" and joined.port in {None, DEFAULT_PORTS["http"]}:
            joined = joined.copy_with(scheme="https", port=None)
            if joined == url:
                raise FetchFailed("The site redirects its https page back to http.", "Use its http link.")
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("The link redirects to an invalid address.") from error
    if url.scheme == "https" and joined.scheme == "http":
        raise AddressRefused("The link redirects from https to http at another port, where it could be tampered with.")
    return parse_link(str(joined), options.allowed)


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
