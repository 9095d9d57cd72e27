"""What reaches feedparser of a feed is bounded, and of a sound feed nothing is lost."""

import io
import re
from collections.abc import Callable
from html import escape

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableSource
from corpus.feeds import feed_markup
from corpus.feeds.entry_dates import MAX_WORDED
from corpus.feeds.feed_markup import (
    MAX_ATTRIBUTES,
    MAX_BASE_CHARACTERS,
    MAX_DEPTH,
    MAX_FIELD,
    MAX_LISTED,
    MAX_NAMESPACE_CHARACTERS,
    MAX_PERSON,
    MAX_PREFIXES,
    MAX_RUN,
    bounded_feed,
)
from corpus.feeds.json_feed import read_json_feed
from corpus.feeds.rss import read_rss
from corpus.feeds.sitemap import read_sitemap
from tests.limits import count_calls

URL = "https://gazette.example/feed"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">'


def rss(*inside: str) -> str:
    return f"<rss version='2.0'><channel><title>Marn Gazette</title>{''.join(inside)}</channel></rss>"


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Reads a feed, and returns what of it reached feedparser."""
    given_texts: list[str] = []
    parse = feedparser.parse

    def recording(stream: io.BytesIO, **named: object) -> object:
        given_texts.append(stream.getvalue().decode())
        return parse(stream, **named)

    monkeypatch.setattr("feedparser.parse", recording)

    def read(text: str) -> str:
        try:
            read_rss(text, URL)
        except UnreadableSource:
            # Without the tag that was dropped it may be no feed.
            assert given_texts
        return given_texts[-1]

    return read


# What takes quadratic time in feedparser: name, a feed, and what may be left of it.
AUTHORS = {
    "a run": rss("<item><author>" + "o.w." * 3_000 + "@</author></item>"),
    "runs in pieces": rss("<item><author>" + ("o.w." * 9 + "<![CDATA[x]]><!-- -->") * 400 + "@</author></item>"),
    "around others": rss("<item><author>" + ("o.w." * 9 + "<b></author></b>") * 400 + "</author></item>"),
    "a creator": rss("<item><dc:creator xmlns:dc='urn:x'>" + "o.w." * 3_000 + "@</dc:creator></item>"),
    "an owner": rss("<itunes:owner><name>" + "o.w." * 3_000 + "@</name></itunes:owner>"),
}


@pytest.mark.parametrize("text", AUTHORS.values(), ids=AUTHORS)
def test_an_author_is_cut_and_without_runs_that_are_searched_in_quadratic_time(reached, text: str):
    persons = re.findall(r"<(author|dc:creator|name)\b[^>]*>(.*?)</\1>", reached(text))
    for _, person in persons:
        left = re.sub(r"<[^>]*>|<!\[CDATA\[|\]\]>", "", person)
        # A space before each piece is not counted.
        assert len(left.replace(" ", "")) <= MAX_PERSON
        assert max(map(len, left.split())) <= MAX_RUN
    assert len(persons) == 1


@pytest.mark.parametrize("name", ["link", "guid", "pubDate", "dc:date", "url"])
def test_a_link_an_id_and_a_date_are_cut(reached, name: str):
    assert len(reached(rss(f"<item><{name}>{'9' * 50_000}</{name}></item>"))) < MAX_FIELD + 200


CROWDED = {
    "attributes": "<item " + " ".join(f'a{n}=""' for n in range(MAX_ATTRIBUTES + 1)) + ">",
    "a long attribute": f"<item a='{'x' * 20_000}'>",
    "namespaces": "<item " + " ".join(f"xmlns:a{n}='u'" for n in range(MAX_PREFIXES + 1)) + ">",
    "a long namespace": f"<item xmlns:a='{'u' * MAX_NAMESPACE_CHARACTERS}'>",
    "a long base": f"<item xml:base='https://a.example/{'b/' * MAX_BASE_CHARACTERS}'>",
    "open quotes": """<item a='">""",
}


