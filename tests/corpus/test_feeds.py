"""What feeds are polled for: each article once, whole where it can be, with no request that is not needed."""

import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from corpus.errors import AddressRefused, BadStatus, UnreadableSource
from corpus.feeds.feed import FeedKind
from corpus.feeds.polling import GONE, Poller
from corpus.feeds.reading import find_feed
from corpus.feeds.store import Feeds
from corpus.feeds.timing import LEAST_INTERVAL_S, MOST_INTERVAL_S, MOST_TRIES
from corpus.feeds.web import Web
from tests.feeds import HOST, START, Desk, Paper, Story, newspaper, story
from tests.web import Request, Send, page, response


@pytest.fixture
def paper() -> Iterator[Paper]:
    with newspaper() as running:
        yield running


@pytest.fixture
def desk(paper: Paper, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(paper, tmp_path / "data")
    yield made
    made.close()


def fill(paper: Paper, count: int = 3) -> None:
    paper.stories += [story(number, START - 60 * number) for number in range(count)]


# --- formats


def test_an_rss_feed_gives_whole_articles_with_what_their_pages_state(paper: Paper, desk: Desk):
    fill(paper)
    desk.add()
    report = desk.poll()
    assert (report.added, report.excerpts, report.error) == (3, 0, "")
    assert desk.titles() == ["Council votes on item 0", "Council votes on item 1", "Council votes on item 2"]
    rows = desk.read("SELECT DISTINCT publisher, is_excerpt FROM articles")
    assert rows == [("Harbour Herald", 0)]
    [(body,)] = desk.read("SELECT body FROM articles WHERE title LIKE '%item 1'")
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
def test_every_format_is_known_by_its_content(paper: Paper, desk: Desk, make, kind: FeedKind):
    fill(paper, 1)
    paper.feed_bytes = lambda: make(paper, paper.stories[0]).encode()
    paper.feed_type = "text/html"
    desk.add()
    report = desk.poll()
    assert (report.added, report.feed.kind) == (1, kind)
    assert desk.read("SELECT title, url, is_excerpt FROM articles") == [
        ("Council votes on item 0", paper.url("/story-0.html"), 0)
    ]
    desk.wait(1)
    assert desk.poll().is_unchanged


def test_an_index_of_sitemaps_asks_only_for_the_parts_that_changed(paper: Paper, desk: Desk):
    fill(paper, 2)
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
    desk.add()
    assert desk.poll().added == 2
    paper.asked()
    desk.wait(13)
    desk.poll()
    assert paper.asked() == {"/feed": 1}
    parts["/b.xml"] = "2024-09-03"
    desk.wait(13)
    desk.poll()
    assert paper.asked() == {"/robots.txt": 1, "/feed": 1, "/b.xml": 1}


def test_a_page_leads_to_the_feed_that_it_names(paper: Paper, desk: Desk):
    fill(paper, 1)
    named = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    paper.site.serve("/start", response(page(head=named)))
    url, listing = find_feed(desk.web, desk.clock, paper.url("/start"))
    assert (url, listing.kind, len(listing.entries)) == (paper.url(), FeedKind.RSS, 1)


# --- the usual faults of feeds


def one_item(title: str, link: str, description: str = "", date: str = "", guid: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{guid or link}</guid><pubDate>{date}</pubDate>"
        f"<description>{description}</description></item>"
    )


def of_items(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Harbour Herald</title>{''.join(items)}</channel></rss>".encode()


@pytest.mark.parametrize("date", ["Thu, 32 Foo 2024 99:00:00", "0000-00-00", "yesterday", "2150-01-01T00:00:00Z", ""])
def test_a_wrong_date_is_none(paper: Paper, desk: Desk, date: str):
    paper.site.serve("/x.html", response(page()))
    paper.feed_bytes = lambda: of_items(one_item("Ferry", "/x.html", date=date))
    desk.add()
    assert desk.poll().added == 1
    assert desk.read("SELECT published_at FROM articles") == [(None,)]


def test_the_feed_tells_what_the_page_does_not(paper: Paper, desk: Desk):
    paper.site.serve("/x.html", response(page()))
    paper.feed_bytes = lambda: of_items(one_item("Ferry", "/x.html", date="Mon, 02 Sep 2024 07:00:00 +0200"))
    desk.add(publisher="Velden Times")
    desk.poll()
    assert desk.read("SELECT published_at, publisher FROM articles") == [("2024-09-02T05:00:00Z", "Velden Times")]


@pytest.mark.parametrize(
    "link", ["/x.html", "x.html", "//{host}/x.html", "  {root}/x.html ", "{root}/x.html?utm_source=feed#top"]
)
def test_links_are_made_whole_and_have_one_spelling(paper: Paper, desk: Desk, link: str):
    paper.site.serve("*", response(page()))
    written = link.format(host=f"{HOST}:{paper.site.port}", root=paper.url(""))
    paper.feed_bytes = lambda: of_items(one_item("Ferry", written))
    desk.add()
    desk.poll()
    assert desk.read("SELECT url FROM articles") == [(paper.url("/x.html"),)]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("&lt;b&gt;Ferry&lt;/b&gt; to &lt;i&gt;Marn&lt;/i&gt;", "Ferry to Marn"),
        ("<![CDATA[<b>Ferry</b> &amp; pier]]>", "Ferry & pier"),
        ("Ferry &amp;amp; pier", "Ferry & pier"),
        ("3 &lt; 4 posts", "3 < 4 posts"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Ferry", "Ferry"),
    ],
)
def test_titles_are_plain_text(paper: Paper, desk: Desk, title: str, shown: str):
    paper.feed_bytes = lambda: of_items(one_item(title, "", "The ferry sails at noon again, the harbour office says."))
    desk.add()
    assert desk.poll().excerpts == 1
    assert desk.titles() == [shown]


def test_articles_that_share_an_id_are_all_taken(paper: Paper, desk: Desk):
    paper.stories += [story(number, START - number, guid="the-same") for number in range(4)]
    desk.add()
    assert desk.poll().added == 4
    desk.wait(13)
    paper.stories.append(story(4, START + 9, guid="the-same"))
    assert desk.poll().added == 1
    assert len(set(desk.titles())) == 5


def test_an_article_whose_id_changes_is_not_fetched_again(paper: Paper, desk: Desk):
    fill(paper)
    desk.add()
    desk.poll()
    for each in paper.stories:
        each.guid = f"new-{each.slug}"
    paper.asked()
    desk.wait(1)
    report = desk.poll()
    assert (report.changes, paper.asked()) == (0, {"/feed": 1})


def test_an_article_whose_address_changes_stays_one_with_its_versions(paper: Paper, desk: Desk):
    fill(paper, 2)
    desk.add()
    desk.poll()
    for round_ in range(2):
        paper.stories[1].guid = "story-1"
        paper.stories[1].slug = f"renamed-{round_}"
        paper.stories[1].text += f" Correction {round_}: the pier has a roof."
        desk.wait(2)
        assert desk.poll().updated == 1
    assert len(desk.titles()) == 2
    assert desk.read("SELECT count(*) FROM versions") == [(2,)]
    paper.stories[1].summary = "A new summary of the council's vote on the first item."
    paper.stories[1].text += " Correction: and a door."
    desk.wait(2)
    assert desk.poll().updated == 1
    assert len(desk.titles()) == 2


def test_one_id_for_different_articles_in_turn_makes_no_versions(paper: Paper, desk: Desk):
    paper.listed = 1
    desk.add()
    for number in range(3):
        text = " ".join(f"Word{number}x{place} of its own" for place in range(30)) + "."
        paper.stories.append(Story(f"day-{number}", f"Report {number}", text, START + number, guid="latest"))
        desk.poll()
        desk.wait(13)
    assert desk.titles() == ["Report 0", "Report 1", "Report 2"]
    assert desk.read("SELECT count(*) FROM versions") == [(0,)]


def test_all_links_to_the_front_page_are_no_addresses(paper: Paper, desk: Desk):
    items = [
        one_item(
            f"Note {n}", paper.url("/"), f"The harbour office says in note {n} that the pier is open.", guid=f"n{n}"
        )
        for n in range(3)
    ]
    paper.feed_bytes = lambda: of_items(*items)
    desk.add()
    assert desk.poll().excerpts == 3
    desk.wait(1)
    desk.poll()
    assert len(desk.titles()) == 3


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("Fähre".encode("cp1252"), "utf-8"),
        ("Fähre".encode(), "iso-8859-1"),
        ("Fähre".encode("iso-8859-15"), "utf-8"),
    ],
)
def test_a_charset_that_is_a_lie_does_no_harm(paper: Paper, desk: Desk, content: bytes, charset: str):
    text = b"Die %s nach Marn legt wieder ab, teilte das Hafenamt von Velden am Freitag mit." % content
    feed = b"<item><title>%s</title><guid isPermaLink='false'>1</guid><description>%s</description></item>"
    paper.feed_bytes = lambda: (
        f'<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel>'.encode()
        + feed % (content, text)
        + b"</channel></rss>"
    )
    paper.feed_type = f"application/rss+xml; charset={charset}"
    desk.add()
    desk.poll()
    assert desk.titles() == ["Fähre"]


