"""Normalizes text before it is stored: encoding errors, invisible characters, white space."""

import re
import unicodedata
from html import unescape
from typing import Literal

# Zero-width joiner and non-joiner shape words in Arabic and Indic scripts and join emoji; elsewhere they are invisible.
_JOINERS = "\u200c\u200d"
_TAKES_JOINER = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0e80-\u0fff\u1000-\u109f\u1780-\u18af\u200d\ufb50-\ufdff\ufe0f\ufe70-\ufefe"
    "\u2190-\u2bff\U0001f1e6-\U0001faff]"
)
_JOINER = re.compile(f"[{_JOINERS}]")

# Cc except line feed and tab, zero-width and bidirectional controls, soft hyphen, word joiner, byte order mark,
# interlinear annotation marks, tags, variation selectors other than the emoji one, private use and lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# Neither ASCII nor the letters and punctuation of most European news. Most texts have none, which is faster to tell.
_RARE = re.compile("[^\n -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e]")
# A word that was divided at the end of a line.
_DIVIDED = re.compile("\u00ad[ \\t]*\r?\n[ \\t]*(?=[^\\W\\d_])")
_BREAKS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_ODD_SPACES = "\t\x1f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_BLANK_LINES = re.compile("\n{3,}")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# UTF-8 decoded as an older encoding: a letter that begins a sequence, then one that continues it.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|[\u0080-\u009f]"
)
# Typographic ligatures (fi, fl, ...), which nobody types in a search.
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# Marks of footnotes in plain text, directly behind a word or the end of a sentence: `[1]`, `[citation needed]`, and
# raised digits where they are no power of a unit or of a number.
_NOTE = re.compile(
    r"(?<=[\w.,;:!?%”\"’»)\]。！？])"
    r"(?:\[(?:\d{1,3}|(?<=[.!?”\"]\[)[a-z]|(?:[Nn]ote|n\.) ?\d{1,3}|citation needed)\]){1,20}"
    r"(?=[\s.,;:!?”\"’»)。，]|$)"
)
_RAISED_DIGITS = "\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079"
_RAISED_NOTE = re.compile(
    '(?:(?<=[.,;:!?%”"’»)])|(?<=[a-zäöüß]{4})(?<!metr[eo]s)(?<!metre)(?<!meter)(?<!eters)(?<!metro)(?<!mètre))'
    '[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,3}(?=[\\s.,;:!?”"’»)]|$)'
)
# Only nested encodings need more rounds; each is linear, and real text needs two.
_MAX_ROUNDS = 8
# Combining marks in a row; more are dropped, since Unicode's normalisation takes quadratic time on a run of them.
# It is the bound of the Stream-Safe Text Format (UAX #15, section 13); no language comes near it.
MAX_MARKS = 30
# What may be a longer run: combining marks are neither letters, digits, spaces nor quotation marks and dashes.
_LONG_RUN = re.compile(rf"[^\w\s\x00-\x7f\u2010-\u205e]{{{MAX_MARKS + 1},}}")
_ASCII = bytes(range(0x80))
# Neither ASCII nor characters that are their own NFC and leave those around them as they are.
_MAY_COMPOSE = re.compile("[^\x00-\u02ff\u2010-\u205e]")
_PIECE = 1 << 16
# Characters of lines with such letters that are repaired: the library takes 4 s for a million, of any bytes.
_MAX_REPAIRED = 200_000
# What a call of it costs, in characters: millions of short lines may be garbled.
_REPAIR_CALL = 20
# Tibetan vowel signs that are no combining marks, but decompose to two.
_PAIRS_OF_MARKS = "\u0f73\u0f75\u0f81"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def clean_body(text: str) -> str:
    """Return `text` in NFC, without invisible characters, with single spaces and at most one blank line in a row.

    Curly quotes, dashes and emoji stay. `clean_body(clean_body(t)) == clean_body(t)`.
    """
    if "[" in text:
        text = _NOTE.sub("", text)
    if not text.isascii() and any(digit in text for digit in _RAISED_DIGITS):
        text = _RAISED_NOTE.sub("", text)
    for _ in range(_MAX_ROUNDS):
        cleaned = _clean_once(text)
        if cleaned == text:
            break
        # A round leaves work for the next only through entities, mojibake or combining marks.
        if cleaned.isascii() and "&" not in cleaned:
            break
        text = cleaned
    return cleaned


