"""`ingest` and `reindex`: what they take in, report and refuse."""

import re
from pathlib import Path

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
