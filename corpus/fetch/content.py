"""Checks by status, media type and first bytes that a response is a page, and decodes it."""

import re
from typing import Literal

from corpus.errors import BadStatus, UnreadableSource
from corpus.fetch.download import Download, Head
from corpus.formats.html_text import bounded_markup, decode_markup

ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.8"

_STATUSES = {
    401: "The page requires a login",
    402: "The page requires payment",
    403: "The site doesn't let programs read this page",
    404: "There is no page at this link",
    408: "The site took too long",
    410: "The site removed this page",
    429: "The site received too many requests",
    451: "The site can't show this page for legal reasons",
    503: "The site is temporarily unavailable",
}
_TEMPORARY = frozenset({408, 425, 429})
# Media types that may be pages; the first bytes decide.
_PAGE_TYPES = frozenset({
    "", "text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml", "application/octet-stream",
    "binary/octet-stream", "unknown/unknown", "application/unknown", "application/x-unknown",
})  # fmt: skip
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_NAMES = (("application/pdf", "a PDF"), ("image/", "a picture"), ("video/", "a video"), ("audio/", "an audio file"))
_IS_FEED = "This is a feed of many articles, not one article."
_PAGE_HINT = "Use the link of the article's own page."
_FILE_HINT = "Download it, save its text and add the file."

# The tags by which browsers recognise HTML (WHATWG MIME Sniffing, 7.1).
_HTML = re.compile(
    r"(?:\s|<!--(?:(?!-->).)*-->|<\?xml[^>]*>)*+"
    r"<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body"
    r"|br|p|meta|link|article|main)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<(?:\?xml|rss|feed|rdf:|urlset|sitemapindex|[a-z]+:)", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|rdf:rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_SNIFFED = 2_048


def check_head(head: Head) -> None:
    """Refuse a response whose status or media type can't be that of an article.

    Raises:
        BadStatus: an error, or no content.
        UnreadableSource: a picture, a feed, or another file.
    """
    if head.status not in {200, 203}:
        raise status_error(head)
    if head.media_type in _FEED_TYPES:
        raise UnreadableSource(_IS_FEED, _PAGE_HINT)
    if head.media_type not in _PAGE_TYPES:
        kind = next((name for prefix, name in _NAMES if head.media_type.startswith(prefix)), "a file, not a web page")
        raise UnreadableSource(f"The link leads to {kind} ({head.media_type[:60]}).", _FILE_HINT)


def to_text(page: Download) -> tuple[str, Literal["page", "plain"]]:
    """Return the text of a response, and whether it is HTML or plain text.

    Raises:
        UnreadableSource: binary data, other XML, a feed, or an empty page, whatever the stated media type.
    """
    text = decode_page(page)
    if not text.strip():
        raise UnreadableSource("The page is empty.", _PAGE_HINT)
    if _HTML.match(text[:_SNIFFED]):
        return bounded_markup(text), "page"
    if _XML.match(text[:_SNIFFED]) and "<html" not in text[:_SNIFFED].lower():
        is_feed = _FEED.search(text[:_SNIFFED])
        raise UnreadableSource(_IS_FEED if is_feed else "This is XML data, not a page.", _PAGE_HINT)
    return (bounded_markup(text), "page") if "html" in page.head.media_type else (text, "plain")


def decode_page(page: Download) -> str:
    """Decode by byte order mark, else as UTF-8, else by the header, else by the markup, else by a guess."""
    return decode_markup(page.body, page.head.charset)


def status_error(head: Head) -> BadStatus:
    """Return the error for a response whose status isn't a success."""
    status, after = head.status, head.headers.get("retry-after", "")
    reason = _STATUSES.get(status)
    if status in {429, 503}:
        wait = f"{int(after):,} seconds" if after.isascii() and after.isdigit() and len(after) < 7 else "a while"
        return BadStatus(f"{reason} (status {status}).", f"Try again in {wait}.", status, after)
    if reason is None:
        reason = "The site has an error" if status >= 500 else "The site returns no page for this link"
    hint = "Try again later." if status >= 500 or status in _TEMPORARY else "Check the link."
    return BadStatus(f"{reason} (status {status}).", hint, status, after)
