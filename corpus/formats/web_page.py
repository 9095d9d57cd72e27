"""Parses web pages: extracts the article text and the metadata of the markup."""

import re
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree, html

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.formats.html_text import bounded_markup, check_turns, decode_markup, extract_text
from corpus.formats.inline_marks import mark_struck_classes, settle_inline_marks
from corpus.formats.jsonld import ArticleMetadata, article_metadata, leave_own_json
from corpus.formats.page_address import is_front_page, is_same_site, page_address
from corpus.formats.page_dates import published_in_markup
from corpus.formats.page_lead import Lead
from corpus.formats.unseen_text import drop_unseen
from corpus.formats.wiki_page import as_wiki_page
from corpus.original_urls import copied_url, is_archive_name, original_url
from corpus.publishers.publisher import host_of
from corpus.word_count import count_letters

# On a page without an article, extraction falls back to menus and notices, whose lines are shorter.
_MIN_LONGEST_LINE = 40
_HINT = "Save the article's own page, or its text."
# Shorter statements are summaries.
_MIN_STATED = 200
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
# Six words in a row that end as a sentence does; code has brackets and signs between. Without the bounds, and the look
# behind, the search takes quadratic time.
_PROSE_SENTENCE = re.compile(r"(?<![\w’'-])(?:[^\W\d_][\w’'-]{0,40}+,?\s{1,9}+){6,40}+[\w’'-]{1,40}+[.!?]")
_MAX_PREFORMATTED = 200
_DATED = re.compile(r"\d{4}|\d\d:\d\d")
# Characters of a title, a name or a date that the markup states: on some, extraction takes quadratic time.
_MAX_STATED = 1_000
# Characters in which prose shows.
_PREFORMATTED_SAMPLE = 10_000
# Elements without article text. Extraction drops them itself, but late: dropping them first halves the time of a page
# with menus of 200 links.
_NO_TEXT = ("nav", "footer", "style", "svg", "iframe", "button", "select", "input", "label", "script")


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page with what it states about itself.

    Args:
        tree: the page, which extraction changes.
        address: its own address, None if none is certain.
        fetched_from: the address that it was fetched from, None for a file.
        metadata: of the article that it is about.
        warnings: what was left out, and why.
    """

    tree: html.HtmlElement
    address: str | None
    fetched_from: str | None
    metadata: ArticleMetadata
    warnings: tuple[str, ...] = ()


def parse_page(raw: bytes, *, fetched_from: str | None = None, charset: str | None = None) -> Draft:
    """Return the draft of one HTML page, dated only if the markup states a publication date.

    Args:
        raw: the page.
        fetched_from: the address that it was fetched from, None for a file.
        charset: the encoding that the response's headers state.

    Raises:
        UnreadableSource: binary data, not HTML, or no article text.
    """
    warnings: list[str] = []
    draft = page_draft(read_page(decode_markup(raw, charset, warnings), fetched_from))
    return replace(draft, warnings=(*warnings, *draft.warnings))


def read_page(markup: str, fetched_from: str | None = None) -> Page:
    """Return a page with what it states about itself, without extracting its text.

    Raises:
        UnreadableSource: not HTML, or too much of it.
    """
    import trafilatura  # noqa: PLC0415 - takes 300 ms to import

    tree = trafilatura.load_html(bounded_markup(markup))
    if tree is None:
        raise UnreadableSource("No article text was found in this page.", _HINT)
    check_turns(tree)
    fetched_from = original_url(fetched_from) if fetched_from else None
    warnings: list[str] = []
    address = page_address(tree, markup, fetched_from, warnings)
    metadata = article_metadata(tree, [each for each in (address, fetched_from) if each])
    if address is None and metadata.url and not is_front_page(metadata.url):
        address, warnings = metadata.url, []
    return Page(tree, address, fetched_from, metadata, tuple(warnings))


def page_draft(page: Page) -> Draft:
    """Return the draft of a page; what JSON-LD states about its article counts before other markup.

    Raises:
        UnreadableSource: no article text.
    """
    stated = as_wiki_page(page.tree, page.metadata)
    # Extraction changes the tree.
    published_at = stated.published_at or published_in_markup(page.tree)
    language = _language(page.tree.get("lang")) or _language(stated.language)
    found, body = _extract(page)
    if max(map(count_letters, body.split("\n"))) < _MIN_LONGEST_LINE:
        # A script fills some pages, whose markup only states the text.
        body = _stated_body(stated)
    if not body:
        raise UnreadableSource("No article text was found in this page.", _HINT)
    return Draft(
        body=body,
        title=stated.title or _field(found, "title"),
        url=page.address,
        publisher=stated.publisher or _site_name(found, page.address),
        author=stated.author or _field(found, "author"),
        published_at=published_at,
        language=language,
        fetched_from=page.fetched_from,
        warnings=page.warnings,
    )


def _extract(page: Page) -> tuple[object, str]:
    """Return what trafilatura finds, and the text with its lead."""
    tree = page.tree
    try:
        mark_struck_classes(tree)
        for element in list(tree.iter(*_NO_TEXT)):
            if element.getparent() is not None and not (element.tag == "script" and "json" in element.get("type", "")):
                element.drop_tree()
        _bound_stated(tree)
        leave_own_json(tree, page.metadata)
        drop_unseen(tree)
        _unfold_preformatted(tree)
        settle_inline_marks(tree)
        lead = Lead(tree)
        found = _run_trafilatura(tree)
        if found is None:
            # It discards pages with dates that do not exist. The dates that do were read before.
            _drop_dates(tree)
            found = _run_trafilatura(tree) or _run_trafilatura(tree, with_metadata=False)
        return found, lead.put_before(getattr(found, "text", None) or "")
    except (RecursionError, ValueError, TypeError, AttributeError, etree.LxmlError) as error:
        # trafilatura leaks these on malformed pages.
        raise UnreadableSource("No article text was found in this page.", _HINT) from error


def _run_trafilatura(tree: html.HtmlElement, *, with_metadata: bool = True) -> object:
    import trafilatura  # noqa: PLC0415 - takes 300 ms to import

    return trafilatura.bare_extraction(
        tree,
        with_metadata=with_metadata,
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )


def _drop_dates(tree: html.HtmlElement) -> None:
    for element in list(tree.iter("meta", "time", "script")):
        if element.tag != "meta" or _DATED.search(element.get("content", "")[:200]):
            element.drop_tree()


def _bound_stated(tree: html.HtmlElement) -> None:
    """Cut what the markup states about the article, in place."""
    for element in tree.iter("meta", "title", "time"):
        for name, value in element.items():
            if len(value) > _MAX_STATED:
                element.set(name, value[:_MAX_STATED])
        if len(element.text or "") > _MAX_STATED:
            element.text = element.text[:_MAX_STATED]


def _unfold_preformatted(tree: html.HtmlElement) -> None:
    """Make paragraphs of preformatted prose, which agencies publish; extraction would keep the ends of its lines."""
    for element in list(islice(tree.iter("pre"), _MAX_PREFORMATTED)):
        text = "".join(element.itertext())
        if element.find(".//code") is not None or not _PROSE_SENTENCE.search(text[:_PREFORMATTED_SAMPLE]):
            continue
        tail = element.tail
        element.clear()
        element.tag, element.tail = "div", tail
        for part in re.split(r"\n[ \t]*\n", text):
            etree.SubElement(element, "p").text = " ".join(part.split())


def _stated_body(metadata: ArticleMetadata) -> str:
    """Return the text that JSON-LD states for an article that is free to read; "" if there is none."""
    bodies = (node.get("articleBody") for node in metadata.nodes)
    stated = next((body for body in bodies if isinstance(body, str)), "")
    if metadata.is_free is False or len(stated) < _MIN_STATED:
        return ""
    return extract_text(stated)[1] if _TAG.search(stated) else stated


def _field(found: object, name: str) -> str | None:
    value = getattr(found, name, None)
    return value.strip() or None if isinstance(value, str) else None


def _site_name(found: object, address: str | None) -> str | None:
    """Return the site's name; not the host of an address that isn't the page's own, nor the name of an archive."""
    name, url = _field(found, "sitename"), _field(found, "url")
    # Some sites state their address for their name.
    name = re.sub(r"^https?://(?:www\.)?|/+$", "", name) if name else None
    is_host = bool(name and url and name in url and "." in name)
    if name and (is_archive_name(name) or (is_host and copied_url(url or ""))):
        name = host_of(address)
        return None if is_archive_name(name) else name or None
    return None if is_host and not (url and address and is_same_site(url, address)) else name


def _language(stated: str | None) -> str | None:
    code = (stated or "").strip().lower().replace("_", "-")
    return code.split("-")[0] if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", code) else None
