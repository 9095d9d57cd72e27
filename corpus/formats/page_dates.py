"""Finds the publication date in a page's markup: its own, not that of a comment, a list or a related article."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import html

from corpus.dates import parse_published
from corpus.formats.jsonld import ARTICLE_TYPES, OTHER_WORKS, PAGE_TYPES, REVIEWED

_META_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "date",
    "pubdate", "publishdate", "publish-date", "publication_date", "dc.date", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "sailthru.date", "parsely-pub-date", "citation_publication_date",
)  # fmt: skip
_OWN_TYPES = ARTICLE_TYPES | PAGE_TYPES
# Around the page's own item. Inside others, such as a comment or a list, is what is not its own.
_OUTER_TYPES = _OWN_TYPES | {"WebSite", "Blog", "NewsMediaOrganization", "Organization"}
_BESIDE = frozenset({"aside", "nav", "footer", "template", "noscript"})
_BESIDE_CLASS = re.compile(
    r"(?:^|\s)(?:(?:comments?|related|recommended|recommendations|teasers?|sidebar|promo|popular|trending|outbrain"
    r"|taboola)(?:[_-](?!open|closed|enabled|disabled)\w[\w-]*)?|more-(?:on|from|news|stories)|most-(?:read|popular)|(?:read|see)-(?:also|more|next)"
    r"|also-read)(?:\s|$)",
    re.IGNORECASE,
)
# The time of a change.
_CHANGED = re.compile(r"(?:^|[\s_:-])(?:date-?)?(?:modified|updated|lastmod)(?:$|[\s_-])", re.IGNORECASE)
# Pages have some hundred of these elements, nested some twenty deep; more is skipped, so that work stays linear.
_MAX_ELEMENTS = 2_000
_MAX_DEPTH = 200
# Articles whose text is compared to find the page's own.
_MAX_ARTICLES = 50


def published_in_markup(tree: html.HtmlElement) -> str | None:
    """Return the publication date that a page's elements state, the most explicit first; None if it is ambiguous."""
    own = _own_article(tree)
    named = _named_dates(tree, own)
    return next(filter(None, map(parse_published, _in_order(tree, own, named))), None)


def _in_order(tree: html.HtmlElement, own: html.HtmlElement | None, named: dict[str, str]) -> Iterator[str]:
    yield from (named[name] for name in _META_DATES[:3] if name in named)
    items = _item_dates(tree, own)
    if len(items) == 1:
        yield items.pop()
    yield from (named[name] for name in _META_DATES if name in named)
    yield from _single(_elements(tree, "//time[@pubdate]"), own)
    # Several times may belong to comments or updates, so trust only a single one.
    if own is not None:
        yield from _single(islice(own.iter("time"), _MAX_ELEMENTS), own)


def _named_dates(tree: html.HtmlElement, own: html.HtmlElement | None) -> dict[str, str]:
    """Return the page's own `meta` elements by name; of several, the first counts (Open Graph protocol, "Arrays")."""
    found: dict[str, str] = {}
    for meta in _elements(tree, "//meta[@content and not(@itemprop)]"):
        name = str(meta.get("property") or meta.get("name") or "").lower()
        if name in _META_DATES and name not in found and not _is_beside(meta, own):
            found[name] = str(meta.get("content"))
    return found


def _item_dates(tree: html.HtmlElement, own: html.HtmlElement | None) -> set[str]:
    """Return the dates of microdata and RDFa that belong to the page's own item."""
    stated = "//*[contains(@itemprop, 'datePublished') or contains(@property, 'datePublished')]"
    found = [
        (value, scopes[0] if scopes else None)
        for element in _elements(tree, stated)
        if (value := str(element.get("content") or element.get("datetime") or ""))
        and not _is_beside(element, own)
        and _are_own(scopes := _scopes(element))
        and not (scopes and _is_teaser(scopes[0], own))
    ]
    if len({value for value, _ in found}) > 1:
        # Several items of one type are a list, unless one has the headline.
        items = dict.fromkeys(scope for _, scope in found)
        headed = [scope for scope in islice(items, _MAX_ARTICLES) if scope is not None and _has_headline(scope)]
        found = [(value, scope) for value, scope in found if scope in headed]
    return {value for value, _ in found}


