"""Reads the metadata of a page's own article from JSON-LD (schema.org Article and its subtypes)."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import islice

from lxml import html

from corpus.dates import parse_published
from corpus.formats.page_address import absolute_url, is_front_page, is_same_page
from corpus.formats.xpath import compile_path
from corpus.json_text import parse_json

# https://schema.org/Article and the subtypes that news sites use.
ARTICLE_TYPES = frozenset({
    "Article", "NewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle",
    "OpinionNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "Report",
    "BlogPosting", "LiveBlogPosting", "SatiricalArticle", "ScholarlyArticle", "TechArticle", "SocialMediaPosting",
    "DiscussionForumPosting",
})  # fmt: skip
# Genres and sections of a satirical article.
_SATIRE = frozenset({"satire", "parody", "satirical"})
# Types that describe a page without saying that it is an article; "" stands for no type.
PAGE_TYPES = frozenset({"", "WebPage", "ItemPage", "MedicalWebPage", "AboutPage", "FAQPage", "QAPage", "CreativeWork"})
# Types that state the name of the site.
_SITE_TYPES = frozenset({"WebSite", "WebPage", "Organization", "NewsMediaOrganization"})
# Properties whose value is another work: where a claim was made, and what a page cites, shares or is told.
OTHER_WORKS = ("appearance", "firstAppearance", "citation", "isBasedOn", "mentions", "sharedContent", "comment")
# Readers rate the page itself; only a fact check names another work by this.
REVIEWED = "itemReviewed"
_CLAIM_REVIEW = "ClaimReview"
_MAX_BYTES = 1_000_000
# Extraction searches broken scripts with regular expressions that are not linear.
_MAX_BROKEN_BYTES = 4_000
# Broken scripts left to that.
_MAX_BROKEN = 5
# Tags, and what would be read as the beginning of one after escapes are undone once more.
_MARKUP = re.compile(r"<[^<>]{0,1000}>|[<\\]|&(?=#|[lL][tT])")
# Of a name or a title; it takes quadratic time on some.
_MAX_TEXT = 1_000
_MAX_DEPTH = 8
_MAX_NODES = 5_000
_MAX_PEOPLE = 20
_MAX_HEADLINES = 20
_TITLES = compile_path("//head/title")
_GRAPH_TITLES = compile_path("//meta[@property='og:title' or @name='twitter:title']/@content")
# What older templates put around a script.
_BEFORE = ("<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[")
_AFTER = ("-->", "//]]>", "/*]]>*/", "]]>", "//", ";")
# Names may be written with the vocabulary's prefix or address.
_PREFIX = re.compile(r'"(?:schema:|https?://schema\.org/)(?=\w)')
_EXTRA_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
_STATED_DATE = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{4,60})"')
_OTHER_TYPES = re.compile(r'"(?:Comment|UserComments|ItemList|ListItem|Claim|(?:Claim|Media|User)?Review)"')
_WORD = re.compile(r"\w+")
_BY = re.compile(r"^[Bb][Yy] (?=[A-ZÀ-ÞА-Я])")
# A shorter headline may be part of another one by chance.
_MIN_HEADLINE = 15

Node = dict[str, object]


@dataclass(frozen=True, slots=True)
class ArticleMetadata:
    """Metadata of an article; None for what JSON-LD does not state.

    `published_at` is as in `Draft`. `is_free` is False if the publisher says that the article is behind a paywall.
    `nodes` are the objects that describe the article itself and its site.
    """

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published_at: str | None = None
    language: str | None = None
    url: str | None = None
    is_free: bool | None = None
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A node that may describe the page: one at the top, or one that the structure calls the page's main entity."""

    node: Node
    is_main: bool


