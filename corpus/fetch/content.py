"""Tells by status, stated type and first bytes whether a response is a page to read, and makes text of it."""

import codecs
import re
from typing import Literal

from corpus.charset import decode
from corpus.errors import BadStatus, UnreadableSource
from corpus.fetch.download import Download, Head
from corpus.formats.html_text import bounded_markup, known_charset

ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.8"

Kind = Literal["page", "plain"]

_STATUSES = {
    401: "The site shows this page only to those who log in",
    402: "The site shows this page only to those who pay",
    403: "The site does not let this page be read by programs",
    404: "There is no page at this link",
    408: "The site took too long",
    410: "The page was removed by its site",
    429: "The site was asked too often and wants us to wait",
    451: "The site may not show this page for legal reasons",
    503: "The site is out of service for now",
}
_LATER = frozenset({408, 425, 429})
# Where the sender does not know better, the first bytes decide.
_READ = frozenset({
    "", "text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml", "application/octet-stream",
    "binary/octet-stream", "unknown/unknown", "application/unknown", "application/x-unknown",
})  # fmt: skip
_FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_NAMES = (("application/pdf", "a PDF"), ("image/", "a picture"), ("video/", "a film"), ("audio/", "a sound recording"))
_PAGE_HINT = "Give the link of the article's own page."
_FILE_HINT = "Download it, save its text and take in the file."

# The tags by which browsers know a page (WHATWG MIME Sniffing, 7.1).
_HTML = re.compile(
    r"(?:\s|<!--(?:(?!-->).)*-->|<\?xml[^>]*>)*+"
    r"<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body"
    r"|br|p|meta|link|article|main)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<(?:\?xml|rss|feed|rdf:|urlset|sitemapindex|[a-z]+:)", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|rdf:rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_SNIFFED = 2_048
_OWN_CHARSET = re.compile(
    rb"(?:<meta[^>]{0,200}charset|^\s*<\?xml[^>]{0,100}encoding)=[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE
)


def check_head(head: Head) -> None:
    """Refuses what the status or the stated type say is no article.

    Raises:
        BadStatus: an error, or no content.
        UnreadableSource: a picture, a feed, or the like.
    """
    if head.status not in {200, 203}:
        raise bad_status(head)
    if head.media_type in _FEEDS:
        raise UnreadableSource("This is a feed of many articles, not one article.", _PAGE_HINT)
    if head.media_type not in _READ:
        kind = next((name for prefix, name in _NAMES if head.media_type.startswith(prefix)), "no web page")
        raise UnreadableSource(f"The link leads to {kind} ({head.media_type[:60]}).", _FILE_HINT)


def to_text(page: Download) -> tuple[str, Kind]:
    """Return the text of a response, and whether it is the markup of a page or plain text.

    Raises:
        UnreadableSource: binary data or a feed, whatever type was stated.
    """
    text = decoded(page)
    if not text.strip():
        raise UnreadableSource("The page is empty.", _PAGE_HINT)
    if _HTML.match(text[:_SNIFFED]):
        return bounded_markup(text), "page"
    if _XML.match(text[:_SNIFFED]) and "<html" not in text[:_SNIFFED].lower():
        is_feed = _FEED.search(text[:_SNIFFED])
        what = "a feed of many articles, not one article" if is_feed else "data in XML, not a page"
        raise UnreadableSource(f"This is {what}.", _PAGE_HINT)
    return (bounded_markup(text), "page") if "html" in page.head.media_type else (text, "plain")


def decoded(page: Download) -> str:
    """Decode by byte order mark or UTF-8, else as the header states, else as the content does, else by a guess."""
    body, stated = page.body, page.head.charset
    if body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(body)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        in_page = _OWN_CHARSET.search(body[:4096])
        for name in (stated, in_page[1].decode("ascii") if in_page else ""):
            charset = known_charset(name)
            # Decoders of one byte a letter take anything; what is no text must not pass as such.
            if charset and b"\0" not in body[:4096]:
                return body.decode(charset, "replace").replace("\0", "")
    return decode(body)


def bad_status(head: Head) -> BadStatus:
    """Return what to tell of a response that is no success."""
    status, after = head.status, head.headers.get("retry-after", "")
    reason = _STATUSES.get(status)
    if status in {429, 503}:
        wait = f"{int(after):,} seconds" if after.isascii() and after.isdigit() and len(after) < 7 else "a while"
        return BadStatus(f"{reason} (status {status}).", f"Try again in {wait}.", status, after)
    if reason is None:
        reason = "The site has an error" if status >= 500 else "The site gives no page for this link"
    is_passing = status >= 500 or status in _LATER
    hint = "Try again later." if is_passing else "Check the link."
    return BadStatus(f"{reason} (status {status}).", hint, status, after)
