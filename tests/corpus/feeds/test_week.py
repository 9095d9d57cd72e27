"""A week of news under a clock that runs fast: every article once, versions right, no needless request, memory flat."""

import gc
import os
import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.feeds.schedule import MIN_INTERVAL_S
from tests.feeds import RSS_TYPE, START, Paper, PolledFeeds, Story, newspaper, story
from tests.web import Request, Send, response

TICK_S = 600
SECTIONS = 4


class Week:
    """Stories that come out one after the other, in sections with a feed each; some are edited."""

    def __init__(self, paper: Paper, count: int, hours: int, seed: int = 1) -> None:
        self.paper = paper
        self.random = random.Random(seed)
        self.ticks = hours * 3600 // TICK_S
        self.coming = [story(number, START + number * hours * 3600 / count) for number in range(count)]
        self.edits: Counter[str] = Counter()
        self.etags: set[tuple[str, str]] = set()
        self.needless = 0
        for section in range(SECTIONS):
            paper.site.serve(f"/feed-{section}", self.answer)

    def answer(self, request: Request, send: Send) -> None:
        section = int(request.path[-1])
        if self.random.random() < 0.02:
            send(response("", self.random.choice(("500 Internal Server Error", "429 Too Many Requests"))))
            return
        found = [each for place, each in enumerate(self.paper.stories) if place % 5 in {section, 4}][-60:]
        # Every hour another suffix for the ids, and links that track readers.
        listed = [replace(each, link=f"{self.paper.url(each.path)}?utm_source=feed{section}") for each in found]
        body = self.paper.rss(listed).encode()
        etag = f'"{hash(body)}"'
        if request.headers.get("if-none-match") == etag:
            send(response("", "304 Not Modified", ETag=etag))
            return
        self.needless += (request.path, etag) in self.etags
        self.etags.add((request.path, etag))
        send(response(body, type_=RSS_TYPE, ETag=etag))

    def publish(self, now: float) -> None:
        while self.coming and self.coming[0].at <= now:
            self.paper.stories.append(self.coming.pop(0))
        if self.paper.stories and self.random.random() < 0.1:
            self.edit(self.random.choice(self.paper.stories[-30:]))

    def edit(self, each: Story) -> None:
        number = self.edits[each.slug] = self.edits[each.slug] + 1
        each.text += f" Correction {number}: the pier has {number} roofs."
        each.summary = f"{each.title}, corrected {number} times so far. More in our report."
        each.guid = f"{each.slug}-{number}"


def memory() -> int:
    """Bytes that the process has in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def run(tmp_path: Path, count: int, hours: int, most_growth: int) -> None:
    with newspaper() as paper:
        week, feeds = Week(paper, count, hours), PolledFeeds(paper, tmp_path / "data")
        for section in range(SECTIONS):
            feeds.add(paper.url(f"/feed-{section}"))
        asked: Counter[str] = Counter()
        grown = 0
        # A day more, in which nothing comes out and what waits is settled.
        for tick in range(week.ticks + 24 * 6):
            feeds.fake_time.at = max(feeds.fake_time.at, START + tick * TICK_S)
            if tick <= week.ticks:
                week.publish(feeds.fake_time.at)
            feeds.poll_due()
            asked += paper.asked()
            if tick == week.ticks // 3:
                grown = -memory()
        grown += memory()
        check(week, feeds, asked)
        feeds.close()
        assert grown < most_growth


def check(week: Week, feeds: PolledFeeds, asked: Counter[str]) -> None:
    stories = week.paper.stories
    rows = feeds.read("SELECT url, title, is_excerpt, body FROM articles")
    assert not week.coming
    assert sorted(url for url, *_ in rows) == sorted(week.paper.url(each.path) for each in stories)
    texts = {url: body for url, _title, _excerpt, body in rows}
    assert not [each.slug for each in stories if each.text not in texts[week.paper.url(each.path)]]
    assert not [title for _url, title, is_excerpt, _body in rows if is_excerpt]
    versions = dict(
        feeds.read("SELECT url, count(*) FROM versions JOIN articles ON articles.id = article_id GROUP BY url")
    )
    for each in stories:
        former = versions.get(week.paper.url(each.path), 0)
        assert min(1, week.edits[each.slug]) >= min(1, former)
        assert former <= week.edits[each.slug]
        # One look at each text, none at a text that is known.
        assert asked[each.path] == 1 + former
    polls = sum(asked[f"/feed-{section}"] for section in range(SECTIONS))
    assert polls <= SECTIONS * (feeds.fake_time.at - START) / MIN_INTERVAL_S / 0.9
    assert week.needless <= 0.04 * polls
    assert asked["/robots.txt"] <= (feeds.fake_time.at - START) / 86400 + 1
    pages = sum(asked[each.path] for each in stories)
    counts = f"{len(stories)} articles, {sum(versions.values())} versions, {pages} pages, {polls} polls"
    # Seen with `pytest -s`.
    sys.stdout.write(f"{counts}, {asked['/robots.txt']} times robots.txt\n")


def test_half_a_day_of_news(tmp_path: Path):
    run(tmp_path, count=80, hours=12, most_growth=20_000_000)


@pytest.mark.slow
def test_a_week_of_2000_items(tmp_path: Path):
    run(tmp_path, count=2_000, hours=7 * 24, most_growth=20_000_000)
