"""Feeds, what they list, and what a poll came to."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

# Failures in a row after which a feed is asked once a day only, to see whether it is back.
CIRCUIT_FAILURES = 5


class FeedKind(StrEnum):
    """In which format a feed lists its articles."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news sitemap"
    SITEMAP_INDEX = "sitemap index"


@dataclass(frozen=True)
class Entry:
    """What a feed says of one article; fields that it does not state are empty.

    `url` is in its one spelling, and empty where there is none that is the article's own. `published_at` is as in
    Draft. `updated` is whatever the feed states as the last change, as it stands there: it is only compared.
    """

    guid: str = ""
    url: str = ""
    title: str = ""
    text: str = ""
    author: str = ""
    publisher: str = ""
    published_at: str = ""
    updated: str = ""

    @property
    def key(self) -> str:
        """What tells the entry from others of its feed: its address, else its id, else its text."""
        return self.url or (f"id:{self.guid}" if self.guid else f"text:{_digest(self.title, self.text)}")

    @cached_property
    def sha256(self) -> str:
        """Changes when the article may have changed."""
        return _digest(self.title, self.text, self.updated)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the sitemaps that an index names, and when it says that it changed; empty where it does not say."""

    url: str
    changed: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed listed, newest first where it states dates.

    `least_s` is how many seconds it asks to be left alone after a poll; 0 where it does not ask.
    """

    kind: FeedKind
    title: str = ""
    entries: tuple[Entry, ...] = ()
    parts: tuple[Part, ...] = ()
    least_s: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is stored; times are ISO 8601 in UTC. `publisher` is for articles that state none."""

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
        """What to call it."""
        return self.title or self.url

    @property
    def state(self) -> str:
        """`paused`, `circuit open`, `failing`, `new` or `in order`."""
        if self.is_paused:
            return "paused"
        if self.failures:
            return "circuit open" if self.failures >= CIRCUIT_FAILURES else "failing"
        return "in order" if self.polled_at else "new"


@dataclass(slots=True)
class PollReport:
    """What one poll came to. `error` is empty unless the feed itself could not be read."""

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
        """Articles that are new or have a new text."""
        return self.added + self.updated


def _digest(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()
