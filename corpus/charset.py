"""Decodes bytes to text by byte order mark, as UTF-8 or in a detected older encoding; rejects binary data."""

import codecs

from charset_normalizer import from_bytes

from corpus.errors import UnreadableSource

# UTF-32 first: its mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF87a", "a picture"),
    (b"GIF89a", "a picture"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!\x1a", "an archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "a rich text document"),
)

_HINT = "Save it as plain text, Markdown or HTML in UTF-8 and try again."

# Control characters that do occur in text.
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1b\x85\x00")
_CONTROLS = bytes(b for b in range(32) if b not in _TEXT_CONTROLS) + b"\x7f"

# Bytes that are enough for every check below; reading all of a large file would take seconds and change nothing.
_SAMPLE = 1 << 16

# The encodings that news was published in; fewer candidates give fewer wrong guesses.
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r",
    "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
]  # fmt: skip


def decode(raw: bytes) -> str:
    """Return the text of `raw`, without byte order mark and NUL characters.

    Raises:
        UnreadableSource: the bytes are not text but a picture, an archive or a program.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _without_nul(raw[len(mark) :].decode(encoding, "replace"))
    for magic, what in _MAGIC:
        if raw.startswith(magic):
            raise UnreadableSource(f"This is {what}, not text.", _HINT)
    wide = _wide_encoding(raw[:_SAMPLE])
    if wide:
        return _without_nul(raw.decode(wide, "replace"))
    _refuse_binary(raw[:_SAMPLE])
    try:
        return _without_nul(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _without_nul(_decode_legacy(raw, error.start))


def _without_nul(text: str) -> str:
    return text.replace("\0", "") if "\0" in text else text


def _wide_encoding(sample: bytes) -> str | None:
    """Detect UTF-16 without a mark: nearly every other byte is NUL, either the even or the odd ones."""
    if len(sample) < 8 or b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.02 * half:
        return "utf-16-be"
    return None


def _refuse_binary(sample: bytes) -> None:
    """Raise UnreadableSource for bytes with more control characters or NULs than damaged text would have."""
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > 0.02 * len(sample) + 1 or sample.count(0) > 0.1 * len(sample) + 1:
        raise UnreadableSource("This is binary data, not text.", _HINT)


def _decode_legacy(raw: bytes, first_bad: int) -> str:
    """Decode invalid UTF-8, either as damaged UTF-8 with replacement characters, or in an older encoding."""
    lenient = raw.decode("utf-8", "replace")
    bad = lenient.count("\ufffd")
    multibyte = len(lenient) - len(lenient.encode("ascii", "ignore")) - bad
    if multibyte > 10 * bad:
        return lenient
    start = max(0, first_bad - _SAMPLE // 2)
    sample = raw[start : start + _SAMPLE]
    # English and Spanish, which used cp1252, have too few accented letters for a detector. Polish has the fewest of the
    # languages that used another encoding: at least 7%.
    if len(sample) - len(sample.decode("ascii", "ignore")) <= max(0.06 * len(sample), 3):
        return raw.decode("cp1252", "replace")
    guess = from_bytes(sample, cp_isolation=_LEGACY, preemptive_behaviour=False).best()
    return raw.decode(guess.encoding if guess else "cp1252", "replace")