def article_metadata(tree: html.HtmlElement, addresses: Sequence[str]) -> ArticleMetadata:
    """Return the metadata of a page's own article, by the structure of its JSON-LD.

    It is the article with the page's address, else the main entity, else the one with the page's headline, else the
    only one, unless that has another address. Comments, lists and related articles state nothing about the page.

    Args:
        tree: the page.
        addresses: the page's own addresses, the most certain first; empty if none is known.
    """
    contents, broken = _contents(tree)
    nodes = list(islice((node for each in contents for node in _walk(each, 0)), _MAX_NODES))
    candidates = list(islice((one for each in contents for one in _candidates(each, 0)), _MAX_NODES))
    references = _references(nodes, ("mainEntity",))
    candidates = [_Candidate(one.node, one.is_main or str(one.node.get("@id")) in references) for one in candidates]
    checks = [node for node in nodes if _CLAIM_REVIEW in _type_names(node.get("@type"))]
    others = _references(nodes, OTHER_WORKS) | _references(checks, (REVIEWED,))
    candidates = [one for one in candidates if one.is_main or str(one.node.get("@id")) not in others]
    headlines = _headlines(tree)
    own = _own([one for one in candidates if _has_type(one, ARTICLE_TYPES)], headlines, addresses)
    dated = [one for one in candidates if _has_type(one, PAGE_TYPES) and _published(one.node)]
    page = _own(dated, headlines, addresses)
    site = [one.node for one in candidates if _has_type(one, _SITE_TYPES)]
    if own is None:
        return ArticleMetadata(published_at=_published(page) if page else _only_date(broken), nodes=tuple(site))
    names = {str(node["@id"]): node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    found = replace(_metadata(own, names, _here(addresses)), nodes=(own, *site))
    return replace(found, published_at=_published(page)) if page and not found.published_at else found


def leave_own_json(tree: html.HtmlElement, metadata: ArticleMetadata) -> None:
    """Replace, in place, the JSON-LD of a page by the objects that describe its own article and its site.

    Otherwise extraction takes authors and texts of comments and related articles for the page's own.
    """
    nodes = _bounded(list(metadata.nodes))
    graph = json.dumps({"@context": "https://schema.org", "@graph": nodes})
    broken = 0
    for script in _scripts(tree):
        source = script.text or ""
        if len(source) > _MAX_BROKEN_BYTES or broken >= _MAX_BROKEN or _parsed(source) is not None:
            script.text, graph = graph, "{}"
        else:
            broken += 1


def _bounded(value: object) -> object:
    """Return a copy without markup, with texts of at most _MAX_TEXT characters, but for the article's own.

    Extraction looks for tags and comments in all of it at once, which takes quadratic time where they do not end; an
    article's text with markup is taken from the metadata itself.
    """
    if isinstance(value, str):
        return _MARKUP.sub("", unescape(value[:_MAX_TEXT]))
    if isinstance(value, list):
        return [_bounded(each) for each in value]
    if isinstance(value, dict):
        return {
            _bounded(key): _body(each) if key == "articleBody" and isinstance(each, str) else _bounded(each)
            for key, each in value.items()
        }
    return value


def _body(text: str) -> str:
    plain = unescape(text)
    return "" if _MARKUP.search(plain) else plain


def _own(candidates: list[_Candidate], headlines: list[str], addresses: Sequence[str]) -> Node | None:
    """Return the candidate that describes the page itself, else None."""
    stated = [_addresses(each.node, _here(addresses)) for each in candidates]
    same = [
        each
        for each, urls in zip(candidates, stated, strict=True)
        if any(is_same_page(url, address) for url in urls for address in addresses)
    ]
    main = [each for each in candidates if each.is_main]
    if len(same) > 1:
        # Each part of a page may have its address, with a fragment.
        same = [each for each in same if each in main] or same
    named = [each for each in main or candidates if _is_headline(_title(each.node), headlines)]
    found = same or (main if len(main) == 1 else named)
    if not found and len(candidates) == 1:
        # A front page as the address is a frequent mistake; another article's is a teaser.
        is_elsewhere = any(not is_front_page(url) for url in stated[0])
        if not is_elsewhere or (not addresses and _shares_words(_title(candidates[0].node), headlines)):
            found = candidates
    nodes = [each.node for each in found]
    return next((node for node in nodes if _published(node)), nodes[0] if nodes else None)


def _metadata(node: Node, names: dict[str, Node], here: str) -> ArticleMetadata:
    language = _first(node.get("inLanguage"))
    return ArticleMetadata(
        title=_marked_title(node),
        author=", ".join(_people(node.get("author"), names)) or None,
        publisher=next(iter(_people(node.get("publisher"), names)), None),
        published_at=_published(node),
        language=_text(language.get("alternateName") if isinstance(language, dict) else language),
        url=next(iter(_addresses(node, here)), None),
        is_free=_is_free(node),
    )


def _contents(tree: html.HtmlElement) -> tuple[list[object], list[str]]:
    """Return the parsed scripts, and the sources of those that can't be parsed."""
    contents: list[object] = []
    broken: list[str] = []
    for script in _scripts(tree):
        source = (script.text or "")[:_MAX_BYTES]
        content = _parsed(source)
        if content is None:
            broken.append(source)
        else:
            contents.append(content)
    return contents, broken


def _scripts(tree: html.HtmlElement) -> list[html.HtmlElement]:
    return [each for each in tree.iter("script") if "ld+json" in each.get("type", "")]


def _parsed(source: str) -> object:
    """Return the content of a script, None if it can't be parsed."""
    source = _PREFIX.sub('"', source)
    for text in (source, _EXTRA_COMMA.sub("", _unwrapped(source))):
        try:
            # Not strict: line breaks in strings are invalid but frequent.
            return parse_json(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _unwrapped(source: str) -> str:
    text = source.strip()
    for before in _BEFORE:
        text = text.removeprefix(before).lstrip()
    for after in _AFTER:
        text = text.removesuffix(after).rstrip()
    return text


def _only_date(broken: list[str]) -> str | None:
    """Return the date of scripts that can't be parsed, if they state only one and no lists or comments."""
    if any(_OTHER_TYPES.search(source) for source in broken):
        return None
    dates = {date for source in broken for date in _STATED_DATE.findall(source)}
    return parse_published(dates.pop()) if len(dates) == 1 else None


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


def _candidates(content: object, depth: int, *, is_main: bool = False) -> Iterator[_Candidate]:
    """Yield the objects that may describe the page, outermost first.

    Only `@graph`, `mainEntity` and `mainEntityOfPage` lead to them; other properties lead to comments, lists and
    related articles.
    """
    if depth > _MAX_DEPTH:
        return
    if isinstance(content, list):
        for child in content:
            yield from _candidates(child, depth + 1, is_main=is_main)
    elif isinstance(content, dict):
        page = content.get("mainEntityOfPage")
        one = _Candidate(content, is_main or str(page).lower() == "true")
        yield one
        yield from _candidates(content.get("@graph"), depth + 1)
        yield from _candidates(content.get("mainEntity"), depth + 1, is_main=True)
        # The page of an article is a page; sites also nest the other way round.
        yield from _candidates(page, depth + 1, is_main=not _has_type(one, ARTICLE_TYPES))


def _has_type(candidate: _Candidate, types: frozenset[str]) -> bool:
    return not types.isdisjoint(_type_names(candidate.node.get("@type")) or {""})


def _references(nodes: Sequence[Node], properties: Sequence[str]) -> set[str]:
    """Return the identifiers of the objects that these properties of others name."""
    stated = (node.get(name) for node in nodes for name in properties)
    return {str(each["@id"]) for value in stated for each in _objects(value) if "@id" in each}


def _objects(value: object) -> list[Node]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _published(node: Node) -> str | None:
    stated = _first(node.get("datePublished"))
    stated = stated.get("@value") if isinstance(stated, dict) else stated
    return parse_published(stated) if isinstance(stated, str) and stated else None


def _title(node: Node) -> str | None:
    return _text(_first(node.get("headline"))) or _text(_first(node.get("name")))


def _marked_title(node: Node) -> str | None:
    """Return the title, marked where the page says that the article is satire: nothing else may show it."""
    title = _title(node)
    genres = node.get("genre"), node.get("articleSection")
    stated = {str(each).strip().lower() for genre in genres for each in (genre if isinstance(genre, list) else [genre])}
    is_satire = "SatiricalArticle" in _type_names(node.get("@type")) or not stated.isdisjoint(_SATIRE)
    return f"{title} (satire)" if title and is_satire else title


def _headlines(tree: html.HtmlElement) -> list[str]:
    """Return the headlines and titles that a page states, as in `_plain`."""
    stated = _GRAPH_TITLES(tree)
    elements = [*_TITLES(tree), *islice(tree.iter("h1"), _MAX_HEADLINES)]
    texts = [*map(str, stated[:_MAX_HEADLINES]), *(str(each.text_content()) for each in elements)]
    return [plain for text in texts if (plain := _plain(text))]


def _plain(text: str | None) -> str:
    return " ".join(_WORD.findall((text or "")[:1_000].casefold()))


def _is_headline(title: str | None, headlines: list[str]) -> bool:
    """Return whether a title is one of the headlines, perhaps with the site's name after it."""
    plain = _plain(title)
    if not plain:
        return False
    return any(plain == each or (len(plain) >= _MIN_HEADLINE and plain in each) for each in headlines)


def _shares_words(title: str | None, headlines: list[str]) -> bool:
    """Return whether a title has a longer word of the headlines; True where there is nothing to compare."""
    words = {word for word in _plain(title).split() if len(word) > 3}
    others = {word for each in headlines for word in each.split() if len(word) > 3}
    return not words or not others or not words.isdisjoint(others)


def _here(addresses: Sequence[str]) -> str:
    return addresses[0] if addresses else ""


def _addresses(node: Node, here: str) -> list[str]:
    page = node.get("mainEntityOfPage")
    stated = [node.get("url"), page.get("@id") if isinstance(page, dict) else page, node.get("@id")]
    return [url for each in stated if isinstance(each, str) and each and (url := absolute_url(here, each))]


def _people(value: object, names: dict[str, Node]) -> list[str]:
    """Return the distinct names of people or organisations: texts, objects, or references to other objects."""
    found: list[str] = []
    for each in (value if isinstance(value, list) else [value])[:_MAX_PEOPLE]:
        named = each
        if isinstance(each, dict):
            named = each.get("name") or names.get(str(each.get("@id")), {}).get("name")
        for stated in (named if isinstance(named, list) else [named])[:_MAX_PEOPLE]:
            name = _BY.sub("", _text(stated) or "")
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
