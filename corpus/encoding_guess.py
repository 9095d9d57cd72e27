"""Guesses the encoding of bytes that state none: UTF-16 by its high bytes, older ones by a trained detector."""

import re
from dataclasses import dataclass

# The encodings that news was published in, as the detector names them. Fewer candidates give fewer wrong guesses, and
# none that nobody wrote news in, such as EBCDIC.
_CANDIDATES = (
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-13",
    "iso8859-15", "koi8-r", "koi8-u", "cp437", "cp850", "cp852", "cp855", "cp866", "cp874",
    "mac-roman", "mac-latin2", "mac-cyrillic", "mac-greek", "mac-turkish",
    "gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949",
)  # fmt: skip
# Its name for EUC-JP is that of a newer standard.
_NAMES = {"euc_jis_2004": "euc_jp"}
# Fewer characters outside of ASCII tell nothing; in English news, they are quotation marks, currencies and names.
_MIN_LETTERS = 4
_DEFAULT = "cp1252"
# What English news has of Windows-1252: quotation marks, dashes, dots, currencies, degrees, and the accents of French,
# German and Spanish names. In other encodings, these bytes are letters that hardly stand alone in an ASCII text.
_COMMON = "€‚„…‘’“”•–—™\xa0£¥§©«®°»½áâäçèéêëíîïñóôöúûüßÉÖÜ".encode("cp1252")
# In trials with news in 15 languages, each sentence came out above this, and two or three words below.
_SURE = 0.15

# The high bytes of UTF-16 text by script: ASCII, Latin, Greek, Cyrillic, Armenian and Hebrew, Arabic, Devanagari and
# Bengali, Thai, Georgian, punctuation, kana, Chinese, Korean, full-width forms.
_HIGH_BYTES = bytes((
    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x09, 0x0E, 0x10, 0x1E, 0x20, 0x21, 0x30, *range(0x4E, 0xA0),
    *range(0xAC, 0xD8), 0xFF,
))  # fmt: skip
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
# Half of all bytes are among the high ones.
_MIN_SHARE = 0.95
_MIN_UNITS = 4
_MIN_DISTINCT = 5


@dataclass(frozen=True, slots=True)
class Guess:
    """A codec; `is_sure` if there was enough text to tell it."""

    name: str
    is_sure: bool


def guess_encoding(sample: bytes) -> Guess:
    """Return the older encoding, of those with one or two bytes a character, that a text is most likely in."""
    others = sample.translate(None, bytes(range(128)))
    if len(others) < _MIN_LETTERS:
        return Guess(_DEFAULT, is_sure=not others.translate(None, _COMMON))
    import chardet  # noqa: PLC0415 - takes 100 ms to import, and most text never needs it

    found = chardet.detect(
        sample, compat_names=False, max_bytes=len(sample), include_encodings=_CANDIDATES, no_match_encoding=_DEFAULT
    )
    name = found["encoding"] or _DEFAULT
    return Guess(_NAMES.get(name, name), is_sure=found["confidence"] >= _SURE)


def guess_wide_encoding(sample: bytes, *, is_binary: bool) -> str | None:
    """Return the form of UTF-16 that a sample without a mark is in, None if it is in neither.

    Args:
        sample: the first bytes of a text.
        is_binary: whether it has more control characters and NULs than text has in other encodings.
    """
    if not is_binary and b"\0" not in sample:
        return None
    even, odd = sample[: len(sample) & ~1 : 2], sample[1::2]
    forms = (("utf-16-le", odd, even), ("utf-16-be", even, odd))
    units = len(odd)
    # No text consists of a few units repeated, as filled-up files do.
    if units < _MIN_UNITS or len(set(zip(even[: _MIN_UNITS * 8], odd[: _MIN_UNITS * 8], strict=False))) < _MIN_DISTINCT:
        return None
    # Latin text: nearly every other byte is NUL.
    if not is_binary and not any(high.count(0) > 0.4 * units and low.count(0) < 0.02 * units for _, high, low in forms):
        return None
    share, name = max((_plausible_share(sample, name, high), name) for name, high, _ in forms)
    return name if share >= _MIN_SHARE else None


def _plausible_share(sample: bytes, name: str, high: bytes) -> float:
    """Return the share of the units of two bytes that are letters, digits or punctuation of a script."""
    others = len(high.translate(None, _HIGH_BYTES)) + len(_NO_TEXT.findall(sample.decode(name, "replace")))
    return 1 - others / len(high)
