"""Parses a downloaded feed of any format into a listing with normalized entries."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from corpus.article import hash_fields
from corpus.errors import UnreadableSource
from corpus.feeds.feed import Entry, Listing
from corpus.feeds.json_feed import read_json_feed
from corpus.feeds.rss import read_rss
from corpus.feeds.sitemap import decompress, read_sitemap
from corpus.fetch.content import decode_page
from corpus.fetch.download import Download
from corpus.formats.html_text import bounded_markup, parse_html
from corpus.timestamps import instant, utc_text
from corpus.urls import canonical_url

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9,"
    " application/json;q=0.8, */*;q=0.1"
)
# Longer listings are cut to the newest entries. News sitemaps may have no more (news extension 0.9).
MAX_ENTRIES = 1_000
# The largest sitemap allowed has 50,000 urls of four elements each.
MAX_TAGS = 420_000
_SITEMAP = re.compile(r"<(?:\w{1,20}:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_FEED = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_ENTITIES = re.compile(r"<!DOCTYPE[^<>\[]{0,2000}\[|<!ENTITY", re.IGNORECASE)
# Longer ids, and times of change, are replaced by their hash: they are stored, but only ever compared.
MAX_ID = 500
# Longer addresses are not followed; joining them to the feed's own takes time that grows with the square of some.
MAX_LINK = 2_500
_SNIFFED = 4_096
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_HINT = "Use the link of an RSS, Atom or JSON feed, or of a sitemap."


def read_listing(got: Download, now: float) -> Listing:
    """Return the listing of a feed.

    Args:
        got: the response.
        now: seconds since 1970; later dates are dropped.

    Raises:
        UnreadableSource: it is no feed, or a malicious one.
    """
    text = decode_page(replace(got, body=decompress(got.body))).lstrip("\ufeff \t\r\n")
    start, url = text[:_SNIFFED], got.head.url
    if text.startswith("{"):
        listing = read_json_feed(text, url)
    else:
        if text.count("<") > MAX_TAGS:
            raise UnreadableSource("The feed has too much markup.", _HINT)
        if _ENTITIES.search(text):
            raise UnreadableSource("The feed declares entities, which no feed needs and attackers use.", _HINT)
        if _SITEMAP.search(start):
            listing = read_sitemap(text)
        elif _FEED.search(start):
            listing = read_rss(text, url)
        else:
            is_page = _PAGE.search(start)
            raise UnreadableSource("This is a web page, not a feed." if is_page else "This isn't a feed.", _HINT)
    return replace(listing, entries=_normalize_entries(listing.entries, url, now)[:MAX_ENTRIES])


def find_feed_links(got: Download) -> list[str]:
    """Return the urls of the feeds that a web page links as its own; none if it is no page."""
    text = decode_page(got)
    if not _PAGE.search(text[:_SNIFFED]):
        return []
    try:
        tree = parse_html(bounded_markup(text))
    except UnreadableSource:
        return []
    links = tree.xpath("//link[@href and contains(concat(' ', @rel, ' '), ' alternate ')]")
    found = (absolute_url(got.head.url, str(link.get("href"))) for link in links if link.get("type") in _FEED_TYPES)
    return [url for url in found if url]


def _normalize_entries(entries: Iterable[Entry], base: str, now: float) -> tuple[Entry, ...]:
    """Return the distinct entries with absolute urls and plausible dates, newest first if all have dates."""
    cleaned = [_clean_entry(entry, base, now) for entry in entries]
    guids = Counter(entry.guid for entry in cleaned)
    updates = {entry.updated for entry in cleaned}
    kept: dict[str, Entry] = {}
    for entry in cleaned:
        # A guid of several entries identifies nothing, and a time of change of all entries says nothing.
        guid = entry.guid if guids[entry.guid] == 1 else ""
        updated = "" if len(updates) == 1 and len(cleaned) > 2 else entry.updated
        one = replace(entry, guid=guid, updated=updated)
        if one.url or one.title or one.text:
            kept.setdefault(one.key, one)
    found = list(kept.values())
    if all(entry.published_at for entry in found):
        found.sort(key=lambda entry: instant(entry.published_at), reverse=True)
    return tuple(found)


def absolute_url(base: str, link: str) -> str | None:
    """Return the canonical url of a link on a page or in a feed at `base`; None if it has none."""
    if not link or len(link) > MAX_LINK:
        return None
    try:
        return canonical_url(urljoin(base, link))
    # Python's own parser, and the one of international names, raise several kinds of it.
    except ValueError:
        return None


def _clean_entry(entry: Entry, base: str, now: float) -> Entry:
    url = absolute_url(base, entry.url)
    if url and not (urlsplit(url).path.strip("/") or urlsplit(url).query):
        # The site's front page is no article.
        url = None
    latest = datetime.fromtimestamp(now, UTC) + timedelta(days=1)
    is_plausible = "1990" < instant(entry.published_at) < utc_text(latest)
    return replace(
        entry,
        url=url or "",
        guid=_short_id(entry.guid),
        updated=_short_id(entry.updated),
        published_at=entry.published_at if is_plausible else "",
    )


def _short_id(text: str) -> str:
    return text if len(text) <= MAX_ID else f"sha256:{hash_fields(text)}"
