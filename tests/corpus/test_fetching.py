"""What may be fetched and what not: hostile links and sites are refused with a sentence, in time, and leave nothing."""

import gzip
import socket
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address

import httpcore
import httpx
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from corpus.article import Draft, Rejection
from corpus.errors import AddressRefused, AttacheError, BadInput, FetchFailed, UnreadableSource
from corpus.fetching.addresses import is_public
from corpus.fetching.article import fetch_all, fetch_article
from corpus.fetching.body import read_body
from corpus.fetching.download import USER_AGENT
from corpus.fetching.options import AllowedHosts, FetchOptions
from corpus.fetching.target import shown_link, target
from corpus.ingest import IngestOptions, ingest_paths
from tests.web import PARAGRAPHS, Request, Send, Site, page, response

HOST = "news.example"
GOOD = page()
LIMIT = 300_000

Fetch = Callable[..., Draft]


@pytest.fixture(scope="module")
def bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(60)) + packer.flush()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().running() as running:
        yield running


def options(site: Site, **changed: object) -> FetchOptions:
    """Allows the site at its port; every name leads to loopback."""
    defaults = {
        "allowed": AllowedHosts.parse(f"{HOST}:{site.port}"),
        "resolve": lambda _host, _port: ["127.0.0.1"],
        "total_s": 3.0,
        "max_bytes": LIMIT,
    }
    return FetchOptions(**(defaults | changed))


def link(site: Site, path: str = "/story") -> str:
    return f"http://{HOST}:{site.port}{path}"


@pytest.fixture
def fetch(site: Site) -> Fetch:
    """Fetches a path of the site, or a whole link."""

    def fetch_path(path: str = "/story", **changed: object) -> Draft:
        url = path if "://" in path else link(site, path)
        return fetch_article(url, options(site, **changed)).parse()

    return fetch_path


def refused(error: AttacheError) -> str:
    """The message of an error, which is one sentence with something to do next, and names no inner part."""
    assert error.message[0].isupper()
    assert error.message.endswith(".")
    assert len(error.message) < 300
    assert "Traceback" not in str(error)
    return error.message


# --- addresses

NOT_PUBLIC = (
    "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1"
    " 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 ::"
    " ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe"
    " 64:ff9b:1::1 100::1 2001::1 2001:0:5ef5:79fb::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:808:808::1"
    " 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2620:4f:8000::1"
    " 2606:4700::5efe:a00:1 2606:4700::200:5efe:7f00:1"
).split()


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_addresses_that_are_not_everybodys_are_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", "8.8.8.8 1.1.1.1 172.32.0.1 192.169.0.1 100.128.0.1 2606:4700::1111 64:ff9b::808:808".split()
)
def test_addresses_that_everybody_reaches_are_public(text: str) -> None:
    assert is_public(ip_address(text))


# --- links that are never followed

LINKS = {
    "file:///etc/passwd": "must begin with http",
    "ftp://news.example/story": "must begin with http",
    "gopher://news.example:70/_x": "must begin with http",
    "javascript:alert(1)": "must begin with http",
    "data:text/html,<p>hello": "characters|must begin with http",
    "news.example/story": "no whole link",
    "//news.example/story": "no whole link",
    "http://": "no whole link",
    "http:///story": "no whole link",
    "": "no whole link",
    "http://127.0.0.1/": "private or reserved",
    "http://localhost/": "private or reserved",
    "http://[::1]/": "private or reserved",
    "http://[::ffff:127.0.0.1]/": "private or reserved",
    "http://[::ffff:7f00:1]/": "private or reserved",
    "http://[64:ff9b::7f00:1]/": "private or reserved",
    "http://[2002:7f00:1::]/": "private or reserved",
    "http://[fe80::1%25eth0]/": "private or reserved|can be read",
    "http://169.254.169.254/latest/meta-data/": "private or reserved",
    "http://100.64.0.1/": "private or reserved",
    "http://10.0.0.1/": "private or reserved",
    "http://0.0.0.0/": "private or reserved",
    "http://127。0。0。1/": "private or reserved",
    "http://2130706433/": "as a number",
    "http://0x7f000001/": "as a number",
    "http://017700000001/": "as a number",
    "http://127.1/": "as a number",
    "http://0x7f.0.0.1/": "as a number",
    "http://0177.0.0.1/": "as a number|can be read",
    "http://①②⑦.0.0.1/": "as a number|can be read",
    "http://user:secret@news.example/": "user name or password",
    "http://news.example@127.0.0.1/": "user name or password",
    "http://news.example\\@127.0.0.1/": "characters",
    "http://news.example/\r\nHost: other.example": "characters",
    "http://news.example:22/": "port 22",
    "http://news.example:0/": "port 0",
    "http://news.example:65536/": "can be read|port",
    "http://news.example:6379/": "port 6379",
    "http://news%00.example/": "no site that can exist",
    "http://news..example/": "no site that can exist",
    "http://" + "a" * 300 + ".example/": "no site that can exist",
    "http://news.example/" + "a" * 3000: "longer than",
    "http://[::1": "can be read",
}  # fmt: skip


