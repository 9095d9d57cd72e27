"""What saved web pages give: their article, and what their markup states."""

import pytest

from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one, read
from tests.documents import SENTENCE

PARAGRAPHS = "".join(f"<p>{SENTENCE} This was round {i} of the talks, which began in spring.</p>" for i in range(6))
META = (
    '<meta property="og:site_name" content="Example Post"><meta name="author" content="Jane Doe">'
    '<link rel="canonical" href="https://Example.org/a?utm_source=1">'
)


def page(head: str, body: str = PARAGRAPHS) -> str:
    return (
        f'<html lang="en-GB"><head><title>Envoys meet</title>{head}</head><body>'
        '<nav><a href="/">Home</a></nav>'
        f"<article><h1>Envoys meet</h1>{body}<table><tr><td>cell</td></tr></table></article>"
        "<footer>Copyright 2021 Example. Updated 3 May 2023.</footer></body></html>"
    )


def test_a_page_gives_its_article_and_what_its_markup_states(write: Write) -> None:
    draft = one(write("a.html", page(META)))
    assert draft.title == "Envoys meet"
    assert draft.publisher == "Example Post"
    assert draft.author == "Jane Doe"
    assert draft.url == "https://example.org/a"
    assert draft.language == "en"
    assert draft.body.count(SENTENCE) == 6
    assert "Copyright" not in draft.body
    assert "cell" not in draft.body
    assert draft.published_at is None


@pytest.mark.parametrize(
    "markup",
    [
        '<meta property="article:published_time" content="2024-09-09T10:00:00+02:00">',
        '<script type="application/ld+json">{"datePublished": "2024-09-09T08:00:00Z"}</script>',
        '<meta itemprop="datePublished" content="Mon, 09 Sep 2024 08:00:00 GMT">',
    ],
)
def test_the_date_is_the_one_that_the_markup_states(write: Write, markup: str) -> None:
    assert one(write("a.htm", page(markup))).published_at == "2024-09-09T08:00:00Z"


def test_a_page_is_read_in_the_encoding_that_it_states(write: Write) -> None:
    raw = page('<meta charset="iso-8859-2">', PARAGRAPHS.replace("spring", "łąka")).encode("iso-8859-2")
    assert "łąka" in one(write("a.html", raw)).body


@pytest.mark.parametrize(
    "content",
    ["<html><body><nav>Home</nav></body></html>", "<" * 50_000, "<html>", "<div>" * 50_000 + "hello", "<!-- -->"],
)
def test_pages_without_an_article_are_refused(write: Write, content: str) -> None:
    [reason] = read(write("a.html", content))
    assert isinstance(reason, str)
    assert "page" in reason