def test_a_gzipped_feed_is_read(paper: Paper, desk: Desk):
    fill(paper)
    paper.site.serve("/feed", response(gzip.compress(paper.rss().encode()), Content_Encoding="gzip"))
    desk.add()
    assert desk.poll().added == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body>Under construction</body></html>",
        b"<rss><channel><item><title>cut",
        b'{"items": 5}',
        b"{" * 100_000,
        b"<a>" * 500_000,
        b"\x00\xff" * 5_000,
        b"<urlset><url><loc>x</loc>",
        b'<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>',
        b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>',
        gzip.compress(b" " * 30_000_000),
    ],
    ids=lambda content: repr(content[:24]),
)
def test_what_is_no_feed_is_told_and_nothing_is_stored(paper: Paper, desk: Desk, content: bytes):
    paper.feed_bytes = lambda: content
    desk.add()
    report = desk.poll()
    assert report.added == 0
    assert report.error.endswith(".") or content.startswith(b"<rss><channel><item>")
    assert desk.titles() == []


# --- politeness


def test_nothing_is_asked_for_that_has_not_changed(paper: Paper, desk: Desk):
    fill(paper)
    desk.add()
    desk.poll()
    assert paper.asked() == {"/robots.txt": 1, "/feed": 1, "/story-0.html": 1, "/story-1.html": 1, "/story-2.html": 1}
    for _ in range(5):
        desk.wait(1)
        assert desk.poll().is_unchanged
    assert paper.asked() == {"/feed": 5}


