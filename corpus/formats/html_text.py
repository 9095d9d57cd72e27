"""Text out of HTML that holds nothing but the text: chapters and letters; bounds on markup for every reader of it."""

import codecs
import re

from lxml import etree, html

from corpus.errors import UnreadableSource

# Long articles have some thousand tags, live blogs up to 20,000. Up to this many, even markup made to be slow takes the
# extraction of text no more than 4 s and 250 MB (measured on 5 MB of lists, breaks, links, metas); 100,000 take 25 s.
MOST_TAGS = 40_000
# What browsers decode (WHATWG Encoding, 4.2), by Python's names. Others are slow or no charset at all.
_CHARSET = re.compile(
    r"cp125\d|cp866|cp874|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)|gbk|gb2312|gb18030|big5|euc_jp|euc_kr|shift_jis"
    r"|iso2022_jp|utf-16(?:-[lb]e)?|ascii"
)
_SPACE = re.compile(r"\s+")
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead title tr ul".split()
)
_UNREAD = frozenset("head script style template noscript svg math object iframe select textarea button".split())
_HEADINGS = frozenset({"h1", "h2", "h3"})


def bounded_markup(markup: str) -> str:
    """The markup itself.

    Raises:
        UnreadableSource: it has more tags than an article has.
    """
    if markup.count("<") > MOST_TAGS:
        raise UnreadableSource(
            "The page has more markup in it than an article has.", "Save the article's text as a file."
        )
    return markup


def known_charset(name: str) -> str | None:
    """Python's name of an encoding that a page or a letter states; None for what browsers don't decode."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    # Browsers read Latin-1 and ASCII as the superset of both.
    if known in {"iso8859-1", "ascii"}:
        return "cp1252"
    return known if _CHARSET.fullmatch(known) else None


def page_tree(text: str) -> html.HtmlElement:
    """Return the markup of a page as a tree.

    Raises:
        UnreadableSource: there is no markup in it.
    """
    try:
        # Bytes, since lxml refuses text that states an encoding.
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(
            "This is no web page that can be read.", "Save the article's own page, or its text."
        ) from error
    return tree


def markup_text(markup: str) -> tuple[str | None, str]:
    """Return the first heading, and all text with one paragraph for each block, in markup that is all article.

    Raises:
        UnreadableSource: no markup, or too much of it.
    """
    tree = page_tree(bounded_markup(markup))
    paragraphs: list[str] = []
    pieces: list[str] = []
    heading: str | None = None
    unread = 0

    def close() -> str:
        paragraph = _SPACE.sub(" ", "".join(pieces)).strip()
        pieces.clear()
        if paragraph:
            paragraphs.append(paragraph)
        return paragraph

    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else None
        if event == "start":
            unread += name in _UNREAD
            if name in _BLOCKS:
                close()
            pieces.append("" if unread else element.text or "")
            continue
        if event == "end":
            unread -= name in _UNREAD
            if name in _BLOCKS:
                closed = close()
                heading = heading or (closed if name in _HEADINGS and closed else None)
        pieces.append("" if unread else element.tail or "")
    close()
    return heading, "\n\n".join(paragraphs)
