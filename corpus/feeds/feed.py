"""The data classes of feeds: feeds, their entries and listings, and poll reports."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from corpus.article import hash_fields
from corpus.feeds.schedule import CIRCUIT_FAILURES, MAX_SKEW_S, Clock


class FeedKind(StrEnum):
    """The format of a feed."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news sitemap"
    SITEMAP_INDEX = "sitemap index"


@dataclass(frozen=True)
class Entry:
    """A feed's data on one article; fields that it does not state are empty.

    `url` is canonical, and empty if the article has no url of its own. `published_at` is as in Draft. `updated` is the
    stated time of the last change, unparsed, because it is only compared. `served_by` is the site that served the feed,
    after redirects.
    """

    guid: str = ""
    url: str = ""
    title: str = ""
    text: str = ""
    author: str = ""
    publisher: str = ""
    published_at: str = ""
    updated: str = ""
    served_by: str = ""

    @property
    def key(self) -> str:
        """Return the key of the entry within its feed: its url, else its id, else a hash of its text."""
        return self.url or (f"id:{self.guid}" if self.guid else f"text:{hash_fields(self.title, self.text)}")

    @cached_property
    def sha256(self) -> str:
        """Return a hash that changes when the article may have changed."""
        return hash_fields(self.title, self.text, self.updated)


@dataclass(frozen=True, slots=True)
class Part:
    """A sitemap named by an index, and its stated time of change, or an empty string."""

    url: str
    changed: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The content of a feed, newest first if all entries have dates.

    `least_s` is the minimum interval between polls that the feed asks for, in seconds, or 0.
    """

    kind: FeedKind
    title: str = ""
    entries: tuple[Entry, ...] = ()
    parts: tuple[Part, ...] = ()
    least_s: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """A stored feed; times are ISO 8601 in UTC. `publisher` is for articles that state none."""

    id: int
    collection: str
    url: str
    kind: str
    title: str
    publisher: str | None
    added_at: str
    is_paused: bool
    interval_s: int
    least_s: int
    next_poll: str
    polled_at: str | None
    changed_at: str | None
    etag: str
    last_modified: str
    failures: int
    last_error: str

    @property
    def name(self) -> str:
        """Return the name to show."""
        return self.title or self.url

    @property
    def state(self) -> str:
        """Return `paused`, `circuit open`, `failing`, `new` or `in order`."""
        if self.is_paused:
            return "paused"
        if self.failures:
            return "circuit open" if self.failures >= CIRCUIT_FAILURES else "failing"
        return "in order" if self.polled_at else "new"

    def is_due(self, clock: Clock) -> bool:
        """Return whether the feed itself is to be polled now. Times that only a wrong clock can give count as due."""
        return not clock.timestamp() < self.next_poll <= clock.horizon or self.is_ahead(clock)

    def is_ahead(self, clock: Clock) -> bool:
        """Return whether its times tell that the clock was wrong when they were stored."""
        return self.next_poll > clock.horizon or (self.polled_at or "") > clock.timestamp(MAX_SKEW_S)


@dataclass(slots=True)
class PollReport:
    """The result of one poll. `error` is empty unless the feed itself could not be read."""

    feed: Feed
    is_unchanged: bool = False
    added: int = 0
    updated: int = 0
    known: int = 0
    excerpts: int = 0
    waiting: int = 0
    refused: int = 0
    error: str = ""

    @property
    def changes(self) -> int:
        """Return the number of articles that are new or have a new text."""
        return self.added + self.updated