def test_last_modified_does_where_there_is_no_etag(paper: Paper, desk: Desk):
    fill(paper)
    stamp = format_datetime(datetime.fromtimestamp(START, UTC), usegmt=True)

    def answer(request: Request, send: Send) -> None:
        if request.headers.get("if-modified-since") == stamp.lower():
            send(response("", "304 Not Modified"))
        else:
            send(response(paper.rss(), Last_Modified=stamp))

    paper.site.serve("/feed", answer)
    desk.add()
    desk.poll()
    assert desk.poll().is_unchanged
    assert desk.poll().is_unchanged


def test_an_article_that_two_feeds_list_is_fetched_once(paper: Paper, desk: Desk):
    fill(paper)
    paper.site.serve("/other", lambda _request, send: send(response(paper.rss())))
    desk.add()
    desk.add(paper.url("/other"))
    desk.poll(1)
    paper.asked()
    report = desk.poll(2)
    assert (report.known, report.added) == (3, 0)
    assert paper.asked() == {"/other": 1}


def test_a_host_is_left_in_peace_between_two_requests(paper: Paper, desk: Desk):
    fill(paper)
    paper.site.serve("/robots.txt", response("User-agent: *\nCrawl-delay: 7\n", type_="text/plain"))
    desk.add()
    desk.poll()
    assert desk.hands.slept == [1.0, 7.0, 7.0, 7.0]


