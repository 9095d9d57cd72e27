"""Splits texts into words for search: folding, stemming, stop words."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

import Stemmer

from corpus.normalize import beyond_ascii, normalize_unicode

# English function words: they slow a search down and distinguish nothing.
STOP_WORDS = frozenset(
    """a about after again against all also am an and any are as at be because been before being between both but by
    can could did do does doing down during each few for from further had has have having he her here hers him
    his how i if in into is it its itself just me might more most must my no nor not of off on once only or
    other our out over own s same shall she should so some such t than that the their them then there these they
    this those through to too under until up upon us very via was we were what when where which while who whom
    whose why will with would you your""".split()
)
# Latin-1 Supplement, Latin Extended-A and -B, Latin Extended Additional, Greek, Greek Extended.
_ACCENTED_RANGES = (range(0xC0, 0x250), range(0x1E00, 0x1F00), range(0x370, 0x400), range(0x1F00, 0x2000))
_WITHOUT_ACCENT = {
    chr(code): unicodedata.normalize("NFD", chr(code))[0] for codes in _ACCENTED_RANGES for code in codes
}
# Raised and lowered digits: "CO₂" is typed as "CO2".
_WITHOUT_ACCENT |= dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789", strict=True))
_ACCENTED = re.compile("[\u00b2\u00b3\u00b9\u00c0-\u024f\u0370-\u03ff\u1e00-\u1fff\u2070\u2074-\u2079\u2080-\u2089]")
# A number in groups of three digits, or as in India of two and three: "1,250,000", "1.250.000", "1 250 000".
_GROUPED = re.compile(r"[0-9]{1,3}+([,.'’٬\u00a0\u2009\u202f ])[0-9]{2,3}+(?![0-9])(?:\1[0-9]{2,3}+(?![0-9])){0,5}")
_GROUPS = re.compile(r"\d{1,3}(?:\D\d{3})+|\d{1,2}(?:\D\d\d)+\D\d{3}")
_NOT_DIGIT = re.compile(r"\D")
# Where such a number may have its first sign: a search for this alone takes half the time.
_BEFORE_GROUP = re.compile(r"[0-9](?=[,.'’٬\u00a0\u2009\u202f ][0-9][0-9])")
# Anything that `_fold_rare` changes: neither Latin nor Cyrillic letters without marks, nor Chinese, nor emoji.
_RARE = re.compile(
    "[\u00ad\u0300-\u036f\u03c2\u0451\u0483-\u0487\u0590-\u1cff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u20d0-\u20ff\ua620-\uabff\ufb00-\ufdff\ufe00-\uffef\U000104a0-\U0001efff\U0001fbf0-\U0001fbf9]"
)
# Presentation forms of Arabic and Hebrew, full-width and half-width forms, mathematical letters: the same letters.
_FORMS = re.compile("[\ufb00-\ufdff\ufe70-\ufefc\uff01-\uffee\U0001d400-\U0001d7ff]+")
# Marks that writers leave out: of stress and tone, Hebrew points, Arabic vowels; the Arabic stretching of a line; zero
# width. Marks of Indic and other scripts are vowels that nobody leaves out.
_LEFT_OUT = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08ca-\u08e1\u08e3-\u08ff\u1dc0-\u1dff\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2064\u20d0-\u20ff\ufe00-\ufe0f\ufeff]"
)
# Letters that keyboards and writers exchange. The Arabic ones are those of Lucene's ArabicNormalizer and
# PersianNormalizer (https://lucene.apache.org/core/), without the Urdu ye that makes other words, and with the yeh and
# waw that carry a hamza, which Persian often leaves out: "رییس" for "رئیس" (as Unicode's folding of diacritics does,
# UTR 30).
_SAME_LETTER = {
    letter: ord(plain)
    for plain, letters in {
        "\u064a": "\u0626\u0649\u06cc\u06cd\u06d0",  # yeh
        "\u0643": "\u06a9\u06aa",  # kaf
        "\u0647": "\u0629\u06c0\u06c1\u06c2\u06c3\u06d5",  # heh, and teh marbuta
        "\u0648": "\u0624",  # waw
        "\u0627": "\u0622\u0623\u0625\u0671",  # alef
        "\u0435": "\u0451",  # Russian yo
        "\u03c3": "\u03c2",  # Greek final sigma
    }.items()
    for letter in map(ord, letters)
}
# Letters and marks of scripts whose vowels are marks, which `\w` does not match: Indic, Thai, Burmese, Khmer, ...
_MARKS = "".join(
    chr(code) for code in (*range(0x700, 0x1CFF), *range(0xA800, 0xAC00)) if unicodedata.category(chr(code))[0] == "M"
)
_MARK = re.compile(f"[{_MARKS}]")
_DIGIT = re.compile(r"[^\D0-9]")
_WORD = re.compile(r"[^\W_]+")
_MARKED_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
# A Persian or Urdu word of parts that others write with a space, or as one: "کتاب‌ها". Some programs put a zero-width
# space between them.
_COMPOUND = re.compile("(?<![\u0620-\u06ff])[\u0620-\u06ff]++(?:[\u200b\u200c]++[\u0620-\u06ff]++)++")
_PARTED = {0x200B: " ", 0x200C: " "}
# Neither ASCII nor signs that divide words and that nothing here changes: quotation marks, dashes, currencies, ...
_SIGNS = "".join(
    chr(code)
    for code in (*range(0xA0, 0xC0), *range(0x2010, 0x205F), *range(0x20A0, 0x20C0))
    if not chr(code).isalnum() and not _RARE.match(chr(code))
)
_NOT_SIGN = re.compile(rf"[^{re.escape(_SIGNS)}]")
# ASCII letters in lower case, and a space for everything but letters and digits.
_PLAIN = bytes(ord(chr(code).lower()) if code < 0x80 and chr(code).isalnum() else 0x20 for code in range(0x100))


class Terms:
    """Turns texts into search terms: Porter stems of folded words. Not thread-safe."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("porter")

    def stem(self, words: Sequence[str]) -> list[str]:
        """Return the stem of each word, in order."""
        return self._stemmer.stemWords(words)  # type: ignore[no-any-return]

    def stems(self, text: str) -> list[str]:
        """Return the stems of every word of a text, in order."""
        return self.stem(words(text))


