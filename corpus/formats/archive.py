"""Reads untrusted ZIP archives in place, with limits on size, member count and compression ratio."""

import struct
import zipfile
import zlib
from typing import BinaryIO, Self

from corpus.errors import UnreadableSource
from corpus.formats.decompress import MAX_RATIO, RATIO_GRACE_BYTES
from corpus.formats.single_file import SIZE_HINT, format_size

# Books and documents have some hundred members; listing 10,000 takes 50 ms and 10 MB.
MAX_MEMBERS = 10_000
# The central directory is read whole before members can be counted; 4 MB hold 10,000 with names of 350 characters.
MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
# Compression methods of documents (ISO/IEC 21320-1); others let the archive choose how much memory they take.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_END, _END_SIZE, _MAX_COMMENT = b"PK\x05\x06", 22, 65_535
_END_64, _END_64_SIZE, _LOCATOR_SIZE = b"PK\x06\x06", 56, 20
_HINT = "Save the document again, or save its text as a file."


class Archive:
    """An open, validated archive.

    Raises:
        UnreadableSource: not a ZIP archive, or one that exceeds a limit or has an unsafe member name.
    """

    def __init__(self, file: BinaryIO) -> None:
        _check_directory(file)
        try:
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
        # zipfile leaks struct and decoding errors on hostile input.
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError, OSError) as error:
            raise _damaged() from error
        if len(members) > MAX_MEMBERS:
            raise _too_many()
        for member in members:
            _check_name(member.filename)
        self._members = {member.filename: member for member in members}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """Return the names of all members in archive order."""
        return list(self._members)

    def read(self, name: str, max_bytes: int) -> bytes:
        """Return the whole content of one member.

        Raises:
            UnreadableSource: the member is missing, larger than `max_bytes`, a bomb, encrypted or damaged.
        """
        with self.open(name) as stream:
            try:
                # The stated size may be a lie, so count what comes out.
                content = stream.read(max_bytes + 1)
            except (zipfile.BadZipFile, EOFError, ValueError, OSError, zlib.error) as error:
                raise _damaged() from error
        if len(content) > max_bytes:
            raise UnreadableSource(
                f"The part {_quoted(name)} is larger than the limit of {format_size(max_bytes)} when unpacked.",
                SIZE_HINT,
            )
        packed = max(1, self._members[name].compress_size)
        if len(content) > RATIO_GRACE_BYTES and len(content) > MAX_RATIO * packed:
            raise UnreadableSource(f"The part {_quoted(name)} unpacks to more than {MAX_RATIO} times its size.", _HINT)
        return content

    def open(self, name: str) -> zipfile.ZipExtFile:
        """Open one member as a stream.

        Raises:
            UnreadableSource: the member is missing, encrypted, or compressed by an unsupported method.
        """
        member = self._members.get(name)
        if member is None:
            raise UnreadableSource(f"The part {_quoted(name)} is missing from this document.", _HINT)
        if member.flag_bits & _ENCRYPTED:
            raise UnreadableSource("This document is password-protected.", "Save it without a password.")
        if member.compress_type not in _METHODS:
            raise UnreadableSource(f"The part {_quoted(name)} uses an unsupported compression method.", _HINT)
        try:
            stream = self._zip.open(member)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError) as error:
            raise _damaged() from error
        assert isinstance(stream, zipfile.ZipExtFile)
        return stream


def _check_directory(file: BinaryIO) -> None:
    """Limit the size of the central directory that the end records state (APPNOTE.TXT, 4.3.14 to 4.3.16)."""
    size = file.seek(0, 2)
    start = max(0, size - _END_SIZE - _MAX_COMMENT - _LOCATOR_SIZE - _END_64_SIZE)
    file.seek(start)
    tail = file.read(size - start)
    # Like zipfile, look for an end record without a comment first.
    bare = len(tail) - _END_SIZE
    at = bare if bare >= 0 and tail[bare:].startswith(_END) else tail.rfind(_END)
    if at < 0 or at + _END_SIZE > len(tail):
        raise _damaged()
    stated = int.from_bytes(tail[at + 12 : at + 16], "little")
    large = at - _LOCATOR_SIZE - _END_64_SIZE
    if large >= 0 and tail[large:].startswith(_END_64):
        stated = max(stated if stated != 0xFFFFFFFF else 0, int.from_bytes(tail[large + 40 : large + 48], "little"))
    if stated > MAX_DIRECTORY_BYTES:
        raise _too_many()
    file.seek(0)


def _check_name(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":"):
        raise UnreadableSource(f"The archive has a part with the unsafe name {_quoted(name)}.", _HINT)


def _quoted(name: str) -> str:
    plain = "".join(letter if letter.isprintable() else "?" for letter in name[:60])
    return f"“{plain}”"


def _too_many() -> UnreadableSource:
    return UnreadableSource(f"The archive has more than {MAX_MEMBERS:,} parts.", _HINT)


def _damaged() -> UnreadableSource:
    return UnreadableSource("The archive is damaged or isn't a ZIP file.", _HINT)
