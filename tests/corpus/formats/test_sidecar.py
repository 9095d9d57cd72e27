"""What stands beside articles: sidecars of one file, defaults of a folder."""

import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from corpus.article import Article
from corpus.articles import Articles
from corpus.formats import find_files, sidecar, unsupported_files
from corpus.ingest import IngestOptions, IngestReport, ingest_paths
from tests.documents import SENTENCE, pdf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news" / "2024").mkdir(parents=True)
    (tmp_path / "news" / "2024" / "a.txt").write_text(SENTENCE)
    return tmp_path / "news"


def ingest(db: Database, *paths: Path, **options: str) -> IngestReport:
    return ingest_paths(db, paths, IngestOptions(**options))


def stored(db: Database) -> list[Article]:
    articles = Articles(db)
    return [article for each in articles.ids() if (article := articles.get(each)) is not None]


@pytest.mark.parametrize("name", ["a.txt.meta.json", "a.meta.json"])
def test_a_sidecar_states_the_fields_of_its_file(db: Database, folder: Path, name: str) -> None:
    fields = {
        "title": "The ferry",
        "Publisher": "Herald",
        "date": "9 September 2024",
        "url": "https://herald.example/a",
    }
    (folder / "2024" / name).write_text(json.dumps(fields))
    report = ingest(db, folder)
    assert (report.added, report.rejected, report.unsupported_files) == (1, [], 0)
    [article] = stored(db)
    assert (article.title, article.publisher, article.published_at) == ("The ferry", "Herald", "2024-09-09")
    assert article.url == "https://herald.example/a"


def test_a_name_that_leaves_no_room_for_one_beside_it_costs_nobody_anything(db: Database, folder: Path) -> None:
    (folder / f"{'n' * 251}.txt").write_text(SENTENCE + " It rained.")
    assert ingest(db, folder).added == 2


def test_a_sidecar_counts_more_than_its_file_and_a_default_less(db: Database, folder: Path) -> None:
    (folder / "2024" / "a.txt").write_text(f"Source: Post\nDate: 2024-01-01\n\n{SENTENCE}")
    (folder / "2024" / "a.meta.json").write_text('{"published_at": "2024-02-02"}')
    (folder / "_defaults.md").write_text("---\npublisher: Herald\nauthor: Ines Olm\ndate: 2024-03-03\n---\n")
    ingest(db, folder)
    [article] = stored(db)
    assert (article.publisher, article.author, article.published_at) == ("Post", "Ines Olm", "2024-02-02")


def test_defaults_hold_for_folders_inside_and_the_nearest_comes_first(db: Database, folder: Path) -> None:
    (folder / "_defaults.md").write_text(
        "---\npublisher: Herald\nlanguage: en\ntitle: Everywhere\n---\nA note to myself."
    )
    (folder / "2024" / "_defaults.md").write_text("---\npublisher: Post\ndate: 2024-03-03\n---\n")
    (folder.parent / "_defaults.md").write_text("---\nauthor: Nobody\n---\n")
    ingest(db, folder)
    [article] = stored(db)
    assert (article.publisher, article.published_at, article.author) == ("Post", "2024-03-03", None)
    # One title can't be that of a whole folder.
    assert article.title is None


def test_a_changed_statement_is_read_again_and_an_unchanged_one_costs_nothing(db: Database, folder: Path) -> None:
    ingest(db, folder)
    (folder / "2024" / "a.meta.json").write_text('{"publisher": "Herald"}')
    again = ingest(db, folder)
    assert (again.added + again.updated, again.unchanged) == (1, 0)
    assert ingest(db, folder).unchanged == 1


def test_a_day_that_is_stated_counts_more_than_the_day_a_file_was_made(db: Database, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf([[SENTENCE] * 4], {"/CreationDate": "D:20240912120000Z"}))
    ingest(db, tmp_path / "a.pdf", published_at="2024-09-09")
    assert stored(db)[0].published_at == "2024-09-09"


