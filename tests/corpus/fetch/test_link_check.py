"""Which links and redirects are followed, and which are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import AddressRefused
from corpus.fetch.download import USER_AGENT
from corpus.fetch.fetch_article import fetch_article, fetch_articles
from corpus.fetch.link_check import display_link, parse_link
from corpus.fetch.options import AllowedHosts, FetchOptions
from tests.corpus.fetch.allowed import GOOD, assert_refusal, link, to_loopback
from tests.corpus.fetch.cases import LINKS
from tests.corpus.fetch.conftest import Fetch
from tests.web import Site, response


@pytest.mark.parametrize("hostile", LINKS, ids=lambda text: text[:40])
def test_links_that_lead_elsewhere_than_to_the_public_web_are_refused(hostile: str) -> None:
    with pytest.raises(AddressRefused, match=LINKS[hostile]) as caught:
        fetch_article(hostile, FetchOptions(resolve=to_loopback))
    assert_refusal(caught.value)


@pytest.mark.parametrize(
    "text", ["https://user:secret@news.example/x", "HTTPS://secret@news.example", "x://a:secret@b"]
)
def test_a_password_in_a_link_is_never_shown(text: str) -> None:
    assert "secret" not in display_link(text)
    [rejection] = fetch_articles([text], FetchOptions(resolve=to_loopback))
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
        url = parse_link(text, AllowedHosts())
    except AddressRefused as error:
        assert_refusal(error)
        return
    assert url.scheme in {"http", "https"}
    assert not url.userinfo
    assert url.port in {None, 80, 443}
    # It stays what it is when it is read again.
    assert parse_link(str(url), AllowedHosts()) == url


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
        ("file:///etc/passwd", "must start with http"),
        ("ftp://news.example/", "must start with http"),
        ("http://a:b@news.example/", "user name or password"),
        ("http://other.example:8081/", "port 8081"),
        ("http://[", "site name isn't valid"),
        ("http://" + "a" * 3000 + "/", "longer than"),
        ("http://xn--a/", "an invalid address"),
        ("http://xn--i-7iq.example/", "an invalid address"),
        ("//[::1", "an invalid address"),
        ("http://news.example:x/", "an invalid address"),
        ("\xe4" * 70_000, "an invalid address"),
    ],
)
def test_redirects_are_checked_like_links(site: Site, fetch: Fetch, location: str, reason: str) -> None:
    site.serve("/story", response(status="302 Found", location=location))
    with pytest.raises(AddressRefused, match=reason) as caught:
        fetch()
    assert_refusal(caught.value)
    assert len(site.requests) == 1
