"""What is embedded, what is never embedded twice, and what is kept."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from sqlite_utils import Database

from corpus.articles import Articles
from corpus.passages import text_hash
from index.embedding import vector_store as module
from index.embedding.embedder import Vectors
from index.embedding.vector_store import EmbeddingProgress, Embeddings
from tests.conftest import StoreArticle
from tests.fakes import HashingEmbedder

BODY = "The ferry line was opened again on Friday."
OTHER = "The bridge stays closed until the autumn."


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


def test_each_different_passage_and_title_is_embedded_once(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    store(BODY, title="Ferry", url="https://example.org/1")
    store(BODY, title="Ferry", url="https://example.org/2")
    store(OTHER, title="Bridge", url="https://example.org/3")
    embeddings = Embeddings(db, embedder.fingerprint)
    assert embeddings.count_missing() == 4
    assert embeddings.embed_missing(embedder) == embedder.encoded == 4
    assert (embeddings.count_missing(), embeddings.embed_missing(embedder), embedder.encoded) == (0, 0, 4)
    assert len(embeddings.load(embedder.dimension).ids) == 3


def test_only_texts_with_a_new_hash_are_embedded_after_a_change(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    first = store(BODY, title="Ferry", url="https://example.org/1")
    embeddings = Embeddings(db, embedder.fingerprint)
    embeddings.embed_missing(embedder)
    before = embedder.encoded
    store(OTHER, title="Ferry", url="https://example.org/1")
    assert embeddings.embed_missing(embedder) == embedder.encoded - before == 1
    store(BODY, title="Ferry", url="https://example.org/1")
    assert embeddings.embed_missing(embedder) == 0, "the vector of the former text was kept"
    Articles(db).recut(first)
    assert embeddings.embed_missing(embedder) == 0


def test_vectors_come_back_as_unit_vectors_within_half_precision(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    store(BODY)
    store(OTHER)
    embeddings = Embeddings(db, embedder.fingerprint)
    embeddings.embed_missing(embedder)
    stored = embeddings.load(embedder.dimension)
    assert stored.vectors.dtype == np.float32
    assert stored.ids.tolist() == sorted(stored.ids.tolist())
    assert np.abs(stored.vectors - embedder.encode([BODY, OTHER])).max() < 1e-3
    assert np.linalg.norm(stored.vectors, axis=1) == pytest.approx([1.0, 1.0], abs=1e-3)
    assert embeddings.find([text_hash(BODY), "unknown"]).keys() == {text_hash(BODY)}
    assert embeddings.find([]) == {}


def test_two_models_keep_their_vectors_side_by_side(db: Database, store: StoreArticle) -> None:
    store(BODY)
    small, large = HashingEmbedder("small@1", dimension=32), HashingEmbedder("large@1", dimension=64)
    for model in (small, large):
        assert Embeddings(db, model.fingerprint).count_missing() == 1
        Embeddings(db, model.fingerprint).embed_missing(model)
    for model in (small, large):
        stored = Embeddings(db, model.fingerprint).load(model.dimension)
        assert stored.vectors == pytest.approx(model.encode([BODY]), abs=1e-3)
        assert Embeddings(db, model.fingerprint).count_missing() == 0


def test_vectors_of_texts_that_are_gone_are_counted_and_dropped_but_no_others(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    gone, kept = store(BODY, title="Ferry"), store(OTHER, title="Bridge")
    embeddings = Embeddings(db, embedder.fingerprint)
    embeddings.embed_missing(embedder)
    assert embeddings.count_orphans() == 0
    with db.atomic():
        Articles(db).remove(gone)
    assert embeddings.count_orphans() == embeddings.delete_orphans() == 2
    assert (embeddings.count_orphans(), embeddings.count_missing(), len(embeddings.load(embedder.dimension).ids)) == (
        0,
        0,
        1,
    )
    assert Articles(db).get(kept) is not None


def test_a_kill_loses_only_the_batch_in_hand(
    db: Database, store: StoreArticle, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TEXTS_PER_COMMIT", 2)
    for number in range(6):
        store(f"Report number {number} of the harbour office.")

    class FailingEmbedder(HashingEmbedder):
        def encode(self, *arguments: object) -> np.ndarray:
            if self.encoded == 4:
                raise KeyboardInterrupt
            return super().encode(*arguments)

    embeddings = Embeddings(db, embedder.fingerprint)
    with pytest.raises(KeyboardInterrupt):
        embeddings.embed_missing(FailingEmbedder())
    assert embeddings.count_missing() == 2
    assert embeddings.embed_missing(embedder) == embedder.encoded == 2


def test_progress_runs_from_nothing_to_everything(
    db: Database, store: StoreArticle, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TEXTS_PER_COMMIT", 2)
    for number in range(5):
        store(f"Report number {number} of the harbour office.")
    told: list[EmbeddingProgress] = []
    Embeddings(db, embedder.fingerprint).embed_missing(embedder, told.append)
    assert told[0] == EmbeddingProgress(0, 5)
    assert told[-1] == EmbeddingProgress(5, 5)
    assert [each.done for each in told] == sorted(each.done for each in told)


def test_looking_for_missing_vectors_costs_what_came_not_what_is_there(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    embeddings = Embeddings(db, embedder.fingerprint)

    def steps() -> int:
        """Steps of SQLite's virtual machine that one look takes."""
        taken = 0

        def step() -> int:
            nonlocal taken
            taken += 1
            return 0

        db.conn.set_progress_handler(step, 1)
        assert embeddings.count_missing() == 2
        db.conn.set_progress_handler(None, 1)
        return taken

    found = []
    for more in (3, 60):
        for number in range(more):
            store(f"Report number {number} of {more} of the harbour office.", title=f"Report {number} of {more}")
        embeddings.embed_missing(embedder)
        store(f"What came after {more}.", title=f"News after {more}")
        found.append(steps())
    assert found[1] <= 1.2 * found[0]


