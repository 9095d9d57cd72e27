"""Reads what was got from a feed's address, whatever its format, and makes the entries of all formats alike."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from corpus.errors import UnreadableSource
from corpus.feeds.feed import Entry, Listing
from corpus.feeds.json_feed import read_json_feed
from corpus.feeds.rss import read_syndicated
from corpus.feeds.sitemap import read_sitemap, unpacked
from corpus.fetch.content import decoded
from corpus.fetch.download import Download
from corpus.formats.html_text import page_tree
from corpus.formats.urls import canonical_url
from corpus.timestamps import utc_text

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9,"
    " application/json;q=0.8, */*;q=0.1"
)
# Larger listings are cut to the newest: nobody polls an archive. News sitemaps have at most as many by their rules.
MOST_ENTRIES = 1_000
# A sitemap of the largest size allowed has 50,000 addresses of four elements each.
MOST_TAGS = 420_000
_SITEMAP = re.compile(r"<(?:\w{1,20}:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_FEED = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_ENTITIES = re.compile(r"<!DOCTYPE[^>\[]{0,2000}\[|<!ENTITY", re.IGNORECASE)
_SNIFFED = 4_096
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_HINT = "Give the address of an RSS, Atom or JSON feed, or of a sitemap."


def read_listing(got: Download, now: float) -> Listing:
    """Return what a feed lists.

    Args:
        got: the response.
        now: seconds since 1970; dates after it are none.

    Raises:
        UnreadableSource: it is no feed, or one that is made to do harm.
    """
    text = decoded(replace(got, body=unpacked(got.body))).lstrip("\ufeff \t\r\n")
    start, url = text[:_SNIFFED], got.head.url
    if text.startswith("{"):
        listing = read_json_feed(text, url)
    else:
        _check_markup(text)
        if _SITEMAP.search(start):
            listing = read_sitemap(text)
        elif _FEED.search(start):
            listing = read_syndicated(text, url)
        else:
            raise UnreadableSource(_no_feed(start), _HINT)
    return replace(listing, entries=_alike(listing.entries, url, now)[:MOST_ENTRIES])


def feeds_of_page(got: Download) -> list[str]:
    """Return the addresses of the feeds that a web page names as its own; none where it is no page."""
    text = decoded(got)
    if not _PAGE.search(text[:_SNIFFED]):
        return []
    try:
        tree = page_tree(text)
    except UnreadableSource:
        return []
    links = tree.xpath("//link[@href and contains(concat(' ', @rel, ' '), ' alternate ')]")
    found = [urljoin(got.head.url, str(link.get("href"))) for link in links if link.get("type") in _FEED_TYPES]
    return [url for url in map(canonical_url, found) if url]


def _check_markup(text: str) -> None:
    if _ENTITIES.search(text):
        raise UnreadableSource("The feed declares entities, which no feed needs and some use to do harm.", _HINT)
    if text.count("<") > MOST_TAGS:
        raise UnreadableSource("The feed has more markup in it than any feed needs.", _HINT)


def _no_feed(start: str) -> str:
    return "This is a web page, not a feed." if _PAGE.search(start) else "This is no feed that can be read."


def _alike(entries: Iterable[Entry], base: str, now: float) -> tuple[Entry, ...]:
    """Entries with whole addresses and possible dates, each once, newest first where all state a date."""
    cleaned = [_cleaned(entry, base, now) for entry in entries]
    guids = Counter(entry.guid for entry in cleaned)
    updates = {entry.updated for entry in cleaned}
    kept: dict[str, Entry] = {}
    for entry in cleaned:
        # An id that several entries have tells nothing, nor does a time of change that all of them have.
        guid = entry.guid if guids[entry.guid] == 1 else ""
        updated = "" if len(updates) == 1 and len(cleaned) > 2 else entry.updated
        one = replace(entry, guid=guid, updated=updated)
        if one.url or one.title or one.text:
            kept.setdefault(one.key, one)
    found = list(kept.values())
    if all(entry.published_at for entry in found):
        found.sort(key=lambda entry: entry.published_at, reverse=True)
    return tuple(found)


def _cleaned(entry: Entry, base: str, now: float) -> Entry:
    try:
        url = canonical_url(urljoin(base, entry.url)) if entry.url else None
    except ValueError:
        url = None
    if url and not (urlsplit(url).path.strip("/") or urlsplit(url).query):
        # The site's front page is no article's address.
        url = None
    latest = datetime.fromtimestamp(now, UTC) + timedelta(days=1)
    possible = "1990" < entry.published_at < utc_text(latest)
    return replace(entry, url=url or "", published_at=entry.published_at if possible else "")