def to_loopback(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@pytest.mark.parametrize("hostile", LINKS, ids=lambda text: text[:40])
def test_links_that_lead_elsewhere_than_to_the_public_web_are_refused(hostile: str) -> None:
    began = time.monotonic()
    with pytest.raises(AddressRefused, match=LINKS[hostile]) as caught:
        fetch_article(hostile, FetchOptions(resolve=to_loopback))
    refused(caught.value)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "text", ["https://user:secret@news.example/x", "HTTPS://secret@news.example", "x://a:secret@b"]
)
def test_a_password_in_a_link_is_never_shown(text: str) -> None:
    assert "secret" not in shown_link(text)
    [rejection] = fetch_all([text], FetchOptions(resolve=to_loopback))
    assert "secret" not in str(rejection)


HOSTS = (
    "127.0.0.1 10.0.0.1 [::1] [fe80::1%25eth0] localhost 2130706433 0x7f.1 é.example news.example 127。0。0。1 ⑩.0.0.1"
)
PIECES = [
    *HOSTS.split(),
    *"http https file : // / @ \\\\ # ? %00 %2e %40 :80 :8080 [ ] . .. \u00ad \u202e \ufeff xn--".split(),
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=9).map("".join)))
def test_whatever_is_given_as_a_link_leads_nowhere_or_to_a_checked_address(text: str) -> None:
    try:
        url = target(text, AllowedHosts())
    except AddressRefused as error:
        refused(error)
        return
    assert url.scheme in {"http", "https"}
    assert not url.userinfo
    assert url.port in {None, 80, 443}
    # It stays what it is when it is read again.
    assert target(str(url), AllowedHosts()) == url


# --- names


