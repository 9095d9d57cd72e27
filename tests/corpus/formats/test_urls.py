"""How addresses of articles are spelt."""

import pytest

from corpus.formats.urls import canonical_url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("https://example.org:443/A?b=1&utm_medium=x&c=%20&gclid=2#d", "https://example.org/A?b=1&c=%20"),
        ("http://user:pw@example.org:8080/", "http://example.org:8080/"),
        ("https://[::1]:8443/a", "https://[::1]:8443/a"),
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
