"""Extracts plain text from feed entries, which have HTML, escaped or not."""

import re

from lxml import etree, html

from corpus.formats.crowded_tags import has_crowded_tag
from corpus.normalize import clean_body, clean_line

# No entry of an article or its summary is longer.
MAX_CHARACTERS = 200_000
MAX_TITLE = 500
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--|<!\[CDATA\[|&(?:#?\w{1,10});")
_BLOCKS = frozenset(
    "p div br li ul ol table tr blockquote h1 h2 h3 h4 h5 h6 section article pre figure figcaption hr dd dt".split()
)
_HIDDEN = frozenset({"script", "style", "noscript", "template", "iframe", "figcaption"})


def plain_line(text: str) -> str:
    """Return a title or name without markup, on one line."""
    text = text[: 4 * MAX_TITLE]
    # Titles are often escaped twice.
    for _ in range(2):
        if _MARKUP.search(text):
            text = _text_of(text)
    return clean_line(text)[:MAX_TITLE]


def plain_text(text: str) -> str:
    """Return a text without markup, its paragraphs separated by an empty line."""
    text = text[:MAX_CHARACTERS]
    return clean_body(_text_of(text) if _MARKUP.search(text) else text)


def _text_of(markup: str) -> str:
    if has_crowded_tag(markup):
        return ""
    try:
        parser = html.HTMLParser(encoding="utf-8")
        tree = html.document_fromstring(f"<div>{markup}</div>".encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    parts: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if not isinstance(tag, str):
            parts.append(element.tail or "")
            continue
        if event == "start":
            parts.append("\n\n" if tag in _BLOCKS and tag != "br" else "\n" if tag == "br" else "")
            parts.append("" if tag in _HIDDEN else element.text or "")
        else:
            parts.append("\n\n" if tag in _BLOCKS and tag != "br" else "")
            parts.append(element.tail or "")
    return "".join(parts)
