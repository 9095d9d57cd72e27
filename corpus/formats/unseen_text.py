"""Drops what a page shows to nobody, only to screen readers or elsewhere (notes), and other people's posts in it."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import html

from corpus.formats.xpath import compile_path

_NO_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.IGNORECASE)
# Names of classes that hide an element from everybody but screen readers. Whole paragraphs of this kind are headings.
_SPOKEN = frozenset({
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only", "u-visually-hidden",
    "is-visually-hidden", "hide-visually", "element-invisible", "a11y-hidden", "audible",
})  # fmt: skip
_INLINE = frozenset({"span", "a", "b", "em", "i", "small", "strong"})
# Classes that networks have pages give to the text of a post; the page's own words stand around it.
_POSTS = frozenset({
    "twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "reddit-embed-bq", "bluesky-embed",
    "mastodon-embed", "fb-post", "fb-xfbml-parse-ignore", "text-post-media",
})  # fmt: skip
# What books show on another page, or nowhere (EPUB Structural Semantics; DPUB-ARIA).
_APART = frozenset({"pagebreak", "footnote", "footnotes", "endnote", "endnotes", "rearnote", "rearnotes"})
# Separate paths: one for all would sort its results, which takes quadratic time for siblings.
_CANDIDATES = tuple(map(compile_path, ("//@hidden/..", "//@style[contains(., 'isplay') or contains(., 'ISPLAY')]/..")))
# Looked for in books only: the first one visits every attribute.
_APART_CANDIDATES = (compile_path("//@*[name() = 'epub:type']/.."), compile_path("//@role[starts-with(., 'doc-')]/.."))
# Pages have some dozens. Work for each grows with its depth.
_MAX_ELEMENTS = 500
_MAX_KINDS = 200
_MAX_DEPTH = 100
# Elements that hold most of the page lie in each other, so their text is counted again and again.
_MAX_KEPT = 20


def drop_unseen(tree: html.HtmlElement) -> None:
    """Remove these elements in place, except one with more than half of the page's text, which a script will show."""
    _drop(tree, _unseen(tree))


def drop_apart(tree: html.HtmlElement) -> None:
    """Remove the notes and numbers of pages in a chapter of a book in place, with the same exception."""
    _drop(tree, (each for path in _APART_CANDIDATES for each in path(tree) if _is_apart(each)))


def _drop(tree: html.HtmlElement, elements: Iterator[html.HtmlElement]) -> None:
    found = list(dict.fromkeys(islice(elements, _MAX_ELEMENTS)))
    if not found:
        return
    half = sum(map(len, tree.itertext())) / 2
    dropped: set[html.HtmlElement] = set()
    kept = 0
    for element in found:
        if element.getparent() is None or not dropped.isdisjoint(islice(element.iterancestors(), _MAX_DEPTH)):
            continue
        if sum(map(len, element.itertext())) > half:
            kept += 1
            if kept > _MAX_KEPT:
                return
        else:
            dropped.add(element)
            element.drop_tree()


def _unseen(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for path in _CANDIDATES:
        yield from filter(_is_hidden, path(tree))
    # Faster than a path, which would search the classes of all elements.
    yield from filter(_is_spoken, tree.iter(*_INLINE))
    yield from filter(_is_post, tree.iter("blockquote"))


def _is_apart(element: html.HtmlElement) -> bool:
    kinds = f"{element.get('epub:type', '')} {element.get('role', '')}"[:_MAX_KINDS].lower().split()
    return any(each.removeprefix("doc-") in _APART for each in kinds)


def _is_hidden(element: html.HtmlElement) -> bool:
    hidden = element.get("hidden")
    # Browsers find text in it, and open it (WHATWG HTML, 6.1).
    is_hidden = hidden is not None and hidden.lower() != "until-found"
    return is_hidden or _NO_DISPLAY.search(element.get("style", "")) is not None


def _is_spoken(element: html.HtmlElement) -> bool:
    classes = element.get("class")
    return classes is not None and not _SPOKEN.isdisjoint(classes.lower().split())


def _is_post(element: html.HtmlElement) -> bool:
    return not _POSTS.isdisjoint(element.get("class", "").lower().split())
