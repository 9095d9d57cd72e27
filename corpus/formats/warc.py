"""Reads web archives, WARC and WACZ: the articles of their pages, in the order in which they were visited."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from io import BufferedReader
from pathlib import Path

from corpus.article import Draft, Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.formats.archive import Archive
from corpus.formats.decompress import DAMAGE, Bounded, Stream, bounded, unpacked
from corpus.formats.files import shown
from corpus.formats.single_file import megabytes, too_large
from corpus.formats.urls import canonical_url
from corpus.formats.web_page import parse_page

# Larger ones are applications, not articles; what links give has the same limit.
_MOST_PAGE = 5 * 1024 * 1024
# Of headers, which are read before it is known how much follows.
_MOST_HEAD = 1 << 20
_PAGES = ("text/html", "application/xhtml+xml")
_DAMAGED = "The web archive is damaged or cut off."
_GZIP = b"\x1f\x8b"
_HINT = "What came before was read. Download or save the archive again."


class _Guarded:
    """A stream that gives no more than it is allowed to until it is allowed more: heads have no stated length."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._left = stream, _MOST_HEAD

    def allow(self, size: int) -> None:
        """Allows this much more, beside a head."""
        self._left = size + 2 * _MOST_HEAD

    def read(self, size: int = -1, /) -> bytes:
        """Reads; raises UnreadableSource past what is allowed."""
        piece = self._stream.read(size if size >= 0 else self._left + 1)
        self._left -= len(piece)
        if self._left < 0:
            raise UnreadableSource(_DAMAGED, _HINT)
        return piece


def read_warc(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the articles of one WARC file, gzipped or not."""
    origin = shown(path)
    try:
        with unpacked(path) as stream:
            yield from _found(_pages(stream, origin, max_bytes, 0), origin)
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)
    except DAMAGE:
        yield Rejection(origin, _DAMAGED, _HINT)


def read_wacz(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the articles of all WARC files in one WACZ archive (WACZ 1.1.1: they lie in `archive/`)."""
    origin = shown(path)
    try:
        with path.open("rb") as file, Archive(file) as archive:
            yield from _found(_members(archive, origin, max_bytes), origin)
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)
    except (*DAMAGE, zipfile.BadZipFile):
        yield Rejection(origin, _DAMAGED, _HINT)


def _members(archive: Archive, origin: str, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    number = 0
    for name in archive.names:
        if name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz")):
            with archive.open(name) as packed, bounded(packed, name) as stream:  # type: ignore[arg-type] # reads like one
                for item in _pages(stream, origin, max_bytes, number):
                    number += 1
                    yield item


def _found(items: Iterator[SourceItem | Rejection], origin: str) -> Iterator[SourceItem | Rejection]:
    """Passes on, and says so where there was nothing."""
    item = None
    for item in items:
        yield item
    if item is None:
        yield Rejection(
            origin, "The web archive holds no web page.", "Pictures, scripts and failed visits are not read."
        )


def _pages(
    stream: "BufferedReader[Bounded]", origin: str, max_bytes: int, number: int
) -> Iterator[SourceItem | Rejection]:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - no web archive, no need
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    if stream.peek(2)[:2] == _GZIP:
        # Packed once more: the library would unpack it, out of our sight.
        raise UnreadableSource("The web archive is packed twice, or its name lacks the .gz.", "Unpack it once.")
    guarded = _Guarded(stream)
    limit = min(max_bytes, _MOST_PAGE)
    try:
        # Its own warnings would go to the terminal, with what strangers wrote in them.
        silent = type("Silent", (ArchiveIterator,), {"INC_RECORD": ""})
        for record in silent(guarded):
            # A negative length would have the library read to the end at once.
            length = record.length if isinstance(record.length, int) else 0
            if length < 0:
                raise UnreadableSource(_DAMAGED, _HINT)
            guarded.allow(length)
            if _is_page(record):
                number += 1
                yield _item(record, f"{origin}:{number}", limit)
    # What the library raises for hostile input beside its own.
    except (ArchiveLoadFailed, ValueError, AttributeError, LookupError, TypeError) as error:
        raise UnreadableSource(_DAMAGED, _HINT) from error


def _is_page(record: object) -> bool:
    head = getattr(record, "http_headers", None)
    if getattr(record, "rec_type", "") not in {"response", "resource"}:
        return False
    if head is None:
        stated = str(getattr(record, "content_type", "") or "")
    elif str(head.get_statuscode()) == str(HTTPStatus.OK.value):
        stated = str(head.get_header("Content-Type") or "")
    else:
        return False
    return stated.split(";")[0].strip().lower() in _PAGES


def _item(record: object, origin: str, limit: int) -> SourceItem | Rejection:
    raw = record.content_stream().read(limit + 1)  # type: ignore[attr-defined] # the library has no types
    if len(raw) > limit:
        return too_large(origin, f"more than {megabytes(limit)}", limit)
    head = record.rec_headers  # type: ignore[attr-defined]
    url = canonical_url(str(head.get_header("WARC-Target-URI") or ""))
    return SourceItem(origin, raw, partial(_parse, raw, url))


def _parse(raw: bytes, url: str | None) -> Draft:
    draft = parse_page(raw)
    return draft if draft.url or not url else replace(draft, url=url)
