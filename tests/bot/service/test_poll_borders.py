"""Whatever goes wrong for one feed, entry or site is that one's failure: told, waited out, and the round goes on."""

import sqlite3
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import httpx
import idna
import pytest

from bot.service.feeds import check_feed, import_feeds, list_feeds
from bot.service.poll import PollLoop, PollRound
from bot.settings import Settings
from corpus.database import open_database
from corpus.errors import AttacheError
from corpus.faults import InputFault, as_failure
from corpus.feeds.feed import Feed, PollReport
from corpus.feeds.poll_feed import Poller
from tests.fakes import HashingEmbedder
from tests.feeds import FakeTime, Paper, newspaper, story
from tests.web import response


class Panic(BaseException):
    """What libraries written in Rust raise."""


ERRORS = {
    "a wrong value": ValueError("broken"),
    "an international name": idna.core.InvalidCodepoint("broken"),
    "the HTTP library": httpx.RemoteProtocolError("broken"),
    "a link": httpx.InvalidURL("broken"),
    "no memory": MemoryError(),
    "an end of iteration": StopIteration(),
    "a panic": Panic(),
    "a table's rule": sqlite3.IntegrityError("broken"),
}
# Every step of a poll, from the claim to the last word on an entry.
STEPS = [
    "corpus.feeds.feed_store:FeedStore.claim", "corpus.feeds.feed_store:FeedStore.parts",
    "corpus.feeds.poll_feed:fetch_feed", "corpus.feeds.polite_client:download", "corpus.feeds.fetch_feed:read_listing",
    "corpus.feeds.parse:decode_page", "corpus.feeds.parse:read_rss", "corpus.feeds.parse:canonical_url",
    "corpus.feeds.items:ItemStore.record", "corpus.feeds.feed_store:FeedStore.record_success",
    "corpus.feeds.items:ItemStore.prune", "corpus.feeds.items:ItemStore.waiting",
    "corpus.feeds.items:ItemStore.is_removed", "corpus.feeds.poll_feed:Poller._find_stored",
    "corpus.feeds.poll_feed:fetch_item", "corpus.feeds.polite_client:fetch_article",
    "corpus.feeds.rate_limit:RateLimiter.slot", "corpus.feeds.robots:RobotsCache.crawl_delay",
    "corpus.fetch.download:parse_link", "corpus.fetch.transport:resolve_host", "corpus.fetch.download:read_body",
    "corpus.fetch.fetch_article:read_article", "corpus.feeds.fetch_item:to_source_item",
    "corpus.feeds.fetch_item:_fill_from_entry", "corpus.feeds.poll_feed:ingest_item",
    "corpus.feeds.poll_feed:Poller._original_url", "corpus.articles:Articles.store",
    "corpus.feeds.poll_feed:Poller._settle", "corpus.feeds.items:ItemStore.finish",
    "corpus.feeds.items:ItemStore.count_waiting", "corpus.feeds.poll_feed:Poller._record_listing",
]  # fmt: skip


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paper]:
    with newspaper() as running:
        running.stories += [story(number) for number in range(4)]
        running.url = lambda path="/feed": f"http://127.0.0.1:{running.site.port}{path}"  # type: ignore[method-assign]
        for path, stories in (("/bad", running.stories[:2]), ("/good", running.stories[2:])):
            running.site.serve(path, lambda _request, send, it=stories: send(response(running.rss(it))))
        monkeypatch.setenv("ATTACHE_ALLOWED_HOSTS", f"127.0.0.1:{running.site.port}")
        monkeypatch.setenv("ATTACHE_FEED_DELAY_S", "0")
        yield running


@pytest.fixture
def mine(paper: Paper, tmp_path: Path) -> Settings:
    """Settings of a folder with a feed that goes wrong and, after it, one of another server."""
    found = Settings.load(None, data_dir=tmp_path / "data")
    import_feeds(found, [(paper.url("/bad"), "Bad")], "discord-1")
    import_feeds(found, [(paper.url("/good"), "Good")], "discord-2")
    return found


@pytest.fixture
def hands() -> FakeTime:
    # Feeds are added by the real clock, so they are due by this one.
    return FakeTime(2_000_000_000.0)


