"""Splits texts into words for search: folding, stemming, stop words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import Stemmer

# English function words: they slow a search down and distinguish nothing.
STOP_WORDS = frozenset(
    """a about after again against all also am an and any are as at be because been before being between both but by
    can could did do does doing down during each few for from further had has have having he her here hers him
    his how i if in into is it its itself just me might more most must my no nor not of off on once only or
    other our out over own s same shall she should so some such t than that the their them then there these they
    this those through to too under until up upon us very via was we were what when where which while who whom
    whose why will with would you your""".split()
)
# Latin-1 Supplement, Latin Extended-A and -B, Latin Extended Additional.
_WITHOUT_ACCENT = {
    chr(code): unicodedata.normalize("NFD", chr(code))[0] for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
}
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W_]+")


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
    """Split a text into folded words of letters and digits."""
    return _WORD.findall(fold(text))


def matching_words(wanted: Iterable[str], text: str) -> set[str]:
    """Return the wanted words that a text contains; faster than splitting it with `words`."""
    folded = fold(text)
    return {word for word in wanted if _contains(folded, word)}


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word that `words` returns."""
    return (match.span() for match in _WORD.finditer(text))


def _contains(folded: str, word: str) -> bool:
    """Return whether a folded text contains a whole word."""
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        # `str.isalnum` agrees with the letters and digits of `_WORD`.
        if not folded[start - 1 : start].isalnum() and not folded[end : end + 1].isalnum():
            return True
        start = folded.find(word, start + 1)
    return False


def fold(text: str) -> str:
    """Lower-case a text and remove accents from Latin letters; in other scripts they make another letter."""
    if text.isascii():
        return text.lower()
    # Most texts are non-ASCII only in their quotation marks; `str.translate` would look up every character.
    return _ACCENTED.sub(lambda match: _WITHOUT_ACCENT[match[0]], unicodedata.normalize("NFC", text)).lower()
