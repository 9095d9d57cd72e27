"""Plain text of what feeds carry as HTML, escaped or not."""

import re

from lxml import etree, html

from corpus.normalize import clean_body, clean_line

# Longer is no summary, and no article that is read in one go.
MOST_CHARACTERS = 200_000
LONGEST_TITLE = 500
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--|<!\[CDATA\[|&(?:#?\w{1,10});")
_BLOCKS = frozenset(
    "p div br li ul ol table tr blockquote h1 h2 h3 h4 h5 h6 section article pre figure figcaption hr dd dt".split()
)
_SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "figcaption"})


def plain_line(text: str) -> str:
    """Return a title or a name without markup, on one line."""
    text = text[: 4 * LONGEST_TITLE]
    # Twice: titles are often escaped once more than the format asks for.
    for _ in range(2):
        if _MARKUP.search(text):
            text = _text_of(text)
    return clean_line(text)[:LONGEST_TITLE]


def plain_text(text: str) -> str:
    """Return a text without markup, an empty line between its paragraphs."""
    text = text[:MOST_CHARACTERS]
    return clean_body(_text_of(text) if _MARKUP.search(text) else text)


def _text_of(markup: str) -> str:
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
            parts.append("" if tag in _SILENT else element.text or "")
        else:
            parts.append("\n\n" if tag in _BLOCKS and tag != "br" else "")
            parts.append(element.tail or "")
    return "".join(parts)