def test_a_vector_that_was_lost_is_told_by_the_look_at_everything_and_made_again(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    store(BODY, title="Ferry")
    store(OTHER, title="Bridge")
    embeddings = Embeddings(db, embedder.fingerprint)
    embeddings.embed_missing(embedder)
    db.execute("DELETE FROM embeddings WHERE text_sha256 IN (?, ?)", (text_hash(BODY), text_hash("Ferry")))
    assert (embeddings.count_missing(), embeddings.count_all_missing()) == (0, 2)
    embeddings.recheck_all()
    assert (embeddings.count_missing(), embeddings.embed_missing(embedder), embeddings.count_all_missing()) == (2, 2, 0)


def test_an_article_that_comes_while_others_are_embedded_is_not_passed_over(
    db: Database, store: StoreArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TEXTS_PER_COMMIT", 1)

    class StoringEmbedder(HashingEmbedder):
        def encode(self, *arguments: object) -> np.ndarray:
            if self.encoded < 4:
                store(f"What came after {self.encoded} texts.", title=f"News after {self.encoded}")
            return super().encode(*arguments)

    store(BODY, title="Ferry")
    embedder = StoringEmbedder()
    embeddings = Embeddings(db, embedder.fingerprint)
    embeddings.embed_missing(embedder)
    assert (embedder.encoded, embeddings.count_missing(), embeddings.count_all_missing()) == (6, 0, 0)


def test_looking_at_everything_reads_no_text_where_nothing_is_missing(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    embeddings = Embeddings(db, embedder.fingerprint)
    store(BODY, title="Ferry")
    embeddings.embed_missing(embedder)
    embeddings.recheck_all()
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    assert embeddings.embed_missing(embedder) == 0
    counts = [each for each in statements if "FROM passages LEFT JOIN" in each]
    assert len(counts) == 1
    plan = str(db.execute(f"EXPLAIN QUERY PLAN {counts[0]}").fetchall())
    assert "COVERING INDEX passages_by_hash" in plan


def test_batches_taken_ahead_are_stored_in_order_and_each_text_once(
    db: Database, store: StoreArticle, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TEXTS_PER_COMMIT", 3)
    for number in range(20):
        # Every fifth text is the same, so that batches that are out together have it in common.
        store(BODY if number % 5 == 0 else f"{OTHER} It is bridge {number}.", url=f"https://example.org/{number}")
    embeddings = Embeddings(db, embedder.fingerprint)
    total = embeddings.count_missing()
    stored_when_encoded: list[int] = []

    def far_ahead(batches: Iterator[Sequence[str]], on_done: Callable[[int], None]) -> Iterator[Vectors]:
        for texts in [*batches]:
            stored_when_encoded.append(db.execute("SELECT count(*) FROM embeddings").fetchone()[0])
            yield embedder.encode(texts, on_done)

    told: list[EmbeddingProgress] = []
    assert embeddings.embed_missing_by(far_ahead, told.append) == total == embedder.encoded == 17
    assert stored_when_encoded == sorted(stored_when_encoded)
    assert (told[-1].done, told[-1].total) == (total, total)
    assert embeddings.count_all_missing() == 0
    expected = embedder.encode([text for (text,) in db.execute("SELECT text FROM passages ORDER BY id")])
    assert np.abs(embeddings.load(embedder.dimension).vectors - expected).max() < 1e-3


def test_a_stream_that_breaks_off_loses_no_batch_before_and_skips_none_after(
    db: Database, store: StoreArticle, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TEXTS_PER_COMMIT", 3)
    for number in range(12):
        store(f"{OTHER} It is bridge {number}.", url=f"https://example.org/{number}")
    embeddings = Embeddings(db, embedder.fingerprint)

    def break_off(batches: Iterator[Sequence[str]], on_done: Callable[[int], None]) -> Iterator[Vectors]:
        ahead = [*batches]
        yield embedder.encode(ahead[0], on_done)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        embeddings.embed_missing_by(break_off)
    assert embeddings.count_missing() == embeddings.count_all_missing() == 9
    assert embeddings.embed_missing(embedder) == 9
