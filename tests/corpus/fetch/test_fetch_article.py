"""What is made of pages that were fetched: articles with what they state about themselves, or a reason why not."""

import contextlib

import pytest

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.fetch.content import to_text
from corpus.fetch.download import Download, Head
from corpus.fetch.fetch_article import fetch_article, read_article
from corpus.fetch.options import FetchOptions
from corpus.fetch.stubs import MIN_WORDS, TEASER_WORDS
from corpus.formats.page_address import own_url
from corpus.word_count import count_words
from tests.web import PARAGRAPHS, page

URL = "https://www.harbour-herald.example/news/ferry"
BRIEF = "Lena Quist said the boat was full. It sailed at noon from Velden with ninety people on board. " * 2
STATED = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Ferry line to Marn Island &amp; back reopens",
    "author": [{"@type": "Person", "name": "Ines Olm"}, {"@type": "Person", "name": "Jo Tarn"}],
    "publisher": {"@type": "Organization", "name": "Harbour Herald"},
    "datePublished": "2024-03-01T08:30:00+01:00",
    "dateModified": "2024-03-05T08:30:00+01:00",
    "inLanguage": "en-GB",
    "mainEntityOfPage": {"@type": "WebPage", "@id": URL},
}


def read(markup: str | bytes, *, url: str = URL, type_: str = "text/html", charset: str = "utf-8") -> Draft:
    body = markup.encode() if isinstance(markup, str) else markup
    return read_article(Download(Head(url, 200, type_, charset, {}), body))


def reason(markup: str, **given: str) -> str:
    with pytest.raises(UnreadableSource) as caught:
        read(markup, **given)
    assert caught.value.hint
    return caught.value.message


# --- what a page states


def test_an_article_is_read_with_what_json_ld_states() -> None:
    draft = read(page(json_ld=STATED))
    assert all(paragraph in draft.body for paragraph in PARAGRAPHS)
    assert "Sport" not in draft.body
    assert "Imprint" not in draft.body
    assert draft.title == "Ferry line to Marn Island & back reopens"
    assert draft.author == "Ines Olm, Jo Tarn"
    assert draft.publisher == "Harbour Herald"
    assert draft.published_at == "2024-03-01T08:30:00+01:00"
    assert draft.language == "en"
    assert draft.url == URL


