"""Searches by the most telling words of a query with BM25."""

from index.live.live_words import LiveWords, bm25_idf
from index.live.scopes import Scope
from index.search.term_rarity import Vocabulary
from index.terms import Terms, query_words

# Of a longer query only the rarest words are used.
MAX_TERMS = 24
# A word in more than about an eighth of all passages hardly distinguishes them, and costs the most time.
MIN_IDF = 2.0
# Up to this size no word is slow enough to leave it out.
SMALL_CORPUS = 10_000


class LexicalSearch:
    """BM25 over titles and texts of passages."""

    def __init__(self, words: LiveWords) -> None:
        self._words = words
        self._terms = Terms()

    def search(self, query: str, count: int, allowed: Scope | None, vocabulary: Vocabulary) -> dict[int, float]:
        """Return passages with the best BM25 scores, best first; none if no word of the query is known.

        Args:
            query: the text to search for.
            count: how many passages to return at most.
            allowed: the passages to choose from; None for all.
            vocabulary: how rare words are for this reader.
        """
        weights = query_weights(query, vocabulary, self._terms)
        return self._words.best(weights, count, allowed) if weights else {}


def query_weights(query: str, vocabulary: Vocabulary, terms: Terms) -> dict[str, float]:
    """Return the stems of the most telling words of a query, with their BM25 weights; none if no word is known."""
    passages = vocabulary.passages()
    stems = terms.stem(_choose_words(query, vocabulary))
    frequencies = {stem: vocabulary.frequency(stem) for stem in stems}
    return {stem: bm25_idf(frequency, passages) for stem, frequency in frequencies.items() if frequency}


def _choose_words(query: str, vocabulary: Vocabulary) -> list[str]:
    idf = vocabulary.idf(query_words(query))
    rare = list(idf)
    if vocabulary.passages() > SMALL_CORPUS:
        rare = [word for word in rare if idf[word] >= MIN_IDF] or rare
    if len(rare) <= MAX_TERMS:
        return rare
    # Words in no passage have the highest IDF but find nothing, so they come last.
    unknown = vocabulary.unknown_idf()
    chosen = set(sorted(rare, key=lambda word: (idf[word] >= unknown, -idf[word]))[:MAX_TERMS])
    return [word for word in rare if word in chosen]
