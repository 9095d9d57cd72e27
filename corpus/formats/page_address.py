"""Finds a page's own address among those that it states; a page can't take the address of another one."""

import re
from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from lxml import html

from corpus.formats.xpath import compile_path
from corpus.original_urls import is_unnamed_copy, original_url

_DEVICE_PREFIX = re.compile(r"^(?:www|m|mobile|amp)\.")
_FRONT = re.compile(r"/(?:(?:index|default|home|homepage)(?:\.\w{2,5})?/?|[a-z]{2}(?:[-_][a-zA-Z]{2})?/?)?")
# What follows an article's address on its other views and pages.
_VIEW = re.compile(r"(?:amp|print|page|comments|full|single|mobile|\d{1,3})(?:\.\w{2,5})?", re.IGNORECASE)
# What a faulty template states for every page.
_PLACEHOLDER = re.compile(
    r"(?:404|error|not-?found|undefined|null|none|login|log-in|sign-?in)(?:\.\w{2,5})?", re.IGNORECASE
)
# Hosts of those who make a site: of a private network (RFC 1918), or for trying it out.
_INNER_HOST = re.compile(
    r"(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+$|(?:staging|stage|preview|dev|test|uat)\."
    r"|.*\.(?:local|localhost|internal|lan|test)$"
)
# Parameters that name an article, where a site has no other address for it.
_IDENTIFIER = re.compile(
    r"(?:^|&)(?:id|p|[ns]id|(?:page|post|article|art|news|story|item|doc)(?:_?id)?)=[\w-]*\d", re.IGNORECASE
)
# An article has a number or several words; a section has one or two words.
_ARTICLE_NAME = re.compile(r"\d{3}|[^-_][-_][^-_]+[-_][^-_]")
# Browsers begin a saved page with the address it came from.
_SAVED_FROM = re.compile(
    r"<!--\s{0,9}(?:saved from url=\(\d{1,9}\)\s{0,3}|Page saved with SingleFile\s{0,9}url:\s{0,9})(https?://[^\s<>]{1,2000})",
    re.IGNORECASE,
)
_SAVED_WITHIN = 2_000
_CANONICAL = compile_path(
    "//link[not(ancestor::article or ancestor::main)]"
    "[contains(concat(' ', normalize-space(translate(@rel, 'CANOIL', 'canoil')), ' '), ' canonical ')]/@href"
)
_GRAPH = compile_path("//meta[@property='og:url']/@content")
# Pages have one of each.
_MAX_STATED = 20


def page_address(tree: html.HtmlElement, markup: str, fetched_from: str | None, warnings: list[str]) -> str | None:
    """Return the address of a page, or None if none is certain.

    Args:
        tree: the page.
        markup: its source.
        fetched_from: the address it was fetched from, None for a file. A file may name it in its first line.
        warnings: gets a sentence if the page states addresses on different sites and nothing tells which is its own.
    """
    here = fetched_from or saved_from(markup)
    stated, is_disputed = stated_addresses(tree, here)
    if here is not None:
        return own_url(here, stated[0] if stated else None)
    own = [url for url in stated if not is_front_page(url) and not _is_placeholder(url)]
    if is_disputed and not own:
        warnings.append("The page states several addresses as its own, so it was stored without one.")
    if any(not is_same_site(own[0], other) for other in own):
        warnings.append("The page states addresses on different sites, so it was stored without one.")
        return None
    return own[0] if own else None


def own_url(page_url: str, stated: str | None) -> str | None:
    """Return the address that a page states as its own if it is on the same site, else the fetched address.

    Otherwise a page could replace another site's article. A front page or a section is never the address of an article
    that was found elsewhere. The address of a copy in an archive or a cache counts as that of the page, and an archive
    whose addresses don't name the page states it.
    """
    here = original_url(page_url)
    if here is None or stated is None:
        return here
    if is_unnamed_copy(here) and not is_front_page(stated):
        return stated
    if not is_same_site(here, stated):
        return here
    ours, theirs = urlsplit(here), urlsplit(stated)
    if is_front_page(stated) and not is_front_page(here):
        return here
    if _is_placeholder(stated):
        return here
    is_cut = ours.path == theirs.path and not theirs.query and _IDENTIFIER.search(ours.query)
    return here if is_cut or _is_section(theirs, ours) else stated


def saved_from(markup: str) -> str | None:
    """Return the address that a browser wrote into a page when it saved it."""
    match = _SAVED_FROM.search(markup[:_SAVED_WITHIN])
    return original_url(match[1]) if match else None


def stated_addresses(tree: html.HtmlElement, here: str | None) -> tuple[list[str], bool]:
    """Return the addresses that a page states as its own, the canonical one first, and whether canonical ones differ.

    Of several canonical addresses that lead to different pages, only those count that `here` or `og:url` confirms.
    Relative ones need `here`.
    """
    canonical = _addresses(tree, _CANONICAL, here)
    graph = _addresses(tree, _GRAPH, here)
    certain = [url for url in canonical if not is_front_page(url) and not _is_placeholder(url)] or canonical[:1]
    is_disputed = any(not is_same_page(certain[0], url) for url in certain)
    if is_disputed:
        confirming = [*([here] if here else []), *graph]
        certain = [url for url in certain if any(is_same_page(url, each) for each in confirming)][:1]
    return [*certain, *graph], is_disputed


def _addresses(tree: html.HtmlElement, path: Callable[[html.HtmlElement], Any], here: str | None) -> list[str]:
    stated = (absolute_url(here, str(each)) for each in islice(path(tree), _MAX_STATED))
    return [url for url in stated if url]


def absolute_url(here: str | None, text: str) -> str | None:
    """Return the canonical form of an address that may be relative to `here`."""
    try:
        return original_url(urljoin(here or "", text.strip()))
    except ValueError:
        return None


def is_front_page(url: str) -> bool:
    """Return whether an address is the front page of a site, or of one of its languages."""
    parts = urlsplit(url)
    return not parts.query and bool(_FRONT.fullmatch(parts.path))


def _is_placeholder(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_inner = "." not in host or _INNER_HOST.match(host) is not None
    return is_inner or _PLACEHOLDER.fullmatch(parts.path.rstrip("/").rpartition("/")[2]) is not None


def is_same_site(one: str, other: str) -> bool:
    """Return whether the hosts of two addresses are equal apart from `www.` and the like, or one is a subdomain."""
    hosts = (_DEVICE_PREFIX.sub("", urlsplit(url).netloc) for url in (one, other))
    short, long = sorted(hosts, key=len)
    return short == long or ("." in short and long.endswith("." + short))


def is_same_page(one: str, other: str) -> bool:
    """Return whether two addresses lead to one page, apart from the scheme, the device, a view or a missing query."""
    if not is_same_site(one, other):
        return False
    ours, theirs = urlsplit(one), urlsplit(other)
    if ours.query and theirs.query and ours.query != theirs.query:
        return False
    return _without_view(ours.path) == _without_view(theirs.path)


def _without_view(path: str) -> str:
    folder, _, name = path.rstrip("/").rpartition("/")
    return folder if folder and name.lower() in {"amp", "print"} else path.rstrip("/")


def _is_section(stated: SplitResult, ours: SplitResult) -> bool:
    """Return whether a stated address is a folder above the page's own that holds more than this article."""
    folder = stated.path.rstrip("/")
    if stated.query or not ours.path.startswith(folder + "/") or ours.path.rstrip("/") == folder:
        return False
    below = ours.path[len(folder) + 1 :].strip("/").split("/")
    return not all(map(_VIEW.fullmatch, below)) and not _ARTICLE_NAME.search(folder.rpartition("/")[2])
