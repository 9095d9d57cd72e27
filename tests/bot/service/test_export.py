"""A corpus that is exported: all of it comes back, into newer and older ones too."""

import json
from pathlib import Path

import pytest

from bot.atomic_files import partial_path
from bot.service.export import export_corpus
from bot.service.ingest import ingest
from corpus.errors import BadInput
from corpus.ingest import IngestOptions
from tests.bot.service.folder_contents import contents, news
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_what_is_exported_comes_back_whole(full: Path, settings: MakeSettings, tmp_path: Path, name: str) -> None:
    report = export_corpus(settings(full), tmp_path / name)
    assert (report.articles, report.versions) == (8, 2)
    fresh = settings(tmp_path / "fresh")
    taken = ingest(fresh, HashingEmbedder(), [tmp_path / name], IngestOptions(restore_exports=True)).ingest
    assert (taken.added, taken.rejected, taken.warnings) == (8, [], [])
    assert contents(fresh.data_dir) == contents(full)
    again = ingest(fresh, HashingEmbedder(), [tmp_path / name], IngestOptions(restore_exports=True)).ingest
    assert (again.added, again.updated, again.unchanged) == (0, 0, 8)
    assert contents(fresh.data_dir) == contents(full)


def test_an_export_goes_into_one_collection_where_that_is_asked(
    full: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    """So no file that somebody attaches can choose whose articles it changes."""
    export_corpus(settings(full), tmp_path / "all.jsonl")
    fresh = settings(tmp_path / "fresh")
    ingest(fresh, HashingEmbedder(), [tmp_path / "all.jsonl"], IngestOptions(collection="mine"))
    articles, versions, _ = contents(fresh.data_dir)
    assert {row[0] for row in articles} == {"mine"}
    assert versions == []
    assert all(str(row[-1]).startswith(f"{tmp_path}/all.jsonl:") for row in articles)


def test_one_collection_is_exported_without_the_others(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    export_corpus(settings(full), tmp_path / "one.jsonl", ["guild"])
    [line] = (tmp_path / "one.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["id"] == "secret"


def test_an_older_export_does_not_replace_a_newer_text(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    path = tmp_path / "old.jsonl"
    export_corpus(settings(full), path)
    before = contents(full)
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("third time", "fourth time")
        .replace('"fetched_at": "2', '"fetched_at": "1')
    )
    taken = ingest(settings(full), HashingEmbedder(), [path], IngestOptions(restore_exports=True)).ingest
    assert taken.added == 0
    assert contents(full)[0] == before[0]


def test_an_export_brings_the_former_texts_that_lie_between(settings: MakeSettings, tmp_path: Path) -> None:
    """The folder has the first text, the export the third: the second is not lost, whether or not it states an id."""
    texts = [
        f"The pier of Castine was closed on Monday for the {turn} time this year." for turn in ("1st", "2nd", "3rd")
    ]
    elsewhere, behind = settings(tmp_path / "elsewhere"), settings(tmp_path / "behind")
    for text in texts:
        ingest(elsewhere, HashingEmbedder(), [news(tmp_path, text, id="guid-1")], IngestOptions())
    export_corpus(elsewhere, tmp_path / "all.jsonl")
    exported = (tmp_path / "all.jsonl").read_text(encoding="utf-8")
    (tmp_path / "all.jsonl").write_text(exported.replace('"fetched_at": "20', '"fetched_at": "21'), encoding="utf-8")
    ingest(behind, HashingEmbedder(), [news(tmp_path, texts[0])], IngestOptions())
    taken = ingest(behind, HashingEmbedder(), [tmp_path / "all.jsonl"], IngestOptions(restore_exports=True)).ingest
    assert (taken.added, taken.updated, taken.rejected) == (0, 1, [])
    articles, versions, _ = contents(behind.data_dir)
    assert [row[4] for row in articles] == [texts[2]]
    assert {row[1] for row in versions} == set(texts[:2])


@pytest.mark.parametrize("name", ["all.csv", "nowhere/all.jsonl"])
def test_what_can_not_be_exported_is_bad_input(full: Path, settings: MakeSettings, tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        export_corpus(settings(full), tmp_path / name)


def test_an_export_that_fails_leaves_the_former_file(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text("former")
    with pytest.raises(BadInput):
        export_corpus(settings(full), path, ["nobody's"])
    assert path.read_text() == "former"
    assert not partial_path(path).exists()