def test_robots_rules_are_kept_and_remembered_for_a_day(paper: Paper, desk: Desk):
    fill(paper)
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: Attache\nDisallow: /story-1\n"
    paper.site.serve("/robots.txt", response(rules, type_="text/plain"))
    desk.add()
    report = desk.poll()
    assert (report.added, report.excerpts) == (3, 1)
    assert paper.asked()["/story-1.html"] == 0
    desk.wait(23)
    desk.poll()
    assert paper.asked()["/robots.txt"] == 0
    desk.wait(2)
    desk.poll()
    assert paper.asked()["/robots.txt"] == 1


def test_a_feed_that_robots_forbid_is_not_read(paper: Paper, desk: Desk):
    paper.site.serve("/robots.txt", response("User-agent: *\nDisallow: /feed\n", type_="text/plain"))
    desk.add()
    assert "robots.txt" in desk.poll().error
    assert paper.asked() == {"/robots.txt": 1}
    with pytest.raises(AddressRefused):
        find_feed(desk.web, desk.clock, paper.url())


def test_where_the_rules_cannot_be_read_nothing_is(paper: Paper, desk: Desk):
    fill(paper)
    paper.site.serve("/robots.txt", response("", "503 Service Unavailable"))
    desk.add()
    assert "robots.txt" in desk.poll().error
    assert paper.asked() == {"/robots.txt": 1}
    paper.site.routes.pop("/robots.txt")
    desk.wait(1)
    assert desk.poll().added == 3


# --- redirects and failures


def test_a_permanent_redirect_is_remembered_and_a_passing_one_is_not(paper: Paper, desk: Desk):
    fill(paper)
    paper.site.serve("/old", response("", "301 Moved Permanently", Location="/older"))
    paper.site.serve("/older", response("", "308 Permanent Redirect", Location="/now"))
    paper.site.serve("/now", response("", "302 Found", Location="/feed"))
    desk.add(paper.url("/old"))
    assert desk.poll().added == 3
    assert desk.feed().url == paper.url("/now")
    paper.asked()
    desk.wait(1)
    desk.poll()
    assert paper.asked() == {"/now": 1, "/feed": 1}


def test_a_redirect_to_a_page_that_is_no_feed_is_not_remembered(paper: Paper, desk: Desk):
    paper.site.serve("/old", response("", "301 Moved Permanently", Location="/parked"))
    paper.site.serve("/parked", response("<html><body>This name is for sale.</body></html>"))
    desk.add(paper.url("/old"))
    assert desk.poll().error == "This is a web page, not a feed."
    assert desk.feed().url == paper.url("/old")


def test_a_feed_that_is_gone_is_paused(paper: Paper, desk: Desk):
    paper.site.serve("/feed", response("", "410 Gone"))
    desk.add()
    desk.poll()
    assert (desk.feed().state, desk.feed().last_error) == ("paused", GONE)
    desk.wait(100)
    assert desk.poll_due() == []


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error"])
def test_failures_are_waited_out_ever_longer_until_the_circuit_opens(paper: Paper, desk: Desk, status: str):
    paper.site.serve("/feed", response("", status))
    desk.add()
    waits = []
    for _ in range(6):
        [report] = desk.poll_due()
        assert report.error
        due = datetime.fromisoformat(desk.feed().next_poll).timestamp()
        waits.append(round((due - desk.hands.at) / 60))
        desk.hands.at = due
    assert waits == [4, 8, 15, 30, 1440, 1440]
    assert desk.feed().state == "circuit open"
    paper.site.serve("/feed", lambda _request, send: send(response(paper.rss())))
    desk.poll_due()
    assert (desk.feed().state, desk.feed().failures) == ("in order", 0)


@pytest.mark.parametrize("is_date", [False, True])
def test_retry_after_is_obeyed(paper: Paper, desk: Desk, is_date: bool):
    until = START + 7200
    stated = format_datetime(datetime.fromtimestamp(until, UTC), usegmt=True) if is_date else "7200"
    paper.site.serve("/feed", response("", "429 Too Many Requests", Retry_After=stated))
    fill(paper)
    paper.site.serve("/other", lambda _request, send: send(response(paper.rss())))
    desk.add()
    desk.add(paper.url("/other"))
    desk.poll_due()
    paper.asked()
    desk.wait(1.9)
    desk.poll_due()
    assert paper.asked() == {}
    assert desk.feed(2).failures == 0
    desk.wait(0.2)
    desk.poll_due()
    assert paper.asked()["/feed"] == 1


