"""Parses untrusted HTML within limits, and extracts the text of markup that is all article (chapters, emails)."""

import re

from lxml import etree, html

from corpus.charset import decode_stated
from corpus.errors import UnreadableSource
from corpus.formats.crowded_tags import has_crowded_tag
from corpus.formats.inline_marks import BLOCKS, mark_struck_classes, settle_inline_marks
from corpus.formats.unseen_text import drop_apart, drop_unseen
from corpus.formats.xpath import compile_path

# Long articles have some thousand tags, live blogs up to 20,000. With this many, the slowest markup costs extraction at
# most 4 s and 250 MB (measured on 5 MB of lists, breaks, links, metas); 100,000 take 25 s.
MAX_TAGS = 40_000
# Elements with text between them under one parent; a paragraph has dozens. Extraction takes quadratic time on them:
# 1,000 take 0.1 s, 4,000 take 2 s, 19,000 take minutes. Line breaks cost it little.
MAX_TURNS = 1_000
# Inline elements under one parent, with or without text between: 4,000 take 0.1 s, 19,000 take 3 s.
MAX_INLINE = 4_000
# Whether any element has so many children, of all kinds.
_HAS_MANY_CHILDREN = compile_path(f"boolean(//node()[{MAX_TURNS + 1}])")
_TOO_MUCH, _SAVE_TEXT = "The page has too much markup for an article.", "Save the article's text as a file."
# The encoding that a page states: browsers look into the first 1,024 bytes, but many pages state it later.
_PAGE_CHARSET = re.compile(
    rb"(?:<meta\s[^>]{0,200}charset\s{0,9}|^\s{0,99}<\?xml\s[^>]{0,100}encoding\s{0,9})=\s{0,9}[\"']?\s{0,9}([\w.:()-]{2,40})",
    re.IGNORECASE,
)
_CHARSET_WITHIN = 4_096
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_SPACE = re.compile(r"\s+")
_SKIPPED = frozenset("head script style template noscript svg math object iframe select textarea button".split())
_HEADINGS = frozenset({"h1", "h2", "h3"})


def bounded_markup(markup: str) -> str:
    """Return the markup unchanged.

    Raises:
        UnreadableSource: it has more than `MAX_TAGS` tags, or one with too many attributes.
    """
    if markup.count("<") > MAX_TAGS or has_crowded_tag(markup):
        raise UnreadableSource(_TOO_MUCH, _SAVE_TEXT)
    return markup


def check_turns(tree: html.HtmlElement) -> None:
    """Check that text and elements don't take turns too often under one parent, and that not too many lie in a row.

    Raises:
        UnreadableSource: they do so more than `MAX_TURNS` times, or it has more than `MAX_INLINE` inline elements.
    """
    # In a tenth of the time of a look at each element.
    for parent in tree.iter(etree.Element) if _HAS_MANY_CHILDREN(tree) else ():
        if len(parent) <= MAX_TURNS:
            continue
        turns = sum(1 for each in parent if each.tag != "br" and (each.tail or "").strip())
        inline = sum(1 for each in parent if each.tag not in BLOCKS)
        if turns > MAX_TURNS or inline > MAX_INLINE:
            raise UnreadableSource(_TOO_MUCH, _SAVE_TEXT)


def decode_markup(raw: bytes, stated: str | None = None, warnings: list[str] | None = None) -> str:
    """Return the text of a page, decoded as `decode_stated` does.

    Args:
        raw: the page's bytes.
        stated: the encoding that the response's headers state; it counts before the one that the page states.
        warnings: as for `decode_stated`.

    Raises:
        UnreadableSource: the bytes are not text.
    """
    in_page = _PAGE_CHARSET.search(_COMMENT.sub(b"", raw[:_CHARSET_WITHIN]))
    labels = (stated, in_page[1].decode("ascii", "replace") if in_page else None)
    return decode_stated(raw, *labels, warnings=warnings)


def stated_charset(content_type: str) -> str | None:
    """Return the `charset` parameter of a `Content-Type` header (RFC 9110, 8.3.1), None if there is none."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \t\"'") or None
    return None


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
    drop_unseen(tree)
    drop_apart(tree)
    mark_struck_classes(tree)
    settle_inline_marks(tree)
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
            if name in BLOCKS:
                close()
            pieces.append("" if skip_depth else element.text or "")
            continue
        if event == "end":
            skip_depth -= name in _SKIPPED
            if name in BLOCKS:
                closed = close()
                heading = heading or (closed if name in _HEADINGS and closed else None)
        pieces.append("" if skip_depth else element.tail or "")
    close()
    return heading, "\n\n".join(paragraphs)
