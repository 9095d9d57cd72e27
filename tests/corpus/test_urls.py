"""How addresses of articles are spelt."""

import pytest

from corpus.urls import canonical_url, url_spellings


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("https://example.org:443/A?b=1&utm_medium=x&c=%20&gclid=2#d", "https://example.org/A?b=1&c=%20"),
        ("http://user:pw@example.org:8080/", "http://example.org:8080/"),
        ("https://[::1]:8443/a", "https://[::1]:8443/a"),
        ("https://example.org/2024/أخبار?q=é", "https://example.org/2024/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1?q=%C3%A9"),
        ("https://example.org/%d8%a3%2f%7Eport?b=%7e&a=%2c", "https://example.org/%D8%A3%2F~port?b=~&a=%2C"),
        ("https://example.org/a?wt.mc_id=1&b=2&mtm_source=x&srsltid=y&a=1", "https://example.org/a?b=2&a=1"),
        ("https://ПОРТ.example/a", "https://xn--n1abei.example/a"),
        ("https://straße.example/a", "https://straße.example/a"),
        ("https://example.org/#!/news/1", "https://example.org/#!/news/1"),
        ("https://example.org/#/news/1", "https://example.org/#/news/1"),
        ("https://example.org/a#/", "https://example.org/a"),
        ("https://" + "ü" * 70 + ".example/", None),
        ("ftp://example.org", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://example.org:port/", None),
        ("https://exa mple.org", None),
        ("https://[", None),
        ("x" * 5000, None),
    ],
)
def test_an_address_has_one_spelling(text: str, url: str | None) -> None:
    assert canonical_url(text) == url


def test_a_canonical_address_stays_as_it_is() -> None:
    for text in ("https://ПОРТ.example/أخبار?q=%2c%7e#!ü", "https://example.org/%25%41"):
        url = canonical_url(text)
        assert url is not None
        assert canonical_url(url) == url


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("device", ["", "www.", "m.", "amp.", "mobile."])
@pytest.mark.parametrize("end", ["", "/"])
def test_scheme_device_and_a_last_slash_lead_to_the_same_page(scheme: str, device: str, end: str) -> None:
    other = f"{scheme}://{device}example.org/a/b{end}?c=d"
    assert other in url_spellings("https://www.example.org/a/b?c=d")
    assert "https://www.example.org/a/b?c=d" in url_spellings(other)


@pytest.mark.parametrize("end", ["/amp", "/amp/", "/index.html", "/index.php", "/print", ".amp"])
def test_views_of_a_page_are_the_page(end: str) -> None:
    assert f"https://example.org/a/b{end}" in url_spellings("https://www.example.org/a/b")
    assert "https://www.example.org/a/b" in url_spellings(f"https://example.org/a/b{end}")


def test_another_port_is_another_server() -> None:
    spellings = url_spellings("http://example.org:8080/a")
    assert "http://example.org:8080/a/" in spellings
    assert all(each.startswith("http://example.org:8080/a") for each in spellings)


@pytest.mark.parametrize(
    "query",
    [
        "?amp=1",
        "?outputType=amp",
        "?CMP=share",
        "?wprov=sfti1",
        "?utm_source=x&amp;utm_medium=y",
        "?spm=a.b",
        "?output=amp",
        "?share=twitter",
        "?ref=rss",
        "?from=singlemessage&isappinstalled=0",
        "?__cf_chl_tk=a.b",
        "?amp_gsa=1",
    ],
)
def test_what_tells_who_came_from_where_or_asks_for_a_view_is_dropped(query: str) -> None:
    assert canonical_url(f"https://example.org/a{query}") == "https://example.org/a"


def test_a_session_is_no_part_of_an_address() -> None:
    assert canonical_url("https://example.org/a;jsessionid=0A1B?id=2") == "https://example.org/a?id=2"


@pytest.mark.parametrize(
    "text", ["https://marn.example/x/../a\u0308?b=1&amp;c=2", "https://marn.example/./%C3%A4?b=1&c=2"]
)
def test_relative_segments_entities_and_accents_have_one_spelling(text: str) -> None:
    assert canonical_url(text) == "https://marn.example/%C3%A4?b=1&c=2"


def test_the_amp_view_of_a_file_and_the_file_lead_to_the_same_page() -> None:
    page, view = "https://example.org/a/b.html", "https://example.org/a/b.amp.html"
    assert view in url_spellings(page)
    assert page in url_spellings(view)


@pytest.mark.parametrize("query", ["share=3", "from=2024-09-09", "ref=A17", "page=2"])
def test_parameters_that_may_name_a_page_are_kept(query: str) -> None:
    assert canonical_url(f"https://example.org/a?{query}") == f"https://example.org/a?{query}"


def test_several_slashes_are_one_but_not_in_an_address_within_this_one() -> None:
    assert canonical_url("https://example.org//a///b") == "https://example.org/a/b"
    copy = "https://example.org/copies/https://marn.example//a"
    assert canonical_url(copy) == copy
