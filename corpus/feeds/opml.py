"""Lists of feeds as other programs keep them: OPML 2.0, read and written."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from defusedxml import DefusedXmlException, ElementTree

from corpus.errors import BadInput
from corpus.feeds.feed import Feed
from corpus.normalize import clean_line

MOST_FEEDS = 5_000
_HINT = "Export the list of feeds as OPML from the program that has it."


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list."""

    url: str
    title: str


def read_opml(raw: bytes) -> list[Outline]:
    """Return the feeds of a list, each once, whatever folders they are in.

    Raises:
        BadInput: it is no OPML, or names more than 5,000 feeds.
    """
    try:
        root = ElementTree.fromstring(raw, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadInput("This is no OPML file that can be read.", _HINT) from error
    if root.tag.lower() != "opml":
        raise BadInput("This is no OPML file.", _HINT)
    found: dict[str, Outline] = {}
    for element in root.iter("outline"):
        fields = {name.lower(): value for name, value in element.attrib.items()}
        url = fields.get("xmlurl", "").strip()
        if url:
            found.setdefault(url, Outline(url, clean_line(fields.get("title") or fields.get("text") or "")))
    if len(found) > MOST_FEEDS:
        raise BadInput(f"The list names {len(found):,} feeds; {MOST_FEEDS:,} are the most.", "Split it.")
    return list(found.values())


def write_opml(feeds: Iterable[Feed]) -> str:
    """Return a list of feeds as an OPML document."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += ["  <head><title>Feeds of Attaché</title></head>", "  <body>"]
    for feed in feeds:
        name = escape(clean_line(feed.name))
        lines.append(f'    <outline type="rss" text="{name}" title="{name}" xmlUrl="{escape(feed.url)}"/>')
    return "\n".join([*lines, "  </body>", "</opml>", ""])
