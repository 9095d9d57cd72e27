"""Links that open an article at the quote."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.citation import article_link, cite, text_fragment
from corpus.article import ArticleFacts
from corpus.starter import STARTER_PUBLISHER, starter_files

URL = "https://example.org/a"


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("No missile was sent.", "#:~:text=No%20missile%20was%20sent."),
        ("a short-range missile", "#:~:text=a%20short%2Drange%20missile"),
        ("yes, no & maybe", "#:~:text=yes%2C%20no%20%26%20maybe"),
        ("“Türkiye” said", "#:~:text=%E2%80%9CT%C3%BCrkiye%E2%80%9D%20said"),
        ('"a" #1 100%', "#:~:text=%22a%22%20%231%20100%25"),
        ("two\nlines  here", "#:~:text=two%20lines%20here"),
        ("one two three four five six seven eight nine ten eleven twelve thirteen",
         "#:~:text=one%20two%20three%20four%20five%20six,eight%20nine%20ten%20eleven%20twelve%20thirteen"),
    ],
)  # fmt: skip
def test_a_fragment_names_the_quote_so_that_a_browser_finds_it(quote: str, fragment: str) -> None:
    assert text_fragment(quote) == fragment


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip()))
def test_a_fragment_decodes_to_words_of_the_quote_and_nothing_in_it_is_syntax(quote: str) -> None:
    text = text_fragment(quote).removeprefix("#:~:text=")
    parts = text.split(",")
    assert len(parts) <= 2
    assert not set("-& #\"'<>()") & set(text)
    whole = " ".join(quote.split())
    for part in parts:
        assert " ".join(unquote(part).split()) in whole


@pytest.mark.parametrize("url", [URL, "http://example.org/a?b=1&c=%20", "HTTPS://example.org/a"])
def test_web_addresses_are_linked(url: str) -> None:
    assert article_link(url, "nowhere", "No.") == f"{url}#:~:text=No."


def test_a_fragment_of_the_address_itself_gives_way() -> None:
    assert article_link(f"{URL}#section-2", "nowhere", "No.") == f"{URL}#:~:text=No."


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://example.org/a", "//x", "", None]
)
def test_addresses_that_are_not_of_the_web_are_never_linked(url: str | None) -> None:
    assert article_link(url, "nowhere.jsonl:3", "No.") is None


@pytest.mark.parametrize("origin", ["", "\0", "x" * 5000, "starter/../../etc/passwd", "starter/none.md"])
def test_an_origin_that_is_no_file_is_not_linked(origin: str) -> None:
    assert article_link(None, origin, "No.") is None


def test_an_article_read_from_a_file_links_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a note – 1.txt"
    path.write_text("No.")
    link = article_link(None, str(path), "No.")
    assert link == f"{path.as_uri()}#:~:text=No."


def facts(**changes: object) -> ArticleFacts:
    fields: dict[str, object] = {
        "id": 1, "collection": "shared", "url": URL, "external_id": None, "title": "Title", "publisher": "Post",
        "author": "Jane Doe", "published_at": "2024-09-09", "language": "en", "sha256": "", "fetched_at": "",
        "origin": "news.jsonl:1",
    }  # fmt: skip
    return ArticleFacts(**(fields | changes))


def test_a_citation_says_what_the_article_says_of_itself_and_makes_nothing_up() -> None:
    stated = cite(facts(), "No.")
    assert (stated.title, stated.publisher, stated.author, stated.published_at, stated.url, stated.is_own_brief) == (
        *("Title", "Post", "Jane Doe", "2024-09-09", URL, False),
    )
    bare = cite(facts(title=None, publisher=None, author=None, published_at=None, url=None), "No.")
    assert {bare.title, bare.publisher, bare.author, bare.published_at, bare.url, bare.link} == {None}


def test_our_own_briefs_are_marked_and_linked_to_their_file() -> None:
    brief = starter_files()[0]
    citation = cite(facts(publisher=STARTER_PUBLISHER, url=None, origin=f"starter/{brief.name}"), "No.")
    assert citation.is_own_brief
    assert citation.link == f"{brief.as_uri()}#:~:text=No."
