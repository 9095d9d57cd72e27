"""Decompresses bodies of HTTP responses (RFC 9110, 8.4) within a limit."""

import zlib

import brotli
import zstandard

from corpus.errors import UnreadableSource

# Values of zlib's `wbits`.
_GZIP_OR_ZLIB = 47
_RAW_DEFLATE = -15
# Larger windows are not allowed in HTTP (RFC 9659, 3).
_MAX_ZSTD_WINDOW = 8 * 1024 * 1024
# Servers apply one, proxies a second one.
_MAX_ENCODINGS = 3
# Of one body: each costs a copy of the rest. Servers write one, some a new one for each part of a page.
_MAX_MEMBERS = 100
_NONE = frozenset({"", "identity", "none", "utf-8"})
_HINT = "Open the archive with a replay program, and save the page from there."


def decompress_body(raw: bytes, encodings: str, limit: int) -> bytes:
    """Return a body without its content encodings; at most `limit + 1` bytes of it.

    Many archives keep the header with a body that is decompressed already, so a body that begins like a page and can't
    be decompressed is returned as it is.

    Args:
        raw: the body.
        encodings: the value of the `Content-Encoding` header.
        limit: in bytes, for the body and for each step.

    Raises:
        UnreadableSource: damaged, or in an unknown encoding.
    """
    names = [name for each in encodings.lower().split(",") if (name := each.strip()) not in _NONE]
    if len(names) > _MAX_ENCODINGS:
        raise UnreadableSource("The page is compressed too many times.", _HINT)
    body = raw
    for name in reversed(names):
        decompress = _DECOMPRESSORS.get(name)
        if decompress is None:
            raise UnreadableSource(f"The page is in a compression that I don't know ({name[:40]}).", _HINT)
        try:
            body = decompress(body, limit + 1)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            if raw.lstrip()[:1] == b"<":
                return raw
            raise UnreadableSource("The page is damaged: it can't be decompressed.", _HINT) from error
    return body


def _gzip(raw: bytes, size: int) -> bytes:
    """Decompress gzip, perhaps of several members, and deflate with or without its header."""
    has_header = raw[:1] == b"\x1f" or (raw and raw[0] & 0x0F == 8)
    wbits = _GZIP_OR_ZLIB if has_header else _RAW_DEFLATE
    body = b""
    for _ in range(_MAX_MEMBERS):
        decompressor = zlib.decompressobj(wbits)
        body += decompressor.decompress(raw, size - len(body))
        if len(body) >= size:
            return body
        if not decompressor.eof:
            raise EOFError
        raw = decompressor.unused_data
        # What follows the last member is padding.
        if raw[:1] != b"\x1f":
            return body
    raise EOFError


def _brotli(raw: bytes, size: int) -> bytes:
    decompressor = brotli.Decompressor()
    parts = [decompressor.process(raw, output_buffer_limit=size)]
    left = size - len(parts[0])
    while left > 0 and not decompressor.is_finished():
        part = decompressor.process(b"", output_buffer_limit=left)
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)[:size]


def _zstd(raw: bytes, size: int) -> bytes:
    """Decompress zstd, perhaps of several frames."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=_MAX_ZSTD_WINDOW)
    with decompressor.stream_reader(raw, read_across_frames=True) as reader:
        body = reader.read(size)
    if len(body) >= size:
        return body
    # The reader doesn't tell a complete frame from one that was cut off.
    for _ in range(_MAX_MEMBERS):
        frame = decompressor.decompressobj()
        frame.decompress(raw)
        if not frame.eof:
            raise EOFError
        raw = frame.unused_data
        if not raw:
            return body
    raise EOFError


_DECOMPRESSORS = {
    "gzip": _gzip, "x-gzip": _gzip, "deflate": _gzip, "br": _brotli, "zstd": _zstd,
}  # fmt: skip
