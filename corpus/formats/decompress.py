"""Decompresses gzip, bzip2 and Zstandard streams and stops decompression bombs."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from corpus.errors import UnreadableSource

# News compresses 3 to 10 times, wiki dumps with full history up to 100 times; more than this is a bomb.
MAX_RATIO = 200
# Below this size a high ratio does no harm: a hundred equal lines compress well, too.
RATIO_GRACE_BYTES = 16 * 1024 * 1024

# The window that archives of the web may ask for, and by which every decoder reads them (RFC 8878, 3.1.1.1.2).
_MAX_ZSTD_WINDOW = 8 * 1024 * 1024
_PIECE = 1 << 16
# A dictionary before the first record, in a frame that other readers skip (WARC file compression with Zstandard).
_DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"
_MAX_DICTIONARY = 16 * 1024 * 1024

DECOMPRESSION_ERRORS = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zstandard.ZstdError)


class Stream(Protocol):
    """The common interface of files, archive members and decompressors."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes; empty at the end."""


class BoundedStream(io.RawIOBase):
    """A decompressed stream that raises UnreadableSource when its compression ratio shows a bomb.

    Args:
        content: the decompressed stream.
        compressed: the file that it is read from.
    """

    def __init__(self, content: Stream, compressed: BinaryIO) -> None:
        self._content, self._compressed, self._size = content, compressed, 0
        # Met behind what was read so far.
        self.damage: Exception | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override] # the protocol of RawIOBase
        """Fill the buffer and return the number of bytes read; 0 at the end.

        Raises:
            UnreadableSource: the stream is a bomb.
        """
        chunk = self._read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._size += len(chunk)
        if self._size > RATIO_GRACE_BYTES and self._size > MAX_RATIO * max(1, self._compressed.tell()):
            raise UnreadableSource(
                f"The file unpacks to more than {MAX_RATIO} times its size, too much for text.",
                "Unpack it and use the unpacked file.",
            )
        return len(chunk)

    def _read(self, size: int) -> bytes:
        """Return up to `size` bytes; where the rest is damaged, first those before the damage."""
        if self.damage is not None:
            raise self.damage
        if not isinstance(self._content, gzip.GzipFile):
            return self._content.read(size)
        # In pieces: what the library has read of a piece with damage is lost.
        pieces: list[bytes] = []
        while size > 0:
            try:
                piece = self._content.read1(min(size, _PIECE))
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                if not pieces:
                    raise
                self.damage = error
                break
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


@contextmanager
def open_decompressed(path: Path) -> Iterator["io.BufferedReader[BoundedStream]"]:
    """Open a file for reading; decompress it if its name ends in .gz, .bz2 or .zst.

    Reading raises one of `DECOMPRESSION_ERRORS` or OSError for damage, and UnreadableSource for a bomb.
    """
    with path.open("rb") as file, decompress(file, path.name) as stream:
        yield stream


@contextmanager
def decompress(file: BinaryIO, name: str) -> Iterator["io.BufferedReader[BoundedStream]"]:
    """Decompress an open file as `open_decompressed` does, by the suffix of `name`."""
    content: Stream = file
    if name.lower().endswith(".gz"):
        content = gzip.GzipFile(fileobj=file, mode="rb")
    elif name.lower().endswith(".bz2"):
        content = bz2.BZ2File(file, "rb")
    elif name.lower().endswith(".zst"):
        content = _open_zstandard(file)
    with io.BufferedReader(BoundedStream(content, file)) as stream:
        yield stream


def _open_zstandard(file: BinaryIO) -> Stream:
    """Open a stream of frames, perhaps with their dictionary before them."""
    start = file.tell()
    head = file.read(8)
    dictionary = None
    if head.startswith(_DICTIONARY_FRAME) and (size := int.from_bytes(head[4:], "little")) <= _MAX_DICTIONARY:
        content = file.read(size)
        if content.startswith(zstandard.FRAME_HEADER):
            content = zstandard.ZstdDecompressor().decompress(content, max_output_size=_MAX_DICTIONARY)
        dictionary = zstandard.ZstdCompressionDict(content)
    else:
        file.seek(start)
    decompressor = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=_MAX_ZSTD_WINDOW)
    return decompressor.stream_reader(file, read_across_frames=True, closefd=False)
