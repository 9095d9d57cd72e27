"""How rare each word is in the corpus."""

import math
from collections.abc import Iterable

from index.live.live_words import LiveWords
from index.live.scopes import Scope
from index.terms import Terms


class Vocabulary:
    """Document frequencies of stems over the passages that a reader may see.

    Over others it would let one server's articles decide what another one finds. Not safe for use by several threads at
    once: make one each.

    Args:
        words: the words of every passage.
        scope: the passages that the reader may see; None for all.
    """

    def __init__(self, words: LiveWords, scope: Scope | None = None) -> None:
        self._words = words
        self._scope = scope
        self._terms = Terms()

    def idf(self, words: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of each word's stem: `ln((N + 1) / (n + 0.5))` for n of N passages with it."""
        words = list(words)
        passages = self.passages()
        return {
            word: max(0.0, math.log((passages + 1) / (self.frequency(stem) + 0.5)))
            for word, stem in zip(words, self._terms.stem(words), strict=True)
        }

    def frequency(self, stem: str) -> int:
        """How many of the passages hold a stem."""
        return self._words.frequency(stem, self._scope)

    def unknown_idf(self) -> float:
        """The weight of a word that stands nowhere."""
        return math.log((self.passages() + 1) / 0.5)

    def passages(self) -> int:
        """How many passages there are."""
        return len(self._words) if self._scope is None else self._scope.size
