"""`ingest` and `reindex`: what they take in, report and refuse."""

import re
import sys
from pathlib import Path

import pytest

from corpus.lock import writer_lock
from tests.bot.cli.exit_codes import assert_sentence, assert_shape
from tests.bot.conftest import Attache


def test_ingest_takes_articles_in_and_they_are_found(attache: Attache, tmp_path: Path) -> None:
    path = tmp_path / "ferry.txt"
    path.write_text(
        "Ferry reopens\n\nThe ferry line to Ostrava Island reopened on Friday after two years of repairs.\n"
    )
    ended = attache("ingest", path, "--publisher", "Harbour Herald")
    assert ended.code == 0
    assert re.search(r"^ *1 +added", ended.out, re.MULTILINE)
    found = attache("search", "When did the ferry to Ostrava reopen?", "--json", "--publisher", "harbour herald").json
    assert "ferry line" in found["hits"][0]["text"]
    again = assert_shape(attache("ingest", path, "--publisher", "Harbour Herald", "--json"), "ingest")
    assert (again["added"], again["unchanged"], again["index"]["built"]) == (0, 1, False)


def test_ingest_names_a_bad_file_and_takes_the_rest_in(attache: Attache, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "bad.txt").write_bytes(b"%PDF-1.7")
    (folder / "good.txt").write_text("The ferry line to Ostrava Island reopened on Friday after two years of repairs.")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    ended = attache("ingest", folder, "--json")
    assert ended.code == 1
    report = assert_shape(ended, "ingest")
    assert (report["added"], report["unsupported_files"]) == (1, 1)
    [rejected] = report["rejected"]
    assert rejected["origin"].endswith("bad.txt")
    shown = attache("ingest", folder)
    assert shown.code == 1
    assert "bad.txt: " in shown.out


def test_ingest_of_a_missing_path_stores_nothing(attache: Attache, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("The ferry line to Ostrava Island reopened on Friday.")
    ended = attache("ingest", tmp_path / "good.txt", tmp_path / "none.txt")
    assert_sentence(ended, 2)
    assert "none.txt" in ended.err
    assert attache("status", "--json").json.get("facts", {}).get("articles", 0) == 0


def test_a_second_writer_is_told_who_the_first_is(attache: Attache, starter_copy: Path) -> None:
    with writer_lock(starter_copy, "a long ingest"):
        ended = attache("reindex", data=starter_copy)
    assert_sentence(ended, 1)
    assert "a long ingest" in ended.err


def test_reindex_builds_only_when_it_is_told_to(attache: Attache, starter_copy: Path) -> None:
    assert "Index up to date" in attache("reindex", data=starter_copy).out
    full = assert_shape(attache("reindex", "--full", "--json", data=starter_copy), "reindex")
    assert (full["built"], full["embedded"]) == (True, 0)


STATEMENT = (
    "The ferry line to Ostrava Island reopened on Friday after two years of repairs, and nobody paid more for it."
)


def test_title_publisher_and_date_can_be_stated(attache: Attache, tmp_path: Path) -> None:
    path = tmp_path / "ferry.txt"
    path.write_text(STATEMENT)
    stated = ("--title", "Ferry reopens", "--publisher", "Harbour Herald", "--date", "9 September 2024")
    assert attache("ingest", path, *stated).code == 0
    shown = attache("article", "1").out
    assert "Ferry reopens" in shown
    assert "Harbour Herald · 9 September 2024" in shown
    assert attache("ingest", path, *stated, "--json").json["unchanged"] == 1
    assert attache("ingest", path, "--title", "Another", "--json").json["unchanged"] == 0


def test_what_can_not_be_stated_is_refused(attache: Attache, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(STATEMENT)
    ended = attache("ingest", tmp_path / "ferry.txt", "--date", "someday")
    assert_sentence(ended, 2)
    assert "someday" in ended.err
    assert_sentence(attache("ingest", tmp_path, "--title", "One for all"), 2)


def test_no_collection_is_named_with_control_characters(attache: Attache, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(STATEMENT)
    for command in ("ingest", "feeds add", "feeds import"):
        ended = attache(*command.split(), tmp_path / "ferry.txt", "--collection", "mine\x1b[2J")
        assert_sentence(ended, 2)
        assert "collection's name" in ended.err


def test_an_article_without_title_and_publisher_is_named_after_its_file(attache: Attache, tmp_path: Path) -> None:
    other = (
        "Residents of Ostrava Island will pay two crowns more for the ferry from spring, the council said on Monday."
    )
    (tmp_path / "ferry-notes.txt").write_text(STATEMENT)
    (tmp_path / "ferry-again.txt").write_text(other)
    attache("ingest", tmp_path)
    assert attache("article", "1").out.startswith("ferry-again.txt\n")
    for command in (("ask", "When did the ferry line to Ostrava Island reopen?"), ("search", "ferry Ostrava Island")):
        shown = attache(*command).out
        assert "ferry-notes.txt" in shown
        assert "untitled" not in shown
        assert shown.count("publisher unknown") == 1


@pytest.mark.parametrize("command", [("ingest", "news.txt"), ("reindex",)])
def test_a_cluster_without_the_extra_is_refused_in_a_sentence(
    command: tuple[str, ...], attache: Attache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    ended = attache(*command, "--ray", "local")
    assert_sentence(ended, 1)
    assert "pip install '.[ray]'" in ended.err


@pytest.mark.parametrize("address", ["nowhere", "http://ray.example:1", "ray://", "local;rm", ":6379"])
def test_what_is_no_address_of_a_cluster_is_refused(address: str, attache: Attache) -> None:
    ended = attache("ingest", "news.txt", "--ray", address)
    assert_sentence(ended, 2)
    assert "HOST:6379" in ended.err
