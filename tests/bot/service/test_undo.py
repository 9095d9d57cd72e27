"""Taking additions back, and removing collections, with the index in step."""

import json
from pathlib import Path

import pytest

from bot.service.attache import Attache
from bot.service.ingest import Addition, ingest, remove_article, undo_addition
from bot.service.ingest_progress import ProgressCallbacks
from bot.service.steps import remove_collection_in_steps
from bot.settings import Settings
from corpus.articles import Articles, Outcome, StoreResult
from corpus.catalog import list_articles
from corpus.database import open_database_read_only
from corpus.errors import BadInput
from corpus.ingest import IngestOptions
from index.embedding.vector_store import Embeddings
from index.filters import Filters
from index.schema import migrations as index_migrations
from tests.bot.service.exhaust import exhaust
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

LATER = "2999-01-01T00:00:00Z"


def feed(settings: Settings, folder: Path, collection: str = "guild", **bodies: str) -> list[StoreResult]:
    """Takes articles in, one for each address; what was added and updated."""
    records = [{"url": f"https://n.example/{key}", "title": key, "body": body} for key, body in bodies.items()]
    path = folder / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    changed: list[StoreResult] = []
    progress = ProgressCallbacks(reading=lambda progress: changed.extend(progress.changed))
    ingest(settings, HashingEmbedder(), [path], IngestOptions(collection=collection, base=folder), progress=progress)
    return changed


def texts(settings: Settings, collection: str = "guild") -> dict[str | None, str]:
    """Title and text of every article of a collection, as a search finds them too."""
    db = open_database_read_only(settings.data_dir, (index_migrations,))
    try:
        found = [Articles(db).get(article_id) for article_id in list_articles(db, (collection,))]
        assert Embeddings(db, "hashing@1").count_missing() == 0
    finally:
        db.close()
    return {each.title: each.body for each in found if each}


def found_bodies(settings: Settings, query: str) -> set[str]:
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        return {hit.passage.text for hit in attache.search(query, 10, Filters(collections=("guild",))).hits}


def addition(changed: list[StoreResult], collection: str = "guild") -> Addition:
    added = tuple(each.article_id for each in changed if each.outcome is Outcome.ADDED)
    return Addition(collection, added, tuple(each.article_id for each in changed if each.outcome is Outcome.UPDATED))


def test_added_articles_go_and_updated_ones_get_their_former_text(settings: MakeSettings, tmp_path: Path) -> None:
    feed(settings(), tmp_path, ferry="The ferry sails at noon.", mill="The mill is closed.")
    changed = feed(settings(), tmp_path, ferry="The ferry sails at midnight.", bridge="The bridge is open.")
    assert [each.outcome for each in changed] == [Outcome.UPDATED, Outcome.ADDED]
    taken = undo_addition(settings(), HashingEmbedder(), addition(changed), until=LATER)
    assert (taken.removed, taken.restored, taken.left) == (1, 1, 0)
    assert texts(settings()) == {"ferry": "The ferry sails at noon.", "mill": "The mill is closed."}
    assert found_bodies(settings(), "When does the ferry sail?") == {"The ferry sails at noon.", "The mill is closed."}


def test_an_article_updated_twice_in_one_addition_gets_the_text_from_before(
    settings: MakeSettings, tmp_path: Path
) -> None:
    feed(settings(), tmp_path, ferry="The ferry sails at noon.")
    path = tmp_path / "twice.jsonl"
    bodies = ("The ferry sails at one.", "The ferry sails at two.")
    record = {"url": "https://n.example/ferry", "title": "ferry"}
    path.write_text("\n".join(json.dumps({**record, "body": body}) for body in bodies), encoding="utf-8")
    changed: list[StoreResult] = []
    progress = ProgressCallbacks(reading=lambda progress: changed.extend(progress.changed))
    ingest(settings(), HashingEmbedder(), [path], IngestOptions(collection="guild"), progress=progress)
    assert len(changed) == 2
    undo_addition(settings(), HashingEmbedder(), addition(changed), until=LATER)
    assert texts(settings()) == {"ferry": "The ferry sails at noon."}


def test_what_was_updated_after_the_addition_is_left(settings: MakeSettings, tmp_path: Path) -> None:
    feed(settings(), tmp_path, ferry="The ferry sails at noon.")
    changed = feed(settings(), tmp_path, ferry="The ferry sails at midnight.")
    taken = undo_addition(settings(), HashingEmbedder(), addition(changed), until="2001-01-01T00:00:00Z")
    assert (taken.restored, taken.left) == (0, 1)
    assert texts(settings()) == {"ferry": "The ferry sails at midnight."}


def test_articles_of_other_collections_are_passed_over(settings: MakeSettings, tmp_path: Path) -> None:
    changed = feed(settings(), tmp_path, "other", ferry="The ferry sails at noon.")
    taken = undo_addition(settings(), HashingEmbedder(), addition(changed, "guild"), until=LATER)
    assert taken.removed == 0
    assert texts(settings(), "other")


def test_the_same_file_again_after_an_undo_is_taken_in_again(settings: MakeSettings, tmp_path: Path) -> None:
    changed = feed(settings(), tmp_path, ferry="The ferry sails at noon.")
    undo_addition(settings(), HashingEmbedder(), addition(changed), until=LATER)
    assert [each.outcome for each in feed(settings(), tmp_path, ferry="The ferry sails at noon.")] == [Outcome.ADDED]


def test_a_collection_goes_with_its_vectors_and_the_others_stay(settings: MakeSettings, tmp_path: Path) -> None:
    feed(settings(), tmp_path, **{f"story{number}": f"Story number {number} is told." for number in range(70)})
    feed(settings(), tmp_path, "other", ferry="The ferry sails at noon.")
    assert exhaust(remove_collection_in_steps(settings(), HashingEmbedder(), "guild")) == (0, 70)
    assert texts(settings()) == {}
    assert texts(settings(), "other") == {"ferry": "The ferry sails at noon."}
    db = open_database_read_only(settings().data_dir, (index_migrations,))
    assert (Embeddings(db, "hashing@1").count_orphans(), len(Embeddings(db, "hashing@1").passage_ids())) == (0, 1)
    db.close()
    assert exhaust(remove_collection_in_steps(settings(), HashingEmbedder(), "guild")) == (0, 0)


def test_an_article_of_another_collection_is_not_removed(settings: MakeSettings, tmp_path: Path) -> None:
    [stored] = feed(settings(), tmp_path, ferry="The ferry sails at noon.")
    with pytest.raises(BadInput):
        remove_article(settings(), HashingEmbedder(), stored.article_id, collection="other")
    remove_article(settings(), HashingEmbedder(), stored.article_id, collection="guild")
    assert texts(settings()) == {}


def test_files_in_a_passing_folder_are_named_without_it(settings: MakeSettings, tmp_path: Path) -> None:
    [stored] = feed(settings(), tmp_path, ferry="The ferry sails at noon.")
    db = open_database_read_only(settings().data_dir)
    article = Articles(db).get(stored.article_id)
    db.close()
    assert article is not None
    assert article.origin == "articles.jsonl:1"
    bad = tmp_path / "bad.jsonl"
    bad.write_text("[]", encoding="utf-8")
    report = ingest(settings(), HashingEmbedder(), [bad], IngestOptions(base=tmp_path)).ingest
    assert [each.origin for each in report.rejected] == ["bad.jsonl:1"]
