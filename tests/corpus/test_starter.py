"""The briefs that come with the project: complete, alike in form, and the same on every machine."""

import re
import shutil
from pathlib import Path

import pytest
from sqlite_utils import Database

from corpus.article import Article, Draft, SourceItem
from corpus.articles import Articles
from corpus.checks import misplaced_passages
from corpus.dates import parse_published
from corpus.formats import read_path
from corpus.ingest import IngestOptions, ingest_paths
from corpus.outline import outline
from corpus.starter import STARTER_PUBLISHER, starter_files, starter_folder, starter_path, stored_origin

FILES = starter_files()


def parse(path: Path) -> Draft:
    [item] = read_path(path, max_bytes=1_000_000)
    assert isinstance(item, SourceItem)
    return item.parse()


@pytest.fixture
def briefs(db: Database) -> list[Article]:
    """The briefs as they are stored."""
    report = ingest_paths(db, FILES, IngestOptions())
    assert (report.rejected, report.warnings, report.added) == ([], [], len(FILES))
    articles = Articles(db)
    return [article for article in map(articles.get, articles.ids()) if article]


def test_there_are_briefs() -> None:
    assert len(FILES) >= 30
    assert sorted(starter_folder().glob("*.md")) == FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_brief_states_everything_and_warns_of_nothing(path: Path) -> None:
    draft = parse(path)
    assert draft.warnings == ()
    assert draft.title
    assert draft.publisher == STARTER_PUBLISHER
    assert draft.published_at
    assert parse_published(draft.published_at) == draft.published_at
    assert draft.language == "en"
    assert draft.external_id == f"brief-{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_brief_has_280_to_480_words_and_names_its_sources(path: Path) -> None:
    text, heading, references = parse(path).body.partition("\n## References\n")
    assert heading
    assert 280 <= len(text.split()) <= 480
    sources = references.strip().split("\n")
    assert len(sources) >= 2
    assert all(source.startswith("- ") for source in sources)


def test_no_two_briefs_have_one_id_or_title() -> None:
    drafts = [parse(path) for path in FILES]
    assert len({draft.external_id for draft in drafts}) == len({draft.title for draft in drafts}) == len(FILES)


def test_references_and_headings_are_in_no_passage(db: Database, briefs: list[Article]) -> None:
    assert misplaced_passages(db) == []
    for article in briefs:
        rows = db.execute('SELECT start, "end" FROM passages WHERE article_id = ?', (article.id,)).fetchall()
        assert rows
        references = article.body.index("## References")
        for start, end in rows:
            assert end <= references
            assert not re.search(r"^(#|- |https?:)", article.body[start:end], re.MULTILINE)
        headings = [block for block in outline(article.body) if block.kind == "heading"]
        assert len(headings) == article.body.count("## ")


def test_every_sentence_of_a_brief_before_its_references_can_be_quoted(db: Database, briefs: list[Article]) -> None:
    for article in briefs:
        text = article.body[: article.body.index("## References")]
        prose = [word for line in text.split("\n") if not line.startswith("#") for word in line.split()]
        rows = db.execute("SELECT text FROM passages WHERE article_id = ? ORDER BY ordinal", (article.id,))
        assert [word for row in rows for word in row[0].split()] == prose


def test_where_a_brief_comes_from_is_the_same_on_every_machine(briefs: list[Article]) -> None:
    assert [article.origin for article in briefs] == [f"starter/{path.name}" for path in FILES]
    for article, path in zip(briefs, FILES, strict=True):
        assert starter_path(article.origin) == path


def test_only_briefs_are_stored_under_the_name_of_the_starter(tmp_path: Path) -> None:
    copy = shutil.copy(FILES[0], tmp_path)
    assert stored_origin(str(copy)) == str(copy)
    assert stored_origin(str(starter_folder() / "deeper" / "x.md")) == str(starter_folder() / "deeper" / "x.md")


@pytest.mark.parametrize(
    "origin", ["/starter/x.md", "starter/../article.py", "starter/none.md", "starter/__init__.py", FILES[0].name]
)
def test_nothing_but_a_brief_is_opened_by_its_stored_name(origin: str) -> None:
    assert starter_path(origin) is None
