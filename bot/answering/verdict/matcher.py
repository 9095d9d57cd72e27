"""How much of what a question puts forward a text speaks of: rare words, synonyms, names in all their forms."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from bot.answering.question.aliases import mentions
from bot.answering.question.clauses import IRREGULAR
from bot.answering.question.proposition import Act, Proposition
from index.terms import Terms, words

# One group of words a line that news uses for one another.
SYNONYMS_FILE = Path(__file__).with_name("synonyms.txt")
# A word of the same group counts this much of the word itself.
SYNONYM = 0.8
# A word that stands nowhere is as likely misspelt as telling; in a small corpus even rare words stand everywhere.
MOST_IDF = 9.0
LEAST_IDF = 1.0


class Matcher:
    """Compares texts with one proposition.

    Args:
        proposition: what the question puts forward.
        idf: how rare each word of the question is.
        terms: makes stems.
    """

    def __init__(self, proposition: Proposition, idf: Mapping[str, float], terms: Terms) -> None:
        self._named = _words_of_names(proposition)
        self._terms = terms
        self._stem_of: dict[str, str] = {}
        stems = {word: terms.stem([IRREGULAR.get(word, word)])[0] for word in proposition.content_words}
        groups = _groups()
        self._needed = [
            (
                stem,
                groups.get(stem, frozenset()),
                self._named.get(word),
                max(LEAST_IDF, min(idf.get(word, 1.0), MOST_IDF)),
            )
            for word, stem in stems.items()
        ]
        is_speech = proposition.act in {Act.DENIES, Act.ADMITS}
        deed = [stem for stem, *_ in self._needed] if is_speech else self.stems(proposition.verb)
        self._deed = frozenset(deed).union(*(groups.get(stem, frozenset()) for stem in deed))
        self._total = sum(weight for *_, weight in self._needed) or 1.0

    def stems(self, text: str) -> list[str]:
        """The stems of a text's words, with irregular forms brought back to their verbs."""
        found = words(text)
        # Sentences about one matter repeat its words.
        new = [word for word in found if word not in self._stem_of]
        self._stem_of.update(zip(new, self._terms.stem([IRREGULAR.get(word, word) for word in new]), strict=True))
        return [self._stem_of[word] for word in found]

    def score(self, stems: Iterable[str], ids: Iterable[str]) -> float:
        """The share of the proposition, weighted by rarity, that stands in a text with these stems and names."""
        held, named = frozenset(stems), frozenset(ids)
        found = 0.0
        for stem, group, code, weight in self._needed:
            if stem in held or (code is not None and code in named):
                found += weight
            elif group & held:
                found += SYNONYM * weight
        return found / self._total

    def relevance(self, text: str) -> float:
        """The share of the proposition that stands in a text."""
        return self.score(self.stems(text), (each.id for each in mentions(text)))

    def has_deed(self, stems: Iterable[str]) -> bool:
        """Whether one of the stems is the deed or may stand for it: the verb, or in speech what is spoken of."""
        return bool(self._deed & frozenset(stems))


def _words_of_names(proposition: Proposition) -> dict[str, str]:
    text = proposition.text
    return {word: each.id for each in mentions(text) for word in words(text[each.start : each.end])}


@cache
def _groups() -> dict[str, frozenset[str]]:
    """For each stem of the table the stems that may stand for it."""
    terms = Terms()
    groups: dict[str, frozenset[str]] = {}
    for line in SYNONYMS_FILE.read_text(encoding="utf-8").splitlines():
        stems = frozenset(terms.stem(line.split()))
        for stem in stems:
            groups[stem] = groups.get(stem, frozenset()) | stems
    return groups
