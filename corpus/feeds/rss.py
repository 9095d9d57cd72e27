"""Reads RSS and Atom."""

import io
from typing import Any

from corpus.errors import UnreadableSource
from corpus.feeds.entry_dates import EntryDates
from corpus.feeds.entry_text import plain_line, plain_text
from corpus.feeds.feed import Entry, FeedKind, Listing
from corpus.feeds.feed_markup import bounded_feed

# A feed can ask for no longer interval between polls.
MAX_LEAST_S = 6 * 3600
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 7 * 86400}


def read_rss(text: str, url: str) -> Listing:
    """Return the listing of an RSS or Atom feed; links are resolved against `url`.

    Raises:
        UnreadableSource: it is neither, or too large.
    """
    import feedparser  # noqa: PLC0415 - takes 100 ms to import

    bounded = bounded_feed(text)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        found = feedparser.parse(
            io.BytesIO(bounded.encode("utf-8", "replace")),
            response_headers=headers,
            # HTML becomes plain text here, so it needs no sanitizing.
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    # feedparser raises these for malicious markup.
    except (ValueError, RecursionError, ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise UnreadableSource(f"The feed can't be read ({type(error).__name__}).", "Try again later.") from error
    version = str(found.get("version") or "")
    if not version and not found.entries:
        raise UnreadableSource("The feed can't be read: its markup is broken.", "Try again later.")
    kind = FeedKind.ATOM if version.startswith("atom") else FeedKind.RSS
    title = plain_line(_text(found.feed, "title"))
    dates = EntryDates()
    entries = tuple(_entry(each, kind, dates) for each in found.entries)
    return Listing(kind, title, entries, least_s=min(MAX_LEAST_S, _min_interval_s(found.feed)))


def _entry(found: Any, kind: FeedKind, dates: EntryDates) -> Entry:  # noqa: ANN401 - the library has no types
    contents = [str(each.get("value") or "") for each in found.get("content") or ()]
    text = max([*contents, _text(found, "summary")], key=len)
    return Entry(
        guid=_text(found, "id").strip(),
        url=_text(found, "link").strip(),
        title=plain_line(_text(found, "title")),
        text=plain_text(text),
        author=plain_line(_text(found, "author")),
        publisher=plain_line(_text(found.get("source") or {}, "title")),
        published_at=_date(found, dates),
        # In RSS it is the date of publication.
        updated=_text(found, "updated") if kind is FeedKind.ATOM else "",
    )


def _date(found: Any, dates: EntryDates) -> str:  # noqa: ANN401
    stated = dates.parse(_text(found, "published")) or dates.parse(_text(found, "created"))
    if stated or "published" in found:
        return stated
    return dates.parse(_text(found, "updated"))


def _text(found: Any, name: str) -> str:  # noqa: ANN401
    # Without the `in`, feedparser substitutes one field for another.
    value = found.get(name) if name in found else None
    return value if isinstance(value, str) else ""


def _min_interval_s(feed: Any) -> int:  # noqa: ANN401
    """Return the seconds between polls that the feed asks for, by RSS' `ttl` (minutes) or the syndication module."""
    ttl = _text(feed, "ttl").strip()
    if ttl.isascii() and ttl.isdigit() and len(ttl) < 7:
        return int(ttl) * 60
    period = _PERIODS.get(_text(feed, "sy_updateperiod").strip().lower(), 0)
    frequency = _text(feed, "sy_updatefrequency").strip()
    times = int(frequency) if frequency.isascii() and frequency.isdigit() and len(frequency) < 5 else 1
    return period // max(1, times)
