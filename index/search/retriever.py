"""Retrieves the passages for a query: words and vectors, fused, filtered, a few per article."""

from collections import Counter
from collections.abc import Sequence
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
from index.live.extents import Extent
from index.search.fusion import best_first, fuse
from index.search.passage_index import PassageIndex
from index.search.query import strip_time_words
from index.search.stopwatch import Stopwatch
from index.search.term_rarity import Vocabulary
from index.terms import matching_words, query_words

# Candidates of each list; 50 and 200 find the same.
DEPTH = 100
# Best candidates rescored by coverage and title; more find nothing more.
RESCORED = 30
# Candidates that may become results: enough for a hundred after the limit per article.
RANKED = 150
# What a passage with every word of the query gains over one with none; anything from 0.3 to 0.6 does as well.
COVERAGE_WEIGHT = 0.4
# The weight of the title's cosine; 0 to 0.15 do as well.
TITLE_COSINE_WEIGHT = 0.1

# Passage ids with their scores, best first.
_Candidates = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores for one query.

    `cosine` is None for a passage without a vector, `title_cosine` for an article without a title vector, `bm25` for a
    passage that shares no word with the query. `coverage` is the share of the query's words, weighted by IDF, that
    title or text contain.
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


class Retriever:
    """Searches an index of passages, and checks and ranks what it finds.

    Args:
        db: the corpus, open for reading.
        index: the passages' vectors and words.
        embedder: the model for queries.
        per_article: the maximum number of hits per article.
        reranker: reorders the best hits.
    """

    def __init__(
        self,
        db: Database,
        index: PassageIndex,
        embedder: Embedder,
        *,
        per_article: int,
        reranker: Reranker | None = None,
    ) -> None:
        self._articles = Articles(db)
        self._embeddings = Embeddings(db, embedder.fingerprint)
        self._index = index
        self._embedder = embedder
        self._per_article = per_article
        self._reranker = reranker

    @property
    def version(self) -> int:
        """A number that increases whenever another connection has committed."""
        return self._index.version

    @property
    def unembedded(self) -> int:
        """How many passages have no vector yet, so that only their words find them."""
        return self._index.unembedded

    def catch_up(self) -> None:
        """Read what was stored and removed since the last call; costs next to nothing if nothing was."""
        self._index.catch_up()

    def search(self, query: str, count: int, filters: Filters) -> SearchResult:
        """Return the best passages for a query, among those that pass the filters.

        Filters apply to both lists before ranking. A passage removed from the database is never returned, whatever the
        index still holds.
        """
        watch = Stopwatch()
        query = strip_time_words(query)
        with watch.stage("embed"):
            vector = self._embedder.encode([query])[0]
        found = self._index.find(query, vector, DEPTH, filters, watch)
        with watch.stage("fuse"):
            cosines, bm25 = found.cosines, found.bm25
            scores = list(fuse(cosines, bm25).items())[:RANKED]
            load_hits = partial(self._load_hits, filters=filters, cosines=cosines, bm25=bm25)
            hits = self._rescore(query, vector, load_hits(scores[:RESCORED]), self.vocabulary(filters))
        if self._reranker is not None:
            with watch.stage("rerank"):
                hits = self._rerank(self._reranker, query, hits)
        with watch.stage("fuse"):
            chosen = self._limit_per_article(hits, count)
            rest = self._fill_up(scores[RESCORED:], chosen, count - len(chosen))
            chosen += load_hits(rest)
        return SearchResult(chosen, list(bm25.values()), watch.timings_ms)

    def vocabulary(self, filters: Filters) -> Vocabulary:
        """Return how rare words are in the filters' collections; dates and publishers don't change that."""
        return self._index.vocabulary(filters)

    def readable_vocabulary(self, filters: Filters) -> Vocabulary:
        """Return the words of what the filters' reader may see, also of publishers and dates not asked for."""
        return self._index.readable_vocabulary(filters)

    def texts_near(self, query: str, count: int, filters: Filters) -> list[str]:
        """Return the passages, each after its title, that match the words of a query best; at most `count`."""
        best = self._index.find_words(query, count, filters)
        passages = self._articles.passages(list(best)).values()
        articles = self._articles.facts([passage.article_id for passage in passages])
        titles = {article.id: article.title or "" for article in filters.select(articles.values())}
        return [f"{titles[each.article_id]} {each.text}" for each in passages if each.article_id in titles]

    def extent(self, filters: Filters) -> Extent:
        """Return how many articles a search with these filters covers, and their first and last day."""
        return self._index.extent(filters)

    def publishers(self, filters: Filters) -> list[str]:
        """Return the publishers of the articles that pass the filters, those with the most articles first."""
        return self._index.publishers(filters)

    def unknown_publishers(self, filters: Filters) -> list[str]:
        """Return the filters' publishers that have no article in the filters' collections."""
        return self._index.unknown_publishers(filters)

    def _load_hits(
        self, candidates: _Candidates, filters: Filters, cosines: dict[int, float], bm25: dict[int, float]
    ) -> list[Hit]:
        """Load candidates' texts, in order; leave out those that were removed.

        Filters are checked again with what the database says now: the columns in memory may be older.
        """
        passages = self._articles.passages([passage_id for passage_id, _ in candidates])
        articles = self._articles.facts([passage.article_id for passage in passages.values()])
        facts = {article.id: article for article in filters.select(articles.values())}
        return [
            Hit(passage, article, score, cosines.get(passage_id), bm25.get(passage_id))
            for passage_id, score in candidates
            if (passage := passages.get(passage_id)) is not None
            and (article := facts.get(passage.article_id)) is not None
        ]

    def _rescore(self, query: str, vector: Vectors, hits: list[Hit], vocabulary: Vocabulary) -> list[Hit]:
        """Add coverage and title cosine to the hits' scores, and sort them, best first."""
        weights = vocabulary.idf(query_words(query))
        total = sum(weights.values())
        titles = self._title_cosines(vector, hits)
        scored: dict[int, Hit] = {}
        for hit in hits:
            matched = matching_words(weights, f"{hit.article.title or ''} {hit.passage.text}")
            coverage = sum(weight for word, weight in weights.items() if word in matched) / total if total else 0.0
            title = titles.get(hit.article.title or "")
            score = hit.score + COVERAGE_WEIGHT * coverage + TITLE_COSINE_WEIGHT * (title or 0.0)
            scored[hit.passage.id] = replace(hit, score=score, coverage=coverage, title_cosine=title)
        order = best_first({passage_id: hit.score for passage_id, hit in scored.items()})
        return [scored[passage_id] for passage_id in order]

    def _title_cosines(self, vector: Vectors, hits: Sequence[Hit]) -> dict[str, float]:
        hashes = {text_hash(title): title for hit in hits if (title := hit.article.title)}
        found = self._embeddings.find(list(hashes))
        return {hashes[sha256]: float(title_vector @ vector) for sha256, title_vector in found.items()}

    def _limit_per_article(self, hits: Sequence[Hit], count: int) -> list[Hit]:
        per_article: Counter[int] = Counter()
        chosen: list[Hit] = []
        for hit in hits:
            per_article[hit.article.id] += 1
            if per_article[hit.article.id] <= self._per_article:
                chosen.append(hit)
        return chosen[:count]

    def _fill_up(self, candidates: _Candidates, chosen: Sequence[Hit], count: int) -> _Candidates:
        """Return the first `count` candidates within the limit per article, without reading their texts."""
        if count <= 0 or not candidates:
            return []
        per_article = Counter(hit.article.id for hit in chosen)
        articles = self._index.articles_of(np.array([passage_id for passage_id, _ in candidates], dtype=np.int64))
        rest = []
        for candidate, article_id in zip(candidates, articles, strict=True):
            if article_id and per_article[article_id] < self._per_article:
                per_article[article_id] += 1
                rest.append(candidate)
        return rest[:count]

    @staticmethod
    def _rerank(reranker: Reranker, query: str, hits: Sequence[Hit]) -> list[Hit]:
        relevance = reranker.score(query, [f"{hit.article.title or ''}\n{hit.passage.text}" for hit in hits])
        order = sorted(range(len(hits)), key=lambda rank: (-relevance[rank], rank))
        return [hits[rank] for rank in order]