@pytest.mark.parametrize("address", ["10.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "100.64.1.1", "fd12::1"])
def test_a_name_with_one_private_address_among_its_addresses_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused, match="private or reserved") as caught:
        fetch_article("https://rebound.example/", FetchOptions(resolve=lambda _host, _port: ["8.8.8.8", address]))
    # Nobody learns the addresses of a private network from us.
    assert address not in str(caught.value)


@pytest.mark.parametrize("answer", [[], ["no address"]])
def test_a_name_without_an_address_is_told(answer: list[str]) -> None:
    with pytest.raises((FetchFailed, AddressRefused), match=r"no site|no address"):
        fetch_article("https://none.example/", FetchOptions(resolve=lambda _host, _port: answer))


def test_a_name_is_asked_for_once_and_the_connection_goes_to_that_very_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    connected: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["8.8.8.8"] if len(asked) == 1 else ["127.0.0.1"]

    def connect(_self: object, host: str, *_rest: object) -> None:
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(FetchFailed, match="can't be reached"):
        fetch_article("https://rebound.example/", FetchOptions(resolve=rebinding))
    assert (asked, connected) == (["rebound.example"], ["8.8.8.8"])


def test_a_redirect_to_a_name_that_has_become_private_is_refused(site: Site, fetch: Fetch) -> None:
    site.serve("/story", response(status="302 Found", location="/next"))
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    with pytest.raises(AddressRefused, match="private or reserved"):
        fetch(resolve=lambda _host, _port: next(answers))
    assert len(site.requests) == 1


def test_a_resolver_that_never_answers_does_not_beat_the_deadline() -> None:
    began = time.monotonic()
    with pytest.raises(FetchFailed, match=r"within 0\.3 seconds"):
        fetch_article(
            "https://slow.example/", FetchOptions(resolve=lambda _host, _port: time.sleep(2) or [], total_s=0.3)
        )
    assert time.monotonic() - began < 5


def test_the_next_address_is_tried_where_one_does_not_answer(site: Site, fetch: Fetch) -> None:
    site.serve("/story", response(GOOD))
    assert fetch(resolve=lambda _host, _port: ["127.0.0.9", "127.0.0.1"]).title


# --- allowed hosts


def test_an_allowed_name_may_be_private_but_no_metadata_service() -> None:
    for address in ("169.254.169.254", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1", "fd00:ec2::254"):
        limits = FetchOptions(AllowedHosts.parse("intranet.example"), resolve=lambda *_, found=address: [found])
        with pytest.raises(AddressRefused, match="private or reserved"):
            fetch_article("http://intranet.example/", limits)


def test_an_entry_allows_its_port_only() -> None:
    allowed = AllowedHosts.parse(" Intranet.example:8080, wiki.example ,[::1]:90,10.0.0.1")
    assert allowed.allows("intranet.example", 8080)
    assert allowed.allows("wiki.example", 443)
    assert allowed.allows("::1", 90)
    assert allowed.allows("10.0.0.1", 80)
    assert not allowed.allows("intranet.example", 80)
    assert not allowed.allows("wiki.example", 8080)
    assert not allowed.allows("other.wiki.example", 443)


@pytest.mark.parametrize("text", ["a b", "a:b", "a:0", "a:70000", "http://a", "a/b", "*", "[::1", "a..b", "é.example"])
def test_entries_that_are_no_host_are_told(text: str) -> None:
    with pytest.raises(BadInput, match="is no host"):
        AllowedHosts.parse(text)


# --- redirects


def test_redirects_are_followed_and_the_last_address_is_the_articles(site: Site, fetch: Fetch) -> None:
    site.serve("/story", response(status="301 Moved Permanently", location="/b", set_cookie="id=1; Path=/"))
    site.serve("/b", response(status="307 Temporary Redirect", location=link(site, "/c?utm_source=x#part")))
    site.serve("/c?utm_source=x", response(GOOD))
    assert fetch().url == link(site, "/c")
    assert [request.path for request in site.requests] == ["/story", "/b", "/c?utm_source=x"]
    for request in site.requests:
        assert not {"cookie", "authorization", "referer"} & set(request.headers)
        assert request.headers["user-agent"] == USER_AGENT.lower()


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1/", "private or reserved"),
        ("http://localhost:80/", "private or reserved"),
        ("http://169.254.169.254/latest/", "private or reserved"),
        ("http://[::ffff:127.0.0.1]/", "private or reserved"),
        ("http://2130706433/", "as a number"),
        ("//127.1/", "as a number"),
        ("file:///etc/passwd", "must begin with http"),
        ("ftp://news.example/", "must begin with http"),
        ("http://a:b@news.example/", "user name or password"),
        ("http://other.example:8081/", "port 8081"),
        ("http://[", "no site that can exist"),
        ("http://" + "a" * 3000 + "/", "longer than"),
    ],
)
def test_redirects_are_checked_like_links(site: Site, fetch: Fetch, location: str, reason: str) -> None:
    site.serve("/story", response(status="302 Found", location=location))
    with pytest.raises(AddressRefused, match=reason) as caught:
        fetch()
    refused(caught.value)
    assert len(site.requests) == 1


# --- sites that misbehave


def redirect_for_ever(request: Request, send: Send) -> None:
    send(response(status="302 Found", location=f"{request.path}x"))


