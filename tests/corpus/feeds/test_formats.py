"""Every kind of feed is known by its content, and what is none is told."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from corpus.errors import UnreadableSource
from corpus.feeds.feed import FeedKind
from corpus.feeds.fetch_feed import discover_feed
from tests.feeds import Paper, PolledFeeds, Story
from tests.web import page, response


def test_an_rss_feed_gives_whole_articles_with_what_their_pages_state(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    feeds.add()
    report = feeds.poll()
    assert (report.added, report.excerpts, report.error) == (3, 0, "")
    assert feeds.titles() == ["Council votes on item 0", "Council votes on item 1", "Council votes on item 2"]
    rows = feeds.read("SELECT DISTINCT publisher, is_excerpt FROM articles")
    assert rows == [("Harbour Herald", 0)]
    [(body,)] = feeds.read("SELECT body FROM articles WHERE title LIKE '%item 1'")
    assert "Lena Quist" in body
    assert "More in our report" not in body


def atom(paper: Paper, each: Story, **changes: str) -> str:
    when = datetime.fromtimestamp(each.at, UTC).isoformat()
    fields = {"title": each.title, "link": each.path, "summary": each.teaser, "updated": when} | changes
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Herald</title>'
        f"<entry><id>tag:{each.slug}</id><title type='html'>{fields['title']}</title><link href='{fields['link']}'/>"
        f"<published>{when}</published><updated>{fields['updated']}</updated><summary>{fields['summary']}</summary>"
        "<author><name>Mara Lind</name></author></entry></feed>"
    )


def json_feed(paper: Paper, each: Story) -> str:
    item = {"id": each.slug, "url": paper.url(each.path), "title": each.title, "content_html": f"<p>{each.teaser}</p>"}
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Herald", "items": [item]})


def sitemap(paper: Paper, each: Story) -> str:
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>{paper.url(each.path)}</loc><lastmod>2024-09-02</lastmod></url></urlset>"
    )


def news_sitemap(paper: Paper, each: Story) -> str:
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>{paper.url(each.path)}</loc><n:news><n:publication><n:name>Harbour Herald</n:name></n:publication>"
        f"<n:publication_date>2024-09-02T05:00:00Z</n:publication_date><n:title>{each.title}</n:title></n:news></url></urlset>"
    )


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (atom, FeedKind.ATOM),
        (json_feed, FeedKind.JSON),
        (sitemap, FeedKind.SITEMAP),
        (news_sitemap, FeedKind.NEWS_SITEMAP),
    ],
)
def test_every_format_is_known_by_its_content(paper: Paper, feeds: PolledFeeds, make, kind: FeedKind):
    paper.fill(1)
    paper.feed_bytes = lambda: make(paper, paper.stories[0]).encode()
    paper.feed_type = "text/html"
    feeds.add()
    report = feeds.poll()
    assert (report.added, report.feed.kind) == (1, kind)
    assert feeds.read("SELECT title, url, is_excerpt FROM articles") == [
        ("Council votes on item 0", paper.url("/story-0.html"), 0)
    ]
    feeds.wait(1)
    assert feeds.poll().is_unchanged


def test_an_index_of_sitemaps_asks_only_for_the_parts_that_changed(paper: Paper, feeds: PolledFeeds):
    paper.fill(2)
    parts = {"/a.xml.gz": "2024-09-01", "/b.xml": "2024-08-01"}

    def index() -> bytes:
        listed = (
            f"<sitemap><loc>{paper.url(path)}</loc><lastmod>{day}</lastmod></sitemap>" for path, day in parts.items()
        )
        return f"<sitemapindex>{''.join(listed)}</sitemapindex>".encode()

    paper.feed_bytes = index
    gzipped = gzip.compress(sitemap(paper, paper.stories[0]).encode())
    paper.site.serve("/a.xml.gz", response(gzipped, type_="application/gzip"))
    paper.site.serve("/b.xml", response(sitemap(paper, paper.stories[1])))
    feeds.add()
    assert feeds.poll().added == 2
    paper.asked()
    feeds.wait(13)
    feeds.poll()
    assert paper.asked() == {"/feed": 1}
    parts["/b.xml"] = "2024-09-03"
    feeds.wait(13)
    feeds.poll()
    assert paper.asked() == {"/robots.txt": 1, "/feed": 1, "/b.xml": 1}


def test_a_page_leads_to_the_feed_that_it_names(paper: Paper, feeds: PolledFeeds):
    paper.fill(1)
    named = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    paper.site.serve("/start", response(page(head=named)))
    url, listing = discover_feed(feeds.web, feeds.clock, paper.url("/start"))
    assert (url, listing.kind, len(listing.entries)) == (paper.url(), FeedKind.RSS, 1)


def test_a_page_that_names_no_feed_is_told(paper: Paper, feeds: PolledFeeds):
    paper.site.serve("/page", response(page()))
    with pytest.raises(UnreadableSource):
        discover_feed(feeds.web, feeds.clock, paper.url("/page"))


@pytest.mark.parametrize(
    ("content", "charset"),
    [("Fähre".encode("cp1252"), "utf-8"), ("Fähre".encode(), "iso-8859-1"), ("Fähre".encode("iso-8859-15"), "utf-8")],
)
def test_a_charset_that_is_a_lie_does_no_harm(paper: Paper, feeds: PolledFeeds, content: bytes, charset: str):
    text = b"Die %s nach Marn legt wieder ab, teilte das Hafenamt von Velden am Freitag mit." % content
    feed = b"<item><title>%s</title><guid isPermaLink='false'>1</guid><description>%s</description></item>"
    paper.feed_bytes = lambda: (
        f'<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel>'.encode()
        + feed % (content, text)
        + b"</channel></rss>"
    )
    paper.feed_type = f"application/rss+xml; charset={charset}"
    feeds.add()
    feeds.poll()
    assert feeds.titles() == ["Fähre"]


def test_a_gzipped_feed_is_read(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    paper.site.serve("/feed", response(gzip.compress(paper.rss().encode()), Content_Encoding="gzip"))
    feeds.add()
    assert feeds.poll().added == 3


NO_FEEDS = {
    "nothing": b"",
    "a page": b"<html><body>Under construction</body></html>",
    "a cut feed": b"<rss><channel><item><title>cut",
    "JSON of another kind": b'{"items": 5}',
    "deep JSON": b"{" * 100_000,
    "deep XML": b"<a>" * 500_000,
    "binary data": b"\x00\xff" * 5_000,
    "a cut sitemap": b"<urlset><url><loc>x</loc>",
    "a bomb of entities": b'<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<rss><channel><title>&b;</title></channel></rss>",
    "a file as an entity": b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b"<rss><channel><title>&a;</title></channel></rss>",
    "a bomb of gzip": gzip.compress(b" " * 30_000_000),
}


@pytest.mark.parametrize("content", NO_FEEDS.values(), ids=NO_FEEDS)
def test_what_is_no_feed_is_told_and_nothing_is_stored(paper: Paper, feeds: PolledFeeds, content: bytes):
    paper.feed_bytes = lambda: content
    feeds.add()
    report = feeds.poll()
    assert report.added == 0
    # What came of a feed before it was cut is read.
    assert report.error.endswith(".") or content == NO_FEEDS["a cut feed"]
    assert feeds.titles() == []


def test_an_entry_with_half_a_character_spoils_no_other(paper: Paper, feeds: PolledFeeds):
    paper.fill(1)
    whole = {"id": "b", "url": paper.url(paper.stories[0].path), "title": "Whole"}
    half = {"id": "a\ud800", "url": f"{paper.url('/')}\ud800", "title": "\udfff", "content_text": "\ud800"}
    content = {"version": "https://jsonfeed.org/version/1.1", "title": "\ud800", "items": [half, whole]}
    paper.feed_type, paper.feed_bytes = "application/feed+json", lambda: json.dumps(content).encode()
    feeds.add()
    feeds.poll()
    assert feeds.titles() == [paper.stories[0].title]
