"""Decodes ISO-2022-CN (RFC 1922), for which Python has no codec, as far as it holds simplified Chinese."""

import re

# The code announces a character set for the bytes between the shifts: A for GB 2312, others for CNS 11643.
_PIECE = re.compile(rb"\x1b\$[)*+](.)|\x0e([^\x0f\x1b\n]*)\x0f?|([^\x0e\x1b]+)|.", re.DOTALL)
_HIGH_BIT = bytes(byte | 0x80 for byte in range(256))
# What announces the encoding; ISO-2022-KR announces a character set of its own.
ANNOUNCED = re.compile(rb"\x1b\$\)[AGE]")


def decode_iso_2022_cn(raw: bytes) -> str:
    """Return the text; what is in other character sets than GB 2312 becomes replacement characters."""
    pieces: list[str] = []
    charset = b"A"
    for announced, shifted, plain in _PIECE.findall(raw):
        charset = announced or charset
        if shifted and charset == b"A":
            pieces.append(shifted.translate(_HIGH_BIT).decode("gb18030", "replace"))
        elif shifted:
            pieces.append("\ufffd" * (len(shifted) // 2))
        else:
            pieces.append(plain.decode("ascii", "replace"))
    return "".join(pieces)
