"""What becomes of the files that are given: taken in once, kept in step, put where they are asked for."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlite_utils import Database

from corpus import ingest
from corpus.article import Rejection, SourceItem
from corpus.articles import Articles
from corpus.catalog import revision
from corpus.ingest import IngestOptions
from tests.corpus.conftest import Write
from tests.corpus.made_up_towns import (
    TOWNS,
    articles,
    assert_sound,
    counts,
    everything,
    feed,
    found,
    record,
    text_about,
)
from tests.documents import warc

AHEAD = "2128-01-05T10:15:00Z"
STATED = f"It states a date in the future ({AHEAD[:10]}), so it counts as undated."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", record("Belmar", published_at=AHEAD)),
        ("a.md", f"---\ntitle: Belmar waits\ndate: {AHEAD}\n---\n{text_about('Belmar')}"),
        ("a.csv", f'title,body,date\n"Belmar waits","{text_about("Belmar")}",{AHEAD}\n'),
        ("a.txt", f"Belmar waits\n5 January 2128\n\n{text_about('Belmar')}"),
        ("a.eml", f"Subject: Belmar waits\nDate: Mon, 05 Jan 2128 10:15:00 +0000\n\n{text_about('Belmar')}"),
        (
            "a.html",
            f"""<html><head><meta property="article:published_time" content="{AHEAD}"></head>
            <body><article><h1>Belmar waits</h1><p>{text_about("Belmar")}</p></article></body></html>""",
        ),
    ],
)
def test_an_article_dated_years_ahead_counts_as_undated_and_is_marked(
    db: Database, write: Write, name: str, content: str
) -> None:
    report = feed(db, write(name, content))
    assert STATED in [warning.reason for warning in report.warnings]
    [article] = articles(db)
    assert (article.published_at, article.is_dated_ahead) == (None, True)


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


def test_articles_of_two_publishers_with_one_number_are_two(db: Database, write: Write) -> None:
    first = record("Belmar", url=None, id="1", publisher="The Belmar Post")
    second = record("Castine", url=None, id="1", publisher="The Castine Post")
    assert counts(feed(db, write("a.jsonl", f"{first}\n{second}"))) == (2, 0, 0)


def test_files_that_state_one_address_but_are_different_articles_stay_apart(db: Database, write: Write) -> None:
    pages = {"mill": "The mill of Marn turns again after two years.", "salt": "Salt is dear in the east, traders said."}
    for title, text in pages.items():
        write(f"{title}.md", f"---\ntitle: {title}\nurl: https://marn.example/all\n---\n{text}")
    folder = write("x.txt", "").parent
    report = feed(db, folder)
    assert counts(report)[0] == 2
    assert [article.url for article in articles(db)] == ["https://marn.example/all", None]
    assert "another article" in report.warnings[0].reason
    assert counts(feed(db, folder)) == (0, 0, 2)


def test_pages_of_an_archive_that_state_one_address_get_their_own(db: Database, write: Write) -> None:
    texts = {
        "The mill": "The mill of Marn turns again after two years of repairs, its owner told the council on Friday.",
        "Dear salt": "Salt is dear in the east this winter, traders from Velden said at the market before noon.",
        "A storm": "A storm closed the pier for the night, and nobody was hurt when two small boats broke loose.",
    }
    head = '<link rel="canonical" href="https://marn.example/article">'
    urls = [f"https://marn.example/news/{i}" for i in range(len(texts))]
    sources = [
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
        for title, text in texts.items()
    ]
    pages = [(url, "200 OK", "text/html", source.encode()) for url, source in zip(urls, sources, strict=True)]
    assert counts(feed(db, write("a.warc.gz", warc(pages)))) == (3, 0, 0)
    assert sorted(article.url or "" for article in articles(db)) == urls