@pytest.mark.parametrize("name", ["Harbour Herald", "Wayback Machine"])
def test_a_copy_in_an_archive_is_served_by_the_site_that_it_copies(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    copy = f"https://web.archive.org/web/20240302083000/{URL}"
    content = page(head=f'<meta property="og:site_name" content="{name}">').encode()
    fetched = Download(Head(copy, 200, "text/html", "utf-8", {}), content)
    monkeypatch.setattr("corpus.fetch.fetch_article.download", lambda *_given, **_named: fetched)
    draft = fetch_article(copy, FetchOptions()).parse()
    assert (draft.url, draft.served_by) == (URL, "harbour-herald.example")
    assert draft.publisher == ("harbour-herald.example" if name == "Wayback Machine" else name)


def test_other_markup_is_used_where_there_is_no_json_ld() -> None:
    head = (
        '<meta property="og:site_name" content="Valley Times"><meta name="author" content="Ines Olm">'
        '<meta property="article:published_time" content="2024-04-10T08:00:00Z">'
        '<meta property="og:title" content="Ferries sail again">'
    )
    draft = read(page(head=head))
    assert (draft.title, draft.publisher, draft.author) == ("Ferries sail again", "Valley Times", "Ines Olm")
    assert draft.published_at == "2024-04-10T08:00:00Z"


def test_what_is_not_stated_stays_unknown() -> None:
    draft = read(page())
    assert (draft.author, draft.publisher, draft.published_at) == (None, None, None)


@pytest.mark.parametrize(
    "json_ld",
    [
        [STATED],
        {"@graph": [{"@type": "WebSite", "name": "Harbour Herald"}, STATED]},
        STATED | {"@type": ["Article", "ReportageNewsArticle"]},
        STATED | {"@type": "https://schema.org/NewsArticle"},
        STATED | {"mainEntityOfPage": "/news/ferry"},
        STATED | {"publisher": {"@id": "#pub"}, "about": {"@id": "#pub", "name": "Harbour Herald"}},
        STATED | {"publisher": ["Harbour Herald"], "headline": ["Ferry line to Marn Island &amp; back reopens"]},
        [STATED | {"headline": "Wolves return", "mainEntityOfPage": "/wolves", "datePublished": "2020-01-01"}, STATED],
    ],
)  # fmt: skip
def test_json_ld_is_understood_in_its_many_shapes(json_ld: object) -> None:
    draft = read(page(json_ld=json_ld))
    assert draft.title == "Ferry line to Marn Island & back reopens"
    assert (draft.author, draft.publisher) == ("Ines Olm, Jo Tarn", "Harbour Herald")
    assert draft.published_at == "2024-03-01T08:30:00+01:00"


def test_teasers_of_other_articles_state_nothing_about_this_one() -> None:
    teasers = [
        {"@type": "NewsArticle", "headline": "Wolves return", "url": "/wolves", "author": "Jo Tarn"},
        {"@type": "NewsArticle", "headline": "Bridge is safe", "url": "/bridge", "author": "Jo Tarn"},
    ]
    draft = read(page(json_ld=teasers))
    assert draft.title == "Ferry line to Marn Island reopens"
    assert draft.author != "Jo Tarn"


@pytest.mark.parametrize(
    "script",
    [
        "{not json",
        "[" * 100_000,
        '{"@type": "NewsArticle", "headline": {"a": 1}, "author": 5, "publisher": [[]], "datePublished": 7}',
        '{"@type": 5, "@graph": null}',
        '"text"',
        '{"@type": "NewsArticle", "url": "http://[", "@id": [1], "inLanguage": {"alternateName": []}}',
    ],
)
def test_broken_json_ld_is_passed_over(script: str) -> None:
    draft = read(page(head=f'<script type="application/ld+json">{script}</script>'))
    assert draft.title == "Ferry line to Marn Island reopens"
    assert draft.url == URL


def test_line_breaks_in_json_ld_texts_are_borne() -> None:
    script = '{"@type": "NewsArticle", "headline": "Ferries\n sail"}'
    assert read(page(head=f'<script type="application/ld+json">{script}</script>')).title == "Ferries sail"


def test_plain_text_is_read() -> None:
    draft = read("By Ines Olm\n\n" + "\n\n".join(PARAGRAPHS), type_="text/plain")
    assert (draft.author, draft.url) == ("Ines Olm", URL)
    assert PARAGRAPHS[0] in draft.body


@pytest.mark.parametrize("type_", ["", "application/octet-stream", "text/plain", "application/xhtml+xml", "text/xml"])
def test_a_page_is_known_by_its_first_bytes_whatever_type_is_stated(type_: str) -> None:
    assert (
        read("<?xml version='1.0'?>\n<!-- a -->\n" + page(), type_=type_).title == "Ferry line to Marn Island reopens"
    )


@pytest.mark.parametrize("markup", ["<!---->" * 290, "<!--" * 500, "<?xml " * 300, " <!-- --> " * 200])
def test_the_look_at_the_first_bytes_takes_no_time(markup: str) -> None:
    with contextlib.suppress(UnreadableSource):
        to_text(Download(Head(URL, 200, "", "", {}), f"{markup}x".encode()))


def test_an_address_that_stands_for_a_page_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *given, **_: asked.append(given) or [])
    assert "No article" in reason("http://169.254.169.254/latest")
    assert asked == []


# --- letters

CYRILLIC = (
    "Паром на остров Марн снова ходит после двух лет ремонта, сообщила в пятницу начальник порта Лена Квист. " * 3
)


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("cp1251", "windows-1251", ""),
        ("koi8-r", "koi8-r", ""),
        ("cp1251", "", "windows-1251"),
        ("cp1251", "utf-8", "windows-1251"),
        ("utf-8", "iso-8859-1", "windows-1252"),
        ("utf-8", "no-such-charset", ""),
        ("utf-16", "", ""),
        ("cp1251", "punycode", "windows-1251"),
    ],
)
def test_the_right_letters_are_read_whatever_charset_is_claimed(encoding: str, header: str, meta: str) -> None:
    markup = page(CYRILLIC, CYRILLIC, head=f'<meta charset="{meta}">' if meta else "")
    assert CYRILLIC.strip() in read(markup.encode(encoding), charset=header).body


def test_latin_1_is_read_as_browsers_read_it() -> None:
    text = "The café’s owner said “no” to the canton’s offer, which lay €40 below what she had asked for. " * 4
    assert "café’s owner said “no”" in read(page(text).encode("cp1252"), charset="iso-8859-1").body


# --- its own address


