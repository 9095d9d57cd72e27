"""Reads article metadata from JSON-LD (schema.org Article and its subtypes)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from urllib.parse import urljoin

from lxml import html

from corpus.dates import parse_published
from corpus.formats.urls import canonical_url

# https://schema.org/Article and the subtypes that news sites use.
_TYPES = frozenset({
    "Article", "NewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle",
    "OpinionNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "Report",
    "BlogPosting", "LiveBlogPosting", "SatiricalArticle", "ScholarlyArticle", "TechArticle",
})  # fmt: skip
_MAX_BYTES = 1_000_000
_MAX_DEPTH = 8
_MAX_NODES = 5_000
_MAX_PEOPLE = 20

Node = dict[str, object]


@dataclass(frozen=True, slots=True)
class ArticleMetadata:
    """Metadata of an article; None for what JSON-LD does not state.

    `published_at` is as in `Draft`. `is_free` is False if the publisher says that the article is behind a paywall.
    """

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published_at: str | None = None
    language: str | None = None
    url: str | None = None
    is_free: bool | None = None


def article_metadata(tree: html.HtmlElement, page_url: str) -> ArticleMetadata:
    """Return the metadata of a page's own article: the only one, or the one with the page's address.

    Several articles without that address are teasers of other pages and are ignored.
    """
    nodes = list(islice(_nodes(tree), _MAX_NODES))
    articles = [node for node in nodes if not _TYPES.isdisjoint(_type_names(node.get("@type")))]
    here = canonical_url(page_url)
    own = [node for node in articles if here in _addresses(node, page_url)]
    if not own and len(articles) != 1:
        return ArticleMetadata()
    names = {str(node["@id"]): node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    return _metadata((own or articles)[0], names, page_url)


def _metadata(node: Node, names: dict[str, Node], page_url: str) -> ArticleMetadata:
    published = node.get("datePublished")
    language = _first(node.get("inLanguage"))
    return ArticleMetadata(
        title=_text(_first(node.get("headline"))) or _text(_first(node.get("name"))),
        author=", ".join(_people(node.get("author"), names)) or None,
        publisher=next(iter(_people(node.get("publisher"), names)), None),
        published_at=parse_published(published) if isinstance(published, str) and published else None,
        language=_text(language.get("alternateName") if isinstance(language, dict) else language),
        url=next(iter(_addresses(node, page_url)), None),
        is_free=_is_free(node),
    )


def _nodes(tree: html.HtmlElement) -> Iterator[Node]:
    for script in tree.xpath("//script[contains(@type, 'ld+json')]/text()"):
        try:
            # Not strict: line breaks in strings are invalid but frequent.
            content = json.loads(str(script)[:_MAX_BYTES], strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _walk(content, 0)


def _walk(content: object, depth: int) -> Iterator[Node]:
    """Yield every JSON object, outermost first."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(content, dict):
        yield content
        content = list(content.values())
    if isinstance(content, list):
        for child in content:
            yield from _walk(child, depth + 1)


def _addresses(node: Node, page_url: str) -> list[str]:
    page = node.get("mainEntityOfPage")
    stated = [node.get("url"), page.get("@id") if isinstance(page, dict) else page, node.get("@id")]
    return [url for each in stated if isinstance(each, str) and each and (url := _absolute(page_url, each))]


def _absolute(page_url: str, text: str) -> str | None:
    try:
        return canonical_url(urljoin(page_url, text.strip()))
    except ValueError:
        return None


def _people(value: object, names: dict[str, Node]) -> list[str]:
    """Return the distinct names of people or organisations: texts, objects, or references to other objects."""
    found: list[str] = []
    for each in (value if isinstance(value, list) else [value])[:_MAX_PEOPLE]:
        named = each
        if isinstance(each, dict):
            named = each.get("name") or names.get(str(each.get("@id")), {}).get("name")
        name = _text(_first(named))
        if name and "://" not in name and name not in found:
            found.append(name)
    return found


def _is_free(node: Node) -> bool | None:
    """Return whether the article or its parts are free to read; None if not stated."""
    parts = node.get("hasPart")
    nodes = [node, *(part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict))]
    stated = [each.get("isAccessibleForFree") for each in nodes]
    values = {str(each).strip().lower().rpartition("/")[2] for each in stated if each is not None}
    if values & {"false", "0", "no"}:
        return False
    return True if values & {"true", "1", "yes"} else None


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _type_names(value: object) -> set[str]:
    values = value if isinstance(value, list) else [value]
    return {each.rpartition("/")[2].rpartition(":")[2] for each in values if isinstance(each, str)}


def _text(value: object) -> str | None:
    return (" ".join(unescape(value).split()) or None) if isinstance(value, str) else None
