"""Decodes bytes to text by byte order mark, as UTF-8, or in a stated or guessed older encoding; refuses binary data."""

import codecs
import re
from dataclasses import dataclass

from webencodings import lookup

from corpus.encoding_guess import guess_encoding, guess_wide_encoding
from corpus.errors import UnreadableSource
from corpus.iso_2022_cn import ANNOUNCED, ISO_2022_CN, register_iso_2022_cn

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

# Of encodings with escape codes, which shift between two sets of characters by them.
_SHIFTS = b"\x0e\x0f"

# Bytes that are enough for every check below; reading all of a large file would take seconds and change nothing.
_SAMPLE = 1 << 16

# Characters of a text in the stated encoding, or words of it, that may be damaged.
_MAX_DAMAGED, _MAX_DAMAGED_SHARE = 3, 0.01
_TELLING = re.compile(rb"[^\n<>\x80-\xff]{0,200}+[\x80-\xff][^\n<>]{0,10000}")
# What a text in these encodings has not, unless its bytes are of another one.
_ODD_WORD = {
    # No language of Windows-1252, the default of many servers, has five letters with accents in a row.
    "cp1252": re.compile(r"[\u00c0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e]{5,}"),
    # Half-width kana are for short notes on bills.
    "cp932": re.compile(r"[\uff61-\uff9f]{1,2}(?![\uff61-\uff9f])[^\x00-\x7f]"),
}

# Python's codecs of older encodings that may be stated: those of browsers (WHATWG Encoding, 4.2), and those with escape
# codes, which emails use. The longest label of the standard has 19 characters.
_STATED = re.compile(
    r"cp125\d|cp866|cp874|cp9(?:32|49|50)|iso8859-\d+|koi8-[rut]|mac-(?:roman|cyrillic)|gb18030|big5hkscs|euc_jp"
    r"|iso2022_(?:cn|kr|jp\w*)|hz|utf-16(?:-[lb]e)?|utf-7"
)
_MAX_LABEL = 40
# In the standard, but not in the library yet.
_NEWER_LABELS = {"koi8-ru": "koi8-u"}
# Labels stand for a superset that was used under their name. Browsers decode the superset (WHATWG Encoding, 4.2).
_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949",
    "iso2022_jp": "iso2022_jp_ext",
}  # fmt: skip
register_iso_2022_cn()
# Escape codes consist of ASCII, so such text is also valid UTF-8. A stated encoding counts only where they occur.
_ESCAPE_CODES = {"iso2022": b"\x1b$", "hz": b"~{", "utf-7": b"+"}
# The codes that announce Japanese (RFC 1468, RFC 2237), Korean (RFC 1557) and Chinese (RFC 1922).
_ANNOUNCED = (
    (re.compile(rb"\x1b\$(?:[@B]|\(D)"), "iso2022_jp_ext"),
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (ANNOUNCED, ISO_2022_CN),
)


def decode(raw: bytes, warnings: list[str] | None = None) -> str:
    """Return the text of `raw`, without byte order mark and NUL characters.

    Args:
        raw: the encoded text.
        warnings: receives a sentence if the encoding is a guess from too little text.

    Raises:
        UnreadableSource: the bytes are not text but a picture, an archive or a program.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _without_nul(raw[len(mark) :].decode(encoding, "replace"))
    found = _detect(raw, raw[:_SAMPLE])
    if warnings is not None and found.is_guess and not found.is_sure:
        warnings.append(guess_warning("The text", found))
    return _without_nul(_decode_as(raw, found.name))


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to open a file as text: codec and error handler; `is_guess` if the bytes alone suggest it."""

    name: str
    errors: str
    is_guess: bool = False
    is_sure: bool = True


def detect_encoding(sample: bytes) -> Encoding:
    """Return how `decode` would read a file, from a part of it that begins and ends with a character.

    Raises:
        UnreadableSource: the bytes are not text.
    """
    marked = next((encoding for mark, encoding in _MARKS if sample.startswith(mark)), None)
    if marked:
        # These codecs also drop the mark.
        return Encoding("utf-8-sig" if marked == "utf-8" else marked[:6], "replace")
    return _detect(sample, sample)


