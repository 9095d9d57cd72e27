"""Searches a generation in this process, together with what was stored since it was built."""

from collections.abc import Sequence

import numpy as np
from sqlite_utils import Database

from index.embedding.embedder import Embedder, Vectors
from index.embedding.vector_store import Embeddings
from index.filters import Filters
from index.generation.postings import Postings
from index.generation.vector_index import Ids, VectorIndex
from index.live.extents import Extent
from index.live.live_vectors import LiveVectors
from index.live.live_words import LiveWords
from index.live.new_passages import PassageTracker
from index.live.scopes import Scopes
from index.search.lexical import LexicalSearch
from index.search.passage_index import Candidates
from index.search.stopwatch import Stopwatch
from index.search.term_rarity import Vocabulary


class LiveIndex:
    """A generation's vectors and words, and those stored since it was built.

    Args:
        db: the corpus, open for reading.
        index: the vectors of the generation.
        postings: the words of the same passages.
        embedder: the model of the vectors.
    """

    def __init__(self, db: Database, index: VectorIndex, postings: Postings, embedder: Embedder) -> None:
        self._db = db
        self._passages = PassageTracker(db, index.ids)
        self._vectors = LiveVectors(index, self._passages, Embeddings(db, embedder.fingerprint))
        self._words = LiveWords(db, index.ids, postings, self._passages)
        self._lexical = LexicalSearch(self._words)
        with db.atomic():
            self._scopes = Scopes(db, self._passages)
        self.version = 0

    @property
    def unembedded(self) -> int:
        """How many passages have no vector yet, so that only their words find them."""
        return self._vectors.unembedded

    def catch_up(self) -> None:
        """Read what was stored and removed since the last call; costs next to nothing if nothing was."""
        if not self._passages.is_behind:
            return
        try:
            # One transaction, so that everything is read from the same state.
            with self._db.atomic():
                self._passages.catch_up()
                self._vectors.catch_up()
                self._words.catch_up()
                self._scopes.catch_up()
        except BaseException:
            self._passages.start_over()
            raise
        self.version += 1

    def find(self, query: str, vector: Vectors, count: int, filters: Filters, watch: Stopwatch) -> Candidates:
        """Return the passages with the highest cosines and BM25 scores; nothing is approximate."""
        with watch.stage("dense"):
            self.catch_up()
            allowed = self._scopes.of(filters)
            cosines = self._vectors.search(vector, count, allowed).by_id()
        with watch.stage("lexical"):
            bm25 = self._lexical.search(query, count, allowed, self.vocabulary(filters))
        with watch.stage("fuse"):
            if missing := bm25.keys() - cosines.keys():
                cosines |= self._vectors.cosines(vector, np.fromiter(missing, dtype=np.int64)).by_id()
        return Candidates(cosines, bm25)

    def find_words(self, query: str, count: int, filters: Filters) -> dict[int, float]:
        """Return the passages with the highest BM25 scores, best first."""
        self.catch_up()
        return self._lexical.search(query, count, self._scopes.of(filters), self.vocabulary(filters))

    def readable_vocabulary(self, filters: Filters) -> Vocabulary:
        """Return the words of what the filters' reader may see."""
        return Vocabulary(self._words, self._scopes.of(filters.what_may_be_read()))

    def vocabulary(self, filters: Filters) -> Vocabulary:
        """Return how rare words are in the filters' collections."""
        return Vocabulary(self._words, self._scopes.of(Filters(collections=filters.collections)))

    def extent(self, filters: Filters) -> Extent:
        """Return how many articles a search with these filters covers, and their first and last day."""
        self.catch_up()
        return self._scopes.extent(filters)

    def publishers(self, filters: Filters) -> list[str]:
        """Return the publishers of the articles that pass the filters, those with the most articles first."""
        self.catch_up()
        return self._scopes.publishers(filters)

    def unknown_publishers(self, filters: Filters) -> list[str]:
        """Return the filters' publishers that have no article in the filters' collections."""
        if not filters.publishers:
            return []
        self.catch_up()
        return self._scopes.unknown_publishers(filters)

    def articles_of(self, ids: Ids) -> Sequence[int]:
        """Return the article id of each passage, in order; 0 for an unknown passage."""
        articles: list[int] = self._passages.articles_of(ids).tolist()
        return articles
