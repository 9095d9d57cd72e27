"""What a page states about its article in JSON-LD (schema.org NewsArticle and its kin)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from lxml import html

from corpus.dates import parse_published
from corpus.formats.urls import canonical_url

# https://schema.org/Article and what news sites use of its subtypes.
_TYPES = frozenset({
    "Article", "NewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle",
    "OpinionNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "Report",
    "BlogPosting", "LiveBlogPosting", "SatiricalArticle", "ScholarlyArticle", "TechArticle",
})  # fmt: skip
_MOST_BYTES = 1_000_000
_DEEPEST = 8
_MOST_NODES = 5_000
_MOST_PEOPLE = 20

Node = dict[str, object]


@dataclass(frozen=True, slots=True)
class StatedArticle:
    """What JSON-LD states about an article; None for what it does not.

    `published_at` is as in a Draft. `is_free` is False where the publisher says that the article must be paid for.
    """

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published_at: str | None = None
    language: str | None = None
    url: str | None = None
    is_free: bool | None = None


def stated_article(tree: html.HtmlElement, page_url: str) -> StatedArticle:
    """Return what JSON-LD states about a page's own article; of several, the one with the page's address.

    Several without it are teasers of other pages, so nothing is taken from them.
    """
    nodes = list(_nodes(tree))
    articles = [node for node in nodes if not _TYPES.isdisjoint(_texts(node.get("@type")))]
    here = canonical_url(page_url)
    own = [node for node in articles if here in _addresses(node, page_url)]
    if not own and len(articles) != 1:
        return StatedArticle()
    names = {str(node["@id"]): node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    return _facts((own or articles)[0], names, page_url)


def _facts(node: Node, names: dict[str, Node], page_url: str) -> StatedArticle:
    published = node.get("datePublished")
    language = _first(node.get("inLanguage"))
    return StatedArticle(
        title=_text(_first(node.get("headline"))) or _text(_first(node.get("name"))),
        author=", ".join(_people(node.get("author"), names)) or None,
        publisher=next(iter(_people(node.get("publisher"), names)), None),
        published_at=parse_published(published) if isinstance(published, str) and published else None,
        language=_text(language.get("alternateName") if isinstance(language, dict) else language),
        url=next(iter(_addresses(node, page_url)), None),
        is_free=_is_free(node),
    )


def _nodes(tree: html.HtmlElement) -> Iterator[Node]:
    count = 0
    for script in tree.xpath("//script[contains(@type, 'ld+json')]/text()"):
        try:
            # Line breaks in strings are no JSON, and frequent.
            content = json.loads(str(script)[:_MOST_BYTES], strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _walk(content, 0):
            count += 1
            if count > _MOST_NODES:
                return
            yield node


def _walk(content: object, depth: int) -> Iterator[Node]:
    """Yield every object, outermost first."""
    if depth > _DEEPEST:
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
    """Return the names of people or organisations, each once: texts, objects, or references to objects elsewhere."""
    found: list[str] = []
    for each in (value if isinstance(value, list) else [value])[:_MOST_PEOPLE]:
        named = each
        if isinstance(each, dict):
            named = each.get("name") or names.get(str(each.get("@id")), {}).get("name")
        name = _text(_first(named))
        if name and "://" not in name and name not in found:
            found.append(name)
    return found


def _is_free(node: Node) -> bool | None:
    """Return whether the article is free to read; also where it says so of its parts only."""
    parts = node.get("hasPart")
    stated = [node.get("isAccessibleForFree")]
    stated += [part.get("isAccessibleForFree") for part in (parts if isinstance(parts, list) else [parts])
               if isinstance(part, dict)]  # fmt: skip
    said = {str(each).strip().lower().rpartition("/")[2] for each in stated if each is not None}
    if said & {"false", "0", "no"}:
        return False
    return True if said & {"true", "1", "yes"} else None


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _texts(value: object) -> set[str]:
    values = value if isinstance(value, list) else [value]
    return {each.rpartition("/")[2].rpartition(":")[2] for each in values if isinstance(each, str)}


def _text(value: object) -> str | None:
    return (" ".join(unescape(value).split()) or None) if isinstance(value, str) else None
