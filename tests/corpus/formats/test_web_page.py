"""What saved web pages give: their article, and what their markup states."""

import json

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
    ("markup", "stated"),
    [
        ('<meta property="article:published_time" content="2024-09-09T01:00:00+02:00">', "2024-09-09T01:00:00+02:00"),
        (
            '<script type="application/ld+json">{"datePublished": "2024-09-09T08:00:00Z"}</script>',
            "2024-09-09T08:00:00Z",
        ),
        ('<meta itemprop="datePublished" content="Mon, 09 Sep 2024 08:00:00 GMT">', "2024-09-09T08:00:00Z"),
    ],
)
def test_the_date_is_the_one_that_the_markup_states(write: Write, markup: str, stated: str) -> None:
    assert one(write("a.htm", page(markup))).published_at == stated


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


LEAD = "Harbour pilot Ada Brook denied on Sunday that the lighthouse would be sold."


@pytest.mark.parametrize(
    "body",
    [
        "<article><header><h1>Envoys meet</h1><p>{lead}</p></header>{text}</article>",
        "<article><header><h1>Envoys meet</h1><div class='Header__standFirst'>{lead}</div></header>{text}</article>",
        "<main><header><h1>Envoys meet</h1><p class='lead'>{lead}</p></header><article>{text}</article></main>",
        "<main><h1>Envoys meet</h1><p>{lead}</p><article>{text}</article></main>",
        "<article><hgroup><h1>Envoys meet</h1><p>{lead}</p></hgroup><div>{text}</div></article>",
        "<div class='head'><h1>Envoys meet</h1><div class='summary'><p>{lead}</p></div></div><div>{text}</div>",
        # Where extraction keeps it, it is there once.
        "<article><h1>Envoys meet</h1><p class='lead'>{lead}</p>{text}</article>",
        "<article><header><h1>Envoys meet</h1><p>{lead}</p></header><p>{lead}</p>{text}</article>",
    ],
)
def test_the_lead_in_the_header_is_kept_before_the_text(write: Write, body: str) -> None:
    site = "<header><h1>Example Post</h1><p>News from the coast and the hills since the year 1901.</p></header>"
    read = one(write("a.html", f"<html><head><title>Envoys meet</title></head><body>{site if 'article' in body else ''}"
                               f"{body.format(lead=LEAD, text=PARAGRAPHS)}</body></html>")).body  # fmt: skip
    assert read.count(LEAD) == 1
    assert read.index(LEAD) < read.index(SENTENCE)
    assert "since the year 1901" not in read


@pytest.mark.parametrize(
    "beside",
    [
        "<p class='byline'>By Jane Doe in Velden. Published on Sunday, the ninth of the month.</p>",
        f"<figure><figcaption>{LEAD}</figcaption></figure>",
        f"<p><a href='/other'>{LEAD}</a></p>",
        "<p>Politics</p>",
        "<p>Sign up for our daily newsletter to get the news of the coast every morning.</p>",
        f"<aside><p class='lead'>{LEAD}</p></aside>",
    ],
)
def test_what_else_is_in_the_header_is_left_out(write: Write, beside: str) -> None:
    body = f"<article><header><h1>Envoys meet</h1>{beside}</header>{PARAGRAPHS}</article>"
    assert one(write("a.html", f"<html><body>{body}</body></html>")).body.strip().startswith(SENTENCE)


def test_the_lines_of_preformatted_prose_are_joined_and_those_of_code_are_not(write: Write) -> None:
    prose = f"VELDEN - {SENTENCE}\n\nThe mayor of Velden denied on Monday that the old\nharbour would be sold."
    code = "if (a) {\n  return harbour(b);\n}"
    text = "".join(f"<p>{SENTENCE} Round {number} of the talks.</p>" for number in range(3))
    found = one(write("a.html", f"<article><h1>Envoys</h1>{text}<pre>{prose}</pre><pre>{code}</pre></article>")).body
    assert f"VELDEN - {SENTENCE}" in found.split("\n")
    assert "denied on Monday that the old harbour would be sold." in found
    assert "if (a) {\n  return harbour(b);\n}" in found


