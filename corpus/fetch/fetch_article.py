"""Fetches the article behind a link."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace

from corpus.article import Draft, Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.faults import as_failure
from corpus.fetch.content import ACCEPT, check_head, to_text
from corpus.fetch.download import Download, download
from corpus.fetch.link_check import display_link
from corpus.fetch.options import FetchOptions
from corpus.fetch.stubs import check_article, check_plain
from corpus.formats import PARSER_ERRORS
from corpus.formats.html_text import parse_html
from corpus.formats.plain_text import parse_plain
from corpus.formats.web_page import page_draft, read_page
from corpus.original_urls import copied_url, original_url
from corpus.publishers.publisher import site_of


def fetch_article(url: str, options: FetchOptions) -> SourceItem:
    """Fetch the article behind a link, ready for ingest.

    The item's `raw` is the parsed article, so that other changes to the page, such as adverts, make no new version.

    Raises:
        AddressRefused: the link may not be followed.
        FetchFailed: the page could not be fetched.
        UnreadableSource: the page isn't an article, or only the beginning of one.
    """
    page = download(url, options, accept=ACCEPT, check=check_head)
    try:
        # The last address after redirects is whose words these are, whatever the page states. Archives keep what it
        # served.
        served_by = site_of(copied_url(page.head.url) or page.head.url)
        draft = replace(read_article(page), served_by=served_by or None)
    # Third-party parsers leak these on hostile markup.
    except PARSER_ERRORS as error:
        raise UnreadableSource(
            f"The page can't be parsed ({type(error).__name__}).", "Save its text as a file."
        ) from error
    return to_source_item(draft, draft.url or display_link(url))


def to_source_item(draft: Draft, origin: str) -> SourceItem:
    """Return a parsed draft as a source item, ready for ingest."""
    raw = json.dumps(asdict(draft), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return SourceItem(origin, raw, lambda: draft)


def fetch_articles(
    urls: Sequence[str], options: FetchOptions, on_progress: Callable[[int], None] = lambda _done: None
) -> Iterator[SourceItem | Rejection]:
    """Fetch links one after the other; yield an article or a rejection for each.

    Args:
        urls: the links.
        options: allowed hosts, and the limits per link.
        on_progress: called with the number of links done.
    """
    for done, url in enumerate(urls, start=1):
        fetched: SourceItem | Rejection
        try:
            fetched = fetch_article(url, options)
        except BaseException as error:  # noqa: BLE001 - one link's failure
            failure = as_failure(error, "The page")
            fetched = Rejection(display_link(url), failure.message, failure.hint)
        yield fetched
        on_progress(done)


def read_article(page: Download) -> Draft:
    """Return the draft of a fetched page.

    Raises:
        UnreadableSource: the page isn't an article, or only the beginning of one.
    """
    text, kind = to_text(page)
    if kind == "plain":
        check_plain(text)
        # Don't trust a URL in the page's own lines.
        return replace(parse_plain(text.encode("utf-8", "replace")), url=original_url(page.head.url))
    read = read_page(text, page.head.url)
    tree = parse_html(text)
    title = " ".join(tree.xpath("string(//head/title)").split())
    try:
        draft = page_draft(read)
    except UnreadableSource:
        check_article(tree, read.metadata, title, "")
        raise
    check_article(tree, read.metadata, title, draft.body)
    return draft
