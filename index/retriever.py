"""Finds the passages for a query: full text and vectors, fused, filtered, a few per article."""

import time
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from sqlite_utils import Database

from corpus.article import ArticleFacts, Passage
from corpus.articles import Articles
from index.embedder import Embedder, Vectors
from index.filters import Filters, allowed_passages
from index.fusion import best_first, fuse
from index.lexical import LexicalSearch
from index.reranker import Reranker
from index.terms import query_words, words
from index.vector_index import VectorIndex
from index.vocabulary import Vocabulary

# Candidates of each list; 50 and 200 find the same.
DEPTH = 100
# Best candidates whose words are compared with the query's; more finds nothing more.
COMPARED = 50
# What a passage with every word of the query gains over one with none; anything from 0.3 to 0.6 does as well.
COVERAGE_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores for one query; a score is None where that list does not hold it."""

    passage: Passage
    article: ArticleFacts
    score: float
    cosine: float | None
    bm25: float | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first; the query's vector `(dimension,)`; milliseconds by stage."""

    hits: list[Hit]
    query_vector: Vectors
    timings_ms: dict[str, float]


class Stopwatch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds the time that the block takes to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings_ms[name] = self.timings_ms.get(name, 0.0) + (time.perf_counter() - start) * 1e3


class Retriever:
    """Searches one generation and the full-text index of one database."""

    def __init__(
        self,
        db: Database,
        index: VectorIndex | None,
        embedder: Embedder,
        *,
        per_article: int,
        reranker: Reranker | None = None,
    ) -> None:
        self._db = db
        self._articles = Articles(db)
        self._lexical = LexicalSearch(db)
        self._vocabulary = Vocabulary(db)
        self._index = index
        self._embedder = embedder
        self._per_article = per_article
        self._reranker = reranker

    def search(self, query: str, count: int, filters: Filters) -> SearchResult:
        """The best passages for a query, among those that pass the filters.

        Filters hold for both lists before anything is ranked; a passage that is gone from the database is never
        returned, whatever the index still holds.
        """
        watch = Stopwatch()
        with watch.stage("embed"):
            vector = self._embedder.encode([query])[0]
        with watch.stage("dense"):
            cosines = self._dense(vector, filters)
        with watch.stage("lexical"):
            bm25 = self._lexical.search(query, DEPTH, filters)
        with watch.stage("fuse"):
            cosines |= self._missing_cosines(vector, bm25.keys() - cosines.keys())
            hits = self._compared(query, self._hits(fuse(cosines, bm25), cosines, bm25))
        if self._reranker is not None:
            with watch.stage("rerank"):
                hits = self._reranked(query, hits)
        return SearchResult(self._few_per_article(hits, count), vector, watch.timings_ms)

    def _dense(self, vector: Vectors, filters: Filters) -> dict[int, float]:
        if self._index is None:
            return {}
        found = self._index.search(vector, DEPTH, allowed_passages(self._db, filters))
        return dict(zip(found.ids.tolist(), found.cosines.tolist(), strict=True))

    def _missing_cosines(self, vector: Vectors, ids: Set[int]) -> dict[int, float]:
        if self._index is None or not ids:
            return {}
        found = self._index.cosines(vector, np.fromiter(ids, dtype=np.int64))
        return dict(zip(found.ids.tolist(), found.cosines.tolist(), strict=True))

    def _hits(self, scores: dict[int, float], cosines: dict[int, float], bm25: dict[int, float]) -> list[Hit]:
        passages = self._articles.passages(list(scores))
        facts = self._articles.facts([passage.article_id for passage in passages.values()])
        return [
            Hit(passage, facts[passage.article_id], score, cosines.get(passage_id), bm25.get(passage_id))
            for passage_id, score in scores.items()
            if (passage := passages.get(passage_id)) is not None and passage.article_id in facts
        ]

    def _compared(self, query: str, hits: list[Hit]) -> list[Hit]:
        """The hits with the share of the query's words that each holds added to its score, best first."""
        weights = self._vocabulary.idf(query_words(query))
        total = sum(weights.values())
        scored: dict[int, Hit] = {}
        for hit in hits[:COMPARED]:
            held = set(words(f"{hit.article.title or ''} {hit.passage.text}"))
            coverage = sum(weight for word, weight in weights.items() if word in held) / total if total else 0.0
            scored[hit.passage.id] = replace(hit, score=hit.score + COVERAGE_WEIGHT * coverage)
        order = best_first({passage_id: hit.score for passage_id, hit in scored.items()})
        return [scored[passage_id] for passage_id in order] + hits[COMPARED:]

    def _few_per_article(self, hits: Sequence[Hit], count: int) -> list[Hit]:
        chosen: list[Hit] = []
        seen: dict[int, int] = {}
        for hit in hits:
            seen[hit.article.id] = seen.get(hit.article.id, 0) + 1
            if seen[hit.article.id] <= self._per_article and len(chosen) < count:
                chosen.append(hit)
        return chosen

    def _reranked(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        assert self._reranker is not None
        first, rest = hits[:COMPARED], hits[COMPARED:]
        relevance = self._reranker.score(query, [f"{hit.article.title or ''}\n{hit.passage.text}" for hit in first])
        order = sorted(range(len(first)), key=lambda place: (-relevance[place], place))
        return [first[place] for place in order] + list(rest)
