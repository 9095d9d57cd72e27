"""What a search returns, and what it never returns."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from corpus.article import Draft
from corpus.articles import Articles
from corpus.database import open_database
from index.filters import Filters
from index.generation.generations import Generations
from index.generation.postings import Postings
from index.generation.vector_index import VectorIndex
from index.maintenance import refresh
from index.schema import migrations as index_migrations
from index.search.live_index import LiveIndex
from index.search.retriever import Retriever, SearchResult
from tests.conftest import MADE_UP
from tests.fakes import HashingEmbedder

MakeRetriever = Callable[..., Retriever]
EMPTY_INDEX = VectorIndex.build(np.empty(0, dtype=np.int64), np.empty((0, 64), dtype=np.float32))
NO_POSTINGS = Postings.build([])
EVERYTHING = "ferry bridge wolves lighthouse tender Marn Velden Ostrava"


@pytest.fixture
def writable(made_up_data: Path) -> Iterator[Database]:
    db = open_database(made_up_data, (index_migrations,))
    yield db
    db.close()


@pytest.fixture
def retriever(writable: Database, made_up_data: Path) -> MakeRetriever:
    def make(per_article: int = 3, reranker: object = None, *, with_index: bool = True) -> Retriever:
        embedder = HashingEmbedder()
        generation = Generations(made_up_data).open_live(embedder.fingerprint)
        assert generation is not None
        index, postings = (generation.index, generation.postings) if with_index else (EMPTY_INDEX, NO_POSTINGS)
        live = LiveIndex(writable, index, postings, embedder)
        return Retriever(writable, live, embedder, per_article=per_article, reranker=reranker)

    return make


def names(result: SearchResult) -> list[str]:
    return [str(hit.article.external_id) for hit in result.hits]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("Is the Velden bridge unsafe?", "bridge"),
        ("How many passengers did the ferry to Ostrava Island carry?", "ferry"),
        ("How many wolves did the rangers count?", "wolves"),
        ("Who was the last keeper of the lighthouse?", "undated"),
    ],
)
def test_the_best_hit_is_the_article_on_the_matter(retriever: MakeRetriever, query: str, best: str) -> None:
    result = retriever().search(query, 5, Filters())
    assert names(result)[0] == best
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert result.hits[0].cosine is not None
    assert result.hits[0].bm25 is not None
    assert 0 < result.hits[0].coverage <= 1


def test_words_for_the_time_of_asking_change_nothing(retriever: MakeRetriever) -> None:
    plain = retriever().search("What did Brandt deny about the bridge?", 5, Filters())
    timed = retriever().search("What did Brandt deny about the bridge this week?", 5, Filters())
    assert timed.hits == plain.hits


def test_a_passage_that_is_gone_is_never_returned_though_the_index_still_has_it(
    retriever: MakeRetriever, writable: Database
) -> None:
    search = retriever()
    [gone] = {
        hit.article.id for hit in search.search("wolves", 9, Filters()).hits if hit.article.external_id == "wolves"
    }
    with writable.atomic():
        Articles(writable).remove(gone)
    assert "wolves" not in names(search.search("Wolves in the Marn valley", 9, Filters()))
    assert "wolves" not in names(retriever().search("Wolves in the Marn valley", 9, Filters()))


def test_a_new_article_is_found_by_its_words_before_it_is_embedded(
    retriever: MakeRetriever, writable: Database
) -> None:
    with writable.atomic():
        Articles(writable).store(
            Draft(body="The observatory on Mount Kessel saw a comet.", title="Comet", external_id="comet"),
            collection="shared",
            origin="new.txt",
            source_sha256="new",
            now="2024-06-02T00:00:00Z",
        )
    hit = retriever().search("Who saw the comet from Mount Kessel?", 5, Filters()).hits[0]
    assert (hit.article.external_id, hit.cosine) == ("comet", None)


def test_words_alone_find_something_where_nothing_is_embedded(retriever: MakeRetriever, writable: Database) -> None:
    writable.execute("DELETE FROM embeddings")
    result = retriever(with_index=False).search("Is the Velden bridge unsafe?", 5, Filters())
    assert names(result)[0] == "bridge"
    assert {hit.cosine for hit in result.hits} == {None}


def test_vectors_are_found_though_no_generation_holds_them(retriever: MakeRetriever) -> None:
    result = retriever(with_index=False).search("Is the Velden bridge unsafe?", 5, Filters())
    assert names(result)[0] == "bridge"
    assert None not in {hit.cosine for hit in result.hits}


def test_no_article_has_more_passages_than_it_may(
    retriever: MakeRetriever, writable: Database, made_up_data: Path
) -> None:
    body = "\n\n".join(
        f"## Chapter {number}\n\nThe observatory on Mount Kessel saw comet number {number} in the night."
        for number in range(6)
    )
    with writable.atomic():
        stored = Articles(writable).store(
            Draft(body=body), collection="shared", origin="a", source_sha256="a", now="2024-06-02T00:00:00Z"
        )
    refresh(writable, Generations(made_up_data), HashingEmbedder())
    for most in (1, 2, 4):
        hits = retriever(per_article=most).search("Which comet did Mount Kessel see?", 20, Filters()).hits
        assert sum(hit.article.id == stored.article_id for hit in hits) == most


@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        (Filters(publishers=("valley times",)), {"bridge", "wolves"}),
        (Filters(collections=("guild",)), {"secret"}),
        (Filters(collections=("shared",)), {each["id"] for each in MADE_UP["shared"]}),
        (Filters(since=date(2024, 4, 1)), {"bridge", "wolves", "secret"}),
        (Filters(until=date(2024, 4, 10)), {"ferry", "bridge"}),
        (Filters(("Valley Times",), ("shared",), date(2024, 4, 11), None), {"wolves"}),
        (Filters(publishers=("nobody",)), set()),
    ],
)
@pytest.mark.parametrize("query", [EVERYTHING, "tender", "?!", "the"])
@pytest.mark.parametrize("with_index", [True, False])
def test_filters_are_never_dropped_whatever_is_asked(
    retriever: MakeRetriever, filters: Filters, allowed: set[str], query: str, with_index: bool
) -> None:
    result = retriever(with_index=with_index).search(query, 20, filters)
    assert set(names(result)) <= allowed
    if query == EVERYTHING:
        assert set(names(result)) == allowed


def test_no_more_hits_than_asked_for(retriever: MakeRetriever) -> None:
    assert len(retriever().search(EVERYTHING, 2, Filters()).hits) == 2


class ShortestFirst:
    """A reranker that likes short passages; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((query, list(texts)))
        return [-float(len(text)) for text in texts]


