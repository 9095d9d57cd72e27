"""No request that is not needed, none that a site forbids, and none too soon."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from corpus.errors import AddressRefused
from corpus.feeds.fetch_feed import discover_feed
from corpus.feeds.schedule import MAX_INTERVAL_S, MIN_INTERVAL_S
from tests.feeds import START, Paper, PolledFeeds, story
from tests.web import Request, Send, response


def test_nothing_is_asked_for_that_has_not_changed(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    feeds.add()
    feeds.poll()
    assert paper.asked() == {"/robots.txt": 1, "/feed": 1, "/story-0.html": 1, "/story-1.html": 1, "/story-2.html": 1}
    for _ in range(5):
        feeds.wait(1)
        assert feeds.poll().is_unchanged
    assert paper.asked() == {"/feed": 5}


def test_last_modified_does_where_there_is_no_etag(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    stamp = format_datetime(datetime.fromtimestamp(START, UTC), usegmt=True)

    def answer(request: Request, send: Send) -> None:
        if request.headers.get("if-modified-since") == stamp.lower():
            send(response("", "304 Not Modified"))
        else:
            send(response(paper.rss(), Last_Modified=stamp))

    paper.site.serve("/feed", answer)
    feeds.add()
    feeds.poll()
    assert feeds.poll().is_unchanged
    assert feeds.poll().is_unchanged


def test_an_article_that_two_feeds_list_is_fetched_once(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    paper.site.serve("/other", lambda _request, send: send(response(paper.rss())))
    feeds.add()
    feeds.add(paper.url("/other"))
    feeds.poll(1)
    paper.asked()
    report = feeds.poll(2)
    assert (report.known, report.added) == (3, 0)
    assert paper.asked() == {"/other": 1}


def test_a_host_is_left_in_peace_between_two_requests(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    paper.site.serve("/robots.txt", response("User-agent: *\nCrawl-delay: 7\n", type_="text/plain"))
    feeds.add()
    feeds.poll()
    assert feeds.fake_time.slept == [1.0, 7.0, 7.0, 7.0]


def test_robots_rules_are_kept_and_remembered_for_a_day(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: Attache\nDisallow: /story-1\n"
    paper.site.serve("/robots.txt", response(rules, type_="text/plain"))
    feeds.add()
    report = feeds.poll()
    assert (report.added, report.excerpts) == (3, 1)
    assert paper.asked()["/story-1.html"] == 0
    feeds.wait(23)
    feeds.poll()
    assert paper.asked()["/robots.txt"] == 0
    feeds.wait(2)
    feeds.poll()
    assert paper.asked()["/robots.txt"] == 1


def test_a_feed_that_robots_forbid_is_not_read(paper: Paper, feeds: PolledFeeds):
    paper.site.serve("/robots.txt", response("User-agent: *\nDisallow: /feed\n", type_="text/plain"))
    feeds.add()
    assert "robots.txt" in feeds.poll().error
    assert paper.asked() == {"/robots.txt": 1}
    with pytest.raises(AddressRefused):
        discover_feed(feeds.web, feeds.clock, paper.url())


def test_where_the_rules_cannot_be_read_nothing_is(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    paper.site.serve("/robots.txt", response("", "503 Service Unavailable"))
    feeds.add()
    assert "robots.txt" in feeds.poll().error
    assert paper.asked() == {"/robots.txt": 1}
    paper.site.routes.pop("/robots.txt")
    feeds.wait(1)
    assert feeds.poll().added == 3


@pytest.mark.parametrize("is_date", [False, True])
def test_retry_after_is_obeyed(paper: Paper, feeds: PolledFeeds, is_date: bool):
    until = START + 7200
    stated = format_datetime(datetime.fromtimestamp(until, UTC), usegmt=True) if is_date else "7200"
    paper.site.serve("/feed", response("", "429 Too Many Requests", Retry_After=stated))
    paper.fill()
    paper.site.serve("/other", lambda _request, send: send(response(paper.rss())))
    feeds.add()
    feeds.add(paper.url("/other"))
    feeds.poll_due()
    paper.asked()
    feeds.wait(1.9)
    feeds.poll_due()
    assert paper.asked() == {}
    assert feeds.feed(2).failures == 0
    feeds.wait(0.2)
    feeds.poll_due()
    assert paper.asked()["/feed"] == 1


def test_articles_wait_where_their_site_is_busy(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    paper.site.serve("/story-1.html", response("", "429 Too Many Requests", Retry_After="900"))
    feeds.add()
    report = feeds.poll()
    assert (report.added, report.waiting) == (2, 2)
    assert paper.asked()["/story-2.html"] == 0
    paper.site.routes.pop("/story-1.html")
    feeds.wait(0.3)
    feeds.poll_due()
    assert feeds.read("SELECT count(*), sum(is_excerpt) FROM articles") == [(3, 0)]
    assert feeds.read("SELECT count(*) FROM versions") == [(0,)]


def test_the_interval_follows_how_often_a_feed_changes_within_its_bounds(paper: Paper, feeds: PolledFeeds):
    feeds.add()
    for number in range(5):
        paper.stories += [story(2 * number, feeds.fake_time.at), story(2 * number + 1, feeds.fake_time.at)]
        paper.listed = 2
        feeds.poll()
    assert feeds.feed().interval_s == MIN_INTERVAL_S
    for _ in range(15):
        feeds.poll()
    assert feeds.feed().interval_s == MAX_INTERVAL_S


def test_a_feed_that_asks_for_longer_pauses_gets_them(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    paper.feed_bytes = lambda: paper.rss(rest="<ttl>120</ttl>").encode()
    feeds.add()
    feeds.poll()
    assert feeds.feed().interval_s == 7200