@pytest.mark.parametrize("tag", CROWDED.values(), ids=CROWDED)
def test_a_tag_with_too_many_or_too_long_attributes_loses_them(reached, tag: str):
    text = rss(f"{tag}<title>Ferry delayed</title></item>")
    assert "<item>" in reached(text)
    assert [entry.title for entry in read_rss(text, URL).entries] == ["Ferry delayed"]


def test_bases_add_up_over_all_open_elements(reached):
    text = rss("".join(f"<div xml:base='{n}{'b' * 90}/'>" for n in range(50)) + "</div>" * 50)
    assert len(re.findall(r"xml:base", reached(text))) == MAX_BASE_CHARACTERS // 94


@pytest.mark.parametrize(
    "junk",
    ["<category>a</category>", "<media:keywords>a,b</media:keywords>", "<tags>a</tags>", "<!-- a -->", "<?a b?>"],
)
def test_keywords_and_comments_which_are_not_read_are_dropped(reached, junk: str):
    text = rss(f"{junk * 5}<item><title>Ferry delayed</title>{junk * 500}<link>https://a.example/1</link></item>")
    assert reached(text) == rss("<item><title>Ferry delayed</title><link>https://a.example/1</link></item>")


def test_white_space_before_the_first_tag_is_dropped(reached):
    assert reached(f'<?xml version="1.0"?>{chr(10) * 5_000}{rss()}') == rss()


def test_spaces_that_are_written_as_references_make_no_pieces(reached):
    assert "&#" not in reached(
        f"{ATOM}<entry><content type='xhtml'>{'&#32;&#x2003;&nbsp;' * 500}</content></entry></feed>"
    )


def test_what_is_nested_too_deeply_loses_its_tags_but_not_its_text(reached):
    left = reached(
        rss("<item><description>" + "<q>" * 1_000 + "Ferry delayed" + "</q>" * 1_000 + "</description></item>")
    )
    assert left.count("<q>") == left.count("</q>") == MAX_DEPTH - 4
    assert "Ferry delayed" in left


def test_the_first_thousands_of_entries_are_read_and_no_others():
    text = rss("<item><title>Ferry</title></item>" * (MAX_LISTED + 50))
    assert len(read_rss(text, URL).entries) == MAX_LISTED


