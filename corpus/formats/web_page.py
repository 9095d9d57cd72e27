"""Parses web pages: extracts the article text and the metadata of the markup."""

import re
from collections.abc import Iterator

from lxml import etree, html

from corpus.article import Draft
from corpus.charset import decode
from corpus.dates import parse_published
from corpus.errors import UnreadableSource
from corpus.formats.fields import checked_url
from corpus.formats.html_text import bounded_markup, known_charset, parse_html
from corpus.formats.urls import canonical_url

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')
_META_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "date",
    "pubdate", "publishdate", "publish-date", "publication_date", "dc.date", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "sailthru.date", "parsely-pub-date", "citation_publication_date",
)  # fmt: skip
# On a page without an article, extraction falls back to menus and notices, whose lines are shorter.
_MIN_LONGEST_LINE = 40
_HINT = "Save the article's own page, or its text."
# Elements without article text. Extraction drops them itself, but late: dropping them first halves the time of a page
# with menus of 200 links.
_NO_TEXT = (
    "//nav | //footer | //style | //svg | //iframe | //button | //select | //input | //label"
    " | //script[not(contains(@type, 'json'))]"
)


def parse_page(raw: bytes) -> Draft:
    """Return the draft of one HTML page, dated only if the markup states a publication date.

    Raises:
        UnreadableSource: binary data, not HTML, or no article text.
    """
    text = bounded_markup(_decode(raw))
    tree = parse_html(text)
    found = _extract(text)
    body = getattr(found, "text", None) or ""
    if max(map(len, body.split("\n"))) < _MIN_LONGEST_LINE:
        raise UnreadableSource("No article text was found in this page.", _HINT)
    warnings: list[str] = []
    return Draft(
        body=body,
        title=_field(found, "title"),
        url=_canonical(tree) or checked_url(_field(found, "url"), warnings),
        publisher=_field(found, "sitename"),
        author=_field(found, "author"),
        published_at=next(filter(None, map(parse_published, _stated_dates(tree))), None),
        language=_language(tree),
        warnings=tuple(warnings),
    )


def _decode(raw: bytes) -> str:
    """Decode as UTF-8, else by the encoding that the page states, else by a guess."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        stated = _CHARSET.search(raw[:4096])
        charset = known_charset(stated[1].decode("ascii")) if stated else None
        # Single-byte encodings decode anything, so don't let binary data through.
        if charset and b"\0" not in raw:
            return raw.decode(charset, "replace")
    return decode(raw)


def _extract(text: str) -> object:
    import trafilatura  # noqa: PLC0415 - takes 300 ms to import

    try:
        page = trafilatura.load_html(text)
        for element in page.xpath(_NO_TEXT) if page is not None else ():
            if element.getparent() is not None:
                element.drop_tree()
        return trafilatura.bare_extraction(
            page,
            with_metadata=True,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except (RecursionError, ValueError, TypeError, AttributeError, etree.LxmlError) as error:
        # trafilatura leaks these on malformed pages.
        raise UnreadableSource("No article text was found in this page.", _HINT) from error


def _field(found: object, name: str) -> str | None:
    value = getattr(found, name, None)
    return value.strip() or None if isinstance(value, str) else None


def _canonical(tree: html.HtmlElement) -> str | None:
    stated = tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    return next(filter(None, map(canonical_url, map(str, stated))), None)


def _language(tree: html.HtmlElement) -> str | None:
    code = str(tree.get("lang") or "").strip().lower()
    return code.split("-")[0] if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", code) else None


def _stated_dates(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the publication dates that the markup states, most explicit first."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]/text()"):
        yield from _JSON_LD_DATE.findall(str(script))
    metas = {
        str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): str(meta.get("content"))
        for meta in tree.xpath("//meta[@content]")
    }
    yield from (metas[name] for name in _META_DATES if name in metas)
    yield from map(str, tree.xpath("//time[@pubdate or @itemprop='datePublished']/@datetime"))
    # Several times may belong to comments or other articles, so trust only a single one.
    times = tree.xpath("//article//time/@datetime")
    if len(set(times)) == 1:
        yield str(times[0])
