"""Adds ISO-2022-CN (RFC 1922), which Python lacks, to its codecs, as far as it holds simplified Chinese."""

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

ISO_2022_CN = "iso2022_cn"
_NAMES = frozenset({"iso_2022_cn", "iso_2022_cn_ext", "iso2022_cn", "iso2022cn"})
# The code announces a character set for the bytes between the shifts: A for GB 2312, others for CNS 11643.
_PIECE = re.compile(rb"\x1b\$[)*+](.)|\x0e([^\x0f\x1b\n]*)\x0f?|([^\x0e\x1b]+)|.", re.DOTALL)
_HIGH_BIT = bytes(byte | 0x80 for byte in range(256))
# Bytes that wait for the end of their line: they are copied at each read.
_MAX_LINE = 1 << 18
# What announces the encoding; ISO-2022-KR announces a character set of its own.
ANNOUNCED = re.compile(rb"\x1b\$\)[AGE]")


def register_iso_2022_cn() -> None:
    """Make the encoding known to `bytes.decode` and `open`; what is not in GB 2312 becomes replacement characters."""
    codecs.register(lambda name: _CODEC if name in _NAMES else None)


def _decode(raw: "ReadableBuffer", _errors: str = "replace", /) -> tuple[str, int]:
    pieces: list[str] = []
    charset = b"A"
    data = bytes(raw)
    # One by one: all at once would take a hundred times the memory of a text that only shifts.
    for announced, shifted, plain in (piece.groups(b"") for piece in _PIECE.finditer(data)):
        charset = announced or charset
        if shifted and charset == b"A":
            pieces.append(shifted.translate(_HIGH_BIT).decode("gb18030", "replace"))
        elif shifted:
            pieces.append("\ufffd" * (len(shifted) // 2))
        elif plain:
            pieces.append(plain.decode("ascii", "replace"))
    return "".join(pieces), len(data)


class _LineDecoder(codecs.BufferedIncrementalDecoder):
    """Decodes whole lines: shifts and announcements end with their line."""

    def _buffer_decode(self, raw: "ReadableBuffer", errors: str, final: bool) -> tuple[str, int]:
        data = bytes(raw)
        is_whole = final or len(data) > _MAX_LINE
        return _decode(data if is_whole else data[: data.rfind(b"\n") + 1], errors)


def _encode(_text: str, _errors: str = "strict") -> tuple[bytes, int]:
    raise UnicodeError("This encoding can only be read.")


_CODEC = codecs.CodecInfo(_encode, _decode, incrementaldecoder=_LineDecoder, name=ISO_2022_CN)