def _scopes(element: html.HtmlElement) -> list[html.HtmlElement]:
    ancestors = islice(element.iterancestors(), _MAX_DEPTH)
    return [each for each in ancestors if each.get("itemscope") is not None or each.get("typeof") is not None]


def _are_own(scopes: list[html.HtmlElement]) -> bool:
    """Return whether items, innermost first, describe the page, not another work that it names."""
    roles = {role for each in scopes for name in ("itemprop", "property") for role in (each.get(name) or "").split()}
    if not roles.isdisjoint((*OTHER_WORKS, REVIEWED)):
        return False
    types = [str(each.get("itemtype") or each.get("typeof") or "").split() for each in scopes]
    names = [{name.rstrip("/").rpartition("/")[2].rpartition(":")[2] for name in each} or {""} for each in types]
    return all(not _OUTER_TYPES.isdisjoint(each) for each in names) and not _OWN_TYPES.isdisjoint([*names, {""}][0])


def _single(elements: Iterator[html.HtmlElement], own: html.HtmlElement | None) -> list[str]:
    """Return the only date of the page's own `time` elements, without that of a change; nothing if they differ."""
    times = [
        str(each.get("datetime"))
        for each in elements
        if each.get("datetime") and not _CHANGED.search(_names(each)) and not _is_beside(each, own)
    ]
    return times[:1] if len(set(times)) == 1 else []


def _is_teaser(item: html.HtmlElement, own: html.HtmlElement | None) -> bool:
    """Return whether an item apart from the page's own article links to another one."""
    if own is None or item is own or own in set(islice(item.iter(), _MAX_ELEMENTS)):
        return False
    return own not in set(islice(item.iterancestors(), _MAX_DEPTH)) and item.find(".//a[@href]") is not None


def _names(element: html.HtmlElement) -> str:
    return f"{element.get('itemprop')} {element.get('class')} {element.get('property')}"[:400]


def _own_article(tree: html.HtmlElement) -> html.HtmlElement | None:
    """Return the `article` with the page's headline, else the one with most of its paragraphs, else None."""
    outermost = (each for each in islice(tree.iter("article"), _MAX_ELEMENTS) if not _is_beside(each, None))
    articles = list(islice(outermost, _MAX_ARTICLES))
    headed = [each for each in articles if _has_headline(each)]
    if len(headed) == 1:
        return headed[0]
    half = _prose_length(tree) / 2
    return next((each for each in articles if _prose_length(each) > half), None)


def _has_headline(element: html.HtmlElement) -> bool:
    return element.find(".//h1") is not None


def _prose_length(element: html.HtmlElement) -> int:
    """Return the number of characters in paragraphs, without those nested deeper than a link or an emphasis."""
    return sum(
        len(each.text or "") + sum(len(child.text or "") + len(child.tail or "") for child in each)
        for each in element.iter("p")
    )


def _is_beside(element: html.HtmlElement, own: html.HtmlElement | None) -> bool:
    """Return whether an element lies outside the page's own article, or in a comment, a list or a sidebar in it."""
    for depth, each in enumerate(element.iterancestors()):
        if each is own:
            return False
        if depth >= _MAX_DEPTH or each.tag in _BESIDE or each.tag == "article":
            return True
        names = f"{each.get('class')} {each.get('id')}"[:400]
        if each.tag not in {"body", "html", "main"} and _BESIDE_CLASS.search(names):
            return True
    return False


def _elements(tree: html.HtmlElement, path: str) -> Iterator[html.HtmlElement]:
    return islice(iter(tree.xpath(path)), _MAX_ELEMENTS)
