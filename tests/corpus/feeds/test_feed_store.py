"""What is kept of a polled feed: versions, what was removed, what was listed before a kill."""

import pytest

from corpus.feeds.feed_store import FeedStore
from tests.corpus.feeds.items import of_items
from tests.feeds import Paper, PolledFeeds


def test_a_changed_article_is_a_version_and_is_fetched_once_an_hour_at_most(paper: Paper, feeds: PolledFeeds):
    paper.fill(1)
    feeds.add()
    feeds.poll()
    for number in range(6):
        paper.stories[0].summary = f"Summary number {number} of the council's vote on the ferry pier."
        paper.stories[0].text += f" Addition {number} to the text."
        feeds.wait(1 / 6)
        feeds.poll()
    feeds.wait(1)
    feeds.poll_due()
    assert paper.asked()["/story-0.html"] == 2
    assert feeds.read("SELECT count(*) FROM versions") == [(1,)]
    [(body,)] = feeds.read("SELECT body FROM articles")
    assert "Addition 5" in body


def test_a_removed_article_does_not_come_back(paper: Paper, feeds: PolledFeeds):
    paper.fill(1)
    feeds.add()
    feeds.poll()
    with feeds.writing() as db, db.atomic():
        db.execute("DELETE FROM articles")
    paper.stories[0].summary = "A new summary of the council's vote on the ferry pier, for all to read."
    feeds.wait(2)
    feeds.poll()
    assert feeds.titles() == []


def test_what_was_listed_outlives_a_kill_at_any_moment(paper: Paper, feeds: PolledFeeds):
    paper.fill(6)
    feeds.add()
    asked: list[str] = []

    class Killed(SystemExit):
        pass

    def dies(url: str) -> None:
        asked.append(url)
        if len(asked) in {1, 4}:
            raise Killed

    article = feeds.web.get_article
    feeds.web.get_article = lambda url: dies(url) or article(url)  # type: ignore[method-assign,func-returns-value]
    for _ in range(2):
        with pytest.raises(Killed):
            feeds.poll_due()
    paper.stories.clear()
    paper.fill(6)
    paper.feed_bytes = of_items
    feeds.poll_due()
    assert len(feeds.titles()) == 6
    assert paper.asked()["/feed"] == 1


def test_a_feed_is_polled_by_one_at_a_time(paper: Paper, feeds: PolledFeeds):
    feeds.add()
    before = feeds.feed()
    assert feeds.poller.poll(before) is not None
    assert feeds.poller.poll(before) is None


def test_feeds_of_a_removed_collection_are_gone(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    feeds.add()
    feeds.poll()
    with feeds.writing() as db, db.atomic():
        FeedStore(db).remove_all("shared")
    assert feeds.read("SELECT count(*) FROM feeds UNION ALL SELECT count(*) FROM feed_items") == [(0,), (0,)]
    assert len(feeds.titles()) == 3
