"""Measures how rare each word is among the passages that a reader may see."""

import math
from collections.abc import Iterable, Sequence
from typing import Protocol

from index.live.scopes import Scope
from index.terms import Terms


class CountedWords(Protocol):
    """How many passages there are, and contain each stem."""

    def __len__(self) -> int:
        """Count the passages."""

    def frequency(self, stem: str, scope: Scope | None = None) -> int:
        """Return how many passages contain a stem, of a scope or of all."""

    def frequencies(self, stems: Sequence[str], scope: Scope | None = None) -> dict[str, int]:
        """Return how many passages contain each of many stems, of a scope or of all; only those that any contains."""


class Vocabulary:
    """Document frequencies of stems within a scope. Not thread-safe.

    Counting passages outside of the scope would let one server's articles influence what another one finds.

    Args:
        words: the words of every passage.
        scope: the passages that the reader may see; None for all.
    """

    def __init__(self, words: CountedWords, scope: Scope | None = None) -> None:
        self._words = words
        self._scope = scope
        self._terms = Terms()

    def idf(self, words: Iterable[str]) -> dict[str, float]:
        """Return the inverse document frequency of each word's stem: `ln((N + 1) / (n + 0.5))` for n of N passages."""
        words = list(words)
        passages = self.passages()
        return {
            word: max(0.0, math.log((passages + 1) / (self.frequency(stem) + 0.5)))
            for word, stem in zip(words, self._terms.stem(words), strict=True)
        }

    def frequency(self, stem: str) -> int:
        """Return how many of the passages contain a stem."""
        return self._words.frequency(stem, self._scope)

    def frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return how many of the passages contain each of many stems; only those that any contains."""
        return self._words.frequencies(stems, self._scope)

    def unknown_idf(self) -> float:
        """Return the IDF of a word that no passage contains."""
        return math.log((self.passages() + 1) / 0.5)

    def passages(self) -> int:
        """Return the number of passages."""
        return len(self._words) if self._scope is None else self._scope.size