def stream_for_ever(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(1 << 14):
        send(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def drip_body(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100):
        send(b"x")
        time.sleep(0.05)


def drip_headers(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        send(b"X-Slow: 1\r\n")
        time.sleep(0.05)


def interim_for_ever(_request: Request, send: Send) -> None:
    for _ in range(10_000):
        send(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        time.sleep(0.01)


def endless_header(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(100):
        send(b"x" * 65536)


def say_nothing(_request: Request, _send: Send) -> None:
    time.sleep(3)


PACKED = gzip.compress(GOOD.encode())
SITES: dict[str, tuple[object, str]] = {
    "endless redirect": (redirect_for_ever, "redirects more than 5 times"),
    "redirect to itself": (response(status="302 Found", location="/story"), "redirects more than 5 times"),
    "redirect to nowhere": (response(status="302 Found"), r"status 302"),
    "endless stream": (stream_for_ever, "larger than the limit"),
    "1 GB stated": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000000\r\n\r\n", "larger than"),
    "slow body": (drip_body, "within 0.6 seconds"),
    "slow headers": (drip_headers, "within 0.6 seconds"),
    "endless interim answers": (interim_for_ever, "within 0.6 seconds"),
    "silence": (say_nothing, "within 0.6 seconds"),
    "endless header": (endless_header, "none that a web server gives"),
    "cut body": (response(GOOD)[:-400], "broke off"),
    "cut gzip": (response(PACKED[:-300], content_encoding="gzip"), "broke off"),
    "no gzip": (response(GOOD, content_encoding="gzip"), "damaged"),
    "damaged gzip": (response(PACKED[:50] + b"\0" * 50 + PACKED[100:], content_encoding="gzip"), "damaged"),
    "brotli": (response(GOOD, content_encoding="br"), "compression that was not asked for"),
    "gzip in gzip": (response(gzip.compress(PACKED), content_encoding="gzip, gzip"), "compression that was not asked"),
    "no HTTP": (b"220 mail.example ESMTP\r\n", "none that a web server gives"),
    "nothing": (lambda _request, _send: None, "broke off"),
    "no length that is one": (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx", "none that a web server gives"),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxxx", "none that a web"),
    "login": (response(status="401 Unauthorized"), "log in"),
    "forbidden": (response(status="403 Forbidden"), "by programs"),
    "not found": (response("gone", "404 Not Found"), "no page at this link"),
    "gone": (response(status="410 Gone"), "removed by its site"),
    "too many requests": (response(status="429 Too Many Requests", retry_after="120"), "wants us to wait"),
    "error": (response(status="500 Internal Server Error"), "The site has an error"),
    "out of service": (response(status="503 Service Unavailable"), "out of service"),
    "no content": (response(status="204 No Content"), "status 204"),
    "PDF": (response(b"%PDF-1.7", type_="application/pdf"), "a PDF"),
    "PDF that says it is HTML": (response(b"%PDF-1.7 " + b"x" * 500), "a PDF"),
    "picture": (response(b"\x89PNG", type_="image/png"), "a picture"),
    "film": (response(b"", type_="video/mp4"), "a film"),
    "archive that says it is text": (response(b"PK\x03\x04" + b"x" * 500, type_="text/plain"), "a ZIP"),
    "binary": (response(bytes(range(256)) * 20, type_="application/octet-stream"), "binary data"),
    "JSON": (response('{"a": 1}', type_="application/json"), "no web page"),
    "feed": (response("<rss><channel/></rss>", type_="application/rss+xml"), "a feed"),
    "feed that says it is HTML": (response("<?xml version='1.0'?><rss version='2.0'><channel/></rss>"), "a feed"),
    "XML bomb": (
        response('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><x>&a;&a;</x>', type_="text/xml"),
        "data in XML",
    ),
    "empty": (response(" \n "), "empty"),
    "too many tags": (response("<!DOCTYPE html>" + "<br>word" * 30_000 + "<p>" * 10_001), "more markup"),
    "deeply nested": (response("<!DOCTYPE html>" + "<div>" * 39_000 + "x"), "No article"),
}  # fmt: skip


@pytest.mark.parametrize("name", SITES)
def test_what_is_no_whole_page_is_refused_with_the_reason(site: Site, db: Database, name: str) -> None:
    answer, reason = SITES[name]
    site.serve("/story", answer)
    site.routes["*"] = redirect_for_ever
    began = time.monotonic()
    fetched = list(fetch_all([link(site)], options(site, total_s=0.6)))
    assert time.monotonic() - began < 5
    report = ingest_paths(db, (), IngestOptions(), fetched=fetched)
    [rejection] = report.rejected
    assert reason in rejection.reason
    assert rejection.origin == link(site)
    refused(AttacheError(rejection.reason, rejection.hint))
    assert rejection.hint
    assert db.execute("SELECT count(*) FROM articles").fetchone() == (0,)


def test_the_wait_that_a_site_asks_for_is_told(site: Site, fetch: Fetch) -> None:
    site.serve("/story", response(status="429 Too Many Requests", retry_after="120"))
    with pytest.raises(FetchFailed) as caught:
        fetch()
    assert caught.value.hint == "Try again in 120 seconds."


def test_a_bomb_is_noticed_before_it_fills_the_memory(site: Site, fetch: Fetch, bomb: bytes) -> None:
    assert len(bomb) < LIMIT
    site.serve("/story", response(bomb, content_encoding="gzip"))
    with pytest.raises(FetchFailed, match="larger than the limit"):
        fetch()
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed, match="larger than the limit"):
            read_body(httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Chunks([bomb])), LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


class Chunks(httpx.SyncByteStream):
    def __init__(self, chunks: Sequence[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", PACKED),
        ("x-gzip", PACKED),
        ("GZIP", gzip.compress(GOOD[:500].encode()) + gzip.compress(GOOD[500:].encode())),
        ("gzip", PACKED + b"trailing rubbish"),
        ("deflate", zlib.compress(GOOD.encode())),
        ("deflate", raw_deflate(GOOD.encode())),
        ("identity", GOOD.encode()),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_bodies_are_unpacked_however_they_are_cut(encoding: str, packed: bytes, size: int) -> None:
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    got = read_body(httpx.Response(200, headers={"content-encoding": encoding}, stream=Chunks(chunks)), LIMIT)
    assert got.decode() == GOOD


# --- TLS


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
    with pytest.raises(FetchFailed, match="No safe connection"):
        fetch_article(f"https://{HOST}:{site.port}/story", options(site, total_s=1.0))


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


# --- the environment


def test_proxies_and_credentials_of_the_environment_are_not_used(
    site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.serve("/story", response(GOOD))
    assert PARAGRAPHS[0] in fetch().body


def test_one_bad_link_does_not_hold_up_the_others(site: Site, db: Database) -> None:
    site.serve("/story", response(GOOD))
    told: list[int] = []
    fetched = list(fetch_all(["http://127.0.0.1/", link(site)], options(site), told.append))
    assert told == [1, 2]
    assert isinstance(fetched[0], Rejection)
    report = ingest_paths(db, (), IngestOptions(), fetched=fetched)
    assert (report.added, len(report.rejected)) == (1, 1)
    # The same page again, with another advert, is the same article.
    site.serve("/story", response(page(rest="<aside>Buy a boat!</aside>")))
    again = ingest_paths(db, (), IngestOptions(), fetched=list(fetch_all([link(site)], options(site))))
    assert (again.added, again.updated, again.unchanged) == (0, 0, 1)


def test_a_page_that_breaks_the_parser_is_refused(site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_page: object) -> Draft:
        raise RecursionError

    monkeypatch.setattr("corpus.fetching.article.read_article", broken)
    site.serve("/story", response(GOOD))
    with pytest.raises(UnreadableSource, match="can't be read"):
        fetch()


def test_a_handshake_that_never_ends_does_not_beat_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        limits = FetchOptions(AllowedHosts.parse(f"{HOST}:{port}"), resolve=to_loopback, total_s=0.3)
        began = time.monotonic()
        with pytest.raises(FetchFailed, match="does not answer"):
            fetch_article(f"https://{HOST}:{port}/story", limits)
        assert time.monotonic() - began < 5