def state_text(is_free: bool, text: str) -> str:
    stated = {
        "@type": "NewsArticle", "headline": "Envoys meet", "articleBody": text, "isAccessibleForFree": is_free,
        "datePublished": "2024-09-09T23:30:00-05:00",
    }  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(stated)}</script>'
    return f"<html><head><title>Envoys meet</title>{script}</head><body><div id='app'></div></body></html>"


def test_of_a_page_that_a_script_fills_the_stated_text_is_read(write: Write) -> None:
    for text in ("\n\n".join([SENTENCE] * 5), f"<p>{SENTENCE}</p>" * 5):
        draft = one(write("a.html", state_text(True, text)))
        assert (draft.body, draft.title) == ("\n\n".join([SENTENCE] * 5), "Envoys meet")
        assert draft.published_at == "2024-09-09T23:30:00-05:00"


def test_a_summary_is_no_text_and_neither_is_that_of_a_paid_article(write: Write) -> None:
    for markup in (state_text(True, SENTENCE), state_text(False, "\n\n".join([SENTENCE] * 5))):
        assert read(write("a.html", markup)) == ["No article text was found in this page."]


@pytest.mark.parametrize("stated", ["2024-09-09T00:10:00+25:00", "2024-09-09T00:10:00+99:99"])
@pytest.mark.parametrize("where", ['<meta property="article:published_time" content="{}">', '<p class="date">{}</p>'])
def test_a_page_with_a_time_that_does_not_exist_is_read(write: Write, where: str, stated: str) -> None:
    draft = one(write("a.html", page("", where.format(stated) + PARAGRAPHS)))
    assert draft.body.count(SENTENCE) == 6
    assert draft.published_at == ("2024-09-09" if "meta" in where else None)


@pytest.mark.parametrize(
    "text", ["市長週一否認磨坊將會關閉，並說報告將在下週公布。", "นายกเทศมนตรีปฏิเสธเมื่อวันจันทร์ว่าโรงสีจะปิดในปีนี้และจะมีรายงาน"]
)
def test_a_page_of_one_short_paragraph_without_spaces_is_an_article(write: Write, text: str) -> None:
    markup = f"<html><body><article><h1>磨坊</h1><p>{text}</p></article></body></html>"
    assert text in one(write("a.html", markup)).body


@pytest.mark.parametrize(
    "mark", ['<meta name="generator" content="MediaWiki 1.44.0">', '<div class="mw-parser-output"></div>']
)
def test_the_page_of_a_wiki_has_the_title_on_it_and_the_day_of_its_last_edit(write: Write, mark: str) -> None:
    stated = {
        "@type": "Article", "name": "Dorva bridge", "headline": "bridge in Marn", "datePublished": "2005-01-01",
        "dateModified": "2024-09-09",
    }  # fmt: skip
    head = f'{mark}<script type="application/ld+json">{json.dumps(stated)}</script>'
    draft = one(write("a.html", page(head).replace("<h1>Envoys meet", '<h1 id="firstHeading">Dorva <i>bridge</i>')))
    assert (draft.title, draft.published_at) == ("Dorva bridge", "2024-09-09")


def test_an_author_is_named_without_by_and_a_site_by_its_host(write: Write) -> None:
    stated = {
        "@type": "NewsArticle", "headline": "Envoys meet", "author": "By Ines Olm", "url": "https://marn.example/a",
        "publisher": {"@type": "Organization", "name": "https://marn.example/"},
    }  # fmt: skip
    draft = one(write("a.html", page(f'<script type="application/ld+json">{json.dumps(stated)}</script>')))
    assert (draft.author, draft.publisher) == ("Ines Olm", "marn.example")
