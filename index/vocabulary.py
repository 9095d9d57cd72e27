"""How rare each word is in the corpus."""

import math
from collections.abc import Iterable

from index.live_words import LiveWords
from index.terms import Terms


class Vocabulary:
    """Document frequencies of stems over passages.

    Not safe for use by several threads at once: make one each.
    """

    def __init__(self, words: LiveWords) -> None:
        self._words = words
        self._terms = Terms()

    def idf(self, words: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of each word's stem: `ln((N + 1) / (n + 0.5))` for n of N passages with it."""
        words = list(words)
        passages = self.passages()
        return {
            word: max(0.0, math.log((passages + 1) / (self._words.frequency(stem) + 0.5)))
            for word, stem in zip(words, self._terms.stem(words), strict=True)
        }

    def unknown_idf(self) -> float:
        """The weight of a word that stands nowhere."""
        return math.log((self.passages() + 1) / 0.5)

    def passages(self) -> int:
        """How many passages there are."""
        return len(self._words)
