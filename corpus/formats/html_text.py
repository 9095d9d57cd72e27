"""Parses untrusted HTML within limits, and extracts the text of markup that is all article (chapters, emails)."""

import codecs
import re

from lxml import etree, html

from corpus.errors import UnreadableSource

# Long articles have some thousand tags, live blogs up to 20,000. With this many, the slowest markup costs extraction at
# most 4 s and 250 MB (measured on 5 MB of lists, breaks, links, metas); 100,000 take 25 s.
MAX_TAGS = 40_000
# The encodings that browsers decode (WHATWG Encoding, 4.2), by their names in Python.
_CHARSET = re.compile(
    r"cp125\d|cp866|cp874|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)|gbk|gb2312|gb18030|big5|euc_jp|euc_kr|shift_jis"
    r"|iso2022_jp|utf-16(?:-[lb]e)?|ascii"
)
_SPACE = re.compile(r"\s+")
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead title tr ul".split()
)
_SKIPPED = frozenset("head script style template noscript svg math object iframe select textarea button".split())
_HEADINGS = frozenset({"h1", "h2", "h3"})


def bounded_markup(markup: str) -> str:
    """Return the markup unchanged.

    Raises:
        UnreadableSource: it has more than `MAX_TAGS` tags.
    """
    if markup.count("<") > MAX_TAGS:
        raise UnreadableSource("The page has too much markup for an article.", "Save the article's text as a file.")
    return markup


def known_charset(name: str) -> str | None:
    """Return Python's name of an encoding, or None if browsers don't decode it."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    # Browsers decode Latin-1 and ASCII as their superset, too.
    if known in {"iso8859-1", "ascii"}:
        return "cp1252"
    return known if _CHARSET.fullmatch(known) else None


def parse_html(text: str) -> html.HtmlElement:
    """Return a page as an lxml tree.

    Raises:
        UnreadableSource: there is no markup in it.
    """
    try:
        # Bytes, since lxml refuses text that states an encoding.
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource("This web page can't be parsed.", "Save the article's own page, or its text.") from error


def extract_text(markup: str) -> tuple[str | None, str]:
    """Return the first heading and the whole text, one paragraph per block element.

    Raises:
        UnreadableSource: no markup, or too much of it.
    """
    tree = parse_html(bounded_markup(markup))
    paragraphs: list[str] = []
    pieces: list[str] = []
    heading: str | None = None
    skip_depth = 0

    def close() -> str:
        paragraph = _SPACE.sub(" ", "".join(pieces)).strip()
        pieces.clear()
        if paragraph:
            paragraphs.append(paragraph)
        return paragraph

    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else None
        if event == "start":
            skip_depth += name in _SKIPPED
            if name in _BLOCKS:
                close()
            pieces.append("" if skip_depth else element.text or "")
            continue
        if event == "end":
            skip_depth -= name in _SKIPPED
            if name in _BLOCKS:
                closed = close()
                heading = heading or (closed if name in _HEADINGS and closed else None)
        pieces.append("" if skip_depth else element.tail or "")
    close()
    return heading, "\n\n".join(paragraphs)
