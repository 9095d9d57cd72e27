"""A clock that was ahead for one poll leaves nothing waiting for years."""

from collections.abc import Callable

import pytest

from corpus.errors import FetchFailed
from corpus.feeds.rate_limit import HostPaused, RateLimiter
from corpus.feeds.schedule import MAX_AHEAD_S, MAX_RETRY_AFTER_S
from tests.feeds import FakeTime, Paper, PolledFeeds, story
from tests.web import response

HOUR_S, DAY_S, YEAR_S = 3600.0, 86400.0, 365 * 86400.0
AHEAD = {"ten years": 10 * YEAR_S, "two weeks": 14 * DAY_S, "two days": 2 * DAY_S, "an hour": HOUR_S}

Poll = Callable[[float], None]


@pytest.fixture
def poll_ahead(paper: Paper, feeds: PolledFeeds) -> Poll:
    """Polls once while the clock is ahead by so much."""

    def poll(ahead_s: float) -> None:
        feeds.fake_time.at += ahead_s
        feeds.poll_due()
        feeds.fake_time.at -= ahead_s
        paper.asked()

    return poll


@pytest.mark.parametrize("ahead_s", AHEAD.values(), ids=AHEAD)
def test_a_feed_is_polled_again_at_once_and_its_times_are_right(
    paper: Paper, feeds: PolledFeeds, poll_ahead: Poll, ahead_s: float
):
    paper.fill()
    feeds.add()
    poll_ahead(ahead_s)
    assert feeds.feed().is_ahead(feeds.clock)
    paper.stories.append(story(7))
    [report] = feeds.poll_due()
    assert (report.error, report.added) == ("", 1)
    feed, now = feeds.feed(), feeds.clock.timestamp()
    assert not feed.is_ahead(feeds.clock)
    assert feeds.clock.timestamp(-5) <= feed.polled_at == feed.changed_at <= now
    assert now < feed.next_poll < feeds.clock.timestamp(13 * HOUR_S)
    # From then on it is polled as ever, not at every look.
    assert feeds.poll_due() == []
    assert feeds.read("SELECT count(*) FROM feed_items WHERE seen_at > ?", now) == [(0,)]


@pytest.mark.parametrize("ahead_s", AHEAD.values(), ids=AHEAD)
def test_a_feed_that_failed_then_is_tried_again_at_once(
    paper: Paper, feeds: PolledFeeds, poll_ahead: Poll, ahead_s: float
):
    paper.site.serve("/feed", response("", "500 Internal Server Error"))
    feeds.add()
    poll_ahead(ahead_s)
    paper.site.serve("/feed", lambda _request, send: send(response(paper.rss())))
    [report] = feeds.poll_due()
    assert report.error == ""
    assert feeds.feed().state == "in order"


@pytest.mark.parametrize("ahead_s", [AHEAD["ten years"], AHEAD["two weeks"]])
def test_an_entry_that_waits_is_tried_again(paper: Paper, feeds: PolledFeeds, poll_ahead: Poll, ahead_s: float):
    paper.fill(1)
    paper.site.serve("/story-0.html", response("", "500 Internal Server Error"))
    feeds.add()
    poll_ahead(ahead_s)
    paper.site.routes.pop("/story-0.html")
    feeds.poll_due()
    assert paper.asked()["/story-0.html"] == 1
    assert feeds.read("SELECT is_excerpt FROM articles") == [(0,)]


def test_an_entry_that_changes_is_checked_again_within_the_hour(paper: Paper, feeds: PolledFeeds, poll_ahead: Poll):
    paper.fill(1)
    feeds.add()
    poll_ahead(10 * YEAR_S)
    paper.stories[0].title = "Council votes again"
    feeds.poll_due()
    feeds.wait(1.1)
    feeds.poll_due()
    assert feeds.titles() == ["Council votes again"]


def test_entries_wait_where_their_site_is_busy_even_those_that_wait_for_years(
    paper: Paper, feeds: PolledFeeds, poll_ahead: Poll
):
    paper.fill(2)
    paper.site.serve("/story-0.html", response("", "500 Internal Server Error"))
    paper.site.serve("/story-1.html", response("", "500 Internal Server Error"))
    feeds.add()
    poll_ahead(10 * YEAR_S)
    for path in ("/story-0.html", "/story-1.html"):
        paper.site.serve(path, response("", "429 Too Many Requests", Retry_After="900"))
    feeds.poll_due()
    asked = paper.asked()
    assert asked["/story-0.html"] + asked["/story-1.html"] == 1
    [(first, last)] = feeds.read("SELECT min(next_try), max(next_try) FROM feed_items")
    assert feeds.clock.timestamp() < first
    assert last < feeds.clock.timestamp(HOUR_S)


def test_the_longest_wait_that_a_site_may_ask_for_is_kept(paper: Paper, feeds: PolledFeeds):
    paper.site.serve("/feed", response("", "429 Too Many Requests", Retry_After=str(100 * 86400)))
    feeds.add()
    feeds.poll_due()
    feeds.fake_time.at += MAX_RETRY_AFTER_S - 60
    assert feeds.poll_due() == []
    assert not feeds.feed().is_ahead(feeds.clock)
    feeds.fake_time.at += 120
    assert len(feeds.poll_due()) == 1


def test_a_pause_that_was_asked_for_while_the_clock_was_ahead_ends_with_it():
    hands = FakeTime()
    limiter = RateLimiter(hands.clock())
    hands.at += 10 * YEAR_S
    limiter.pause("a.example", DAY_S)
    hands.at -= 10 * YEAR_S
    with limiter.slot("a.example", 1.0):
        pass
    # One that is asked for now is kept.
    limiter.pause("a.example", 2 * MAX_AHEAD_S)
    with pytest.raises(HostPaused) as paused, limiter.slot("a.example", 1.0):
        pass
    assert isinstance(paused.value, FetchFailed)
    assert paused.value.seconds == MAX_RETRY_AFTER_S