@pytest.fixture
def polling(mine: Settings, hands: FakeTime) -> PollLoop:
    return PollLoop(mine, HashingEmbedder(), threading.Event(), hands.clock())


def break_at(monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException) -> None:
    """Makes a step raise for the first feed only."""
    polled = threading.local()
    poll = Poller.poll

    def polls(self: Poller, feed: Feed, *, fetch: bool = True) -> PollReport | None:
        polled.feed = feed.id
        return poll(self, feed, fetch=fetch)

    monkeypatch.setattr(Poller, "poll", polls)
    module, _, path = step.partition(":")
    *owners, name = path.split(".")
    owner = import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    original = getattr(owner, name)

    def breaks(*given: object, **named: object) -> object:
        if getattr(polled, "feed", None) == 1:
            raise error
        return original(*given, **named)

    monkeypatch.setattr(owner, name, breaks)


def run(polling: PollLoop) -> tuple[PollRound, PollReport, PollReport]:
    done = polling.poll_round(polling.due())
    bad, good = sorted(done.polls, key=lambda each: each.feed.id)
    return done, bad, good


def assert_only_the_first_failed(polling: PollLoop, mine: Settings) -> None:
    done, bad, good = run(polling)
    assert (good.error, good.added, done.problem) == ("", 2, "")
    assert done.index is not None
    # Told and counted: of the feed, or of each of its entries.
    assert bad.error or bad.refused == 2 or bad.waiting == 2
    assert not bad.error or (bad.error[0].isupper() and bad.error.endswith(".") and len(bad.error) < 200)
    stored = list_feeds(mine)[0]
    assert stored.next_poll > polling._clock.timestamp()
    # Neither the feed nor an entry of it is tried again at once.
    assert polling.due() == []


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_fails_for_its_feed_alone(
    polling: PollLoop, hands: FakeTime, mine: Settings, monkeypatch: pytest.MonkeyPatch, step: str
):
    with monkeypatch.context() as patch:
        break_at(patch, step, ERRORS["a panic"])
        if step.endswith("claim"):
            # Before it is claimed nothing of it can be stored; it is told, and tried again in the next round.
            _, bad, good = run(polling)
            assert (bad.error, good.added) == ("The feed can't be read (Panic).", 2)
            return
        assert_only_the_first_failed(polling, mine)
    # Once whatever was wrong is right, its articles come.
    for _ in range(8):
        hands.at += 30 * 3600
        polling.poll_round(polling.due())
    with open_database(mine.data_dir).conn as connection:
        articles = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    # What failed on an entry before anything of it was fetched, or after, gives that entry up.
    assert articles == (2 if step.endswith(("_find_stored", "_settle")) else 4)
    assert [feed.state for feed in list_feeds(mine)] == ["in order", "in order"]


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("step", ["corpus.feeds.fetch_feed:read_listing", "corpus.feeds.poll_feed:ingest_item"])
def test_whatever_is_raised_stays_with_its_feed(
    polling: PollLoop, mine: Settings, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
):
    break_at(monkeypatch, step, error)
    assert_only_the_first_failed(polling, mine)


def test_of_an_entry_that_fails_halfway_nothing_is_stored(
    polling: PollLoop, mine: Settings, monkeypatch: pytest.MonkeyPatch
):
    break_at(monkeypatch, "corpus.ingest:_IngestRun._count", ValueError())
    assert_only_the_first_failed(polling, mine)
    with open_database(mine.data_dir).conn as connection:
        assert connection.execute("SELECT DISTINCT collection FROM articles").fetchall() == [("discord-2",)]


def test_an_index_that_fails_is_told_and_refreshed_by_the_next_round(
    polling: PollLoop, hands: FakeTime, monkeypatch: pytest.MonkeyPatch
):
    def breaks(*_given: object) -> None:
        raise Panic

    with monkeypatch.context() as patch:
        patch.setattr("bot.service.poll.refresh", breaks)
        done, bad, good = run(polling)
    assert (bad.added, good.added) == (2, 2)
    assert (done.index, done.problem) == (None, "The index can't be refreshed (Panic).")
    hands.at += 3600
    assert polling.poll_round(polling.due()).index is not None


