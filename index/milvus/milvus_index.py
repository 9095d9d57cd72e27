"""Searches the index in Milvus; who may see what, and how rare words are, is known here without asking it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from sqlite_utils import Database

from index.embedding.embedder import Vectors
from index.filters import Filters
from index.generation.vector_index import Ids
from index.live.change_log import changes_since, data_version, last_change
from index.live.columns import ArticleColumns
from index.live.extents import Extent, Extents
from index.milvus.address import VectorKind
from index.milvus.connection import SEARCH_TIMEOUT_S, Connection, IndexMissing
from index.milvus.entities import SEARCH_WIDTH, Words, code, dimension_of, expression, vectors_read, words_read
from index.milvus.state import StoredCounts, waiting
from index.search.lexical import query_weights
from index.search.passage_index import Candidates
from index.search.stopwatch import Stopwatch
from index.search.term_rarity import Vocabulary
from index.terms import Terms

# The constant of reciprocal rank fusion (Cormack et al. 2009). Both lists come whole, so it changes nothing.
_RRF_CONSTANT = 60


@dataclass(frozen=True, slots=True)
class _Found:
    """Passage ids `(k,)`, their vectors `(k, dimension)` float32, zero where there is none, and their words.

    Of a search for words alone, vectors have no numbers.
    """

    ids: Ids
    vectors: Vectors
    words: Sequence[Words]


class MilvusIndex:
    """An index in Milvus, read beside its database.

    Args:
        db: the corpus, open for reading.
        connection: the server.
    """

    def __init__(self, db: Database, connection: Connection) -> None:
        self._db = db
        self._connection = connection
        self._terms = Terms()
        with db.atomic():
            self._last_change_seen = last_change(db)
            self._articles = ArticleColumns(db)
        self._data_version: int | None = data_version(db)
        self._extents = Extents(self._articles)
        self.version = 0

    @property
    def unembedded(self) -> int:
        """How many passages have no vector in the index, so that only their words find them."""
        return waiting(self._db)

    def catch_up(self) -> None:
        """Read which articles changed since the last call; costs next to nothing if nothing was stored."""
        current = data_version(self._db)
        if current == self._data_version:
            return
        self._data_version = None
        with self._db.atomic():
            changes = changes_since(self._db, self._last_change_seen)
            if changes is None:
                self._articles.read()
                self._last_change_seen = last_change(self._db)
            else:
                self._articles.update(changes.articles)
                self._last_change_seen = changes.last
        self._extents.clear()
        self._data_version = current
        self.version += 1

    def find(self, query: str, vector: Vectors, count: int, filters: Filters, watch: Stopwatch) -> Candidates:
        """Return the passages with the highest cosines and BM25 scores, asked for in one request.

        Both lists come with vectors and words, so that scores are exact and the same as those of a generation.

        Raises:
            IndexUnreachable: the server doesn't answer in time, refuses us, or has no such index.
        """
        with watch.stage("lexical"):
            self.catch_up()
            weights = query_weights(query, self.vocabulary(filters), self._terms)
            wanted = {dimension_of(stem): weight for stem, weight in weights.items()}
            condition = expression(filters, self._articles.values)
        if condition is None:
            return Candidates({}, {})
        with watch.stage("dense"):
            found = self._search(vector, wanted, count, condition)
            if not len(found.ids):
                return Candidates({}, {})
            has_vector = found.vectors.any(axis=1)
            cosines = found.vectors @ vector
            return Candidates(
                dict(zip(found.ids[has_vector].tolist(), cosines[has_vector].tolist(), strict=True)),
                _best_words(found, wanted, count),
            )

    def find_words(self, query: str, count: int, filters: Filters) -> dict[int, float]:
        """Return the passages with the highest BM25 scores, best first. Raises as `find` does."""
        self.catch_up()
        weights = query_weights(query, self.vocabulary(filters), self._terms)
        wanted = {dimension_of(stem): weight for stem, weight in weights.items()}
        condition = expression(filters, self._articles.values)
        if condition is None or not wanted:
            return {}
        return _best_words(self._search(None, wanted, count, condition), wanted, count)

    def readable_vocabulary(self, filters: Filters) -> Vocabulary:
        """Return the words of the filters' collections; hidden publishers are counted, too."""
        return self.vocabulary(filters)

    def vocabulary(self, filters: Filters) -> Vocabulary:
        """Return how rare words are in the filters' collections."""
        return Vocabulary(StoredCounts(self._db, self._codes(filters)))

    def extent(self, filters: Filters) -> Extent:
        """Return how many articles a search with these filters covers, and their first and last day."""
        self.catch_up()
        return self._extents.of(filters)

    def publishers(self, filters: Filters) -> list[str]:
        """Return the publishers of the articles that pass the filters, those with the most articles first."""
        self.catch_up()
        return self._extents.publishers(filters)

    def unknown_publishers(self, filters: Filters) -> list[str]:
        """Return the filters' publishers that have no article in the filters' collections."""
        if not filters.publishers:
            return []
        self.catch_up()
        return self._extents.unknown_publishers(filters)

    def articles_of(self, ids: Ids) -> Sequence[int]:
        """Return the article id of each passage, in order; 0 for an unknown passage."""
        sql = "SELECT id, article_id FROM passages WHERE id IN (SELECT value FROM json_each(?))"
        articles: dict[int, int] = dict(self._db.execute(sql, (json.dumps(ids.tolist()),)).fetchall())
        return [articles.get(each, 0) for each in ids.tolist()]

    def _codes(self, filters: Filters) -> list[int] | None:
        passes = filters.column_predicates().get("collection")
        return None if passes is None else [code(name) for name in self._articles.values("collection") if passes(name)]

    def _search(self, vector: Vectors | None, words: Mapping[int, float], count: int, condition: str) -> _Found:
        try:
            return self._ask(vector, words, count, condition)
        except IndexMissing:
            # It was replaced while it was searched, and the name leads to the next one now; or the server was started
            # again and hasn't loaded it.
            self._connection.call("load_collection", self._connection.address.name, timeout_s=SEARCH_TIMEOUT_S)
            return self._ask(vector, words, count, condition)

    def _ask(self, vector: Vectors | None, words: Mapping[int, float], count: int, condition: str) -> _Found:
        library = self._connection.library
        is_graph = self._connection.address.vectors is VectorKind.HNSW
        graph = {"ef": max(SEARCH_WIDTH, count)} if is_graph else {}
        requests = []
        if vector is not None:
            near = {"metric_type": "IP", "params": graph}
            requests.append(library.AnnSearchRequest([vector.tolist()], "vector", near, count, expr=condition or None))
        if words:
            lexical = {"metric_type": "IP"}
            requests.append(library.AnnSearchRequest([dict(words)], "words", lexical, count, expr=condition or None))
        most = count * len(requests)
        answer = self._connection.call(
            "hybrid_search",
            self._connection.address.name,
            requests,
            library.RRFRanker(_RRF_CONSTANT),
            limit=most,
            output_fields=["words"] if vector is None else ["vector", "words"],
            timeout_s=SEARCH_TIMEOUT_S,
        )
        with self._connection.reading():
            return _read(list(islice(answer[0], most)), 0 if vector is None else len(vector))


# ANN401: what the library returns.
def _read(hits: Sequence[Any], dimension: int) -> _Found:
    ids = np.array([hit["id"] for hit in hits], dtype=np.int64)
    vectors = vectors_read([hit["entity"]["vector"] if dimension else [] for hit in hits], dimension)
    return _Found(ids, vectors, [words_read(hit["entity"]["words"]) for hit in hits])


def _best_words(found: _Found, wanted: Mapping[int, float], count: int) -> dict[int, float]:
    scores = np.array([_dot(words, wanted) for words in found.words], dtype=np.float32)
    best = np.lexsort((found.ids, -scores))[:count]
    return {int(found.ids[row]): float(scores[row]) for row in best if scores[row] > 0}


def _dot(words: Words, weights: Mapping[int, float]) -> float:
    return sum(weight * words.get(dimension, 0.0) for dimension, weight in weights.items())
