"""Reads WARC and WACZ web archives: one article per page, in crawl order."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from io import BufferedReader
from pathlib import Path

from corpus.article import Draft, Rejection, SourceItem
from corpus.charset import decode_stated
from corpus.errors import UnreadableSource
from corpus.formats.archive import Archive
from corpus.formats.decompress import DECOMPRESSION_ERRORS, BoundedStream, Stream, decompress, open_decompressed
from corpus.formats.files import display_path
from corpus.formats.html_text import stated_charset
from corpus.formats.http_body import decompress_body
from corpus.formats.plain_text import parse_plain
from corpus.formats.single_file import format_size, too_large
from corpus.formats.web_page import parse_page
from corpus.original_urls import original_url
from corpus.word_count import count_words

# Larger pages are applications, not articles; fetched pages have the same limit.
_MAX_PAGE_BYTES = 5 * 1024 * 1024
# Of the headers of one record, whose length isn't stated.
_MAX_HEAD_BYTES = 1 << 20
# Records in a row that are no pages: pictures and scripts of one page are some hundred. Looking at these takes 3 s.
_MAX_OTHERS = 100_000
_PAGES = ("text/html", "application/xhtml+xml")
_TEXT = "text/plain"
# Records of texts that are taken from pages, as in the archives of Common Crawl (WET), are conversions.
_RECORDS = frozenset({"response", "resource", "conversion"})
# Texts for programs, not for readers.
_FOR_PROGRAMS = ("robots.txt", "ads.txt", "app-ads.txt", "humans.txt", "security.txt", "llms.txt")
_MIN_WORDS = 8
_DAMAGED = "The web archive is damaged or truncated."
_GZIP = b"\x1f\x8b"
_HINT = "The pages before were read. Download or save the archive again."


class _RecordStream:
    """A stream with a byte budget that is renewed for each record, so that endless headers raise an error."""

    def __init__(self, stream: "BufferedReader[BoundedStream]") -> None:
        self._stream, self._budget = stream, _MAX_HEAD_BYTES

    def allow(self, size: int) -> None:
        """Set the budget to `size` bytes of content plus headers."""
        self._budget = size + 2 * _MAX_HEAD_BYTES

    def read(self, size: int = -1, /) -> bytes:
        """Read at most `size` bytes; raise UnreadableSource beyond the budget."""
        # Not more than is there: what a longer read got before damage would be lost.
        chunk = self._stream.read1(size if size >= 0 else self._budget + 1)
        self._budget -= len(chunk)
        if self._budget < 0:
            raise UnreadableSource(_DAMAGED, _HINT)
        return chunk


def read_warc(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the articles of one WARC file, compressed or not."""
    origin = display_path(path)
    try:
        with open_decompressed(path) as stream:
            yield from _or_rejection(_pages(stream, origin, max_bytes, 0), origin)
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)
    except DECOMPRESSION_ERRORS:
        yield Rejection(origin, _DAMAGED, _HINT)


