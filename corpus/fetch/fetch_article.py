"""Gets one article from a link: fetched, read, judged, with what the page states about it."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from urllib.parse import urlsplit

from corpus.article import Draft, Rejection, SourceItem
from corpus.errors import AttacheError, UnreadableSource
from corpus.fetch.content import ACCEPT, check_head, to_text
from corpus.fetch.download import Download, download
from corpus.fetch.jsonld import StatedArticle, stated_article
from corpus.fetch.options import FetchOptions
from corpus.fetch.stubs import check_article, check_plain
from corpus.fetch.target import shown_link
from corpus.formats.html_text import page_tree
from corpus.formats.plain_text import parse_plain
from corpus.formats.urls import canonical_url
from corpus.formats.web_page import parse_page

_DEVICES = ("www.", "m.", "mobile.", "amp.")


def fetch_article(url: str, options: FetchOptions) -> SourceItem:
    """Gets the article that a link leads to, ready to be taken in.

    The item's `raw` is the article as it was read: what else changes on a page, such as adverts, is no new version.

    Raises:
        AddressRefused: the link may not be followed.
        FetchFailed: the page could not be got.
        UnreadableSource: the page is no article, or only the beginning of one.
    """
    page = download(url, options, accept=ACCEPT, check=check_head)
    try:
        draft = read_article(page)
    # What hostile markup does to the parsers that we use.
    except (ValueError, RecursionError, ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise UnreadableSource(
            f"The page can't be read ({type(error).__name__}).", "Save its text as a file."
        ) from error
    return as_item(draft, draft.url or shown_link(url))


def as_item(draft: Draft, origin: str) -> SourceItem:
    """A draft that was read already, ready to be taken in."""
    raw = json.dumps(asdict(draft), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return SourceItem(origin, raw, lambda: draft)


def fetch_all(
    urls: Sequence[str], options: FetchOptions, on_progress: Callable[[int], None] = lambda _done: None
) -> Iterator[SourceItem | Rejection]:
    """Yields the article of each link, one after the other, and a rejection for each that gives none.

    Args:
        urls: the links.
        options: what may be reached, and the limits for each.
        on_progress: is told how many links are done.
    """
    for done, url in enumerate(urls, start=1):
        try:
            yield fetch_article(url, options)
        except AttacheError as error:
            yield Rejection(shown_link(url), error.message, error.hint)
        on_progress(done)


def read_article(page: Download) -> Draft:
    """Return the draft of a page that was fetched.

    What JSON-LD states of the article goes before what other markup does; no date is guessed.

    Raises:
        UnreadableSource: it is no article, or only the beginning of one.
    """
    text, kind = to_text(page)
    raw = text.encode("utf-8", "replace")
    here = canonical_url(page.head.url)
    if kind == "plain":
        check_plain(text)
        # The page's own lines can't say that it lies elsewhere.
        return replace(parse_plain(raw), url=here)
    tree = page_tree(text)
    stated = stated_article(tree, page.head.url)
    title = " ".join(tree.xpath("string(//head/title)").split())
    try:
        draft = parse_page(raw)
    except UnreadableSource:
        check_article(tree, stated, title, "")
        raise
    check_article(tree, stated, title, draft.body)
    return _merged(draft, stated, page.head.url)


def _merged(draft: Draft, stated: StatedArticle, page_url: str) -> Draft:
    language = (stated.language or "").lower().replace("_", "-").split("-")[0]
    return replace(
        draft,
        title=stated.title or draft.title,
        author=stated.author or draft.author,
        publisher=stated.publisher or draft.publisher,
        published_at=stated.published_at or draft.published_at,
        language=draft.language or (language if language.isalpha() and len(language) in {2, 3} else None),
        url=own_address(page_url, draft.url),
    )


def own_address(page_url: str, stated: str | None) -> str | None:
    """Return the address that a page states as its own, if it lies on the same site, else where the page was found.

    A page that could name any address would replace the article of another site under it. The front page is no address
    of an article that was found elsewhere.
    """
    here = canonical_url(page_url)
    if here is None or stated is None:
        return here
    ours, theirs = urlsplit(here), urlsplit(stated)
    if _is_same_site(ours.netloc, theirs.netloc) and (theirs.path != "/" or theirs.query or ours.path == "/"):
        return stated
    return here


def _is_same_site(one: str, other: str) -> bool:
    """Tell one host with and without `www.` and the like, or one host below another."""
    short, long = sorted(map(_bare, (one, other)), key=len)
    return short == long or ("." in short and long.endswith("." + short))


def _bare(host: str) -> str:
    prefix = next((prefix for prefix in _DEVICES if host.startswith(prefix)), "")
    return host[len(prefix) :]
