"""Feeds as an operator uses them: on the command line, and polled in the background."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.service.feeds import list_feeds
from bot.service.poll import PollLoop, PollRound
from bot.service.steps import remove_collection_in_steps
from bot.settings import Settings
from corpus.feeds.opml import read_opml
from corpus.feeds.schedule import CIRCUIT_FAILURES, Clock
from corpus.lock import writer_lock
from tests.bot.conftest import Attache
from tests.bot.service.exhaust import exhaust
from tests.fakes import HashingEmbedder
from tests.feeds import Paper, newspaper, story
from tests.web import Site, response

ROOT = Path(__file__).parents[3]
TITLES = ["Council votes on item 0", "Council votes on item 1"]


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Paper]:
    with newspaper() as running:
        running.stories += [story(number) for number in range(2)]
        running.url = lambda path="/feed": f"http://127.0.0.1:{running.site.port}{path}"  # type: ignore[method-assign]
        monkeypatch.setenv("ATTACHE_ALLOWED_HOSTS", f"127.0.0.1:{running.site.port}")
        monkeypatch.setenv("ATTACHE_FEED_DELAY_S", "0")
        monkeypatch.setattr("bot.service.sessions.SentenceEmbedder", lambda *_: HashingEmbedder())
        yield running


def settings(tmp_path: Path) -> Settings:
    return Settings.load(None, data_dir=tmp_path / "data")


def test_an_added_feed_is_polled_and_searchable(attache: Attache, paper: Paper, tmp_path: Path):
    added = attache("feeds", "add", paper.url())
    assert added.out == "Feed 1, Harbour Herald: rss with 2 entries.\n"
    polled = attache("poll")
    assert (polled.code, polled.out) == (0, "Harbour Herald: 2 added\n")
    assert attache("poll").out == "No feed is due.\n"
    again = attache("feeds", "poll", 1, "--json")
    assert again.json["polls"][0]["is_unchanged"]
    assert again.json["index"] is None
    listed = attache("feeds", "list")
    assert "Harbour Herald" in listed.out
    assert "in order" in listed.out


def test_a_feed_can_be_checked_paused_resumed_and_removed(attache: Attache, paper: Paper):
    checked = attache("feeds", "check", paper.url())
    assert checked.out.startswith("Harbour Herald: rss with 2 entries, newest 2024-09-02.\n")
    assert attache("feeds", "list").out.startswith("There are no feeds yet")
    attache("feeds", "add", paper.url())
    assert "Council votes" in attache("feeds", "check", 1).out
    assert attache("feeds", "pause", 1).out == "Feed 1, Harbour Herald, is paused.\n"
    assert attache("poll").out == "No feed is due.\n"
    assert attache("feeds", "resume", 1).out == "Feed 1, Harbour Herald, is polled again.\n"
    assert attache("poll").out == "Harbour Herald: 2 added\n"
    assert "its articles stay" in attache("feeds", "remove", 1).out
    assert attache("status", "--json").json["facts"]["articles"] == 2


@pytest.mark.parametrize("command", ["remove", "pause", "resume", "poll", "check"])
def test_a_number_that_no_feed_has_is_told(attache: Attache, paper: Paper, command: str):
    attache("feeds", "add", paper.url())
    ended = attache("feeds", command, 7)
    assert (ended.code, ended.err.splitlines()[0]) == (2, "There is no feed 7.")


@pytest.mark.parametrize("url", ["ftp://x.example/feed", "http://10.0.0.1/feed", "nonsense"])
def test_what_cannot_be_a_feed_is_refused_with_a_sentence(attache: Attache, paper: Paper, url: str):
    ended = attache("feeds", "add", url)
    assert ended.code == 1
    assert ended.err.splitlines()[0].endswith(".")


def test_lists_of_feeds_go_out_and_come_in(attache: Attache, paper: Paper, tmp_path: Path):
    attache("feeds", "add", paper.url())
    attache("feeds", "export", tmp_path / "feeds.opml")
    [outline] = read_opml((tmp_path / "feeds.opml").read_bytes())
    assert (outline.url, outline.title) == (paper.url(), "Harbour Herald")
    taken = attache("feeds", "import", tmp_path / "feeds.opml", data=tmp_path / "other")
    assert (taken.code, taken.out) == (0, "Added 1 of 1 feed.\n")
    assert attache("feeds", "export", data=tmp_path / "other").out == (tmp_path / "feeds.opml").read_text("utf-8")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html></html>",
        b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline xmlUrl="http://x.example/&a;"/></body></opml>',
        b"<opml><body><outline",
    ],
)
def test_what_is_no_list_of_feeds_is_refused(attache: Attache, tmp_path: Path, content: bytes):
    (tmp_path / "x.opml").write_bytes(content)
    ended = attache("feeds", "import", tmp_path / "x.opml")
    assert (ended.code, ended.out) == (2, "")


def test_a_list_from_elsewhere_is_taken_with_its_folders(attache: Attache, tmp_path: Path):
    outlines = (
        '<outline text="Papers"><outline text="One &amp; all" type="rss" xmlUrl="https://one.example/feed"/>'
        '<outline title="Two" xmlURL="https://two.example/rss?a=1&amp;b=2"/></outline>'
        '<outline text="bad" xmlUrl="file:///etc/passwd"/>'
    )
    (tmp_path / "x.opml").write_text(f"<opml version='1.1'><body>{outlines}</body></opml>")
    ended = attache("feeds", "import", tmp_path / "x.opml", "--json")
    assert ended.json["refused"] == ["file:///etc/passwd"]
    assert [feed.title for feed in list_feeds(settings(tmp_path))] == ["One & all", "Two"]


def test_an_open_circuit_is_shown_in_the_status(attache: Attache, paper: Paper):
    attache("feeds", "add", paper.url())
    attache("poll")
    paper.site.serve("/feed", response("", "500 Internal Server Error"))
    for _ in range(CIRCUIT_FAILURES):
        assert attache("feeds", "poll", 1).code == 1
    told = attache("status").out
    assert "1 circuit open" in told
    assert "The site has an error (status 500)." in told
    [state] = attache("status", "--json").json["feeds"]
    assert (state["state"], state["failures"]) == ("circuit open", CIRCUIT_FAILURES)


def test_articles_of_a_round_become_searchable_once_and_several_sites_are_polled_together(
    paper: Paper, attache: Attache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    both = threading.Barrier(2)

    with Site().running() as other:

        def answer(_request: object, send: object) -> None:
            # Answers once the other site was asked, too.
            both.wait(60)
            send(response(paper.rss([])))  # type: ignore[operator]

        other.serve("/feed", answer)
        paper.site.serve("/feed", answer)
        hosts = f"127.0.0.1:{paper.site.port},localhost:{other.port}"
        monkeypatch.setenv("ATTACHE_ALLOWED_HOSTS", hosts)
        (tmp_path / "x.opml").write_text(
            f'<opml><outline xmlUrl="{paper.url()}"/><outline xmlUrl="http://localhost:{other.port}/feed"/></opml>'
        )
        attache("feeds", "import", tmp_path / "x.opml")
        polling = PollLoop(settings(tmp_path), HashingEmbedder(), threading.Event())
        done = polling.poll_round(polling.due())
    assert [each.error for each in done.polls] == ["", ""]
    assert not both.broken


def test_watching_polls_what_is_due_and_stops_when_told(paper: Paper, attache: Attache, tmp_path: Path):
    attache("feeds", "add", paper.url())
    stop = threading.Event()
    rounds: list[PollRound] = []

    def on_round(done: PollRound) -> None:
        rounds.append(done)
        stop.set()

    PollLoop(settings(tmp_path), HashingEmbedder(), stop).watch(on_round)
    assert [each.changes for each in rounds] == [2]
    assert rounds[0].index is not None


def test_a_watch_without_feeds_asks_for_nothing_and_makes_no_folder(tmp_path: Path):
    stop = threading.Event()
    watching = threading.Thread(
        target=lambda: PollLoop(settings(tmp_path), HashingEmbedder(), stop).watch(lambda _: None)
    )
    watching.start()
    time.sleep(0.1)
    stop.set()
    watching.join(2)
    assert not watching.is_alive()
    assert not (tmp_path / "data").exists()


def test_feeds_go_with_their_collection(paper: Paper, attache: Attache, tmp_path: Path):
    attache("feeds", "add", paper.url(), "--collection", "discord-1")
    attache("poll")
    assert exhaust(remove_collection_in_steps(settings(tmp_path), HashingEmbedder(), "discord-1")) == (0, 2)
    assert list_feeds(settings(tmp_path)) == []


def test_sigterm_ends_a_watch_between_two_articles(paper: Paper, attache: Attache, tmp_path: Path):
    attache("feeds", "add", paper.url())
    slow = threading.Event()

    def page(_request: object, send: object) -> None:
        slow.set()
        time.sleep(0.5)
        send(response("gone", "404 Not Found"))  # type: ignore[operator]

    paper.site.serve("/story-0.html", page)
    paper.site.serve("/story-1.html", page)
    command = [sys.executable, "-c", "from bot.cli.main import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    watch = subprocess.Popen(
        [*command, "--data-dir", str(tmp_path / "data"), "poll", "--watch"], env=environment, cwd=tmp_path
    )
    assert slow.wait(30)
    watch.send_signal(signal.SIGTERM)
    assert watch.wait(20) == 0
    asked = paper.asked()
    assert asked["/story-0.html"] + asked["/story-1.html"] == 1
    # The other one waits, and is taken in by whoever polls next.
    assert attache("poll").out.startswith("Harbour Herald:")
    assert paper.asked()["/feed"] == 0


def test_the_clock_of_a_watch_ends_its_waits_when_told():
    stop = threading.Event()
    stop.set()
    Clock(sleep=stop.wait).sleep(threading.TIMEOUT_MAX)


def test_a_watch_goes_on_when_somebody_else_was_writing(
    paper: Paper, attache: Attache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.service.poll.WAIT_S", 0.0)
    monkeypatch.setattr("bot.service.poll.MIN_TICK_S", 0.0)
    monkeypatch.setattr("bot.service.poll.MAX_TICK_S", 0.0)
    attache("feeds", "add", paper.url())
    stop, rounds = threading.Event(), []
    held = writer_lock(tmp_path / "data", "somebody")
    held.__enter__()

    def on_round(done: PollRound) -> None:
        rounds.append(done)
        if len(rounds) == 1:
            held.__exit__(None, None, None)
        if done.changes or len(rounds) > 9:
            stop.set()

    PollLoop(settings(tmp_path), HashingEmbedder(), stop).watch(on_round)
    assert rounds[0].problem or rounds[0].polls[0].error
    assert rounds[-1].changes == 2
    assert rounds[-1].index is not None
