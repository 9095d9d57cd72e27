"""Opens files that may be compressed as a stream, and ends one that unpacks to far more than it holds."""

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

# News packs 3 to 10 to one, wiki dumps with every former text up to 100. What packs better is one byte over and over.
MOST_RATIO = 200
# Below this much a good ratio does no harm: a hundred equal lines pack well too.
UNJUDGED_BYTES = 16 * 1024 * 1024

DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)


class Stream(Protocol):
    """What files, members of archives and unpacking files share."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class Bounded(io.RawIOBase):
    """A stream that raises UnreadableSource once it has given far more than was read of the packed file.

    Args:
        unpacked: gives the content.
        packed: the file that it is unpacked from.
    """

    def __init__(self, unpacked: Stream, packed: BinaryIO) -> None:
        self._unpacked, self._packed, self._given = unpacked, packed, 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override] # the protocol of RawIOBase
        """Reads into the buffer; 0 at the end.

        Raises:
            UnreadableSource: the stream is a bomb.
        """
        piece = self._unpacked.read(len(buffer))
        buffer[: len(piece)] = piece
        self._given += len(piece)
        if self._given > UNJUDGED_BYTES and self._given > MOST_RATIO * max(1, self._packed.tell()):
            raise UnreadableSource(
                f"It unpacks to more than {MOST_RATIO} times its size, which no text does.", "Give the unpacked file."
            )
        return len(piece)


@contextmanager
def unpacked(path: Path) -> Iterator["io.BufferedReader[Bounded]"]:
    """Opens a file for reading as it is, or unpacked where its name ends in .gz or .bz2.

    While it is read, damage is raised as one of `DAMAGE` or OSError, and a bomb as UnreadableSource.
    """
    with path.open("rb") as packed, bounded(packed, path.name) as stream:
        yield stream


@contextmanager
def bounded(packed: BinaryIO, name: str) -> Iterator["io.BufferedReader[Bounded]"]:
    """Unpacks an open file by the end of its name, within the same bounds."""
    if name.lower().endswith(".gz"):
        inner: Stream = gzip.GzipFile(fileobj=packed, mode="rb")
    elif name.lower().endswith(".bz2"):
        inner = bz2.BZ2File(packed, "rb")
    else:
        inner = packed
    with io.BufferedReader(Bounded(inner, packed)) as stream:
        yield stream
