"""Reads and decompresses response bodies within a size limit."""

import zlib
from collections.abc import Iterator

import httpx

from corpus.errors import FetchFailed
from corpus.formats.single_file import format_size

# The standard library decompresses both in steps of limited size.
ENCODINGS = "gzip, deflate"
_CHUNK = 1 << 16
# The first byte of gzip; no deflate block begins with it.
_GZIP = 0x1F
# Values of zlib's `wbits`.
_GZIP_OR_ZLIB = 47
_RAW_DEFLATE = -15


def read_body(response: httpx.Response, max_bytes: int) -> bytes:
    """Return the whole decompressed body.

    Raises:
        FetchFailed: larger than `max_bytes`, incomplete, or in an encoding that wasn't requested.
    """
    stated = response.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) > max_bytes:
        raise _too_large(max_bytes)
    encoding = response.headers.get("content-encoding", "").strip().lower()
    chunks = _limited(response.iter_raw(), max_bytes)
    if encoding in {"gzip", "x-gzip", "deflate"}:
        chunks = _limited(_decompressed(chunks), max_bytes)
    elif encoding not in {"", "identity"}:
        raise FetchFailed(
            f"The site uses a compression that wasn't requested ({encoding[:40]}).", "Save the page and add the file."
        )
    return b"".join(chunks)


def _limited(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(max_bytes)
        yield chunk


def _decompressed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield decompressed chunks of limited size, so that a bomb is noticed before it fills memory."""
    decompressor = None
    for chunk in chunks:
        rest = chunk
        while rest:
            if decompressor is None:
                # Some servers send deflate without the zlib header that RFC 9110 requires.
                has_header = rest[0] == _GZIP or rest[0] & 0x0F == 8
                decompressor = zlib.decompressobj(_GZIP_OR_ZLIB if has_header else _RAW_DEFLATE)
            elif decompressor.eof:
                if rest[0] != _GZIP:
                    return
                decompressor = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                yield decompressor.decompress(rest, _CHUNK)
            except zlib.error as error:
                raise FetchFailed("The page is damaged: it can't be decompressed.", "Try again later.") from error
            rest = decompressor.unused_data if decompressor.eof else decompressor.unconsumed_tail
    if decompressor is not None and not decompressor.eof:
        yield decompressor.flush(_CHUNK)
        if not decompressor.eof:
            raise FetchFailed("The connection broke off before the page was complete.", "Try again later.")


def _too_large(max_bytes: int) -> FetchFailed:
    return FetchFailed(f"The page is larger than the limit of {format_size(max_bytes)}.", "Save its text as a file.")
