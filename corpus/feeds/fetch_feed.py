"""Fetches a feed, and the sitemaps of an index, by conditional requests; discovers the feeds of a page."""

from dataclasses import dataclass, field, replace

from corpus.errors import UnreadableSource
from corpus.faults import as_failure
from corpus.feeds.feed import Entry, Feed, FeedKind, Listing, Part
from corpus.feeds.parse import MAX_ENTRIES, find_feed_links, read_listing
from corpus.feeds.polite_client import PoliteClient
from corpus.feeds.schedule import Clock
from corpus.fetch.download import Download
from corpus.publishers.publisher import site_of
from corpus.urls import canonical_url

# The latest sitemaps of an index to read; older ones hold an archive.
MAX_PARTS = 20
PartValidators = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class FetchedFeed:
    """A feed's listing, or None if it has not changed, and the validators for the next request.

    `moved_to` is its new url if it has moved permanently, else empty.
    """

    listing: Listing | None
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    parts: PartValidators = field(default_factory=dict)


def fetch_feed(client: PoliteClient, clock: Clock, feed: Feed, parts: PartValidators) -> FetchedFeed:
    """Fetch a feed's listing if it has changed.

    Raises:
        AddressRefused: it must not be read.
        FetchFailed: it could not be fetched.
        UnreadableSource: it is no feed.
    """
    got = client.get_listing(feed.url, _conditional_headers(feed.etag, feed.last_modified))
    moved_to = canonical_url(got.moved_to or "") or ""
    etag, last_modified = _validators(got, feed.etag, feed.last_modified)
    if got.head.status == 304:
        if feed.kind != FeedKind.SITEMAP_INDEX:
            return FetchedFeed(None, etag, last_modified, moved_to, parts)
        # The sitemaps of an unchanged index may have changed, so ask those without a stated time of change.
        listing = Listing(
            FeedKind.SITEMAP_INDEX,
            parts=tuple(Part(url, "") for url, known in parts.items() if not known.get("changed")),
        )
    else:
        listing = _read(got, clock)
    if listing.kind is FeedKind.SITEMAP_INDEX:
        listing, parts = _fetch_parts(client, clock, listing, parts)
    return FetchedFeed(listing, etag, last_modified, moved_to, parts)


def discover_feed(client: PoliteClient, clock: Clock, url: str) -> tuple[str, Listing]:
    """Return the url and listing of a feed, given its own url or that of a page that names it.

    Raises:
        AddressRefused: it must not be read.
        FetchFailed: it could not be fetched.
        UnreadableSource: there is no feed.
    """
    got = client.get_listing(url, {})
    try:
        listing = read_listing(got, clock.now())
    except UnreadableSource:
        link = next(iter(find_feed_links(got)), None)
        if link is None:
            raise
        got = client.get_listing(link, {})
        listing, url = read_listing(got, clock.now()), link
    if listing.kind is FeedKind.SITEMAP_INDEX:
        listing, _ = _fetch_parts(client, clock, replace(listing, parts=listing.parts[:1]), {})
        listing = replace(listing, kind=FeedKind.SITEMAP_INDEX)
    return canonical_url(got.moved_to or url) or url, listing


def _fetch_parts(
    client: PoliteClient, clock: Clock, index: Listing, known: PartValidators
) -> tuple[Listing, PartValidators]:
    """Return the entries of an index's changed sitemaps, and the validators of each."""
    entries: list[Entry] = []
    parts = dict(known)
    for part in index.parts[:MAX_PARTS]:
        before = known.get(part.url, {})
        if part.changed and part.changed == before.get("changed"):
            continue
        try:
            got = client.get_listing(part.url, _conditional_headers(before.get("etag", ""), before.get("modified", "")))
            found = _read(got, clock).entries if got.head.status != 304 else ()
        except BaseException as error:  # noqa: BLE001 - one sitemap's failure
            # A broken sitemap must not block the others; the next poll asks for it again.
            as_failure(error, "A sitemap of an index")
            continue
        etag, modified = _validators(got, before.get("etag", ""), before.get("modified", ""))
        parts[part.url] = {"changed": part.changed, "etag": etag, "modified": modified}
        entries += found
    listed = {part.url for part in index.parts}
    kept = {url: each for url, each in parts.items() if url in listed or not index.parts}
    return replace(index, entries=tuple(entries[:MAX_ENTRIES])), kept if index.parts else known


def _read(got: Download, clock: Clock) -> Listing:
    """Return a listing whose entries name the site that served them."""
    listing, site = read_listing(got, clock.now()), site_of(got.head.url)
    return replace(listing, entries=tuple(replace(each, served_by=site) for each in listing.entries))


def _conditional_headers(etag: str, last_modified: str) -> dict[str, str]:
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in given.items() if value}


def _validators(got: Download, etag: str, last_modified: str) -> tuple[str, str]:
    """Return ETag and Last-Modified for the next conditional request; a 304 without them keeps the former ones."""
    headers = got.head.headers
    if got.head.status == 304:
        return headers.get("etag", etag), headers.get("last-modified", last_modified)
    return _valid_header(headers.get("etag", "")), _valid_header(headers.get("last-modified", ""))


def _valid_header(value: str) -> str:
    return value if len(value) <= 500 and value.isascii() and value.isprintable() else ""
