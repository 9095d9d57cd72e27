"""Reads JSON feeds (jsonfeed.org, versions 1 and 1.1)."""

from typing import Any

from corpus.errors import UnreadableSource
from corpus.feeds.entry_dates import EntryDates
from corpus.feeds.entry_text import plain_line, plain_text
from corpus.feeds.feed import Entry, FeedKind, Listing
from corpus.feeds.feed_markup import MAX_CHARACTERS, MAX_LISTED, MAX_TAGS
from corpus.json_text import parse_json, without_surrogates

# Their names are cut to 200 characters.
_MAX_PEOPLE = 100
_HINT = "Use the link of an RSS, Atom or JSON feed, or of a sitemap."


def read_json_feed(text: str, url: str) -> Listing:
    """Return the listing of a JSON feed.

    Raises:
        UnreadableSource: it is not a JSON feed, or too large.
    """
    # Every object takes many times its text in memory.
    if len(text) > MAX_CHARACTERS or text.count("{") + text.count("[") > MAX_TAGS:
        raise UnreadableSource("The feed is too large.", "Ask its site for a feed of its latest articles.")
    try:
        found: Any = parse_json(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(f"The JSON at {url[:100]} can't be read.", _HINT) from error
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        raise UnreadableSource("This is JSON, but not a JSON feed.", _HINT)
    dates = EntryDates()
    entries = tuple(_entry(each, dates) for each in items[:MAX_LISTED] if isinstance(each, dict))
    return Listing(FeedKind.JSON, plain_line(_text(found, "title")), entries)


def _entry(item: dict[str, Any], dates: EntryDates) -> Entry:
    content = _text(item, "content_text") or plain_text(_text(item, "content_html"))
    return Entry(
        guid=_text(item, "id").strip(),
        url=_text(item, "url").strip() or _text(item, "external_url").strip(),
        title=plain_line(_text(item, "title")),
        text=plain_text(content or _text(item, "summary")),
        author=_author(item),
        published_at=dates.parse(_text(item, "date_published")),
        updated=_text(item, "date_modified"),
    )


def _author(item: dict[str, Any]) -> str:
    listed = item.get("authors")
    people = listed[:_MAX_PEOPLE] if isinstance(listed, list) else [item.get("author")]
    names = (plain_line(_text(each, "name")) for each in people if isinstance(each, dict))
    return ", ".join(filter(None, names))[:200]


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return without_surrogates(value) if isinstance(value, str) else ""