LINKS = {
    "broken punycode": "http://xn--a/1.html",
    "emoji punycode": "http://xn--i-7iq.example/1.html",
    "an emoji": "http://\U0001f6a2.example/1.html",
    "a mark": "http://\u0301.example/1.html",
    "a long name": f"http://{'a' * 70}.example/1.html",
    "a broken address": "http://[::1/1.html",
    "a broken port": "http://a.example:port/1.html",
    "nothing": "http:///1.html",
}
LOCATIONS = {
    "broken punycode": "http://xn--a/",
    "emoji punycode": "http://xn--i-7iq.example/",
    "a broken address": "http://[::1",
    "a broken port": "http://a.example:port/",
    "a huge one": "\xe4" * 70_000,
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_a_bad_link_is_its_entrys_failure(paper: Paper, polling: PollLoop, mine: Settings, link: str):
    paper.stories[0].link = link
    _, bad, good = run(polling)
    assert (bad.error, good.added) == ("", 2)
    # The other entry's page, and what the feed says of this one.
    assert (bad.added, bad.excerpts) == (2, 1)


@pytest.mark.parametrize("location", LOCATIONS.values(), ids=LOCATIONS)
@pytest.mark.parametrize("path", ["/bad", "/story-0.html", "/robots.txt"])
def test_a_redirect_that_cannot_be_read_is_its_pages_failure(
    paper: Paper, polling: PollLoop, mine: Settings, path: str, location: str
):
    paper.site.serve(path, response("", "302 Found", Location=location))
    _, bad, good = run(polling)
    assert good.added == 2
    assert bad.error.endswith("an invalid address.") if path == "/bad" else bad.error == ""
    assert [feed.failures for feed in list_feeds(mine)] == [int(path == "/bad"), 0]


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_a_feed_that_is_checked_fails_in_a_sentence(
    paper: Paper, mine: Settings, monkeypatch: pytest.MonkeyPatch, error: BaseException
):
    def breaks(*_given: object) -> None:
        raise error

    monkeypatch.setattr("corpus.feeds.fetch_feed.read_listing", breaks)
    with pytest.raises(AttacheError, match=r"^The feed can't be read \("):
        check_feed(mine, paper.url("/bad"))


def test_a_feed_with_an_unreadable_address_holds_up_no_other(polling: PollLoop, mine: Settings):
    with open_database(mine.data_dir).conn as connection:
        connection.execute("UPDATE feeds SET url = 'http://[bad' WHERE id = 1")
    _, bad, good = run(polling)
    assert (bad.error[-1], good.added) == (".", 2)


@pytest.mark.parametrize("time", ["", "soon", "9999-99-99T99:99:99Z"])
def test_a_damaged_time_stops_no_watch(polling: PollLoop, mine: Settings, time: str):
    with open_database(mine.data_dir).conn as connection:
        connection.execute("UPDATE feeds SET next_poll = ? WHERE id = 1", (time,))
    rounds: list[PollRound] = []

    def on_round(done: PollRound) -> None:
        rounds.append(done)
        polling._stop.set()

    polling.watch(on_round)
    assert polling._until_due() >= 0.0
    assert [each.added for each in rounds[0].polls] == [2, 2]


def test_a_stored_entry_that_cannot_be_read_is_forgotten(
    polling: PollLoop, hands: FakeTime, mine: Settings, paper: Paper
):
    paper.site.serve("/story-0.html", response("", "500 Internal Server Error"))
    run(polling)
    with open_database(mine.data_dir).conn as connection:
        connection.execute("""UPDATE feed_items SET entry = '{"unknown": 1}' WHERE entry IS NOT NULL""")
    hands.at += 30 * 3600
    _, bad, good = run(polling)
    assert (bad.error, good.error, bad.waiting) == ("", "", 0)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), sqlite3.OperationalError("disk full")])
def test_what_ends_the_program_or_concerns_the_folder_is_no_inputs_failure(error: BaseException):
    with pytest.raises(type(error)):
        as_failure(error, "The feed")


def test_a_failure_that_nobody_foresaw_is_one_sentence_and_in_the_log(caplog: pytest.LogCaptureFixture):
    failure = as_failure(ValueError("secret"), "The feed")
    assert isinstance(failure, InputFault)
    assert str(failure) == "The feed can't be read (ValueError). The log has the details; please report it."
    assert "secret" in caplog.text
