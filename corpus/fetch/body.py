"""Reads the body of a response piece by piece, within its limit before and after decompression."""

import zlib
from collections.abc import Iterator

import httpx

from corpus.errors import FetchFailed
from corpus.formats.single_file import megabytes

# What is asked for; both are in the standard library and can be unpacked in steps of limited size.
ENCODINGS = "gzip, deflate"
_PIECE = 1 << 16
# The first byte of gzip, which begins no block of deflate.
_GZIP = 0x1F
_EITHER_HEADER = 47
_NO_HEADER = -15


def read_body(response: httpx.Response, max_bytes: int) -> bytes:
    """Return the whole body, decompressed.

    Raises:
        FetchFailed: larger than `max_bytes`, broken off, or compressed in a way that was not asked for.
    """
    stated = response.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) > max_bytes:
        raise _too_large(max_bytes)
    encoding = response.headers.get("content-encoding", "").strip().lower()
    chunks = _limited(response.iter_raw(), max_bytes)
    if encoding in {"gzip", "x-gzip", "deflate"}:
        chunks = _limited(_unpacked(chunks), max_bytes)
    elif encoding not in {"", "identity"}:
        raise FetchFailed(
            f"The site sends the page in a compression that was not asked for ({encoding[:40]}).",
            "Save the page and take in the file.",
        )
    return b"".join(chunks)


def _limited(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(max_bytes)
        yield chunk


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what compressed chunks hold, in pieces of limited size: a bomb is noticed before it fills the memory."""
    unpacker = None
    for chunk in chunks:
        rest = chunk
        while rest:
            if unpacker is None:
                # Some servers send deflate without the zlib header that RFC 9110 asks for.
                has_header = rest[0] == _GZIP or rest[0] & 0x0F == 8
                unpacker = zlib.decompressobj(_EITHER_HEADER if has_header else _NO_HEADER)
            elif unpacker.eof:
                if rest[0] != _GZIP:
                    return
                unpacker = zlib.decompressobj(_EITHER_HEADER)
            try:
                yield unpacker.decompress(rest, _PIECE)
            except zlib.error as error:
                raise FetchFailed("The page came damaged: its compression is broken.", "Try again later.") from error
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if unpacker is not None and not unpacker.eof:
        yield unpacker.flush(_PIECE)
        if not unpacker.eof:
            raise FetchFailed("The connection broke off before the page was complete.", "Try again later.")


def _too_large(max_bytes: int) -> FetchFailed:
    return FetchFailed(f"The page is larger than the limit of {megabytes(max_bytes)}.", "Save its text as a file.")
