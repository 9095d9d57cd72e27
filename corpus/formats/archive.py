"""Opens ZIP archives that strangers made: read in place, never unpacked to disk, within limits on everything."""

import struct
import zipfile
import zlib
from typing import BinaryIO, Self

from corpus.errors import UnreadableSource
from corpus.formats.decompress import MOST_RATIO, UNJUDGED_BYTES
from corpus.formats.single_file import megabytes

# A book or a document has some hundred members; listing 10,000 takes 50 ms and 10 MB.
MOST_MEMBERS = 10_000
# The list of members is read at once, before they can be counted: 4 MB hold 10,000 with names of 350 characters.
MOST_LIST_BYTES = 4 * 1024 * 1024
# The packings of documents (ISO/IEC 21320-1); others let the archive choose how much memory they take.
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_END, _END_SIZE, _MOST_COMMENT = b"PK\x05\x06", 22, 65_535
_END_64, _END_64_SIZE, _LOCATOR_SIZE = b"PK\x06\x06", 56, 20
_HINT = "Save the document again, or give its text."


class Archive:
    """One open archive, checked.

    Raises:
        UnreadableSource: it is no ZIP archive, or one that no program makes of a document.
    """

    def __init__(self, file: BinaryIO) -> None:
        _check_list(file)
        try:
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
        # What the library raises for hostile input: its own errors, and those of struct and of decoding names.
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError, OSError) as error:
            raise _damaged() from error
        if len(members) > MOST_MEMBERS:
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
        """The names of all members, in their order."""
        return list(self._members)

    def read(self, name: str, max_bytes: int) -> bytes:
        """One member, whole.

        Raises:
            UnreadableSource: there is none of this name, it is larger than `max_bytes`, a bomb, encrypted or damaged.
        """
        with self.open(name) as stream:
            try:
                # A member's stated size may be a lie: what comes out counts.
                content = stream.read(max_bytes + 1)
            except (zipfile.BadZipFile, EOFError, ValueError, OSError, zlib.error) as error:
                raise _damaged() from error
        if len(content) > max_bytes:
            raise UnreadableSource(
                f"The part {_shown(name)} unpacks to more than the limit of {megabytes(max_bytes)}.",
                "Raise ATTACHE_MAX_ARTICLE_MB to take it in.",
            )
        packed = max(1, self._members[name].compress_size)
        if len(content) > UNJUDGED_BYTES and len(content) > MOST_RATIO * packed:
            raise UnreadableSource(f"The part {_shown(name)} unpacks to more than {MOST_RATIO} times its size.", _HINT)
        return content

    def open(self, name: str) -> zipfile.ZipExtFile:
        """One member as a stream.

        Raises:
            UnreadableSource: there is none of this name, or it is encrypted or packed in an unusual way.
        """
        member = self._members.get(name)
        if member is None:
            raise UnreadableSource(f"The part {_shown(name)} is missing from this document.", _HINT)
        if member.flag_bits & _ENCRYPTED:
            raise UnreadableSource("This document is protected by a password.", "Save it without one.")
        if member.compress_type not in _PACKINGS:
            raise UnreadableSource(f"The part {_shown(name)} is packed in an unusual way.", _HINT)
        try:
            stream = self._zip.open(member)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError) as error:
            raise _damaged() from error
        assert isinstance(stream, zipfile.ZipExtFile)
        return stream


def _check_list(file: BinaryIO) -> None:
    """Bounds the list of members by what the archive's end states (APPNOTE.TXT, 4.3.14 to 4.3.16)."""
    size = file.seek(0, 2)
    start = max(0, size - _END_SIZE - _MOST_COMMENT - _LOCATOR_SIZE - _END_64_SIZE)
    file.seek(start)
    tail = file.read(size - start)
    # The library looks for an end without a comment first.
    bare = len(tail) - _END_SIZE
    at = bare if bare >= 0 and tail[bare:].startswith(_END) else tail.rfind(_END)
    if at < 0 or at + _END_SIZE > len(tail):
        raise _damaged()
    stated = int.from_bytes(tail[at + 12 : at + 16], "little")
    large = at - _LOCATOR_SIZE - _END_64_SIZE
    if large >= 0 and tail[large:].startswith(_END_64):
        stated = max(stated if stated != 0xFFFFFFFF else 0, int.from_bytes(tail[large + 40 : large + 48], "little"))
    if stated > MOST_LIST_BYTES:
        raise _too_many()
    file.seek(0)


def _check_name(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":"):
        raise UnreadableSource(f"The archive has a part with the unsafe name {_shown(name)}.", _HINT)


def _shown(name: str) -> str:
    plain = "".join(letter if letter.isprintable() else "?" for letter in name[:60])
    return f"“{plain}”"


def _too_many() -> UnreadableSource:
    return UnreadableSource(f"The archive has more than {MOST_MEMBERS:,} parts.", _HINT)


def _damaged() -> UnreadableSource:
    return UnreadableSource("The archive is damaged, or no archive of the kind that its name says.", _HINT)
