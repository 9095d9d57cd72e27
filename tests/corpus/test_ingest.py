"""What becomes of the files that are given: taken in once, kept in step, reported one by one, never half."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from unittest.mock import DEFAULT, Mock

import pytest
from sqlite_utils import Database

from corpus import ingest
from corpus.article import Article, Draft, Rejection, SourceItem, Span
from corpus.articles import Articles
from corpus.catalog import revision
from corpus.checks import integrity_problems, misplaced_passages
from corpus.errors import BadInput, UnreadableSource
from corpus.ingest import IngestOptions, IngestProgress, IngestReport, ingest_paths, normalise
from corpus.passages import cut_passages

TOWNS = "Arnheim Belmar Castine Dorvale Elmstad Fairhaven Glenmoor Hartwell".split()

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def text_about(town: str) -> str:
    return f"The council of {town} met on Monday to talk about the ferry. It put the vote off until the autumn."


def record(town: str, **fields: object) -> str:
    return json.dumps(
        {"url": f"https://example.org/{town}", "title": f"{town} waits", "body": text_about(town)} | fields
    )


def feed(db: Database, *paths: Path, options: IngestOptions | None = None) -> IngestReport:
    return ingest_paths(db, paths, options or IngestOptions())


def counts(report: IngestReport) -> tuple[int, int, int]:
    return report.added, report.updated, report.unchanged


def articles(db: Database) -> list[Article]:
    kept = Articles(db)
    return [article for article in map(kept.get, kept.ids()) if article]


def everything(db: Database) -> list[list[tuple[object, ...]]]:
    """All that is stored, to compare before and after."""
    return [
        db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
        for table in ("articles", "versions", "passages", "state")
    ]


def found(db: Database, words: str) -> int:
    """How many passages hold all of these words."""
    wanted = set(words.lower().split())
    return sum(wanted <= set(text.lower().rstrip(".").split()) for (text,) in db.execute("SELECT text FROM passages"))


def assert_sound(db: Database) -> None:
    """Every article is there with all its passages, verbatim."""
    assert integrity_problems(db) == []
    assert misplaced_passages(db) == []
    for article in articles(db):
        rows = db.execute('SELECT start, "end" FROM passages WHERE article_id = ? ORDER BY ordinal', (article.id,))
        assert [Span(*row) for row in rows] == cut_passages(article.body, article.language)


# --- nothing changed


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", "\n".join(map(record, TOWNS))),
        ("a.jsonl.gz", gzip.compress("\n".join(map(record, TOWNS)).encode())),
        ("a.md", f"# Belmar waits\n\n{text_about('Belmar')}"),
        ("a.txt", text_about("Belmar")),
    ],
)
def test_a_file_taken_in_again_is_neither_parsed_nor_stored(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch, name: str, content: str | bytes
) -> None:
    path = write(name, content)
    first = feed(db, path)
    before = everything(db)
    parse = Mock(side_effect=AssertionError("parsed again"))

    def read_without_parsing(path: Path, *, max_bytes: int) -> Iterator[SourceItem | Rejection]:
        for item in ingest_read_path(path, max_bytes=max_bytes):
            assert isinstance(item, SourceItem)
            yield replace(item, parse=parse)

    ingest_read_path = ingest.read_path
    monkeypatch.setattr(ingest, "read_path", read_without_parsing)
    assert counts(feed(db, path)) == (0, 0, first.added)
    parse.assert_not_called()
    assert everything(db) == before


def test_a_moved_file_is_not_taken_in_twice(db: Database, write: Write) -> None:
    feed(db, write("a.txt", text_about("Belmar")))
    before = revision(db)
    assert counts(feed(db, write("elsewhere/b.txt", text_about("Belmar")))) == (0, 0, 1)
    assert revision(db) == before


def test_other_spelling_of_the_same_article_is_unchanged(db: Database, write: Write) -> None:
    feed(db, write("a.jsonl", record("Belmar")))
    before = revision(db)
    spaced = json.dumps(json.loads(record("Belmar")), indent=None, separators=(" , ", " : "))
    assert counts(feed(db, write("a.jsonl", spaced))) == (0, 0, 1)
    assert revision(db) == before


# --- something changed


@pytest.mark.parametrize("key", [{}, {"url": None, "id": "post-17"}, {"url": None, "id": 17}])
def test_a_changed_article_replaces_the_one_with_its_address_or_id(
    db: Database, write: Write, key: dict[str, object]
) -> None:
    feed(db, write("a.jsonl", record("Belmar", **key)))
    report = feed(db, write("a.jsonl", record("Belmar", body="The pier of Belmar burnt down in the night.", **key)))
    assert counts(report) == (0, 1, 0)
    [article] = articles(db)
    assert article.body == "The pier of Belmar burnt down in the night."
    [version] = Articles(db).versions(article.id)
    assert version.body == text_about("Belmar")
    assert version.fetched_at <= version.replaced_at == article.fetched_at
    assert (found(db, "council"), found(db, "pier")) == (0, 1)
    assert_sound(db)


def test_an_edited_file_without_address_is_another_article(db: Database, write: Write) -> None:
    feed(db, write("a.txt", text_about("Belmar")))
    assert counts(feed(db, write("a.txt", text_about("Belmar") + " Nobody minded."))) == (1, 0, 0)


def test_a_file_that_goes_back_to_its_former_text_is_followed(db: Database, write: Write) -> None:
    for body in (text_about("Belmar"), text_about("Castine"), text_about("Belmar")):
        feed(db, write("a.md", f"---\nurl: https://example.org/a\n---\n{body}"))
    [article] = articles(db)
    assert article.body == text_about("Belmar")
    assert len(Articles(db).versions(article.id)) == 2


def test_two_records_with_one_address_in_one_file_are_both_kept_and_settle(db: Database, write: Write) -> None:
    newer = "The pier of Belmar burnt down in the night."
    path = write("a.jsonl", "\n".join([record("Arnheim"), record("Belmar"), record("Belmar", body=newer)]))
    report = feed(db, path)
    assert counts(report) == (2, 1, 0)
    [warning] = report.warnings
    assert warning.origin == f"{path}:3"
    assert f"{path}:2" in warning.reason
    article = articles(db)[1]
    assert article.body == newer
    assert [version.body for version in Articles(db).versions(article.id)] == [text_about("Belmar")]
    before = everything(db)
    for _ in range(2):
        again = feed(db, path)
        assert (counts(again), again.warnings) == ((0, 0, 3), [])
        assert everything(db) == before


def test_three_records_with_one_address_settle_too(db: Database, write: Write) -> None:
    bodies = [f"Round {word} of the talks in Belmar ended at noon." for word in ("one", "two", "three")]
    path = write("a.jsonl", "\n".join(record("Belmar", body=body) for body in [*bodies, bodies[0]]))
    assert counts(feed(db, path)) == (1, 3, 0)
    before = everything(db)
    assert counts(feed(db, path)) == (0, 0, 4)
    assert everything(db) == before


# --- what can't be used


def test_a_broken_line_costs_only_itself(db: Database, write: Write) -> None:
    path = write("a.jsonl", "\n".join([record("Arnheim"), '{"body": "half', record("Belmar"), "[]", record("Castine")]))
    report = feed(db, path)
    assert counts(report) == (3, 0, 0)
    assert [rejection.origin for rejection in report.rejected] == [f"{path}:2", f"{path}:4"]
    assert all(rejection.reason.endswith(".") and rejection.hint for rejection in report.rejected)
    assert [article.title for article in articles(db)] == ["Arnheim waits", "Belmar waits", "Castine waits"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "It is empty."),
        ("empty.jsonl", b"", "It is empty."),
        ("blank.md", b"\n \n", "It is empty."),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "This is a picture, not text."),
        ("noise.md", bytes(range(256)) * 20, "This is binary data, not text."),
        ("front.md", b"---\ntitle: Only a title\n---\n", "It holds no text."),
        ("page.jsonl", b'{"body": "Advertisement\\n\\nShare Tweet Email\\n\\u0000"}', "It holds no text."),
    ],
)
def test_a_file_without_an_article_is_rejected_in_one_sentence(
    db: Database, write: Write, name: str, content: bytes, reason: str
) -> None:
    report = feed(db, write(name, content), write("good.txt", text_about("Belmar")))
    assert [rejection.reason for rejection in report.rejected] == [reason]
    assert counts(report) == (1, 0, 0)


def test_invalid_utf8_costs_only_the_damaged_characters(db: Database, write: Write) -> None:
    body = "Délégués réunis à Châlons après l’été, le délégué général était là. " * 8
    feed(db, write("a.txt", body.encode() + b"\xff\xfe Fin."))
    [article] = articles(db)
    assert article.body == f"{body.strip()} \ufffd\ufffd Fin."
    assert_sound(db)


def test_nul_bytes_are_dropped_and_nothing_behind_them_is_lost(db: Database, write: Write) -> None:
    escaped = json.dumps({"title": "Bel\0mar waits", "body": f"{text_about('Belmar')} No\0body minded."})
    raw = text_about("Castine").encode().replace(b"ferry", b"fer\0ry")
    assert counts(feed(db, write("a.jsonl", escaped), write("b.txt", raw))) == (2, 0, 0)
    assert [article.body for article in articles(db)] == [
        f"{text_about('Belmar')} Nobody minded.",
        text_about("Castine"),
    ]
    assert articles(db)[0].title == "Belmar waits"
    assert_sound(db)


def test_a_date_that_is_none_is_left_out_with_a_warning(db: Database, write: Write) -> None:
    path = write("a.jsonl", record("Belmar", published_at="one day in spring"))
    report = feed(db, path)
    assert counts(report) == (1, 0, 0)
    [warning] = report.warnings
    assert warning.origin == f"{path}:1"
    assert "one day in spring" in warning.reason
    assert articles(db)[0].published_at is None


def test_a_path_that_does_not_exist_is_refused_before_anything_is_stored(db: Database, write: Write) -> None:
    good = write("good.txt", text_about("Belmar"))
    with pytest.raises(BadInput, match=r"nowhere\.txt") as caught:
        feed(db, good, good.with_name("nowhere.txt"))
    assert caught.value.hint
    assert articles(db) == []


def test_an_article_over_the_limit_is_rejected_with_the_setting_to_change(db: Database, write: Write) -> None:
    long = write("long.txt", text_about("Arnheim") * 20)
    lines = write("a.jsonl", f"{record('Castine', body=text_about('Castine') * 20)}\n{record('Belmar')}")
    report = feed(db, long, lines, options=IngestOptions(max_bytes=1000))
    assert [rejection.origin for rejection in report.rejected] == [str(long), f"{lines}:1"]
    assert all("ATTACHE_MAX_ARTICLE_MB" in rejection.hint for rejection in report.rejected)
    assert [article.title for article in articles(db)] == ["Belmar waits"]


# --- folders, options, counts


def test_a_folder_is_taken_in_whole_and_the_report_counts_everything(db: Database, write: Write) -> None:
    known = write("known.jsonl", "\n".join([record("Arnheim"), record("Belmar")]))
    feed(db, known)
    write("known.jsonl", "\n".join([record("Arnheim"), record("Belmar", title="Belmar waits no more")]))
    write("deep/er/new.md", text_about("Castine"))
    write("empty.txt", "")
    write("photo.jpg", b"\xff\xd8\xff")
    write("notes.pptx", b"PK\x03\x04")
    write(".hidden.txt", text_about("Dorvale"))
    report = feed(db, known.parent)
    assert counts(report) == (1, 1, 1)
    assert report.articles == 3
    assert report.unsupported_files == 2
    assert [Path(rejection.origin).name for rejection in report.rejected] == ["empty.txt"]


def test_a_file_named_twice_is_read_once(db: Database, write: Write) -> None:
    path = write("a.txt", text_about("Belmar"))
    assert counts(feed(db, path, path.parent, path)) == (1, 0, 0)


def test_articles_go_into_the_collection_that_is_asked_for(db: Database, write: Write) -> None:
    path = write("a.jsonl", record("Belmar"))
    feed(db, path)
    assert counts(feed(db, path, options=IngestOptions(collection="server-1"))) == (1, 0, 0)
    assert [article.collection for article in articles(db)] == ["shared", "server-1"]
    assert counts(feed(db, path, options=IngestOptions(collection="server-1"))) == (0, 0, 1)


def test_the_default_publisher_is_for_articles_that_state_none(db: Database, write: Write) -> None:
    path = write("a.jsonl", "\n".join([record("Arnheim"), record("Belmar", publisher="Belmar Post")]))
    feed(db, path, options=IngestOptions(publisher="Example Press"))
    assert [article.publisher for article in articles(db)] == ["Example Press", "Belmar Post"]


def test_a_publisher_given_later_is_followed(db: Database, write: Write) -> None:
    path = write("a.jsonl", record("Arnheim"))
    feed(db, path)
    assert counts(feed(db, path, options=IngestOptions(publisher="Example Press"))) == (0, 1, 0)
    assert articles(db)[0].publisher == "Example Press"


def test_origins_name_file_and_line_from_wherever_it_was_started(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", "\n".join([record("Arnheim"), record("Belmar")]))
    monkeypatch.chdir(path.parent)
    feed(db, Path("a.jsonl"))
    assert [article.origin for article in articles(db)] == [f"{path}:1", f"{path}:2"]


def test_progress_grows_to_the_end_one_batch_after_the_other(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "ARTICLES_AT_ONCE", 3)
    lines = "\n".join(map(record, TOWNS))
    told: list[IngestProgress] = []
    ingest_paths(db, [write("a.jsonl.gz", gzip.compress(lines.encode()))], IngestOptions(), told.append)
    assert [progress.articles for progress in told] == [3, 6, 8]
    assert [progress.done_bytes for progress in told] == sorted(progress.done_bytes for progress in told)
    # The line breaks are not of any article.
    assert told[-1].total_bytes - told[-1].done_bytes == len(TOWNS) - 1
    assert told[-1].total_bytes == len(lines)


# --- all or nothing


class Crash(Exception):
    """What no code expects."""


def fail_at(call: int) -> Mock:
    """Cuts the passages of as many articles, then crashes."""
    return Mock(wraps=cut_passages, side_effect=[*repeat(DEFAULT, call), Crash])


def test_an_exception_in_a_batch_leaves_nothing_of_it(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", "\n".join(map(record, TOWNS)))
    before = everything(db)
    with monkeypatch.context() as patched:
        patched.setattr("corpus.articles.cut_passages", fail_at(5))
        with pytest.raises(Crash):
            feed(db, path)
    assert everything(db) == before
    assert found(db, "council") == 0
    assert counts(feed(db, path)) == (len(TOWNS), 0, 0)
    assert_sound(db)


def test_an_exception_leaves_the_batches_before_it_whole(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", "\n".join(map(record, TOWNS)))
    monkeypatch.setattr(ingest, "ARTICLES_AT_ONCE", 3)
    with monkeypatch.context() as patched:
        patched.setattr("corpus.articles.cut_passages", fail_at(4))
        with pytest.raises(Crash):
            feed(db, path)
    assert [article.title for article in articles(db)] == [f"{town} waits" for town in TOWNS[:3]]
    assert_sound(db)
    assert counts(feed(db, path)) == (len(TOWNS) - 3, 0, 3)
    assert_sound(db)


def test_an_exception_in_an_update_leaves_the_former_text(
    db: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(db, write("a.jsonl", record("Belmar")))
    before = everything(db)
    with monkeypatch.context() as patched:
        patched.setattr("corpus.articles.cut_passages", fail_at(0))
        with pytest.raises(Crash):
            feed(db, write("a.jsonl", record("Belmar", body="The pier of Belmar burnt down in the night.")))
    assert everything(db) == before
    assert (found(db, "council"), found(db, "pier")) == (1, 0)
    assert_sound(db)


# --- normalising


def test_lines_of_the_page_are_not_stored(db: Database, write: Write) -> None:
    furniture = ["Advertisement", "Share Tweet Email", "Photo: Jane Doe"]
    lines = ["Belmar waits", text_about("Belmar"), *furniture, "Nobody minded."]
    feed(db, write("a.txt", "\n\n".join(lines)))
    kept = [line for line in articles(db)[0].body.split("\n") if line]
    assert kept == ["Belmar waits", text_about("Belmar"), "Nobody minded."]


def test_names_and_titles_are_cleaned_to_one_line() -> None:
    draft = normalise(Draft(body="He came.", title=" Envoys\nmeet &amp; talk ", publisher="\u200b", author="Jane\tDoe"))
    assert (draft.title, draft.publisher, draft.author) == ("Envoys meet & talk", None, "Jane Doe")
    assert normalise(replace(draft, publisher=""), "Example Press").publisher == "Example Press"


@pytest.mark.parametrize("body", ["", " \n", "\u200b", "Advertisement\nREAD MORE", "---"])
def test_a_draft_of_which_nothing_is_left_is_refused(body: str) -> None:
    with pytest.raises(UnreadableSource, match="no text"):
        normalise(Draft(body=body))


def test_paragraphs_stay_apart() -> None:
    assert normalise(Draft(body="One.\n\nAdvertisement\n\nTwo.")).body == "One.\n\nTwo."


def test_a_record_that_breaks_its_parser_costs_only_itself(db: Database, write: Write) -> None:
    hostile = '---\nid: "\\ud800"\nlanguage: "\\ud800"\n---\n' + text_about("Belmar")
    report = feed(db, write("a.md", hostile), write("b.jsonl", record("Castine", id="\ud800")))
    assert report.added + len(report.rejected) == 2
    assert_sound(db)


def test_articles_of_two_publishers_with_one_number_are_two(db: Database, write: Write) -> None:
    first = record("Belmar", url=None, id="1", publisher="The Belmar Post")
    second = record("Castine", url=None, id="1", publisher="The Castine Post")
    assert counts(feed(db, write("a.jsonl", f"{first}\n{second}"))) == (2, 0, 0)
