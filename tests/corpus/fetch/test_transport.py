"""How a site is connected to: safely, by no proxy, and not for ever."""

import socket
import ssl
from collections.abc import Callable, Iterator

import httpcore
import pytest
import trustme

from corpus.errors import AddressRefused, FetchFailed
from corpus.fetch.fetch_article import fetch_article
from corpus.fetch.options import AllowedHosts, FetchOptions
from tests.corpus.fetch.allowed import GOOD, HOST, link, options, to_loopback
from tests.corpus.fetch.conftest import Fetch
from tests.web import PARAGRAPHS, Site, response


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def safe_site(authority: trustme.CA) -> Iterator[Site]:
    """A site with a certificate for news.example."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    with Site(context).running() as running:
        yield running


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_a_certificate_must_be_of_the_links_host_though_the_connection_goes_to_an_address(
    safe_site: Site, trusting: ssl.SSLContext
) -> None:
    safe_site.serve("/story", response(GOOD))
    allowed = AllowedHosts.parse(f"{HOST}:{safe_site.port},other.example:{safe_site.port}")
    limits = options(safe_site, allowed=allowed, ssl_context=trusting)
    assert fetch_article(f"https://{HOST}:{safe_site.port}/story", limits).parse().title
    with pytest.raises(FetchFailed, match="certificate is not valid for its name"):
        fetch_article(f"https://other.example:{safe_site.port}/story", limits)
    assert len(safe_site.requests) == 1


def test_a_certificate_of_an_unknown_authority_is_refused(safe_site: Site) -> None:
    with pytest.raises(FetchFailed, match="certificate"):
        fetch_article(f"https://{HOST}:{safe_site.port}/story", options(safe_site))


def test_a_site_without_tls_is_told(site: Site) -> None:
    with pytest.raises(FetchFailed, match="No secure connection"):
        fetch_article(f"https://{HOST}:{site.port}/story", options(site))


def test_https_never_leads_to_http(safe_site: Site, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = options(safe_site, ssl_context=trusting)
    safe_site.serve("/story", response(status="302 Found", location=link(safe_site, "/plain")))
    with pytest.raises(AddressRefused, match="from https to http"):
        fetch_article(f"https://{HOST}:{safe_site.port}/story", limits)
    # On the usual ports the same address is taken over https.
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", to_port(safe_site.port))
    limits = options(safe_site, ssl_context=trusting, allowed=AllowedHosts.parse(HOST))
    safe_site.serve("/story", response(status="302 Found", location=f"http://{HOST}/plain"))
    safe_site.serve("/plain", response(GOOD))
    assert fetch_article(f"https://{HOST}/story", limits).parse().url == f"https://{HOST}/plain"
    safe_site.serve("/loop", response(status="302 Found", location=f"http://{HOST}/loop"))
    with pytest.raises(FetchFailed, match="back to http"):
        fetch_article(f"https://{HOST}/loop", limits)


def to_port(port: int) -> Callable[..., httpcore.NetworkStream]:
    """Connects to another port than asked: nobody but root may listen on 443."""
    connect = httpcore.SyncBackend.connect_tcp

    def connect_tcp(self: httpcore.SyncBackend, host: str, _port: int, *rest: object) -> httpcore.NetworkStream:
        return connect(self, host, port, *rest)

    return connect_tcp


def test_proxies_and_credentials_of_the_environment_are_not_used(
    site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.serve("/story", response(GOOD))
    assert PARAGRAPHS[0] in fetch().body


def test_a_handshake_that_never_ends_does_not_beat_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        limits = FetchOptions(AllowedHosts.parse(f"{HOST}:{port}"), resolve=to_loopback, timeout_s=0.3)
        with pytest.raises(FetchFailed, match="doesn't answer"):
            fetch_article(f"https://{HOST}:{port}/story", limits)
