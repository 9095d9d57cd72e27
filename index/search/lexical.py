"""Search by words: BM25 over those of a query that find what it is about."""

from index.live.live_words import LiveWords, rarity
from index.live.scopes import Scope
from index.search.term_rarity import Vocabulary
from index.terms import Terms, query_words

# A question of more different words than this is an essay: the rarest ones find what it is about.
MOST_TERMS = 24
# A word in more than about an eighth of all passages tells them hardly apart, and costs the most time of all.
COMMONEST_IDF = 2.0
# Up to here no word costs enough to leave it out.
FEW_PASSAGES = 10_000


class LexicalSearch:
    """BM25 over titles and texts of passages."""

    def __init__(self, words: LiveWords) -> None:
        self._words = words
        self._terms = Terms()

    def search(self, query: str, count: int, allowed: Scope | None, vocabulary: Vocabulary) -> dict[int, float]:
        """Ids of the passages with the best BM25 scores, with their scores, best first.

        Higher is better. Empty when no word of the query is known. `allowed` are the passages to choose from,
        None for all; `vocabulary` tells how rare words are to the reader.
        """
        passages = vocabulary.passages()
        frequencies = {stem: vocabulary.frequency(stem) for stem in self._terms.stem(_chosen(query, vocabulary))}
        weights = {stem: rarity(frequency, passages) for stem, frequency in frequencies.items() if frequency}
        return self._words.best(weights, count, allowed) if weights else {}


def _chosen(query: str, vocabulary: Vocabulary) -> list[str]:
    idf = vocabulary.idf(query_words(query))
    rare = list(idf)
    if vocabulary.passages() > FEW_PASSAGES:
        rare = [word for word in rare if idf[word] >= COMMONEST_IDF] or rare
    if len(rare) <= MOST_TERMS:
        return rare
    # Words that stand nowhere in the corpus have the highest weight, and find nothing.
    unknown = vocabulary.unknown_idf()
    chosen = set(sorted(rare, key=lambda word: (idf[word] >= unknown, -idf[word]))[:MOST_TERMS])
    return [word for word in rare if word in chosen]