def test_a_reranker_decides_the_order_and_reads_title_and_text(retriever: MakeRetriever) -> None:
    reranker = ShortestFirst()
    reranked = retriever(reranker=reranker).search(EVERYTHING, 9, Filters())
    plain = retriever().search(EVERYTHING, 9, Filters())
    lengths = [len(f"{hit.article.title}\n{hit.passage.text}") for hit in reranked.hits]
    assert lengths == sorted(lengths)
    assert set(names(reranked)) == set(names(plain))
    assert names(reranked) != names(plain)
    [(query, texts)] = reranker.asked
    assert query == EVERYTHING
    assert any(text.startswith("Wolves return to the Marn valley\nWolves have returned") for text in texts)


def test_every_stage_is_timed(retriever: MakeRetriever) -> None:
    timings = retriever(reranker=ShortestFirst()).search("bridge", 5, Filters()).timings_ms
    assert timings.keys() >= {"embed", "dense", "lexical", "fuse", "rerank"}
    assert all(value >= 0 for value in timings.values())


def test_articles_of_another_collection_do_not_change_what_is_found(
    retriever: MakeRetriever, writable: Database
) -> None:
    shared, query = Filters(collections=("shared",)), "Is the Velden bridge unsafe?"
    before = [(hit.passage.id, hit.bm25, hit.coverage) for hit in retriever().search(query, 5, shared).hits]
    for number in range(40):
        with writable.atomic():
            Articles(writable).store(
                Draft(body=f"The Velden bridge is unsafe, said neighbour {number} of the bridge.", title="Velden"),
                collection="server:2",
                origin=f"private {number}",
                source_sha256=f"private {number}",
                now="2024-06-02T00:00:00Z",
            )
    after = [(hit.passage.id, hit.bm25, hit.coverage) for hit in retriever().search(query, 5, shared).hits]
    assert after == before
