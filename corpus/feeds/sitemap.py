"""Reads sitemaps, news sitemaps and indexes of sitemaps (sitemaps.org; news extension 0.9), gzipped or not."""

import zlib
from typing import Any

from defusedxml import DefusedXmlException, ElementTree

from corpus.errors import UnreadableSource
from corpus.feeds.entry_dates import EntryDates
from corpus.feeds.entry_text import plain_line
from corpus.feeds.feed import Entry, FeedKind, Listing, Part

# sitemaps.org allows 50 MB, but only the newest entries matter, and sites with that many use indexes.
MAX_BYTES = 20 * 1024 * 1024
# The newest entries of a sitemap to read; use `attache ingest` for the rest of a site.
MAX_PLAIN_ENTRIES = 500
# Stored, and only ever compared.
_MAX_CHANGED = 100
_GZIP = b"\x1f\x8b"


def decompress(body: bytes) -> bytes:
    """Decompress a gzipped sitemap; return other content unchanged.

    Raises:
        UnreadableSource: it is broken, or too large.
    """
    if not body.startswith(_GZIP):
        return body
    decompressor = zlib.decompressobj(31)
    try:
        content = decompressor.decompress(body, MAX_BYTES)
    except zlib.error as error:
        raise UnreadableSource("The feed is damaged: its compression is broken.", "Try again later.") from error
    if not decompressor.eof:
        raise UnreadableSource("The feed is incomplete or too large.", "Try again later.")
    return content


def read_sitemap(text: str) -> Listing:
    """Return the listing of a sitemap or an index of sitemaps.

    Raises:
        UnreadableSource: its markup is broken.
    """
    try:
        root = ElementTree.fromstring(text.encode("utf-8", "replace"), forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise UnreadableSource("The sitemap can't be read: its markup is broken.", "Try again later.") from error
    if _name(root) == "sitemapindex":
        parts = (
            Part(_field(each, "loc"), _field(each, "lastmod")[:_MAX_CHANGED])
            for each in root
            if _name(each) == "sitemap"
        )
        found = sorted((part for part in parts if part.url), key=lambda part: part.changed, reverse=True)
        return Listing(FeedKind.SITEMAP_INDEX, parts=tuple(found))
    dates = EntryDates()
    entries = [_entry(each, dates) for each in root if _name(each) == "url"]
    if any(entry.title for entry in entries):
        return Listing(FeedKind.NEWS_SITEMAP, entries=tuple(entries))
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    return Listing(FeedKind.SITEMAP, entries=tuple(entries[:MAX_PLAIN_ENTRIES]))


def _entry(element: Any, dates: EntryDates) -> Entry:  # noqa: ANN401 - defusedxml gives elements of several implementations
    news = next((child for child in element if _name(child) == "news"), None)
    publication = next((child for child in news if _name(child) == "publication"), None) if news is not None else None
    return Entry(
        url=_field(element, "loc"),
        title=plain_line(_field(news, "title")),
        publisher=plain_line(_field(publication, "name")),
        published_at=dates.parse(_field(news, "publication_date")),
        updated=_field(element, "lastmod"),
    )


def _field(element: Any, name: str) -> str:  # noqa: ANN401
    found = (child for child in (element if element is not None else ()) if _name(child) == name)
    return " ".join((getattr(next(found, None), "text", None) or "").split())


def _name(element: Any) -> str:  # noqa: ANN401
    """Return a tag without its namespace, which many sitemaps get wrong."""
    return str(element.tag).rpartition("}")[2].lower()
