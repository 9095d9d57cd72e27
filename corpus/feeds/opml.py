"""Reads and writes lists of feeds as OPML 2.0, the format of other feed readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from defusedxml import DefusedXmlException, ElementTree

from corpus.errors import BadInput
from corpus.feeds.feed import Feed
from corpus.normalize import clean_line

MAX_FEEDS = 5_000
_HINT = "Export the feeds as OPML from your feed reader."


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One feed of a list."""

    url: str
    title: str


def read_opml(raw: bytes) -> list[OpmlFeed]:
    """Return the distinct feeds of a list from all its folders.

    Raises:
        BadInput: it is not OPML, or has more than 5,000 feeds.
    """
    try:
        root = ElementTree.fromstring(raw, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadInput("This OPML file can't be read.", _HINT) from error
    if root.tag.lower() != "opml":
        raise BadInput("This isn't an OPML file.", _HINT)
    found: dict[str, OpmlFeed] = {}
    for element in root.iter("outline"):
        fields = {name.lower(): value for name, value in element.attrib.items()}
        url = fields.get("xmlurl", "").strip()
        if url:
            found.setdefault(url, OpmlFeed(url, clean_line(fields.get("title") or fields.get("text") or "")))
    if len(found) > MAX_FEEDS:
        raise BadInput(f"The list has {len(found):,} feeds; at most {MAX_FEEDS:,} are allowed.", "Split it.")
    return list(found.values())


def write_opml(feeds: Iterable[Feed]) -> str:
    """Return a list of feeds as an OPML document."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += ["  <head><title>Feeds of Attaché</title></head>", "  <body>"]
    for feed in feeds:
        name = escape(clean_line(feed.name))
        lines.append(f'    <outline type="rss" text="{name}" title="{name}" xmlUrl="{escape(feed.url)}"/>')
    return "\n".join([*lines, "  </body>", "</opml>", ""])