def guess_warning(what: str, encoding: Encoding) -> str:
    """Return the sentence for a text or table whose encoding is a guess."""
    name = encoding.name.replace("cp125", "Windows-125").replace("iso8859", "ISO-8859").replace("mac-", "Mac ")
    return f"{what} isn't in UTF-8. It was read as {name}, which is a guess; if letters look wrong, save it as UTF-8."


def decode_stated(raw: bytes, *labels: str | None, warnings: list[str] | None = None) -> str:
    """Return the text of `raw` as `decode` does, but prefer a stated encoding to a guess.

    Valid UTF-8 is decoded as such whatever is stated, since many pages state the default of their server.

    Args:
        raw: the encoded text.
        labels: what states the encoding, most trusted first; unknown labels are skipped.
        warnings: as for `decode`.

    Raises:
        UnreadableSource: the bytes are not text.
    """
    if any(raw.startswith(mark) for mark, _ in _MARKS):
        return decode(raw)
    _refuse_files(raw)
    known = [charset for label in labels if label and (charset := known_charset(label))]
    # Where its escape codes don't occur, a text is in another encoding.
    stated = [charset for charset in known if (code := _escape_code(charset)) is None or code in raw]
    for charset in stated:
        if _escape_code(charset) and raw.isascii():
            return _without_nul(_decode_as(raw, charset))
    if _is_utf8(raw) or _damaged_utf8(raw):
        return decode(raw, warnings)
    sample = raw[:_SAMPLE]
    # Only UTF-16 has more than a stray NUL. Pages that state it, but are not in it, are frequent.
    is_wide = sample.count(0) > 0.05 * len(sample)
    charset = next((each for each in stated if each.startswith("utf-16") == is_wide), None)
    if charset is None:
        return decode(raw, warnings)
    # Single-byte encodings decode anything, so don't let binary data through.
    if not is_wide and _is_binary(sample):
        raise _binary()
    return _decode_labelled(raw, charset, is_wide=is_wide)


def _decode_labelled(raw: bytes, charset: str, *, is_wide: bool) -> str:
    """Return the text in a stated encoding, or in a guessed one that makes sense where the stated one doesn't."""
    text = _without_nul(_decode_as(raw, charset))
    if is_wide or not _is_mislabelled(text[:_SAMPLE], charset):
        return text
    guess = guess_encoding(_telling_pieces(raw))
    name = _SUPERSETS.get(guess.name, guess.name)
    if not guess.is_sure or name == charset:
        return text
    guessed = _without_nul(_decode_as(raw, name))
    return text if _is_mislabelled(guessed[:_SAMPLE], name) else guessed


def _is_mislabelled(text: str, charset: str) -> bool:
    """Return whether a text makes no sense in a stated encoding: damaged all over, or words of accented letters."""
    damaged = text.count("\ufffd")
    if damaged > _MAX_DAMAGED + len(text) * _MAX_DAMAGED_SHARE:
        return True
    odd = _ODD_WORD.get(charset)
    return odd is not None and len(odd.findall(text)) > _MAX_DAMAGED


def _telling_pieces(raw: bytes) -> bytes:
    """Return the pieces of text that aren't ASCII, up to a sample: markup makes foreign letters look rare."""
    pieces: list[bytes] = []
    size = 0
    for piece in _TELLING.finditer(raw):
        pieces.append(piece[0])
        size += len(piece[0])
        if size > _SAMPLE:
            break
    return b"\n".join(pieces)


def _escape_code(charset: str) -> bytes | None:
    return next((code for name, code in _ESCAPE_CODES.items() if charset.startswith(name)), None)


def known_charset(label: str) -> str | None:
    """Return Python's name of an older encoding, or None for UTF-8 and labels that nobody uses."""
    if len(label) > _MAX_LABEL:
        return None
    standard = lookup(_NEWER_LABELS.get(label.strip().lower(), label))
    try:
        name = standard.codec_info.name if standard else codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if _STATED.fullmatch(name) else None


