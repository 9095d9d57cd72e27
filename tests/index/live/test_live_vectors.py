"""The live view: what joins it, what it hides, and that it searches as an index of just what is there would."""

from collections.abc import Callable

import numpy as np
import pytest
from sqlite_utils import Database

from corpus.articles import Articles
from index.embedding.vector_store import Embeddings
from index.generation.vector_index import VectorIndex
from index.live.live_vectors import LiveVectors
from index.live.new_passages import PassageTracker
from tests.conftest import StoreArticle
from tests.fakes import HashingEmbedder
from tests.words import scope_of

EMBEDDER = HashingEmbedder()
WORDS = "ferry bridge wolves lighthouse tender harbour minister comet valley winter council grain".split()


@pytest.fixture
def embeddings(db: Database) -> Embeddings:
    return Embeddings(db, EMBEDDER.fingerprint)


@pytest.fixture
def view(db: Database, embeddings: Embeddings) -> Callable[[], LiveVectors]:
    """Opens a view over a generation of what is embedded at that moment."""

    def open_view() -> LiveVectors:
        stored = embeddings.load(EMBEDDER.dimension)
        index = VectorIndex.build(stored.ids, stored.vectors)
        return LiveVectors(index, PassageTracker(db, index.ids), embeddings)

    return open_view


def add(db: Database, store: StoreArticle, body: str) -> int:
    article_id = store(body)
    Embeddings(db, EMBEDDER.fingerprint).embed_missing(EMBEDDER)
    return article_id


def remove(db: Database, article_id: int) -> None:
    with db.atomic():
        Articles(db).remove(article_id)


def found(live: LiveVectors, words: str, count: int = 10) -> list[int]:
    follow(live)
    return list(live.search(EMBEDDER.encode([words])[0], count).ids.tolist())


def follow(live: LiveVectors) -> None:
    # `data_version` tells of other connections only; a test that writes through the same one says so itself.
    live.passages._data_version = None
    assert live.passages.catch_up()
    live.catch_up()


def passages_of(db: Database, article_id: int) -> list[int]:
    return [row[0] for row in db.execute("SELECT id FROM passages WHERE article_id = ?", (article_id,))]


def test_what_is_stored_and_embedded_joins_and_what_is_removed_goes(
    db: Database, store: StoreArticle, view: Callable[[], LiveVectors]
) -> None:
    old = add(db, store, "The ferry sails again.")
    live = view()
    new = add(db, store, "A comet was seen over the valley.")
    [[first], [second]] = passages_of(db, old), passages_of(db, new)
    assert found(live, "comet over the valley")[0] == second
    assert (live.joined, live.unembedded) == (1, 0)
    remove(db, old)
    assert found(live, "ferry sails") == [second]
    remove(db, new)
    assert found(live, "comet") == []
    assert live.ids.tolist() == []
    assert first not in live.ids


def test_a_passage_joins_when_its_vector_comes_however_late(
    db: Database, store: StoreArticle, embeddings: Embeddings, view: Callable[[], LiveVectors]
) -> None:
    store("The bridge is closed.")
    add(db, store, "The ferry sails again.")
    db.execute("DELETE FROM embeddings WHERE text_sha256 = (SELECT sha256 FROM passages ORDER BY id LIMIT 1)")
    live = view()
    store("Wolves came to the valley.")
    assert len(found(live, "bridge closed wolves")) == 1
    assert live.unembedded == 2
    embeddings.recheck_all()
    embeddings.embed_missing(EMBEDDER)
    assert len(found(live, "bridge closed wolves")) == 3
    assert live.unembedded == 0


def test_another_connection_is_noticed(db: Database, store: StoreArticle) -> None:
    add(db, store, "The ferry sails again.")
    index = VectorIndex.build(np.empty(0, dtype=np.int64), np.empty((0, EMBEDDER.dimension), dtype=np.float32))
    joined = PassageTracker(db, index.ids)
    assert (joined.catch_up(), joined.catch_up(), len(joined.ids)) == (True, False, 1)
    path = db.execute("PRAGMA database_list").fetchone()[2]
    with Database(path).conn as other:
        other.execute("DELETE FROM articles")
    assert (joined.catch_up(), len(joined.ids)) == (True, 0)


@pytest.mark.parametrize("seed", range(6))
def test_it_searches_as_an_index_of_just_what_is_there_would(
    db: Database, store: StoreArticle, view: Callable[[], LiveVectors], seed: int
) -> None:
    chance = np.random.default_rng(seed)

    def text() -> str:
        return " ".join(chance.choice(WORDS, 6)) + f" {chance.integers(10**6)}."

    articles = [add(db, store, text()) for _ in range(30)]
    live = view()
    articles += [add(db, store, text()) for _ in range(20)]
    gone = chance.choice(articles, 35, replace=False)
    for article_id in gone.tolist():
        remove(db, article_id)
    exact = view()
    follow(exact)
    query = EMBEDDER.encode([text()])[0]
    found(live, "anything")
    for allowed in (None, np.sort(chance.choice(exact.ids, 7, replace=False))):
        ours, theirs = (
            each.search(query, 5, None if allowed is None else scope_of(each.passages, allowed.tolist()))
            for each in (live, exact)
        )
        assert np.allclose(ours.cosines, theirs.cosines, atol=1e-6)
    ours = live.cosines(query, exact.ids)
    theirs = exact.cosines(query, exact.ids)
    assert dict(zip(ours.ids.tolist(), ours.cosines.round(5).tolist(), strict=True)) == dict(
        zip(theirs.ids.tolist(), theirs.cosines.round(5).tolist(), strict=True)
    )