def test_articles_wait_where_their_site_is_busy(paper: Paper, desk: Desk):
    fill(paper)
    paper.site.serve("/story-1.html", response("", "429 Too Many Requests", Retry_After="900"))
    desk.add()
    report = desk.poll()
    assert (report.added, report.waiting) == (2, 2)
    assert paper.asked()["/story-2.html"] == 0
    paper.site.routes.pop("/story-1.html")
    desk.wait(0.3)
    desk.poll_due()
    assert desk.read("SELECT count(*), sum(is_excerpt) FROM articles") == [(3, 0)]
    assert desk.read("SELECT count(*) FROM versions") == [(0,)]


def cut(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n<html><p>The ferry")


@pytest.mark.parametrize("trouble", [response("", "500 Internal Server Error"), cut], ids=["500", "cut"])
def test_a_page_that_does_not_come_is_an_excerpt_until_it_does(paper: Paper, desk: Desk, trouble):
    fill(paper, 1)
    paper.site.serve("/story-0.html", trouble)
    desk.add()
    report = desk.poll()
    assert (report.added, report.excerpts, report.waiting) == (1, 1, 1)
    assert desk.read("SELECT is_excerpt, body FROM articles") == [(1, paper.stories[0].teaser)]
    paper.site.routes.pop("/story-0.html")
    desk.wait(1)
    desk.poll_due()
    assert desk.read("SELECT is_excerpt FROM articles") == [(0,)]
    assert desk.read("SELECT count(*) FROM versions") == [(0,)]


def test_a_page_that_never_comes_is_given_up(paper: Paper, desk: Desk):
    fill(paper, 1)
    paper.site.serve("/story-0.html", response("", "502 Bad Gateway"))
    desk.add()
    for _ in range(30):
        desk.poll_due()
        desk.wait(1)
    assert paper.asked()["/story-0.html"] == MOST_TRIES
    assert desk.read("SELECT count(*) FROM feed_items WHERE entry IS NOT NULL") == [(0,)]
    assert desk.read("SELECT is_excerpt FROM articles") == [(1,)]


def test_slow_feeds_and_pages_are_given_up_in_time(paper: Paper, desk: Desk):
    def slow(_request: Request, send: Send) -> None:
        send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
        for _ in range(20):
            time.sleep(0.1)
            send(b" ")

    paper.site.serve("/feed", slow)
    web = Web(replace(paper.options(), total_s=0.3), desk.clock)
    desk.poller = Poller(desk.writing, web, desk.clock)
    desk.add()
    assert desk.poll().error == "The page did not come within 0.3 seconds."


@pytest.mark.parametrize(
    "answer",
    [
        response("", "404 Not Found"),
        response("", "403 Forbidden"),
        response(
            page(
                "Subscribe to read the rest of this article.",
                json_ld={"@type": "NewsArticle", "isAccessibleForFree": False},
            )
        ),
        response(b"%PDF-1.4", type_="application/pdf"),
    ],
    ids=["404", "403", "paywall", "pdf"],
)
def test_where_there_is_no_page_the_excerpt_stays_and_nothing_is_asked_again(paper: Paper, desk: Desk, answer: bytes):
    fill(paper, 1)
    paper.site.serve("/story-0.html", answer)
    desk.add()
    assert desk.poll().excerpts == 1
    for _ in range(5):
        desk.wait(5)
        desk.poll_due()
    assert paper.asked()["/story-0.html"] == 1


def test_links_into_private_networks_are_not_followed(paper: Paper, desk: Desk):
    teaser = "The harbour office says that the ferry sails at noon again from Monday."
    paper.feed_bytes = lambda: of_items(
        one_item("One", "http://127.0.0.1:9/x", teaser),
        one_item("Two", "file:///etc/passwd", teaser),
        one_item("Three", "http://169.254.169.254/latest", teaser),
    )
    desk.add()
    assert desk.poll().excerpts == 3
    assert paper.asked() == {"/robots.txt": 1, "/feed": 1}


# --- versions, removal, kills


def test_a_changed_article_is_a_version_and_is_fetched_once_an_hour_at_most(paper: Paper, desk: Desk):
    fill(paper, 1)
    desk.add()
    desk.poll()
    for number in range(6):
        paper.stories[0].summary = f"Summary number {number} of the council's vote on the ferry pier."
        paper.stories[0].text += f" Addition {number} to the text."
        desk.wait(1 / 6)
        desk.poll()
    desk.wait(1)
    desk.poll_due()
    assert paper.asked()["/story-0.html"] == 2
    assert desk.read("SELECT count(*) FROM versions") == [(1,)]
    [(body,)] = desk.read("SELECT body FROM articles")
    assert "Addition 5" in body


def test_a_removed_article_does_not_come_back(paper: Paper, desk: Desk):
    fill(paper, 1)
    desk.add()
    desk.poll()
    with desk.writing() as db, db.atomic():
        db.execute("DELETE FROM articles")
    paper.stories[0].summary = "A new summary of the council's vote on the ferry pier, for all to read."
    desk.wait(2)
    desk.poll()
    assert desk.titles() == []


def test_what_was_listed_outlives_a_kill_at_any_moment(paper: Paper, desk: Desk):
    fill(paper, 6)
    desk.add()
    asked: list[str] = []

    class Killed(BaseException):
        pass

    def dies(url: str) -> None:
        asked.append(url)
        if len(asked) in {1, 4}:
            raise Killed

    article = desk.web.article
    desk.web.article = lambda url: dies(url) or article(url)  # type: ignore[method-assign,func-returns-value]
    for _ in range(2):
        with pytest.raises(Killed):
            desk.poll_due()
    paper.stories.clear()
    fill(paper, 6)
    paper.feed_bytes = of_items
    desk.poll_due()
    assert len(desk.titles()) == 6
    assert paper.asked()["/feed"] == 1


def test_a_feed_is_polled_by_one_at_a_time(paper: Paper, desk: Desk):
    desk.add()
    before = desk.feed()
    assert desk.poller.poll(before) is not None
    assert desk.poller.poll(before) is None


def test_the_interval_follows_how_often_a_feed_changes_within_its_bounds(paper: Paper, desk: Desk):
    desk.add()
    for number in range(40):
        paper.stories += [story(2 * number, desk.hands.at), story(2 * number + 1, desk.hands.at)]
        paper.listed = 2
        desk.poll()
        if number == 4:
            break
    assert desk.feed().interval_s == LEAST_INTERVAL_S
    for _ in range(15):
        desk.poll()
    assert desk.feed().interval_s == MOST_INTERVAL_S


def test_a_feed_that_asks_for_longer_pauses_gets_them(paper: Paper, desk: Desk):
    fill(paper)
    paper.feed_bytes = lambda: paper.rss(rest="<ttl>120</ttl>").encode()
    desk.add()
    desk.poll()
    assert desk.feed().interval_s == 7200


def test_feeds_of_a_removed_collection_are_gone(paper: Paper, desk: Desk):
    fill(paper)
    desk.add()
    desk.poll()
    with desk.writing() as db, db.atomic():
        Feeds(db).remove_all("shared")
    assert desk.read("SELECT count(*) FROM feed_items") == [(0,)]
    assert len(desk.titles()) == 3


def test_statuses_are_told_with_what_the_site_asked_for(paper: Paper, desk: Desk):
    paper.site.serve("/feed", response("", "429 Too Many Requests", Retry_After="60"))
    with pytest.raises(BadStatus) as told:
        find_feed(desk.web, desk.clock, paper.url())
    assert (told.value.status, told.value.retry_after) == (429, "60")
    paper.site.serve("/page", response(page()))
    desk.hands.at += 61
    with pytest.raises(UnreadableSource):
        find_feed(desk.web, desk.clock, paper.url("/page"))
