"""Reads dumps of MediaWiki sites such as Wikinews: every page's last text, as a stream."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

from corpus.article import Draft, Rejection, SourceItem
from corpus.dates import parse_published
from corpus.errors import UnreadableSource
from corpus.formats.decompress import DAMAGE, unpacked
from corpus.formats.files import shown
from corpus.formats.single_file import megabytes, too_large
from corpus.formats.urls import canonical_url
from corpus.formats.wikitext import plain_text
from corpus.formats.xml import Elements, XmlFeed

_PIECE = 1 << 16
_HINT = "What came before was read. Download the dump again."
# MediaWiki itself takes 2 MB (wgMaxArticleSize).
_MOST_PAGE = 4 * 1024 * 1024
_DATED = frozenset({"date", "byline", "dateline"})
# What Wikinews writes into texts that it has not published.
_DRAFTS = re.compile(
    r"\{\{\s*(?:develop(?:ing)?|review|under review|tasks|abandoned|breaking review|prepare|speedy|delete)\s*[|}]",
    re.IGNORECASE,
)
# Templates that show one of their parameters; others are boxes, notices and navigation.
_SHOWS_LAST = frozenset({"w", "wikipedia", "lang", "nowrap", "small", "foreign", "wp"})


@dataclass(slots=True)
class _Site:
    """What the dump states about its site."""

    name: str | None = None
    base: str | None = None
    language: str | None = None


@dataclass(slots=True)
class _Page:
    """One page, with the text of its last revision."""

    fields: dict[str, str] = field(default_factory=dict)
    is_redirect: bool = False
    is_too_large: bool = False


def read_dump(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the articles of one dump (`.xml`, `.xml.bz2`, `.xml.gz`): pages of the main namespace, no redirects."""
    origin = shown(path)
    pages = _Dump(min(max_bytes, _MOST_PAGE))
    try:
        with unpacked(path) as stream:
            feed = XmlFeed(pages)
            number = 0
            while piece := stream.read1(_PIECE):
                feed.feed(piece)
                for page in pages.taken():
                    number += 1
                    yield _item(page, pages.site, f"{origin}:{number}", pages.limit)
            feed.close()
            if not number:
                yield Rejection(origin, "The dump holds no article.", "Only pages of the main namespace are read.")
    except UnreadableSource as error:
        yield Rejection(origin, error.message, _HINT if pages.root else error.hint)
    except DAMAGE:
        yield Rejection(origin, "The dump is damaged or cut off.", _HINT)


def _item(page: _Page, site: _Site, origin: str, limit: int) -> SourceItem | Rejection:
    if page.is_too_large:
        return too_large(origin, f"more than {megabytes(limit)}", limit)
    raw = "\0".join((site.name or "", page.fields.get("title", ""), page.fields.get("text", "")))
    return SourceItem(origin, raw.encode("utf-8", "replace"), partial(_parse, page, site))


def _parse(page: _Page, site: _Site) -> Draft:
    wikitext, title = page.fields.get("text", ""), page.fields.get("title")
    if _DRAFTS.search(wikitext):
        raise UnreadableSource("The page is a draft that its site has not published.", "Nothing needs to be done.")
    dates: list[str] = []

    def template(parts: list[str]) -> str:
        name = parts[0].lower()
        named = dict(part.split("=", 1) for part in parts[1:] if "=" in part)
        unnamed = [part for part in parts[1:] if "=" not in part]
        if name in _DATED:
            dates.extend([*unnamed[:1], named.get("date", "")])
            return ""
        return unnamed[-1] if name in _SHOWS_LAST and unnamed else ""

    body = plain_text(wikitext, template)
    return Draft(
        body=body,
        title=title,
        url=_address(site, title),
        publisher=site.name,
        published_at=next(filter(None, map(parse_published, dates)), None),
        language=site.language,
        external_id=page.fields.get("id"),
    )


def _address(site: _Site, title: str | None) -> str | None:
    if not site.base or not title:
        return None
    folder = site.base.rpartition("/")[0]
    return canonical_url(f"{folder}/{quote(title.replace(' ', '_'), safe='/:,()')}")


class _Dump(Elements):
    """Collects pages as the parser meets them (mediawiki.org/xml/export-0.11)."""

    def __init__(self, limit: int) -> None:
        super().__init__(most_elements=None)
        self.limit = limit
        self.root = ""
        self.site = _Site()
        self._done: list[_Page] = []
        self._page: _Page | None = None
        self._pieces: list[str] = []
        self._size = 0
        self._inside: list[str] = []

    def taken(self) -> list[_Page]:
        """The pages that were completed since the last call."""
        done, self._done = self._done, []
        return done

    def begun(self, name: str, attributes: dict[str, str]) -> None:
        """Begins a page; the first element must be that of a dump."""
        if not self.root:
            self.root = name
            if name != "mediawiki":
                raise UnreadableSource("This XML is no dump of a MediaWiki site.", "Other XML can't be read.")
            self.site.language = attributes.get("lang")
        self._inside.append(name)
        self._pieces.clear()
        self._size = 0
        if name == "page":
            self._page = _Page()
        elif name == "redirect" and self._page:
            self._page.is_redirect = True

    def text(self, content: str) -> None:
        """Keeps content up to the limit, and counts the rest."""
        self._size += len(content)
        if self._size <= self.limit:
            self._pieces.append(content)

    def ended(self, name: str) -> None:
        """Keeps a field of the site or of the page; a page of the main space is done at its end."""
        self._inside.pop()
        parent = self._inside[-1] if self._inside else ""
        content = "".join(self._pieces) if name != "page" else ""
        self._pieces.clear()
        if self._page is None:
            if parent == "siteinfo" and name in {"sitename", "base"}:
                setattr(self.site, "name" if name == "sitename" else "base", content.strip() or None)
        elif name == "page":
            if self._page.fields.get("ns", "0") == "0" and not self._page.is_redirect and "text" in self._page.fields:
                self._done.append(self._page)
            self._page = None
        elif parent == "page" and name in {"title", "ns", "id"}:
            self._page.fields[name] = content.strip()[:1000]
        elif parent == "revision" and name == "text":
            # Dumps with every revision have them oldest first.
            self._page.fields["text"] = content
            self._page.is_too_large = self._size > self.limit
        self._size = 0
