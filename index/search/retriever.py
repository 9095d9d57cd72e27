"""Finds the passages for a query: words and vectors, fused, filtered, a few per article."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from sqlite_utils import Database

from corpus.article import ArticleFacts, Passage
from corpus.articles import Articles
from corpus.passages import text_hash
from index.embedding.embedder import Embedder, Vectors
from index.embedding.reranker import Reranker
from index.embedding.vector_store import Embeddings
from index.filters import Filters
from index.generation.postings import Postings
from index.generation.vector_index import VectorIndex
from index.live.live_vectors import LiveIndex
from index.live.live_words import LiveWords
from index.live.new_passages import FollowedPassages
from index.live.scopes import Extent, Scope, Scopes
from index.search.fusion import best_first, fuse
from index.search.lexical import LexicalSearch
from index.search.query import searchable
from index.search.term_rarity import Vocabulary
from index.terms import held_words, query_words

# Candidates of each list; 50 and 200 find the same.
DEPTH = 100
# Best candidates whose words are compared with the query's; more finds nothing more.
COMPARED = 30
# Candidates that may become results: enough for a hundred after the limit per article.
RANKED = 150
# What a passage with every word of the query gains over one with none; anything from 0.3 to 0.6 does as well.
COVERAGE_WEIGHT = 0.4
# The same for the cosine of the article's title; 0 to 0.15.
TITLE_COSINE_WEIGHT = 0.1

# Candidates with their scores, best first.
_Scored = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores for one query.

    `cosine` is None for a passage that is not embedded yet, `title_cosine` for an article without an embedded title,
    `bm25` for a passage that shares no word with the query. `coverage` is the share of the query's words, weighted by
    how rare they are, that stand in title or text.
    """

    passage: Passage
    article: ArticleFacts
    score: float
    cosine: float | None
    bm25: float | None
    coverage: float = 0.0
    title_cosine: float | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first; the BM25 scores of the lexical list, best first; milliseconds by stage."""

    hits: list[Hit]
    bm25: list[float]
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
    """Searches the vectors and the words of one database: those of a generation, and what was stored since.

    Args:
        db: the corpus, open for reading.
        index: the vectors of the generation.
        postings: the words of the same passages.
        embedder: the model for queries.
        per_article: how many hits an article may have.
        reranker: puts the best hits in a better order.
    """

    def __init__(
        self,
        db: Database,
        index: VectorIndex,
        postings: Postings,
        embedder: Embedder,
        *,
        per_article: int,
        reranker: Reranker | None = None,
    ) -> None:
        self._db = db
        self._articles = Articles(db)
        self._embeddings = Embeddings(db, embedder.fingerprint)
        self._joined = FollowedPassages(db, index.ids)
        self._live = LiveIndex(index, self._joined, self._embeddings)
        self._words = LiveWords(db, index.ids, postings, self._joined)
        self._lexical = LexicalSearch(self._words)
        self._embedder = embedder
        self._per_article = per_article
        self._reranker = reranker
        with db.atomic():
            self._scopes = Scopes(db, self._joined)
        # Counted up whenever another process or thread committed anything.
        self.version = 0

    @property
    def waiting(self) -> int:
        """How many passages have no vector yet, so that only their words find them."""
        return self._live.waiting

    def catch_up(self) -> None:
        """Takes in what was stored and removed since the last time; costs next to nothing where nothing was."""
        if not self._joined.is_behind:
            return
        try:
            # One transaction: columns that are read one after the other must be of one state.
            with self._db.atomic():
                self._joined.catch_up()
                self._live.catch_up()
                self._words.catch_up()
                self._scopes.catch_up()
        except BaseException:
            self._joined.start_over()
            raise
        self.version += 1

    def search(self, query: str, count: int, filters: Filters) -> SearchResult:
        """The best passages for a query, among those that pass the filters.

        Filters hold for both lists before anything is ranked; a passage that is gone from the database is never
        returned, whatever the index still holds.
        """
        watch = Stopwatch()
        query = searchable(query)
        with watch.stage("embed"):
            vector = self._embedder.encode([query])[0]
        with watch.stage("dense"):
            self.catch_up()
            allowed = self._scopes.of(filters)
            cosines = self._dense(vector, allowed)
        with watch.stage("lexical"):
            vocabulary = self.vocabulary(filters)
            bm25 = self._lexical.search(query, DEPTH, allowed, vocabulary)
        with watch.stage("fuse"):
            cosines |= self._missing_cosines(vector, bm25.keys() - cosines.keys())
            scores = list(fuse(cosines, bm25).items())[:RANKED]
            reading = partial(self._hits, filters=filters, cosines=cosines, bm25=bm25)
            hits = self._compared(query, vector, reading(scores[:COMPARED]), vocabulary)
        if self._reranker is not None:
            with watch.stage("rerank"):
                hits = self._reranked(query, hits)
        with watch.stage("fuse"):
            chosen = self._few_per_article(hits, count)
            rest = self._rest(scores[COMPARED:], chosen, count - len(chosen))
            chosen += reading(rest)
        return SearchResult(chosen, list(bm25.values()), watch.timings_ms)

    def vocabulary(self, filters: Filters) -> Vocabulary:
        """How rare words are in the collections that the filters name: dates and publishers don't change that."""
        return Vocabulary(self._words, self._scopes.of(Filters(collections=filters.collections)))

    def extent(self, filters: Filters) -> Extent:
        """How many articles a search under the filters looks through, and of which days."""
        self.catch_up()
        return self._scopes.extent(filters)

    def publishers(self, filters: Filters) -> list[str]:
        """The publishers of the articles that pass the filters, the one with the most articles first."""
        self.catch_up()
        return self._scopes.publishers(filters)

    def unknown_publishers(self, filters: Filters) -> list[str]:
        """Those of the filters' publishers that no article has among the filters' collections."""
        if not filters.publishers:
            return []
        self.catch_up()
        return self._scopes.unknown_publishers(filters)

    def _dense(self, vector: Vectors, allowed: Scope | None) -> dict[int, float]:
        found = self._live.search(vector, DEPTH, allowed)
        return dict(zip(found.ids.tolist(), found.cosines.tolist(), strict=True))

    def _missing_cosines(self, vector: Vectors, ids: Set[int]) -> dict[int, float]:
        if not ids:
            return {}
        found = self._live.cosines(vector, np.fromiter(ids, dtype=np.int64))
        return dict(zip(found.ids.tolist(), found.cosines.tolist(), strict=True))

    def _hits(self, best: _Scored, filters: Filters, cosines: dict[int, float], bm25: dict[int, float]) -> list[Hit]:
        """Candidates with their texts, in the given order, without those that are gone.

        What is shown passes the filters by what the database says now, whatever the columns in memory held.
        """
        passages = self._articles.passages([passage_id for passage_id, _ in best])
        found = self._articles.facts([passage.article_id for passage in passages.values()])
        facts = {article.id: article for article in filters.passing(found.values())}
        return [
            Hit(passage, article, score, cosines.get(passage_id), bm25.get(passage_id))
            for passage_id, score in best
            if (passage := passages.get(passage_id)) is not None
            and (article := facts.get(passage.article_id)) is not None
        ]

    def _compared(self, query: str, vector: Vectors, hits: list[Hit], vocabulary: Vocabulary) -> list[Hit]:
        """The hits with what their words and titles add to their scores, best first."""
        weights = vocabulary.idf(query_words(query))
        total = sum(weights.values())
        titles = self._title_cosines(vector, hits)
        scored: dict[int, Hit] = {}
        for hit in hits:
            held = held_words(weights, f"{hit.article.title or ''} {hit.passage.text}")
            coverage = sum(weight for word, weight in weights.items() if word in held) / total if total else 0.0
            title = titles.get(hit.article.title or "")
            score = hit.score + COVERAGE_WEIGHT * coverage + TITLE_COSINE_WEIGHT * (title or 0.0)
            scored[hit.passage.id] = replace(hit, score=score, coverage=coverage, title_cosine=title)
        order = best_first({passage_id: hit.score for passage_id, hit in scored.items()})
        return [scored[passage_id] for passage_id in order]

    def _title_cosines(self, vector: Vectors, hits: Sequence[Hit]) -> dict[str, float]:
        hashes = {text_hash(title): title for hit in hits if (title := hit.article.title)}
        found = self._embeddings.find(list(hashes))
        return {hashes[sha256]: float(other @ vector) for sha256, other in found.items()}

    def _few_per_article(self, hits: Sequence[Hit], count: int) -> list[Hit]:
        taken: Counter[int] = Counter()
        chosen: list[Hit] = []
        for hit in hits:
            taken[hit.article.id] += 1
            if taken[hit.article.id] <= self._per_article:
                chosen.append(hit)
        return chosen[:count]

    def _rest(self, scored: _Scored, chosen: Sequence[Hit], count: int) -> _Scored:
        """The first so many candidates whose articles have not enough hits among the chosen, without reading any."""
        if count <= 0 or not scored:
            return []
        taken = Counter(hit.article.id for hit in chosen)
        articles = self._joined.articles_of(np.array([passage_id for passage_id, _ in scored], dtype=np.int64))
        rest = []
        for candidate, article_id in zip(scored, articles.tolist(), strict=True):
            if article_id and taken[article_id] < self._per_article:
                taken[article_id] += 1
                rest.append(candidate)
        return rest[:count]

    def _reranked(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        assert self._reranker is not None
        relevance = self._reranker.score(query, [f"{hit.article.title or ''}\n{hit.passage.text}" for hit in hits])
        order = sorted(range(len(hits)), key=lambda place: (-relevance[place], place))
        return [hits[place] for place in order]