@pytest.mark.parametrize(
    ("stated", "own"),
    [
        (None, "https://www.herald.example/a?b=1"),
        ("https://www.herald.example/a", "https://www.herald.example/a"),
        ("https://herald.example/a", "https://herald.example/a"),
        ("https://m.herald.example/a", "https://m.herald.example/a"),
        ("https://news.herald.example/a", "https://news.herald.example/a"),
        ("https://other.example/a", "https://www.herald.example/a?b=1"),
        ("https://herald.example.other.example/a", "https://www.herald.example/a?b=1"),
        ("https://notherald.example/a", "https://www.herald.example/a?b=1"),
        ("https://example/a", "https://www.herald.example/a?b=1"),
        ("https://www.herald.example/", "https://www.herald.example/a?b=1"),
        ("https://www.herald.example:8443/a", "https://www.herald.example/a?b=1"),
    ],
)
def test_a_page_can_only_name_an_address_of_its_own_site(stated: str | None, own: str) -> None:
    assert own_url("https://www.herald.example/a?b=1&utm_source=x", stated) == own


def test_the_canonical_address_of_a_page_is_taken() -> None:
    assert read(page(head='<link rel="canonical" href="https://harbour-herald.example/f/1">')).url == (
        "https://harbour-herald.example/f/1"
    )
    assert read(page(head='<link rel="canonical" href="https://valley-times.example/f/1">')).url == URL


# --- no articles


def test_a_paid_article_of_which_only_the_beginning_is_there_is_refused() -> None:
    paid = STATED | {"isAccessibleForFree": "False"}
    assert "for subscribers" in reason(page(PARAGRAPHS[0], PARAGRAPHS[1], json_ld=paid))
    parts = STATED | {"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paid"}}
    assert "for subscribers" in reason(page(PARAGRAPHS[0], json_ld=parts))
    assert "for subscribers" in reason(
        page(PARAGRAPHS[0], head='<meta property="article:content_tier" content="locked">')
    )
    # Whole articles that are sold elsewhere are still whole.
    assert read(page(*PARAGRAPHS, *PARAGRAPHS[::-1], BRIEF, json_ld=paid)).body


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to continue reading this article and all others.",
        "Already a subscriber? Log in here.",
        "This article is only available to subscribers of the Herald.",
        "Sign in to continue reading the Harbour Herald.",
        "You’ve reached your limit of free articles for this month.",
        "To read the full story, choose one of our offers.",
        "Cet article est réservé aux abonnés.",
    ],
)
def test_phrases_of_paywalls_are_known(line: str) -> None:
    assert "for subscribers" in reason(page(PARAGRAPHS[0], line))


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        (page("We value your privacy. We and our 842 partners store information on your device, such as cookies, and "
              "read it there. You may accept all purposes or choose among them.", title="Harbour Herald"), "consent"),
        (page("Short.", title="Before you continue to Harbour Herald"), "consent"),
        (page("Checking your browser before you enter.", title="Just a moment..."), "bot check"),
        (page("Please verify you are a human to go on with your visit to this site.", title="Herald"), "bot check"),
        (page("Sorry, we looked everywhere, on every quay and in every boat.", title="Page not found"), "doesn't"),
        (page("Try our front page instead of this one.", title="404 Not Found"), "doesn't exist"),
        (page("Ferries sail again."), "No article was found in this page"),
        ("<!DOCTYPE html><title>x</title><body><div id=app></div><script>app()</script>", "No article"),
    ],
)  # fmt: skip
def test_walls_and_error_pages_are_refused_with_the_reason(markup: str, said: str) -> None:
    assert said in reason(markup)


NEWS_LIKE_WALLS = """\
The canton of Marn is already a member of the ferry union, and its council voted on Monday to accept all of the
proposals that the union had made for the winter, minister Oskar Brandt said.

Brandt said that inspectors were told “access denied” at the gates of the Velden yard on Tuesday, although the canton
had announced their visit a week before. The yard denied that it had turned them away.

The Herald’s own page could not be found for an hour on Monday. Its owner, Blue Heron Lines, blamed a storm that had
cut the cable to Marn Island, and said that all was well again by noon."""


@pytest.mark.parametrize("text", [" ".join(text.split()) for text in NEWS_LIKE_WALLS.split("\n\n")])
def test_short_news_that_sounds_like_a_wall_is_read(text: str) -> None:
    assert count_words(text) in range(MIN_WORDS, TEASER_WORDS)
    assert text in read(page(text, title="News in brief")).body


def test_words_around_a_short_article_do_not_make_it_a_wall() -> None:
    around = "<aside>We value your privacy. <button>Accept all</button> Subscribe to continue reading.</aside>"
    draft = read(page(PARAGRAPHS[0], PARAGRAPHS[1], rest=around))
    assert count_words(draft.body) < TEASER_WORDS
    assert PARAGRAPHS[1] in draft.body


def test_scripts_without_spaces_are_counted_by_their_characters() -> None:
    assert count_words("港务局周五表示，渡轮航线恢复运营。") in range(6, 12)
    assert count_words("") == 0


def test_plain_text_that_is_too_short_is_refused() -> None:
    assert "only 2 words" in reason("User-agent: *", type_="text/plain")
