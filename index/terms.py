"""The words of a text as search sees them: folded, stemmed, without those that mean nothing alone."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import Stemmer

# Function words of English. Very common words make searching slow and tell nothing apart.
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
    """Turns texts into search terms, as passages and queries are searched: Porter stems of folded words.

    Not safe for use by several threads at once: make one each.
    """

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("porter")

    def stem(self, words: Sequence[str]) -> list[str]:
        """The stem of each word, in order."""
        return self._stemmer.stemWords(words)  # type: ignore[no-any-return]

    def stems(self, text: str) -> list[str]:
        """The stems of every word of a text, in order."""
        return self.stem(words(text))


def query_words(text: str) -> list[str]:
    """The different words of a query that mean something, in order of first use; all of them if none does."""
    every = dict.fromkeys(words(text))
    return [word for word in every if word not in STOP_WORDS] or list(every)


def words(text: str) -> list[str]:
    """Lower-case words, Latin letters without accents, cut at all that is no letter or digit."""
    return _WORD.findall(fold(text))


def held_words(wanted: Iterable[str], text: str) -> set[str]:
    """Those of the wanted words, as `words` cuts them, that stand in a text; the text is not cut up for it."""
    folded = fold(text)
    return {word for word in wanted if _stands_in(word, folded)}


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text begin and end, cut as `words` cuts them."""
    return (match.span() for match in _WORD.finditer(text))


def _stands_in(word: str, folded: str) -> bool:
    """Whether a word stands in a folded text with no letter or digit before or behind it."""
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        # What `str.isalnum` says is what regular expressions take for letters and digits.
        if not folded[start - 1 : start].isalnum() and not folded[end : end + 1].isalnum():
            return True
        start = folded.find(word, start + 1)
    return False


def fold(text: str) -> str:
    """Lower case; accents are removed from Latin letters alone, since elsewhere they make another letter."""
    if text.isascii():
        return text.lower()
    # Most texts are not ASCII for their quotation marks alone: `str.translate` would look up every character.
    return _ACCENTED.sub(lambda match: _WITHOUT_ACCENT[match[0]], unicodedata.normalize("NFC", text)).lower()
