"""Feeds and pages that moved, fail, or never come."""

import time
from dataclasses import replace
from datetime import datetime

import pytest

from corpus.errors import BadStatus
from corpus.feeds.fetch_feed import discover_feed
from corpus.feeds.polite_client import PoliteClient
from corpus.feeds.poll_feed import FEED_GONE, Poller
from corpus.feeds.schedule import MAX_TRIES
from tests.feeds import Paper, PolledFeeds
from tests.web import Request, Send, page, response


def test_a_permanent_redirect_is_remembered_and_a_passing_one_is_not(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    paper.site.serve("/old", response("", "301 Moved Permanently", Location="/older"))
    paper.site.serve("/older", response("", "308 Permanent Redirect", Location="/now"))
    paper.site.serve("/now", response("", "302 Found", Location="/feed"))
    feeds.add(paper.url("/old"))
    assert feeds.poll().added == 3
    assert feeds.feed().url == paper.url("/now")
    paper.asked()
    feeds.wait(1)
    feeds.poll()
    assert paper.asked() == {"/now": 1, "/feed": 1}


def test_a_redirect_to_a_page_that_is_no_feed_is_not_remembered(paper: Paper, feeds: PolledFeeds):
    paper.site.serve("/old", response("", "301 Moved Permanently", Location="/parked"))
    paper.site.serve("/parked", response("<html><body>This name is for sale.</body></html>"))
    feeds.add(paper.url("/old"))
    assert feeds.poll().error == "This is a web page, not a feed."
    assert feeds.feed().url == paper.url("/old")


def test_a_feed_that_is_gone_is_paused(paper: Paper, feeds: PolledFeeds):
    paper.site.serve("/feed", response("", "410 Gone"))
    feeds.add()
    feeds.poll()
    assert (feeds.feed().state, feeds.feed().last_error) == ("paused", FEED_GONE)
    feeds.wait(100)
    assert feeds.poll_due() == []


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error"])
def test_failures_are_waited_out_ever_longer_until_the_circuit_opens(paper: Paper, feeds: PolledFeeds, status: str):
    paper.site.serve("/feed", response("", status))
    feeds.add()
    waits = []
    for _ in range(6):
        [report] = feeds.poll_due()
        assert report.error
        due = datetime.fromisoformat(feeds.feed().next_poll).timestamp()
        waits.append(round((due - feeds.fake_time.at) / 60))
        feeds.fake_time.at = due
    assert waits == [4, 8, 15, 30, 1440, 1440]
    assert feeds.feed().state == "circuit open"
    paper.site.serve("/feed", lambda _request, send: send(response(paper.rss())))
    feeds.poll_due()
    assert (feeds.feed().state, feeds.feed().failures) == ("in order", 0)


def cut(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n<html><p>The ferry")


@pytest.mark.parametrize("trouble", [response("", "500 Internal Server Error"), cut], ids=["500", "cut"])
def test_a_page_that_does_not_come_is_an_excerpt_until_it_does(paper: Paper, feeds: PolledFeeds, trouble):
    paper.fill(1)
    paper.site.serve("/story-0.html", trouble)
    feeds.add()
    report = feeds.poll()
    assert (report.added, report.excerpts, report.waiting) == (1, 1, 1)
    assert feeds.read("SELECT is_excerpt, body FROM articles") == [(1, paper.stories[0].teaser)]
    paper.site.routes.pop("/story-0.html")
    feeds.wait(1)
    feeds.poll_due()
    assert feeds.read("SELECT is_excerpt FROM articles") == [(0,)]
    assert feeds.read("SELECT count(*) FROM versions") == [(0,)]


def test_a_page_that_never_comes_is_given_up(paper: Paper, feeds: PolledFeeds):
    paper.fill(1)
    paper.site.serve("/story-0.html", response("", "502 Bad Gateway"))
    feeds.add()
    for _ in range(30):
        feeds.poll_due()
        feeds.wait(1)
    assert paper.asked()["/story-0.html"] == MAX_TRIES
    assert feeds.read("SELECT count(*) FROM feed_items WHERE entry IS NOT NULL") == [(0,)]
    assert feeds.read("SELECT is_excerpt FROM articles") == [(1,)]


def test_slow_feeds_and_pages_are_given_up_in_time(paper: Paper, feeds: PolledFeeds):
    def slow(_request: Request, send: Send) -> None:
        send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
        for _ in range(20):
            time.sleep(0.1)
            send(b" ")

    paper.site.serve("/feed", slow)
    web = PoliteClient(replace(paper.options(), timeout_s=0.3), feeds.clock)
    feeds.poller = Poller(feeds.writing, web, feeds.clock)
    feeds.add()
    assert feeds.poll().error == "The page didn't arrive within 0.3 seconds."


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
def test_where_there_is_no_page_the_excerpt_stays_and_nothing_is_asked_again(
    paper: Paper, feeds: PolledFeeds, answer: bytes
):
    paper.fill(1)
    paper.site.serve("/story-0.html", answer)
    feeds.add()
    assert feeds.poll().excerpts == 1
    for _ in range(5):
        feeds.wait(5)
        feeds.poll_due()
    assert paper.asked()["/story-0.html"] == 1


def test_a_status_is_told_with_what_the_site_asked_for(paper: Paper, feeds: PolledFeeds):
    paper.site.serve("/feed", response("", "429 Too Many Requests", Retry_After="60"))
    with pytest.raises(BadStatus) as told:
        discover_feed(feeds.web, feeds.clock, paper.url())
    assert (told.value.status, told.value.retry_after) == (429, "60")
