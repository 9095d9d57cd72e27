"""A made-up newspaper on loopback with feeds of every format, and a clock that tests turn."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path

from sqlite_utils import Database

from corpus.database import open_database
from corpus.feeds.feed import Feed, PollReport
from corpus.feeds.feed_store import FeedStore
from corpus.feeds.polite_client import PoliteClient
from corpus.feeds.poll_feed import Poller
from corpus.feeds.schedule import Clock
from corpus.fetch.options import AllowedHosts, FetchOptions
from tests.web import Request, Send, Site, page, response

HOST = "herald.example"
START = datetime(2024, 9, 2, 6, 0, tzinfo=UTC).timestamp()
RSS_TYPE = "application/rss+xml"


@dataclass
class FakeTime:
    """Time that only tests and sleeping move on."""

    at: float = START
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.at, self.sleep, lambda: 0.5)


@dataclass
class Story:
    """An article of the newspaper, as it stands now."""

    slug: str
    title: str
    text: str
    at: float
    guid: str = ""
    link: str = ""
    summary: str = ""

    @property
    def path(self) -> str:
        return f"/{self.slug}.html"

    @property
    def teaser(self) -> str:
        return self.summary or f"{self.text.split('.')[0]}. More in our report."


def story(number: int, at: float = START, **changes: str) -> Story:
    """A story unlike the others, in some fifty words."""
    text = (
        f"The council of Velden voted on item {number} on Monday evening, clerk Lena Quist said. "
        f"Item {number} concerns the ferry pier, berth {number % 7} and its {number + 3} mooring posts. "
        f"Opponents want {number * 3 + 1} posts fewer, and Blue Heron Lines denied that it had asked for any of them. "
        "A second reading follows in autumn, when the survey of the sea bed is done and paid for."
    )
    return Story(f"story-{number}", f"Council votes on item {number}", text, at, **changes)


class Paper:
    """The newspaper: its stories, its feed, and how often each address was asked for.

    Args:
        site: the server; `paper.site.serve(path, ...)` overrules everything.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.stories: list[Story] = []
        self.listed = 20
        self.feed_bytes: Callable[[], bytes] = lambda: self.rss().encode()
        self.feed_type = RSS_TYPE
        self.headers: dict[str, str] = {}
        self.knows_conditions = True
        site.serve("/feed", self._feed)
        site.serve("*", self._page)

    def url(self, path: str = "/feed") -> str:
        return f"http://{HOST}:{self.site.port}{path}"

    def options(self) -> FetchOptions:
        allowed = AllowedHosts.parse(f"{HOST}:{self.site.port}")
        return FetchOptions(allowed, timeout_s=5, resolve=lambda _host, _port: ["127.0.0.1"])

    def fill(self, count: int = 3) -> None:
        """Gives it stories, a minute apart, the newest first."""
        self.stories += [story(number, START - 60 * number) for number in range(count)]

    def asked(self) -> Counter[str]:
        """How often each path was asked for since the last look."""
        counted = Counter(request.path for request in self.site.requests)
        self.site.requests.clear()
        return counted

    def rss(self, stories: list[Story] | None = None, rest: str = "") -> str:
        items = "".join(map(self.rss_item, stories if stories is not None else self.newest()))
        return (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Harbour Herald</title>'
            f"<link>{self.url('/')}</link>{rest}{items}</channel></rss>"
        )

    def rss_item(self, each: Story) -> str:
        when = format_datetime(datetime.fromtimestamp(each.at, UTC))
        return (
            f"<item><title>{escape(each.title)}</title><link>{escape(each.link or self.url(each.path))}</link>"
            f'<guid isPermaLink="false">{escape(each.guid or each.slug)}</guid><pubDate>{when}</pubDate>'
            f"<description>{escape(each.teaser)}</description></item>"
        )

    def newest(self) -> list[Story]:
        return sorted(self.stories, key=lambda each: each.at, reverse=True)[: self.listed]

    def _feed(self, request: Request, send: Send) -> None:
        body = self.feed_bytes()
        etag = f'"{hash(body)}"'
        if self.knows_conditions and request.headers.get("if-none-match") == etag:
            send(response("", "304 Not Modified", ETag=etag))
            return
        headers = {"ETag": etag, **self.headers} if self.knows_conditions else self.headers
        send(response(body, type_=self.feed_type, **headers))

    def _page(self, request: Request, send: Send) -> None:
        path = request.path.split("?")[0]
        found = next((each for each in self.stories if each.path == path), None)
        if found is None:
            send(response("Nothing here.", "404 Not Found"))
            return
        when = datetime.fromtimestamp(found.at, UTC).isoformat()
        meta = f'<meta property="article:published_time" content="{when}">'
        send(response(page(*found.text.split("\n"), title=found.title, head=meta)))


@contextmanager
def newspaper() -> Iterator[Paper]:
    """A newspaper that is running."""
    with Site().running() as site:
        yield Paper(site)


@dataclass
class PolledFeeds:
    """A data folder, a clock and a poller, for the feeds of a newspaper."""

    paper: Paper
    data_dir: Path
    fake_time: FakeTime = field(default_factory=FakeTime)
    db: Database | None = None

    def __post_init__(self) -> None:
        self.clock = self.fake_time.clock()
        self.web = PoliteClient(self.paper.options(), self.clock)
        self.poller = Poller(self.writing, self.web, self.clock)

    @contextmanager
    def writing(self) -> Iterator[Database]:
        # Opened once: thousands of polls in a test would spend half their time on opening.
        self.db = self.db or open_database(self.data_dir)
        yield self.db

    def read(self, question: str, *values: object) -> list[tuple]:
        with self.writing() as db:
            return db.execute(question, values).fetchall()

    def add(self, url: str = "", **named: str) -> Feed:
        with self.writing() as db, db.atomic():
            return FeedStore(db).add(url or self.paper.url(), "shared", self.clock.timestamp(), **named)

    def feed(self, feed_id: int = 1) -> Feed:
        with self.writing() as db:
            return FeedStore(db).get(feed_id)

    def poll(self, feed_id: int = 1) -> PollReport:
        report = self.poller.poll(self.feed(feed_id))
        assert report is not None
        return report

    def poll_due(self) -> list[PollReport]:
        """Polls whatever is due now."""
        with self.writing() as db:
            due = FeedStore(db).due(self.clock)
        found = [self.poller.poll(feed, fetch=feed.is_due(self.clock)) for feed in due]
        return [report for report in found if report is not None]

    def wait(self, hours: float) -> None:
        self.fake_time.at += hours * 3600

    def close(self) -> None:
        if self.db is not None:
            self.db.close()

    def titles(self) -> list[str]:
        return [row[0] for row in self.read("SELECT title FROM articles ORDER BY id")]