@pytest.mark.parametrize("size", [feed_markup.MAX_CHARACTERS, 4 * feed_markup.MAX_TAGS])
def test_a_feed_that_is_too_large_is_refused_in_a_sentence(size: int):
    content = "a" * size if size == feed_markup.MAX_CHARACTERS else "<b/>" * (size // 4)
    with pytest.raises(UnreadableSource, match="too large"):
        read_rss(rss(content), URL)


def test_a_json_feed_that_is_too_large_is_refused_in_a_sentence():
    with pytest.raises(UnreadableSource, match="too large"):
        read_json_feed('{"items": [' + "[]," * (feed_markup.MAX_TAGS + 1) + "1]}", URL)


def worded(count: int) -> str:
    return rss(
        *(f"<item><title>{n}</title><pubDate>Montag, {n} den 9. Sept 2024</pubDate></item>" for n in range(count))
    )


def worded_news(count: int) -> str:
    dates = (f"<n:publication_date>Montag, {n} den 9. Sept 2024</n:publication_date>" for n in range(count))
    entries = "".join(
        f"<url><loc>https://a.example/{n}</loc><n:news>{each}</n:news></url>" for n, each in enumerate(dates)
    )
    return f'<urlset xmlns:n="urn:news">{entries}</urlset>'


@pytest.mark.parametrize(
    "read", [lambda count: read_rss(worded(count), URL), lambda count: read_sitemap(worded_news(count))]
)
def test_of_dates_in_words_only_so_many_are_parsed(monkeypatch: pytest.MonkeyPatch, read: Callable[[int], object]):
    parsed: list[str] = []
    monkeypatch.setattr("corpus.feeds.entry_dates.parse_published", lambda text: parsed.append(text) or None)
    read(3 * MAX_WORDED)
    assert len(parsed) <= MAX_WORDED


def test_all_dates_in_the_standard_forms_are_parsed():
    dates = [f"2024-09-{day:02}T{hour:02}:00:00Z" for day in range(1, 29) for hour in range(24)]
    dates += [f"Mon, {day:02} Sep 2024 {hour:02}:30:00 GMT" for day in range(1, 29) for hour in range(24)]
    entries = read_rss(rss(*(f"<item><title>a</title><pubDate>{each}</pubDate></item>" for each in dates)), URL).entries
    assert all(entry.published_at for entry in entries)


# What makes the tidying itself, or what follows it, go through the rest of the feed at every place.
UNENDING = {
    "comments": "<!--", "literals": "<![CDATA[", "declarations": "<!a", "instructions": "<?a", "signs": "< ",
    "quotes": "<a b='\">", "tags": "<a ", "attributes": "<a b=\"", "references": "&a",
    "ends": "</b>", "shorthands": "<a/b>",
}  # fmt: skip


@pytest.mark.parametrize("piece", UNENDING.values(), ids=UNENDING)
def test_the_work_grows_no_faster_than_the_feed(piece: str):
    def work(count: int) -> int:
        return count_calls(lambda: bounded_feed(rss("<item><title>" + piece * count)))

    assert work(4_000) < 4.5 * work(1_000) + 100


SOUND = """<?xml version="1.0" encoding="utf-8"?>
<!-- made by hand -->
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="en">
  <title type="html">Marn &amp;amp; Velden Gazette</title><link rel="self" href="https://gazette.example/feed?a=1&amp;b=2"/>
  <entry xml:base="https://gazette.example/news/">
    <id>tag:1</id><title>Ferry &lt;i&gt;Heron&lt;/i&gt; sails</title><link href="1.html" title="a > b"/>
    <author><name>Mara Lind</name><email>mara.lind@gazette.example</email></author>
    <published>2024-09-02T06:00:00Z</published><updated>2024-09-02T07:00:00+02:00</updated>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">The <b>ferry</b> sails,<br/>said <a
      href='x?y=1&amp;z="2"'>the office</a>.</div></content>
  </entry>
  <entry><id>2</id><title><![CDATA[Bridge <b>closed</b> & shut]]></title><link href="https://gazette.example/2"/>
    <summary type="html">&lt;p&gt;The bridge&#8217;s pier cracked.&lt;/p&gt;</summary>
    <dc:creator>Lena Quist</dc:creator><source><title>Velden Post</title></source></entry>
</feed>"""


def parsed(text: str) -> object:
    found = feedparser.parse(io.BytesIO(text.encode()), sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo
    return [{key: value for key, value in each.items() if key != "tags"} for each in (found.feed, *found.entries)]


def test_a_sound_feed_is_read_as_before():
    assert parsed(bounded_feed(SOUND)) == parsed(SOUND)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), min_size=3, max_size=3))
def test_whatever_text_is_in_a_sound_feed_is_kept(texts: list[str]):
    title, link, text = map(escape, texts)
    feed = rss(f"<item><title>{title}</title><link a='{link}'>x</link><description>{text}</description></item>")
    assert parsed(bounded_feed(feed)) == parsed(feed)


BROKEN = {
    "an ampersand": ("<title>Quist & Lind</title>", "Quist & Lind"),
    "a named reference": ("<title>Ferry&nbsp;caf&eacute;</title>", "Ferry café"),
    "a control character": ("<title>Ferry\x0b late</title>", "Ferry late"),
    "a crossed tag": ("<title><b>Ferry</title></b>", "Ferry"),
    "a lone sign": ("<title>Ferry < bridge</title>", "Ferry < bridge"),
    "an undeclared prefix": ("<media:a x='1'/><title>Ferry</title>", "Ferry"),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "title"), BROKEN.values(), ids=BROKEN)
def test_a_feed_that_is_not_sound_is_read_all_the_same(inside: str, title: str):
    [entry] = read_rss(rss(f"<item>{inside}</item>"), URL).entries
    assert entry.title == title