def read_wacz(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the articles of all WARC files in the `archive/` folder of one WACZ file (WACZ 1.1.1)."""
    origin = display_path(path)
    try:
        with path.open("rb") as file, Archive(file) as archive:
            yield from _or_rejection(_members(archive, origin, max_bytes), origin)
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)
    except (*DECOMPRESSION_ERRORS, zipfile.BadZipFile):
        yield Rejection(origin, _DAMAGED, _HINT)


def _members(archive: Archive, origin: str, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    number = 0
    for name in archive.names:
        if name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz", ".warc.zst")):
            with archive.open(name) as packed, decompress(packed, name) as stream:  # type: ignore[arg-type]
                for item in _pages(stream, origin, max_bytes, number):
                    number += 1
                    yield item


def _or_rejection(items: Iterator[SourceItem | Rejection], origin: str) -> Iterator[SourceItem | Rejection]:
    """Yield the items, or one rejection if there are none."""
    item = None
    for item in items:
        yield item
    if item is None:
        hint = "Pictures, scripts and failed requests are skipped."
        yield Rejection(origin, "The web archive has no web pages.", hint)


def _pages(
    stream: "BufferedReader[BoundedStream]", origin: str, max_bytes: int, number: int
) -> Iterator[SourceItem | Rejection]:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - needed for web archives only
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    if stream.peek(2)[:2] == _GZIP:
        # warcio would decompress it without our limits.
        hint = "Unpack it once, or add .gz to its name."
        raise UnreadableSource("The web archive is compressed twice, or its name lacks .gz.", hint)
    records = _RecordStream(stream)
    others = 0
    limit = min(max_bytes, _MAX_PAGE_BYTES)
    try:
        # Suppress warnings, which would print untrusted text.
        silent = type("Silent", (ArchiveIterator,), {"INC_RECORD": ""})
        for record in silent(records):
            # With a negative length warcio would read to the end at once.
            length = record.length if isinstance(record.length, int) else 0
            if length < 0:
                raise UnreadableSource(_DAMAGED, _HINT)
            records.allow(length)
            others += 1
            if others > _MAX_OTHERS:
                raise UnreadableSource(f"It has more than {_MAX_OTHERS:,} records in a row that are no pages.", _HINT)
            if _is_page(record):
                others = 0
                number += 1
                yield _item(record, f"{origin}:{number}", limit)
        if stream.raw.damage is not None:
            # warcio takes it for the end.
            raise stream.raw.damage
    # warcio leaks these on hostile input.
    except (ArchiveLoadFailed, ValueError, AttributeError, LookupError, TypeError) as error:
        raise UnreadableSource(_DAMAGED, _HINT) from error


def _is_page(record: object) -> bool:
    head = getattr(record, "http_headers", None)
    if getattr(record, "rec_type", "") not in _RECORDS:
        return False
    if head is not None and str(head.get_statuscode()) != str(HTTPStatus.OK.value):
        return False
    kind = _media_type(record)
    return kind in _PAGES or (kind == _TEXT and not _target(record).partition("?")[0].endswith(_FOR_PROGRAMS))


def _media_type(record: object) -> str:
    return _content_type(record).split(";")[0].strip().lower()


def _target(record: object) -> str:
    target = str(record.rec_headers.get_header("WARC-Target-URI") or "")  # type: ignore[attr-defined]
    # WARC 1.0 allowed brackets around it (WARC 1.1, annex B).
    return target.removeprefix("<").removesuffix(">")


def _content_type(record: object) -> str:
    """Return the stated media type, perhaps with a charset."""
    head = getattr(record, "http_headers", None)
    if head is None:
        return str(getattr(record, "content_type", "") or "")
    return str(head.get_header("Content-Type") or "")


def _item(record: object, origin: str, limit: int) -> SourceItem | Rejection:
    from warcio.bufferedreaders import ChunkedDataReader  # noqa: PLC0415 - needed for web archives only

    head = record.http_headers  # type: ignore[attr-defined] # warcio has no types
    stream = source = record.raw_stream  # type: ignore[attr-defined]
    if head is not None and str(head.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        stream = ChunkedDataReader(stream)
    encodings = str(head.get_header("Content-Encoding") or "") if head is not None else ""
    try:
        raw = _read(stream, limit + 1)
        raw = decompress_body(raw, encodings, limit) if len(raw) <= limit else raw
    except UnreadableSource as error:
        return Rejection(origin, error.message, error.hint)
    if stream is source and getattr(source, "limit", 0) > 0 and len(raw) <= limit:
        return Rejection(origin, "The page is cut off: the web archive ends within it.", _HINT)
    if len(raw) > limit:
        return too_large(origin, f"more than {format_size(limit)}", limit)
    url = original_url(_target(record))
    charset = stated_charset(_content_type(record))
    if _media_type(record) == _TEXT:
        return SourceItem(origin, raw, partial(_parse_text, raw, url, charset))
    return SourceItem(origin, raw, partial(parse_page, raw, fetched_from=url, charset=charset))


def _parse_text(raw: bytes, url: str | None, charset: str | None) -> Draft:
    """Return the draft of a page of plain text.

    Raises:
        UnreadableSource: binary data, or no line of it is a sentence.
    """
    text = decode_stated(raw, charset)
    if not any(count_words(line) >= _MIN_WORDS for line in text.splitlines()):
        raise UnreadableSource("No article text was found in this page.", "Texts for programs are not read.")
    return replace(parse_plain(text.encode("utf-8", "replace")), url=url, fetched_from=url)


def _read(stream: Stream, size: int) -> bytes:
    """Read at most `size` bytes; one read of a chunked body ends with its chunk."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
