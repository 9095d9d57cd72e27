"""Asks a feed, and the parts of an index, for what is new; asks for nothing that has not changed."""

from dataclasses import dataclass, field, replace

from corpus.errors import AttacheError, UnreadableSource
from corpus.feeds.feed import Entry, Feed, FeedKind, Listing, Part
from corpus.feeds.parse import MOST_ENTRIES, feeds_of_page, read_listing
from corpus.feeds.polite_client import Web
from corpus.feeds.schedule import Clock
from corpus.fetch.download import Download
from corpus.formats.urls import canonical_url

# Sitemaps of an index that are looked at, those that changed last; older ones hold an archive.
MOST_PARTS = 20
Parts = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Read:
    """What a feed listed; None where it has not changed since. The rest is what to remember of it.

    `moved_to` is its new address where it has moved for good, else empty.
    """

    listing: Listing | None
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    parts: Parts = field(default_factory=dict)


def read_feed(web: Web, clock: Clock, feed: Feed, parts: Parts) -> Read:
    """Asks a feed for what is new.

    Raises:
        AddressRefused: it may not be read.
        FetchFailed: it could not be got.
        UnreadableSource: it is no feed.
    """
    got = web.listing(feed.url, _conditions(feed.etag, feed.last_modified))
    moved_to = canonical_url(got.moved_to or "") or ""
    etag, last_modified = _validators(got, feed.etag, feed.last_modified)
    if got.head.status == 304:
        if feed.kind != FeedKind.SITEMAP_INDEX:
            return Read(None, etag, last_modified, moved_to, parts)
        # An index may stay the same while its parts change; those that it gives no dates for are asked.
        listing = Listing(
            FeedKind.SITEMAP_INDEX,
            parts=tuple(Part(url, "") for url, known in parts.items() if not known.get("changed")),
        )
    else:
        listing = read_listing(got, clock.now())
    if listing.kind is FeedKind.SITEMAP_INDEX:
        listing, parts = _read_parts(web, clock, listing, parts)
    return Read(listing, etag, last_modified, moved_to, parts)


def find_feed(web: Web, clock: Clock, url: str) -> tuple[str, Listing]:
    """The address and present content of a feed, from its own address or from that of a page that names it.

    Raises:
        AddressRefused: it may not be read.
        FetchFailed: it could not be got.
        UnreadableSource: there is no feed.
    """
    got = web.listing(url, {})
    try:
        listing = read_listing(got, clock.now())
    except UnreadableSource:
        named = next(iter(feeds_of_page(got)), None)
        if named is None:
            raise
        got = web.listing(named, {})
        listing, url = read_listing(got, clock.now()), named
    if listing.kind is FeedKind.SITEMAP_INDEX:
        listing, _ = _read_parts(web, clock, replace(listing, parts=listing.parts[:1]), {})
        listing = replace(listing, kind=FeedKind.SITEMAP_INDEX)
    return canonical_url(got.moved_to or url) or url, listing


def _read_parts(web: Web, clock: Clock, index: Listing, known: Parts) -> tuple[Listing, Parts]:
    """The entries of an index's parts that changed, and what to remember of each."""
    entries: list[Entry] = []
    parts = dict(known)
    for part in index.parts[:MOST_PARTS]:
        before = known.get(part.url, {})
        if part.changed and part.changed == before.get("changed"):
            continue
        try:
            got = web.listing(part.url, _conditions(before.get("etag", ""), before.get("modified", "")))
            found = read_listing(got, clock.now()).entries if got.head.status != 304 else ()
        except AttacheError:
            # One broken part keeps nothing from the others; it is asked again at the next poll.
            continue
        etag, modified = _validators(got, before.get("etag", ""), before.get("modified", ""))
        parts[part.url] = {"changed": part.changed, "etag": etag, "modified": modified}
        entries += found
    listed = {part.url for part in index.parts}
    kept = {url: each for url, each in parts.items() if url in listed or not index.parts}
    return replace(index, entries=tuple(entries[:MOST_ENTRIES])), kept if index.parts else known


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in given.items() if value}


def _validators(got: Download, etag: str, last_modified: str) -> tuple[str, str]:
    """What the next conditional request needs; a 304 without them leaves those from before."""
    headers = got.head.headers
    if got.head.status == 304:
        return headers.get("etag", etag), headers.get("last-modified", last_modified)
    return _short(headers.get("etag", "")), _short(headers.get("last-modified", ""))


def _short(value: str) -> str:
    return value if len(value) <= 500 and value.isascii() and value.isprintable() else ""
