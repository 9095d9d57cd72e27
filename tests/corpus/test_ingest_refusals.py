"""What can't be taken in: told one by one, and never at the cost of the rest."""

import json

import pytest
from sqlite_utils import Database

from corpus.errors import BadInput
from corpus.ingest import IngestOptions
from tests.corpus.conftest import Write
from tests.corpus.made_up_towns import articles, assert_sound, counts, feed, record, text_about


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
        ("empty.txt", b"", "The file is empty."),
        ("empty.jsonl", b"", "The file is empty."),
        ("blank.md", b"\n \n", "The file is empty."),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "This is a picture, not text."),
        ("noise.md", bytes(range(256)) * 20, "This is binary data, not text."),
        ("front.md", b"---\ntitle: Only a title\n---\n", "It has no text."),
        ("list.txt", b"- a\r" * 100_010, "It has more than 100,000 lines."),
        ("page.jsonl", b'{"body": "Advertisement\\n\\nShare Tweet Email\\n\\u0000"}', "It has no text."),
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


def test_lone_surrogates_in_fields_cost_no_article(db: Database, write: Write) -> None:
    hostile = '---\nid: "\\ud800"\nlanguage: "\\ud800"\n---\n' + text_about("Belmar")
    report = feed(db, write("a.md", hostile), write("b.jsonl", record("Castine", id="\ud800")))
    assert (report.added, report.rejected) == (2, [])
    assert_sound(db)