def _detect(raw: bytes, sample: bytes) -> Encoding:
    """Return the encoding of bytes without a mark; `sample` is enough of them to tell text from binary data."""
    _refuse_files(raw)
    is_binary = _is_binary(sample)
    if wide := guess_wide_encoding(sample, is_binary=is_binary):
        return Encoding(wide, _errors(wide))
    announced = _announced_encoding(raw)
    if announced and not _is_binary(sample.translate(None, _SHIFTS)):
        return Encoding(announced, _errors(announced))
    if is_binary:
        raise _binary()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if not _damaged_utf8(raw):
            start = max(0, error.start - _SAMPLE // 2)
            guess = guess_encoding(raw[start : start + _SAMPLE])
            name = _SUPERSETS.get(guess.name, guess.name)
            return Encoding(name, _errors(name), is_guess=True, is_sure=guess.is_sure)
    return Encoding("utf-8", "replace")


def _decode_as(raw: bytes, charset: str) -> str:
    if _errors(charset) == _JIS_ERRORS:
        text = _decode_in_pieces(raw, charset, "replace")
        if text.count("\ufffd") > _MAX_VENDORS:
            return text
    return _decode_in_pieces(raw, charset, _errors(charset))


def _decode_in_pieces(raw: bytes, charset: str, errors: str) -> str:
    """Decode, with turns for other threads in between: some codecs take half a second, and much memory, for a book."""
    decoder = codecs.getincrementaldecoder(charset)(errors)
    texts: list[str] = []
    start = 0
    while len(raw) - start > _PIECE:
        # After a line where possible: nothing that a handler of errors looks at is cut through then.
        end = raw.rfind(b"\n", start, start + _PIECE) + 1 or start + _PIECE
        texts.append(decoder.decode(raw[start:end]))
        start = end
    texts.append(decoder.decode(raw[start:], final=True))
    return "".join(texts)


def _errors(charset: str) -> str:
    return _JIS_ERRORS if charset in {"euc_jp", "iso2022_jp_ext"} else "replace"


def _replace_jis(error: UnicodeError) -> tuple[str, int]:
    """Decode a character that vendors added to JIS X 0208, such as a circled digit, as browsers do.

    Python's `euc_jp` and `iso2022_jp` lack them, but its `cp932` has the same rows (WHATWG Encoding, index jis0208).
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = [byte & 0x7F for byte in error.object[error.start : error.start + 2]]
    if len(pair) < 2 or not all(0x21 <= byte <= 0x7E for byte in pair):
        return "\ufffd", error.start + 1
    row, cell = pair[0] - 0x20, pair[1] - 0x20
    first = (row + 1) // 2 + (0x80 if row <= 62 else 0xC0)
    second = cell + (0x9E if row % 2 == 0 else 0x3F if cell <= 63 else 0x40)
    return bytes((first, second)).decode("cp932", "replace")[:1], error.start + 2


_JIS_ERRORS = "attache.jis"
_PIECE = 1 << 18
# Characters of vendors in a text: each costs a call. More are no text in this encoding.
_MAX_VENDORS = 20_000
codecs.register_error(_JIS_ERRORS, _replace_jis)


def _announced_encoding(raw: bytes) -> str | None:
    """Return the encoding with escape codes that ASCII bytes announce; nothing else has these codes."""
    if b"\x1b$" not in raw or not raw.isascii():
        return None
    return next((encoding for pattern, encoding in _ANNOUNCED if pattern.search(raw)), None)


def _without_nul(text: str) -> str:
    return text.replace("\0", "") if "\0" in text else text


def _refuse_files(raw: bytes) -> None:
    """Raise UnreadableSource for the first bytes of files that are not text."""
    for magic, what in _MAGIC:
        if raw.startswith(magic):
            raise UnreadableSource(f"This is {what}, not text.", _HINT)


def _binary() -> UnreadableSource:
    return UnreadableSource("This is binary data, not text.", _HINT)


def _is_binary(sample: bytes) -> bool:
    """Return whether bytes have more control characters or NULs than damaged text would have."""
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > 0.02 * len(sample) + 1 or sample.count(0) > 0.1 * len(sample) + 1


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _damaged_utf8(raw: bytes) -> bool:
    """Return whether the bytes are UTF-8 of which some are damaged, rather than in another encoding."""
    lenient = raw.decode("utf-8", "replace")
    bad = lenient.count("\ufffd")
    multibyte = len(lenient) - len(lenient.encode("ascii", "ignore")) - bad
    # One bad character at the end is one that was cut through.
    is_cut = bad == 1 and lenient.endswith("\ufffd") and multibyte > 2
    return is_cut or multibyte > 10 * bad
