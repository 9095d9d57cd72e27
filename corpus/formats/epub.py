"""Reads EPUB books and news papers: an article for each chapter, in reading order, under the book's metadata."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from corpus.article import Draft, Rejection, SourceItem
from corpus.charset import decode
from corpus.errors import UnreadableSource
from corpus.formats.archive import Archive
from corpus.formats.fields import checked_date
from corpus.formats.files import shown
from corpus.formats.html_text import markup_text
from corpus.formats.xml import Elements, read_xml

_CONTAINER = "META-INF/container.xml"
_MOST_PART = 4 * 1024 * 1024
# All chapters together; "War and Peace" has 4 MB.
_MOST_TEXT = 100 * 1024 * 1024
# Covers, half titles and imprints have fewer words.
_FEWEST_WORDS = 60
_PAGES = frozenset({"application/xhtml+xml", "text/html"})


@dataclass(slots=True)
class _Book:
    """What the package document states (EPUB 3.3, 5)."""

    stated: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    spine: list[str] = field(default_factory=list)


def read_book(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the chapters of one book."""
    origin = shown(path)
    try:
        with path.open("rb") as file, Archive(file) as archive:
            yield from _chapters(archive, origin, max_bytes)
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)


def _chapters(archive: Archive, origin: str, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    book = _book(archive)
    size = found = 0
    for number, name in enumerate(book.spine, start=1):
        try:
            raw = archive.read(name, max_bytes)
        except UnreadableSource as error:
            yield Rejection(f"{origin}:{number}", error.message, error.hint)
            continue
        size += len(raw)
        if size > _MOST_TEXT:
            raise UnreadableSource("The book has more text than is read of one file.", "Split it.")
        # Told by the text, not by the markup: parsed here once, and again only when it is new.
        if len(raw.split()) < _FEWEST_WORDS:
            continue
        found += 1
        yield SourceItem(f"{origin}:{number}", raw + _metadata_key(book), partial(_parse, raw, book, number))
    if not found:
        yield Rejection(
            origin, "The book holds no chapter with text.", "Books of pictures need text recognition (OCR)."
        )


def _metadata_key(book: _Book) -> bytes:
    # Chapters of two books may be equal to the byte.
    return repr(sorted(book.stated.items())).encode("utf-8", "replace")


def _parse(raw: bytes, book: _Book, number: int) -> Draft:
    heading, body = markup_text(decode(raw))
    if len(body.split()) < _FEWEST_WORDS // 2:
        raise UnreadableSource(
            "This part of the book has hardly any text.", "Nothing is lost if it is a cover or a list."
        )
    stated = book.stated
    name = stated.get("title")
    title = f"{heading} ({name})" if heading and name and heading != name else heading or name
    warnings: list[str] = []
    identifier = stated.get("identifier")
    return Draft(
        body=body,
        title=title,
        publisher=stated.get("publisher"),
        author=stated.get("creator"),
        published_at=checked_date(stated.get("date"), warnings),
        language=(stated.get("language") or "").split("-")[0].lower() or None,
        external_id=f"{identifier}#{number}" if identifier else None,
        warnings=tuple(warnings),
    )


def _book(archive: Archive) -> _Book:
    container, package = _Container(), _Package()
    if _CONTAINER not in archive.names:
        raise UnreadableSource("This is no EPUB book, whatever its name says.", "Check the file.")
    read_xml(archive.read(_CONTAINER, _MOST_PART), container)
    read_xml(archive.read(container.package, _MOST_PART), package, allow_doctype=True)
    base = posixpath.dirname(container.package)
    items = (package.book.items.get(each) for each in dict.fromkeys(package.book.spine))
    package.book.spine = [posixpath.normpath(posixpath.join(base, unquote(href))) for href in items if href]
    return package.book


class _Container(Elements):
    """Where the package document lies."""

    package = ""

    def begun(self, name: str, attributes: dict[str, str]) -> None:
        """Keeps the first package that is named."""
        if name == "rootfile" and not self.package:
            self.package = attributes.get("full-path", "")


class _Package(Elements):
    """Metadata, files and reading order."""

    def __init__(self) -> None:
        super().__init__()
        self.book = _Book()
        self._pieces: list[str] = []
        self._in_metadata = False

    def begun(self, name: str, attributes: dict[str, str]) -> None:
        """Keeps files of text by their ids, and the reading order."""
        self._pieces.clear()
        if name == "metadata":
            self._in_metadata = True
        elif name == "item" and attributes.get("media-type") in _PAGES:
            if "nav" not in attributes.get("properties", "").split():
                self.book.items[attributes.get("id", "")] = attributes.get("href", "").partition("#")[0]
        elif name == "itemref" and attributes.get("linear") != "no":
            self.book.spine.append(attributes.get("idref", ""))

    def text(self, content: str) -> None:
        """Keeps what stands in the metadata."""
        if self._in_metadata:
            self._pieces.append(content)

    def ended(self, name: str) -> None:
        """Keeps the first value of each field of the metadata."""
        value = " ".join("".join(self._pieces).split())[:500]
        if self._in_metadata and value:
            self.book.stated.setdefault(name, value)
        self._pieces.clear()
        if name == "metadata":
            self._in_metadata = False
