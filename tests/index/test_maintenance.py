"""Bringing the index up to date: what is built, what is used again."""

import pytest
from sqlite_utils import Database

from corpus import articles as articles_module
from corpus.articles import Articles
from corpus.passages import cut_passages
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generations
from index.generation.vector_index import INDEX_FILE
from index.maintenance import quarantine_damaged, rebuild, recut_all, refresh
from tests.conftest import StoreArticle
from tests.fakes import HashingEmbedder

LONG = " ".join(f"Sentence number {number} tells of the harbour and of its ferries." for number in range(40))


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def generations(tmp_path_factory: pytest.TempPathFactory) -> Generations:
    return Generations(tmp_path_factory.mktemp("generations"))


def test_a_second_refresh_builds_and_embeds_nothing(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    store(LONG, title="Harbour")
    first = refresh(db, generations, embedder)
    assert (first.built, first.embedded) == (True, embedder.encoded)
    second = refresh(db, generations, embedder)
    assert (second.built, second.embedded) == (False, 0)
    assert (second.generation, second.vectors) == (first.generation, first.vectors)
    assert embedder.encoded == first.embedded


def test_a_few_changes_join_the_live_generation_and_many_make_the_next(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    gone = store("The ferry sails again.")
    store("The bridge is closed.")
    first = refresh(db, generations, embedder)
    with db.atomic():
        Articles(db).remove(gone)
    removed = refresh(db, generations, embedder, max_stale=1)
    assert (removed.built, removed.embedded, removed.vectors) == (False, 0, 1)
    store("A third article is here.")
    added = refresh(db, generations, embedder, max_stale=2)
    assert (added.built, added.embedded, added.vectors, added.generation) == (False, 1, 2, first.generation)
    compacted = refresh(db, generations, embedder, max_stale=1)
    assert (compacted.built, compacted.embedded, compacted.vectors) == (True, 0, 2)
    assert refresh(db, generations, embedder, max_stale=0).generation == compacted.generation


def test_what_killed_processes_left_goes_though_nothing_is_built(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    store("The ferry sails again.")
    names = [refresh(db, generations, embedder, full=True).generation for _ in range(2)]
    # Killed between the switch to a generation and the taking away of the one before the last.
    for name in ("20240101T000000000000-0123abcd", "building-20240101T000000000000-0123abcd"):
        generations.folder(name).mkdir()
    refresh(db, generations, embedder)
    assert sorted(path.name for path in generations.folder("").iterdir()) == [*names, "LIVE"]


def test_a_full_reindex_builds_anew_from_the_same_vectors(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    store(LONG, title="Harbour")
    first = refresh(db, generations, embedder)
    full = refresh(db, generations, embedder, full=True)
    assert (full.built, full.embedded, full.vectors) == (True, 0, first.vectors)
    assert full.generation != first.generation
    assert embedder.encoded == first.embedded


def test_a_full_reindex_drops_the_vectors_of_texts_that_are_gone(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    gone = store("The ferry sails again.")
    refresh(db, generations, embedder)
    with db.atomic():
        Articles(db).remove(gone)
    refresh(db, generations, embedder)
    assert Embeddings(db, embedder.fingerprint).count_orphans() == 1
    refresh(db, generations, embedder, full=True)
    assert Embeddings(db, embedder.fingerprint).count_orphans() == 0


def test_articles_without_a_signature_are_signed(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    store(LONG)
    db.execute("DELETE FROM signatures")
    refresh(db, generations, embedder)
    assert db.execute("SELECT count(*) FROM signatures").fetchone()[0] == 1


def test_recutting_follows_new_rules_and_keeps_slices_verbatim(
    db: Database, store: StoreArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    article_id = store(LONG)

    def passages() -> list[tuple[int, int, str]]:
        rows = db.execute('SELECT start, "end", text FROM passages WHERE article_id = ? ORDER BY id', (article_id,))
        return [tuple(row) for row in rows]

    before = passages()
    recut_all(db)
    assert passages() == before
    monkeypatch.setattr(articles_module, "cut_passages", lambda body, _language: cut_passages(body)[:1])
    recut_all(db)
    assert passages() == before[:1]
    assert all(LONG[start:end] == text for start, end, text in passages())


def test_a_generation_whose_file_is_gone_is_replaced_without_embedding_anything(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    store(LONG)
    first = refresh(db, generations, embedder)
    (generations.folder(first.generation) / INDEX_FILE).unlink()
    again = refresh(db, generations, embedder)
    assert (again.built, again.embedded, again.vectors) == (True, 0, first.vectors)
    assert generations.open_live(embedder.fingerprint) is not None


def test_a_damaged_generation_is_set_aside(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    store(LONG)
    assert quarantine_damaged(generations) is None
    first = refresh(db, generations, embedder)
    assert quarantine_damaged(generations) is None
    (generations.folder(first.generation) / INDEX_FILE).write_bytes(b"rubbish")
    assert "was changed on disk" in (quarantine_damaged(generations) or "")
    assert generations.live_name() is None


def test_another_model_gets_its_own_vectors_and_going_back_costs_nothing(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    store(LONG)
    first = refresh(db, generations, embedder)
    other = HashingEmbedder("other@2", dimension=32)
    assert refresh(db, generations, other).embedded == first.embedded
    live = generations.open_live("other@2")
    assert live is not None
    assert live.manifest.dimension == 32
    back = refresh(db, generations, embedder)
    assert (back.built, back.embedded, embedder.encoded) == (True, 0, first.embedded)


def test_a_change_while_vectors_are_loaded_makes_the_generation_old_never_falsely_new(
    db: Database, store: StoreArticle, generations: Generations, embedder: HashingEmbedder
) -> None:
    store("The ferry sails again.")
    refresh(db, generations, embedder)

    class StoringEmbedder(HashingEmbedder):
        @property
        def dimension(self) -> int:
            store("An article that comes in while the index is built.")
            return embedder.dimension

        @dimension.setter
        def dimension(self, _: int) -> None: ...

    rebuild(db, generations, StoringEmbedder())
    report = refresh(db, generations, embedder, max_stale=0)
    assert (report.built, report.vectors) == (True, 2)


def test_an_empty_corpus_gives_an_empty_index(
    db: Database, generations: Generations, embedder: HashingEmbedder
) -> None:
    assert refresh(db, generations, embedder).vectors == 0
    live = generations.open_live(embedder.fingerprint)
    assert live is not None
    assert len(live.index) == 0