def clean_line(text: str) -> str:
    """Return `text` cleaned as by `clean_body` and on one line, for titles and names."""
    return clean_body(" ".join(clean_body(text).split()))


def has_controls(text: str) -> bool:
    """Return whether a text has control characters or line breaks, which `clean_line` leaves in none."""
    return _CONTROLS.search(text) is not None


def has_unseen(text: str) -> bool:
    """Return whether a text has control characters, line breaks or characters that nobody sees."""
    return has_controls(text) or _INVISIBLE.search(text) is not None


def normalize_unicode(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Return a text in a Unicode normalisation form, in linear time: of longer runs of marks, only MAX_MARKS stay."""
    if form == "NFC" and not _MAY_COMPOSE.search(beyond_ascii(text)):
        return text
    return unicodedata.normalize(form, bound_marks(text))


def bound_marks(text: str) -> str:
    """Return a text with at most MAX_MARKS combining marks in a row; call it before anything that normalises."""
    # Without ASCII, runs only get longer.
    return _LONG_RUN.sub(_bound_run, text) if _LONG_RUN.search(beyond_ascii(text)) else text


def beyond_ascii(text: str) -> str:
    """Return the characters of a text that aren't ASCII, in order.

    In most news these are few, so that to search them is ten times as fast as to search the text.
    """
    if text.isascii():
        return ""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _bound_run(match: re.Match[str]) -> str:
    run, pieces, marks = match[0], list[str](), 0
    # In pieces: a list of all characters would take many times the memory of the text.
    for start in range(0, len(run), _PIECE):
        kept: list[str] = []
        for char in run[start : start + _PIECE]:
            marks = marks + 1 if unicodedata.combining(char) or char in _PAIRS_OF_MARKS else 0
            if marks <= MAX_MARKS:
                kept.append(char)
        pieces.append("".join(kept))
    return "".join(pieces)


def _clean_once(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(lambda match: unescape(match[0]), text)
    # Without ASCII, more letters are neighbours, never fewer.
    if _MOJIBAKE.search(beyond_ascii(text)):
        text = _repair_lines(text)
    if _has_rare(text):
        text = _clean_rare(text)
    # Each round halves the runs; a pattern would take many times the memory of a text with many.
    while "  " in text:
        text = text.replace("  ", " ")
    if " \n" in text or "\n " in text:
        # Spaces are single by now. A list of all lines could take many times the memory of the text.
        text = text.replace(" \n", "\n").replace("\n ", "\n")
    return (_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip()


def _has_rare(text: str) -> bool:
    is_printable = text.replace("\n", "").isprintable()
    return _RARE.search(beyond_ascii(text) if is_printable else text) is not None


def _clean_rare(text: str) -> str:
    """Do the steps that only texts with rare characters need."""
    text = _replaced(_DIVIDED.sub("", text).replace("\r\n", "\n"), _BREAKS, "\n")
    if _LIGATURE.search(text):
        text = _LIGATURE.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    text = _replaced(_INVISIBLE.sub("", text), _ODD_SPACES, " ")
    if _JOINER.search(text):
        text = _JOINER.sub(_joiner, text)
    return normalize_unicode("NFC", text)


def _replaced(text: str, characters: str, new: str) -> str:
    for character in characters:
        text = text.replace(character, new)
    return text


def _joiner(match: re.Match[str]) -> str:
    """Keep a joiner only after an emoji or a character of a script that joins."""
    at = match.start()
    return match[0] if at and _TAKES_JOINER.match(match.string, at - 1) else ""


def _repair_lines(text: str) -> str:
    pieces: list[str] = []
    end, left = 0, _MAX_REPAIRED
    while (found := _MOJIBAKE.search(text, end)) is not None:
        start = text.rfind("\n", end, found.start()) + 1 or end
        stop = text.find("\n", found.end())
        line = text[start : stop if stop >= 0 else len(text)]
        left -= len(line) + _REPAIR_CALL
        if left < 0:
            break
        pieces += (text[end:start], _repair(line))
        end = start + len(line)
    return "".join((*pieces, text[end:]))


def _repair(line: str) -> str:
    """Undo UTF-8 read as an older encoding."""
    import ftfy  # noqa: PLC0415  # takes 130 ms to import, and most text never needs it

    return ftfy.fix_encoding(line)
