"""Makes text fit to store and quote: repairs encodings, removes the invisible, evens out white space."""

import re
import unicodedata
from html import unescape

# Zero-width joiner and non-joiner shape words in Arabic and Indic scripts and join emoji; elsewhere they only
# hide.
_JOINERS = "\u200c\u200d"
_TAKES_JOINER = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0e80-\u0fff\u1000-\u109f\u1780-\u18af\u200d\ufb50-\ufdff\ufe0f\ufe70-\ufefe"
    "\u2190-\u2bff\U0001f1e6-\U0001faff]"
)
_JOINER = re.compile(f"[{_JOINERS}]")

# Cc except line feed and tab, zero-width and bidirectional controls, soft hyphen, word joiner, byte order
# mark, interlinear annotation marks, tags, variation selectors beyond the emoji one, private use and lone
# surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# What is neither ASCII nor the letters and punctuation of most European news: without any, the steps for it
# are idle. (45 MB of news take 1.5 s this way, 7 s with every step for every text.)
_RARE = re.compile("[^\n -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ODD_SPACE = re.compile("[\t\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SPACES = re.compile("  +")
_BLANK_LINES = re.compile("\n{3,}")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# What mis-decoded UTF-8 looks like: a letter that begins a sequence, then one that only continues it.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|[\u0080-\u009f]"
)
# Ligatures of print (fi, fl, ...), which nobody types when searching.
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# The same text nested in itself would need more; each round is linear, and real text settles in two.
_ROUNDS = 8


def clean_body(text: str) -> str:
    """Return `text` fit to store: NFC, no invisible characters, single spaces, at most one blank line.

    Curly quotes, dashes and emoji stay as they are. `clean_body(clean_body(t)) == clean_body(t)`.
    """
    for _ in range(_ROUNDS):
        cleaned = _clean_once(text)
        if cleaned == text:
            break
        # One round can make work for the next only through entities, mojibake or combining marks.
        if cleaned.isascii() and "&" not in cleaned:
            break
        text = cleaned
    return cleaned


def clean_line(text: str) -> str:
    """Return `text` cleaned as `clean_body` does and on one line: for titles and names."""
    return clean_body(" ".join(clean_body(text).split()))


def _clean_once(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    if not text.isascii() and _MOJIBAKE.search(text):
        text = "\n".join(_repair(line) if _MOJIBAKE.search(line) else line for line in text.split("\n"))
    if _RARE.search(text):
        text = _clean_rare(text)
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if " \n" in text or "\n " in text:
        text = "\n".join(map(str.strip, text.split("\n")))
    return (_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip()


def _entity(match: re.Match[str]) -> str:
    """Return the character of an HTML entity, or the text itself where the name is none."""
    return unescape(match[0])


def _clean_rare(text: str) -> str:
    """Clean what only text with characters that news seldom has can hold."""
    text = _BREAK.sub("\n", text)
    if _LIGATURE.search(text):
        text = _LIGATURE.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    text = _ODD_SPACE.sub(" ", _UNSEEN.sub("", text))
    if _JOINER.search(text):
        text = _JOINER.sub(_joiner, text)
    return unicodedata.normalize("NFC", text)


def _joiner(match: re.Match[str]) -> str:
    """Keep a joiner only behind a character of a script, or an emoji, that joins."""
    at = match.start()
    return match[0] if at and _TAKES_JOINER.match(match.string, at - 1) else ""


def _repair(line: str) -> str:
    """Undo UTF-8 read as an older encoding."""
    import ftfy  # noqa: PLC0415  # takes 130 ms to import, and most text never needs it

    return ftfy.fix_encoding(line)
