"""Scores how much of a proposition a text covers: rare words, synonyms, names in all their forms."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from bot.answering.question.aliases import mentions
from bot.answering.question.clauses import IRREGULAR
from bot.answering.question.proposition import Proposition
from index.terms import Terms, words

# One group of interchangeable words per line.
_SYNONYMS_FILE = Path(__file__).with_name("synonyms.txt")
# Weight of a synonym.
SYNONYM = 0.8
# An unknown word may be misspelt, and in a small corpus even rare words are frequent.
MOST_IDF = 9.0
LEAST_IDF = 1.0


class Matcher:
    """Compares texts with one proposition.

    Args:
        proposition: of the question.
        idf: of the question's words.
        terms: stems words.
    """

    def __init__(self, proposition: Proposition, idf: Mapping[str, float], terms: Terms) -> None:
        self._named = _words_of_names(proposition)
        self._terms = terms
        self._stem_of: dict[str, str] = {}
        stems = {word: terms.stem([IRREGULAR.get(word, word)])[0] for word in proposition.content_words}
        groups = synonyms()
        self._needed = [
            (
                stem,
                groups.get(stem, frozenset()),
                self._named.get(word),
                max(LEAST_IDF, min(idf.get(word, 1.0), MOST_IDF)),
            )
            for word, stem in stems.items()
        ]
        self._total = sum(weight for *_, weight in self._needed) or 1.0

    def stems(self, text: str) -> list[str]:
        """Return the stems of a text's words, irregular verb forms included."""
        found = words(text)
        new = [word for word in found if word not in self._stem_of]
        self._stem_of.update(zip(new, self._terms.stem([IRREGULAR.get(word, word) for word in new]), strict=True))
        return [self._stem_of[word] for word in found]

    def score(self, stems: Iterable[str], ids: Iterable[str]) -> float:
        """Return the share of the proposition, weighted by rarity, in a text with these stems and names."""
        held, named = frozenset(stems), frozenset(ids)
        found = 0.0
        for stem, group, code, weight in self._needed:
            if stem in held or (code is not None and code in named):
                found += weight
            elif group & held:
                found += SYNONYM * weight
        return found / self._total

    def relevance(self, text: str) -> float:
        """Return the share of the proposition in a text."""
        return self.score(self.stems(text), (each.id for each in mentions(text)))


def _words_of_names(proposition: Proposition) -> dict[str, str]:
    text = proposition.text
    return {word: each.id for each in mentions(text) for word in words(text[each.start : each.end])}


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """Return the stems that mean the same as each stem, itself among them."""
    terms = Terms()
    groups: dict[str, frozenset[str]] = {}
    for line in _SYNONYMS_FILE.read_text(encoding="utf-8").splitlines():
        stems = frozenset(terms.stem(line.split()))
        for stem in stems:
            groups[stem] = groups.get(stem, frozenset()) | stems
    return groups
