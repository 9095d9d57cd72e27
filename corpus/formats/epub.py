"""Reads EPUB books: one article per chapter, in reading order, with the book's metadata."""

import posixpath
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from corpus.article import Draft, Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.formats.archive import Archive
from corpus.formats.fields import checked_date
from corpus.formats.files import display_path
from corpus.formats.html_text import decode_markup, extract_text
from corpus.formats.xml import XmlHandler, read_xml
from corpus.word_count import count_words

_CONTAINER = "META-INF/container.xml"
_MAX_PART_BYTES = 4 * 1024 * 1024
# Of all chapters together; "War and Peace" has 4 MB.
_MAX_TEXT_BYTES = 100 * 1024 * 1024
# Covers, half titles and imprints have fewer words.
_MIN_WORDS = 60
_PAGES = frozenset({"application/xhtml+xml", "text/html"})


def read_book(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the chapters of one book."""
    origin = display_path(path)
    try:
        with path.open("rb") as file, Archive(file) as archive:
            yield from _chapters(archive, origin, max_bytes)
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)


def _chapters(archive: Archive, origin: str, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    metadata, names = _package(archive)
    # Chapters of two books may be equal to the byte.
    metadata_key = repr(sorted(metadata.items())).encode("utf-8", "replace")
    total = chapters = 0
    for number, name in enumerate(names, start=1):
        try:
            raw = archive.read(name, max_bytes)
        except UnreadableSource as error:
            yield Rejection(f"{origin}:{number}", error.message, error.hint)
            continue
        total += len(raw)
        if total > _MAX_TEXT_BYTES:
            raise UnreadableSource("The book has more text than one file may have.", "Split it.")
        # Counted with its markup; the chapter is parsed only if it is new. Words of scripts without spaces are counted
        # in the decoded text.
        if len(raw.split()) < _MIN_WORDS and (raw.isascii() or count_words(decode_markup(raw)) < _MIN_WORDS):
            continue
        chapters += 1
        yield SourceItem(f"{origin}:{number}", raw + metadata_key, partial(_parse, raw, metadata, number))
    if not chapters:
        yield Rejection(origin, "The book has no chapters with text.", "Books of pictures need text recognition (OCR).")


def _parse(raw: bytes, metadata: dict[str, str], number: int) -> Draft:
    heading, body = extract_text(decode_markup(raw))
    if count_words(body) < _MIN_WORDS // 2:
        raise UnreadableSource("This part of the book has hardly any text.", "A cover or a list needs none.")
    name = metadata.get("title")
    title = f"{heading} ({name})" if heading and name and heading != name else heading or name
    warnings: list[str] = []
    identifier = metadata.get("identifier")
    return Draft(
        body=body,
        title=title,
        publisher=metadata.get("publisher"),
        author=metadata.get("creator"),
        published_at=checked_date(metadata.get("date"), warnings),
        language=(metadata.get("language") or "").split("-")[0].lower() or None,
        external_id=f"{identifier}#{number}" if identifier else None,
        warnings=tuple(warnings),
    )


def _package(archive: Archive) -> tuple[dict[str, str], list[str]]:
    """Return the book's metadata and its chapter files in reading order."""
    container, package = _Container(), _Package()
    if _CONTAINER not in archive.names:
        raise UnreadableSource("This file isn't an EPUB book.", "Check the file.")
    read_xml(archive.read(_CONTAINER, _MAX_PART_BYTES), container)
    read_xml(archive.read(container.package, _MAX_PART_BYTES), package, allow_doctype=True)
    base = posixpath.dirname(container.package)
    hrefs = (package.items.get(each) for each in dict.fromkeys(package.spine))
    names = [posixpath.normpath(posixpath.join(base, unquote(href))) for href in hrefs if href]
    return package.metadata, names


class _Container(XmlHandler):
    """Finds the package document."""

    package = ""

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep the path of the first package."""
        if name == "rootfile" and not self.package:
            self.package = attributes.get("full-path", "")


class _Package(XmlHandler):
    """Collects metadata, file names by id, and reading order (EPUB 3.3, 5)."""

    def __init__(self) -> None:
        super().__init__()
        self.metadata: dict[str, str] = {}
        self.items: dict[str, str] = {}
        self.spine: list[str] = []
        self._pieces: list[str] = []
        self._in_metadata = False

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep text files by id, and the reading order."""
        self._pieces.clear()
        if name == "metadata":
            self._in_metadata = True
        elif name == "item" and attributes.get("media-type") in _PAGES:
            if "nav" not in attributes.get("properties", "").split():
                self.items[attributes.get("id", "")] = attributes.get("href", "").partition("#")[0]
        elif name == "itemref" and attributes.get("linear") != "no":
            self.spine.append(attributes.get("idref", ""))

    def on_text(self, content: str) -> None:
        """Collect a metadata value."""
        if self._in_metadata:
            self._pieces.append(content)

    def on_end(self, name: str) -> None:
        """Keep the first value of each metadata field."""
        value = " ".join("".join(self._pieces).split())[:500]
        if self._in_metadata and value:
            self.metadata.setdefault(name, value)
        self._pieces.clear()
        if name == "metadata":
            self._in_metadata = False