def query_words(text: str) -> list[str]:
    """Return the distinct words of a query without stop words, in order; if there are no others, the stop words."""
    every = dict.fromkeys(words(text))
    return [word for word in every if word not in STOP_WORDS] or list(every)


def words(text: str) -> list[str]:
    """Split a text into folded words of letters and digits; parts of compounds, and whole numbers, come last."""
    if not _NOT_SIGN.search(beyond_ascii(text)):
        # As most news is; splitting bytes takes a quarter of the time.
        plain = text.encode("ascii", "replace").translate(_PLAIN).decode("ascii")
        return [*plain.split(), *_whole_numbers(text)]
    folded, has_marks = _fold_with_parts(text)
    return (_MARKED_WORD if has_marks else _WORD).findall(folded)


def matching_words(wanted: Iterable[str], text: str) -> set[str]:
    """Return the wanted words that a text contains; faster than splitting it with `words`."""
    folded, has_marks = _fold_with_parts(text)
    is_part = _is_marked_part if has_marks else str.isalnum
    return {word for word in wanted if _contains(folded, word, is_part)}


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run of letters and digits."""
    return (match.span() for match in _WORD.finditer(text))


def _contains(folded: str, word: str, is_part: Callable[[str], bool]) -> bool:
    """Return whether a folded text contains a whole word; `is_part` tells a word's characters from others."""
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        if not is_part(folded[start - 1 : start]) and not is_part(folded[end : end + 1]):
            return True
        start = folded.find(word, start + 1)
    return False


# `str.isalnum` agrees with the letters and digits of `_WORD`.
def _is_marked_part(character: str) -> bool:
    return character.isalnum() or bool(_MARK.match(character))


def fold(text: str) -> str:
    """Make equal what people write in different ways.

    Lower-cases; removes accents from Latin and Greek letters, and marks that are often left out; maps Arabic and
    Persian letters, full-width and presentation forms to one each, and all digits to ASCII. Accents in other scripts
    stay: they make another letter.
    """
    folded = _fold_latin(text)
    return _fold_rare(folded) if _RARE.search(beyond_ascii(folded)) else folded


def _fold_latin(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Most texts are non-ASCII only in their quotation marks; `str.translate` would look up every character.
    text = normalize_unicode("NFC", text)
    if _ACCENTED.search(beyond_ascii(text)):
        text = _ACCENTED.sub(lambda match: _WITHOUT_ACCENT[match[0]], text)
    return text.lower()


def _fold_rare(text: str) -> str:
    """Fold what only texts in some scripts contain."""
    if _FORMS.search(text):
        # These may be letters with accents, or capitals.
        text = _fold_latin(_FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text))
    text = _LEFT_OUT.sub("", text).translate(_SAME_LETTER)
    return _DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), text)


def _fold_with_parts(text: str) -> tuple[str, bool]:
    """Return a folded text, then the parts of words that a zero-width non-joiner divides; and whether it has marks."""
    folded = _fold_latin(text)
    if not _RARE.search(beyond_ascii(folded)):
        return _with_whole_numbers(folded), False
    parts = [match[0].translate(_PARTED) for match in _COMPOUND.finditer(text)]
    folded = _with_whole_numbers(" ".join((_fold_rare(folded), *map(fold, parts))))
    return folded, bool(_MARK.search(folded))


def _with_whole_numbers(folded: str) -> str:
    """Return a folded text, then the numbers that it writes in groups, each without the signs between them."""
    whole = _whole_numbers(folded)
    return " ".join((folded, *whole)) if whole else folded


def _whole_numbers(text: str) -> list[str]:
    """Return the numbers that a text writes in groups, each without the signs between them."""
    whole: list[str] = []
    end = 0
    for first in _BEFORE_GROUP.finditer(text):
        last = first.end()
        if last <= end:
            continue
        start = last - 1
        while start > max(end, last - 3) and "0" <= text[start - 1] <= "9":
            start -= 1
        if (grouped := _GROUPED.match(text, start)) is None:
            continue
        end = grouped.end()
        # Not the end of a longer number, such as a decimal fraction.
        if _GROUPS.fullmatch(grouped[0]) and not _in_number(text, start):
            whole.append(_NOT_DIGIT.sub("", grouped[0]))
    return whole


def _in_number(text: str, start: int) -> bool:
    """Return whether digits at `start` go on with a number."""
    before = text[max(0, start - 2) : start]
    return before[-1:].isdigit() or (len(before) == 2 and before[0].isdigit() and before[1] in ".,'’٬")
