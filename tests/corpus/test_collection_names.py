"""A collection has one name that everybody sees, whichever way its articles and feeds come in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.service.feeds import import_feeds
from bot.settings import Settings
from corpus.article import Draft, ExportFields
from corpus.articles import Articles
from corpus.collection_names import check_collection
from corpus.errors import BadInput
from corpus.export.extra_fields import FORMAT_KEY, FORMAT_VERSION
from corpus.feeds.feed_store import FeedStore
from corpus.ingest import IngestOptions, ingest_paths

NOW = "2024-09-02T08:00:00Z"
DRAFT = Draft("The harbour office closed the northern quay on Monday because of the storm.")


@pytest.mark.parametrize("name", ["shared", "discord-424242", "Häfen am Sund", "港湾", "خبرها", "port / quay"])
def test_a_name_that_can_be_seen_stays_as_it_is(name: str) -> None:
    assert check_collection(name) == name


@pytest.mark.parametrize(
    "name", ["", " ", "a\nb", "a\x1b[2J", "a\tb", "a\x85b", "a\u2028b", "\u202eerahs", "a\u200bb", "a\ud800", "a\ufeff"]
)
def test_other_names_are_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(BadInput, match="A collection's name can't"):
        check_collection(name)


def export_fields(collection: str) -> ExportFields:
    return ExportFields(collection, "a.md", NOW, "x", ())


WAYS: dict[str, Callable[[Database, str], object]] = {
    "an ingest": lambda _db, name: IngestOptions(collection=name),
    "an article": lambda db, name: Articles(db).store(
        DRAFT, collection=name, origin="a.md", source_sha256="x", now=NOW
    ),
    "an exported article": lambda db, name: Articles(db).insert(DRAFT, export_fields(name)),
    "a feed": lambda db, name: FeedStore(db).add("https://herald.example/rss", name, NOW),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_way_in_takes_such_a_name(db: Database, way: Callable[[Database, str], object]) -> None:
    way(db, "quays")
    with pytest.raises(BadInput, match="A collection's name can't"):
        way(db, "quays\n")
    stored = db.execute("SELECT collection FROM articles UNION SELECT collection FROM feeds").fetchall()
    assert stored in ([], [("quays",)])


def test_a_list_of_feeds_is_refused_for_its_collection_not_for_its_addresses(settings: Settings) -> None:
    with pytest.raises(BadInput, match="A collection's name can't"):
        import_feeds(settings, [("https://herald.example/rss", "")], "a\x1bb")


def test_an_export_with_such_a_name_loses_that_line_only(db: Database, tmp_path: Path) -> None:
    line = {FORMAT_KEY: FORMAT_VERSION, "body": DRAFT.body, "origin": "a.md", "fetched_at": NOW, "source_sha256": "x"}
    lines = [line | {"collection": "a\u200bb"}, line | {"collection": "quays"}]
    (tmp_path / "export.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with db.atomic():
        report = ingest_paths(db, [tmp_path / "export.jsonl"], IngestOptions(restore_exports=True))
    assert report.added == 1
    [rejected] = report.rejected
    assert rejected.reason.startswith("A collection's name can't")
