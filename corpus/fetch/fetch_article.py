"""Fetches the article behind a link."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from urllib.parse import urlsplit

from corpus.article import Draft, Rejection, SourceItem
from corpus.errors import AttacheError, UnreadableSource
from corpus.fetch.content import ACCEPT, check_head, to_text
from corpus.fetch.download import Download, download
from corpus.fetch.jsonld import ArticleMetadata, article_metadata
from corpus.fetch.options import FetchOptions
from corpus.fetch.stubs import check_article, check_plain
from corpus.fetch.target import display_link
from corpus.formats.html_text import parse_html
from corpus.formats.plain_text import parse_plain
from corpus.formats.urls import canonical_url
from corpus.formats.web_page import parse_page

_DEVICE_PREFIX = re.compile(r"^(?:www|m|mobile|amp)\.")


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
        draft = read_article(page)
    # Third-party parsers leak these on hostile markup.
    except (ValueError, RecursionError, ArithmeticError, AttributeError, LookupError, TypeError) as error:
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
        try:
            yield fetch_article(url, options)
        except AttacheError as error:
            yield Rejection(display_link(url), error.message, error.hint)
        on_progress(done)


def read_article(page: Download) -> Draft:
    """Return the draft of a fetched page; JSON-LD metadata takes precedence over other markup.

    Raises:
        UnreadableSource: the page isn't an article, or only the beginning of one.
    """
    text, kind = to_text(page)
    raw = text.encode("utf-8", "replace")
    here = canonical_url(page.head.url)
    if kind == "plain":
        check_plain(text)
        # Don't trust a URL in the page's own lines.
        return replace(parse_plain(raw), url=here)
    tree = parse_html(text)
    metadata = article_metadata(tree, page.head.url)
    title = " ".join(tree.xpath("string(//head/title)").split())
    try:
        draft = parse_page(raw)
    except UnreadableSource:
        check_article(tree, metadata, title, "")
        raise
    check_article(tree, metadata, title, draft.body)
    return _merge(draft, metadata, page.head.url)


def _merge(draft: Draft, metadata: ArticleMetadata, page_url: str) -> Draft:
    language = (metadata.language or "").lower().replace("_", "-").split("-")[0]
    return replace(
        draft,
        title=metadata.title or draft.title,
        author=metadata.author or draft.author,
        publisher=metadata.publisher or draft.publisher,
        published_at=metadata.published_at or draft.published_at,
        language=draft.language or (language if language.isalpha() and len(language) in {2, 3} else None),
        url=own_url(page_url, draft.url),
    )


def own_url(page_url: str, stated: str | None) -> str | None:
    """Return the address that a page states as its own if it is on the same site, else the fetched address.

    Otherwise a page could replace another site's article. A front page is never the address of an article that was
    found elsewhere.
    """
    here = canonical_url(page_url)
    if here is None or stated is None:
        return here
    ours, theirs = urlsplit(here), urlsplit(stated)
    if _is_same_site(ours.netloc, theirs.netloc) and (theirs.path != "/" or theirs.query or ours.path == "/"):
        return stated
    return here


def _is_same_site(one: str, other: str) -> bool:
    """Return whether two hosts are equal apart from `www.` and the like, or one is a subdomain of the other."""
    short, long = sorted((_DEVICE_PREFIX.sub("", host) for host in (one, other)), key=len)
    return short == long or ("." in short and long.endswith("." + short))
