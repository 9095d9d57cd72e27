"""Reads XML dumps of MediaWiki sites such as Wikinews: one article per page, from its last revision."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

from corpus.article import Draft, Rejection, SourceItem
from corpus.dates import parse_published
from corpus.errors import UnreadableSource
from corpus.formats.decompress import DECOMPRESSION_ERRORS, open_decompressed
from corpus.formats.files import display_path
from corpus.formats.single_file import format_size, too_large
from corpus.formats.wiki_templates import Templates
from corpus.formats.wikitext import plain_text
from corpus.formats.xml import XmlHandler, XmlParser
from corpus.urls import canonical_url

_CHUNK = 1 << 16
_HINT = "The pages before were read. Download the dump again."
# MediaWiki itself allows 2 MB (wgMaxArticleSize).
_MAX_PAGE_BYTES = 4 * 1024 * 1024
# Elements, and pieces of text, in a row without an article: some hundred thousand redirects and talk pages, or a page
# with a hundred thousand revisions. They take 10 s.
_MAX_OTHER_ELEMENTS = 4_000_000
_MAX_OTHER_EVENTS = 50_000_000
# Templates of unpublished pages on Wikinews.
_DRAFTS = re.compile(
    r"\{\{\s*(?:develop(?:ing)?|review|under review|tasks|abandoned|breaking review|prepare|speedy|delete)\s*[|}]",
    re.IGNORECASE,
)
_ROOT = "mediawiki"
_FEED_HINT = "Add the feed's address instead: attache feeds add LINK."
_OTHER_HINT = "Other XML isn't supported: save each article as a page, text or JSON Lines."
_ROOT_HINTS = dict.fromkeys(("rss", "feed", "RDF", "opml"), _FEED_HINT)


@dataclass(slots=True)
class _Site:
    """The site that the dump is from."""

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
    """Yield the articles of one dump (`.xml`, `.xml.bz2`, `.xml.gz`): main-namespace pages except redirects."""
    origin = display_path(path)
    dump = _DumpHandler(min(max_bytes, _MAX_PAGE_BYTES))
    try:
        with open_decompressed(path) as stream:
            parser = XmlParser(dump)
            number = 0
            while chunk := stream.read1(_CHUNK):
                parser.feed(chunk)
                for page in dump.pop_pages():
                    number += 1
                    yield _item(page, dump.site, f"{origin}:{number}", dump.limit)
            parser.close()
            if not number:
                yield Rejection(origin, "The dump has no articles.", "Only pages of the main namespace are read.")
    except UnreadableSource as error:
        yield Rejection(origin, error.message, _HINT if dump.root == _ROOT else error.hint)
    except DECOMPRESSION_ERRORS:
        yield Rejection(origin, "The dump is damaged or truncated.", _HINT)


def _item(page: _Page, site: _Site, origin: str, limit: int) -> SourceItem | Rejection:
    if page.is_too_large:
        return too_large(origin, f"more than {format_size(limit)}", limit)
    raw = "\0".join((site.name or "", page.fields.get("title", ""), page.fields.get("text", "")))
    return SourceItem(origin, raw.encode("utf-8", "replace"), partial(_parse, page, site))


def _parse(page: _Page, site: _Site) -> Draft:
    wikitext, title = page.fields.get("text", ""), page.fields.get("title")
    if _DRAFTS.search(wikitext):
        raise UnreadableSource("The page is an unpublished draft.", "You don't need to do anything.")
    templates = Templates(site.language, is_news="wikipedia" not in (site.base or ""))
    body = plain_text(wikitext, templates)
    return Draft(
        body=body,
        title=title,
        url=_page_url(site, title),
        publisher=site.name,
        published_at=next(filter(None, map(parse_published, templates.dates)), None),
        language=site.language,
        external_id=page.fields.get("id"),
    )


def _page_url(site: _Site, title: str | None) -> str | None:
    if not site.base or not title:
        return None
    folder = site.base.rpartition("/")[0]
    return canonical_url(f"{folder}/{quote(title.replace(' ', '_'), safe='/:,()')}")


class _DumpHandler(XmlHandler):
    """Collects the pages of a dump (mediawiki.org/xml/export-0.11)."""

    def __init__(self, limit: int) -> None:
        super().__init__(_MAX_OTHER_ELEMENTS)
        self.limit = limit
        self.root = ""
        self.site = _Site()
        self._completed: list[_Page] = []
        self._events_before = 0
        self._page: _Page | None = None
        self._chunks: list[str] = []
        self._size = 0
        self._path: list[str] = []

    def pop_pages(self) -> list[_Page]:
        """Return the pages completed since the last call."""
        completed, self._completed = self._completed, []
        return completed

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Start a page or a field; refuse XML whose root isn't that of a dump."""
        if not self.root:
            self.root = name
            if name != _ROOT:
                raise UnreadableSource("This XML file isn't a MediaWiki dump.", _ROOT_HINTS.get(name, _OTHER_HINT))
            self.site.language = attributes.get("lang")
        self._path.append(name)
        self._chunks.clear()
        self._size = 0
        if name == "page":
            self._page = _Page()
        elif name == "redirect" and self._page:
            self._page.is_redirect = True

    def on_text(self, content: str) -> None:
        """Keep text up to the limit, and count the rest."""
        self._size += len(content)
        if self.events - self._events_before > _MAX_OTHER_EVENTS:
            raise UnreadableSource("The dump has too much between two articles.", _HINT)
        if self._size <= self.limit:
            self._chunks.append(content)

    def on_end(self, name: str) -> None:
        """Store a field of the site or page, or finish a page."""
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        content = "".join(self._chunks) if name != "page" else ""
        self._chunks.clear()
        if self._page is None:
            if parent == "siteinfo" and name in {"sitename", "base"}:
                setattr(self.site, "name" if name == "sitename" else "base", content.strip() or None)
        elif name == "page":
            if self._page.fields.get("ns", "0") == "0" and not self._page.is_redirect and "text" in self._page.fields:
                self._completed.append(self._page)
                self._count, self._events_before = 0, self.events
            self._page = None
        elif parent == "page" and name in {"title", "ns", "id"}:
            self._page.fields[name] = content.strip()[:1000]
        elif parent == "revision" and name == "text":
            # In dumps with full history the newest revision comes last.
            self._page.fields["text"] = content
            self._page.is_too_large = self._size > self.limit
        self._size = 0