def test_rows_of_a_table_share_what_its_sidecar_states_but_no_address(db: Database, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'title,body\n,"{SENTENCE}"\n,"{SENTENCE} Then they left."\n')
    (tmp_path / "a.meta.json").write_text('{"publisher": "Herald", "url": "https://herald.example/a", "id": 1}')
    ingest(db, tmp_path / "a.csv")
    assert [(each.publisher, each.url) for each in stored(db)] == [("Herald", None)] * 2


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.meta.json", "{", "This file of fields isn't valid JSON."),
        ("a.meta.json", "[1]", "This file of fields isn't a JSON object."),
        ("a.meta.json", "[" * 50_000, "This file of fields isn't valid JSON."),
        ("a.meta.json", '{"date": "someday"}', "The date “someday” was left out: it doesn't name one clear day."),
        ("a.meta.json", " " * 70_000, "This file of fields has more than 64 kB."),
        ("_defaults.md", "Notes.", "This file of defaults has no headers."),
        ("_defaults.md", "---\na: [\n---\n", "The front matter isn't valid YAML (line 3)."),
    ],
)
def test_a_statement_that_can_not_be_read_is_told_once_and_costs_no_article(
    db: Database, folder: Path, name: str, content: str, reason: str
) -> None:
    (folder / "2024" / "b.txt").write_text(f"{SENTENCE} Then they left.")
    (folder / "2024" / name).write_text(content)
    report = ingest(db, folder)
    assert report.added == 2
    assert [each.reason for each in report.rejected] == [reason]


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("publisher", ["Herald"], "Herald"),
        ("publisher", ["Herald", "Post"], "Herald, Post"),
        ("publisher", {"@type": "Organization", "name": "Herald", "url": "https://herald.example"}, "Herald"),
        ("publisher", ["[Herald](https://herald.example)"], "Herald"),
        ("author", [{"name": "Ines Olm"}, {"name": "By Tor Lie"}], "Ines Olm, Tor Lie"),
        ("title", ["The ferry", "The ferry reopens"], "The ferry"),
        ("title", {"rendered": "The ferry"}, "The ferry"),
        ("published_at", ["9 September 2024"], "2024-09-09"),
        ("published_at", {"$date": "2024-09-09T08:30:00Z"}, "2024-09-09T08:30:00Z"),
        ("language", ["en"], "en"),
    ],
)
def test_lists_and_objects_are_read_as_texts_are(
    db: Database, folder: Path, field: str, value: object, read: str
) -> None:
    (folder / "2024" / "a.meta.json").write_text(json.dumps({field: value}))
    assert ingest(db, folder).rejected == []
    assert getattr(stored(db)[0], field) == read


@pytest.mark.parametrize("field", ["publisher", "author", "title", "language", "id"])
@pytest.mark.parametrize("value", [True, [False], {"homepage": "herald.example"}])
def test_a_value_that_holds_no_text_is_told(db: Database, folder: Path, field: str, value: object) -> None:
    (folder / "2024" / "a.meta.json").write_text(json.dumps({field: value, "url": "https://herald.example/a"}))
    report = ingest(db, folder)
    told = "external_id" if field == "id" else field
    assert [each.reason for each in report.rejected] == [
        f"The field “{told}” was left out: it has no text that can be used."
    ]
    assert [article.url for article in stored(db)] == ["https://herald.example/a"]


@pytest.mark.parametrize("value", [True, [], {}, [True], {"iso": 3}])
def test_a_date_of_another_type_is_told_unless_it_is_empty(db: Database, folder: Path, value: object) -> None:
    (folder / "2024" / "a.meta.json").write_text(json.dumps({"date": value, "title": "The ferry"}))
    reasons = [each.reason for each in ingest(db, folder).rejected]
    shown = "True" if value is True else "…"
    assert reasons == ([f"The date “{shown}” was left out: it doesn't name one clear day."] if value else [])


def test_files_of_statements_are_no_articles(db: Database, folder: Path) -> None:
    (folder / "_defaults.md").write_text("---\npublisher: Herald\n---\n")
    (folder / "2024" / "a.meta.json").write_text("{}")
    assert list(find_files([folder])) == [folder / "2024" / "a.txt"]
    assert not list(unsupported_files([folder]))
    report = ingest(db, folder / "_defaults.md")
    assert "no article" in report.rejected[0].reason


def test_defaults_of_a_folder_are_read_once(db: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "_defaults.md").write_text("---\npublisher: Herald\n---\n")
    for number in range(5):
        (folder / "2024" / f"{number}.txt").write_text(f"{SENTENCE} It was round {number}.")
    opened: list[str] = []
    split = sidecar.split_front_matter
    monkeypatch.setattr(sidecar, "split_front_matter", lambda text: opened.append(text) or split(text))
    ingest(db, folder)
    assert len(opened) == 1


@pytest.mark.parametrize("name", ["A.META.JSON", "a.TXT.Meta.json", "_Defaults.md"])
def test_files_of_statements_are_found_whatever_the_case_of_their_names(db: Database, folder: Path, name: str) -> None:
    is_json = name.lower().endswith("json")
    text = '{"publisher": "Herald"}' if is_json else "---\npublisher: Herald\n---\n"
    (folder / "2024" / name).write_text(text)
    report = ingest(db, folder)
    assert (report.added, report.rejected) == (1, [])
    assert stored(db)[0].publisher == "Herald"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.meta.json", '{"titel": "The ferry"}', "none of the fields that I know"),
        ("a.meta.json", "{}", "none of the fields that I know"),
        ("b.meta.json", '{"title": "The ferry"}', "no article that this file of fields is beside"),
    ],
)
def test_a_sidecar_that_does_nothing_is_reported(
    db: Database, folder: Path, name: str, content: str, told: str
) -> None:
    (folder / "2024" / name).write_text(content)
    report = ingest(db, folder)
    assert report.added == 1
    [problem] = report.rejected
    assert problem.origin.endswith(name)
    assert told in problem.reason
