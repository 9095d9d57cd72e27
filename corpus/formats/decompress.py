"""Decompresses gzip and bzip2 streams and stops decompression bombs."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from corpus.errors import UnreadableSource

# News compresses 3 to 10 times, wiki dumps with full history up to 100 times; more than this is a bomb.
MAX_RATIO = 200
# Below this size a high ratio does no harm: a hundred equal lines compress well, too.
RATIO_GRACE_BYTES = 16 * 1024 * 1024

DECOMPRESSION_ERRORS = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)


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

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override] # the protocol of RawIOBase
        """Fill the buffer and return the number of bytes read; 0 at the end.

        Raises:
            UnreadableSource: the stream is a bomb.
        """
        chunk = self._content.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._size += len(chunk)
        if self._size > RATIO_GRACE_BYTES and self._size > MAX_RATIO * max(1, self._compressed.tell()):
            raise UnreadableSource(
                f"The file unpacks to more than {MAX_RATIO} times its size, too much for text.",
                "Unpack it and use the unpacked file.",
            )
        return len(chunk)


@contextmanager
def open_decompressed(path: Path) -> Iterator["io.BufferedReader[BoundedStream]"]:
    """Open a file for reading; decompress it if its name ends in .gz or .bz2.

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
    with io.BufferedReader(BoundedStream(content, file)) as stream:
        yield stream
