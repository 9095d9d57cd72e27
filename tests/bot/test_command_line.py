"""The commands, as a user runs them: what they print, and how they end."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.answering.refusal import CALIBRATION_FILE
from bot.rendering.shapes import VERSION
from corpus.database import DATABASE_NAME
from corpus.lock import writer_lock
from index.generations import Generations
from index.vector_index import INDEX_FILE
from tests.bot.conftest import Attache, Ended

ROOT = Path(__file__).parents[2]
DENIAL = "Did Iran deny the missile reports?"
ABSENT = "Which team won the cricket world cup final?"

pytestmark = pytest.mark.usefixtures("loaded_model")


def assert_sentence(ended: Ended, code: int) -> None:
    """It failed with a sentence and something to do next, and nothing beside."""
    assert ended.code == code
    assert ended.out == ""
    lines = ended.err.strip().splitlines()
    assert 1 <= len(lines) <= 3
    assert lines[0][0].isupper()
    assert lines[0].endswith(".")
    assert len(lines[0]) < 400


def assert_shape(ended: Ended, kind: str) -> dict[str, object]:
    assert (ended.json["kind"], ended.json["version"]) == (kind, VERSION)
    return ended.json


# --- ask and search


def test_ask_shows_quotes_with_their_sources(attache: Attache, starter_data: Path) -> None:
    ended = attache("ask", DENIAL, data=starter_data)
    assert ended.code == 0
    assert "Nozari" in ended.out
    assert "file://" in ended.out
    assert "written by this project, not a news report" in ended.out
    assert "Searched 32 articles from " in ended.out
    assert ended.err == ""


def test_ask_refuses_with_exit_code_3(attache: Attache, starter_data: Path) -> None:
    ended = attache("ask", ABSENT, data=starter_data)
    assert ended.code == 3
    assert "does not know" in ended.out
    assert "file://" not in ended.out


def test_ask_as_json(attache: Attache, starter_data: Path) -> None:
    ended = attache("ask", "--json", DENIAL, "--since", "2024-09", "--until", "2024", data=starter_data)
    answer = assert_shape(ended, "answer")
    assert answer["searched"]["filters"]["since"] == "2024-09-01"
    assert answer["searched"]["filters"]["until"] == "2024-12-31"
    assert {each["citation"]["published_at"][:7] for each in answer["evidence"]} == {"2024-09"}
    refused = attache("ask", "--json", ABSENT, data=starter_data)
    assert (refused.code, assert_shape(refused, "answer")["evidence"]) == (3, [])


def test_search_shows_passages_or_says_that_there_are_none(attache: Attache, starter_data: Path) -> None:
    ended = attache("search", "missiles", "--limit", 2, data=starter_data)
    assert ended.code == 0
    assert re.findall(r"^\d+\. ", ended.out, re.MULTILINE) == ["1. ", "2. "]
    none = attache("search", "missiles", "--publisher", "Nobody", data=starter_data)
    assert (none.code, none.out) == (3, "No passage was found (only Nobody).\n")
    assert assert_shape(attache("search", "missiles", "--json", data=starter_data), "search")["hits"]


@pytest.mark.parametrize("publisher", ["[nobody]", "[/bold]"])
def test_a_publisher_in_brackets_is_told_as_it_was_given(attache: Attache, starter_data: Path, publisher: str) -> None:
    none = attache("search", "missiles", "--publisher", publisher, data=starter_data)
    assert (none.code, none.out) == (3, f"No passage was found (only {publisher}).\n")


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["", "   ", "?!", "\0\0", "🙂🙂", "x" * 10_000])
def test_what_is_no_question_gets_a_sentence(attache: Attache, starter_data: Path, command: str, question: str) -> None:
    assert_sentence(attache(command, question, data=starter_data), 2)
    failed = attache(command, "--json", question, data=starter_data)
    assert failed.code == 2
    assert assert_shape(failed, "error")["hint"]


@pytest.mark.parametrize(
    "question", ['" OR NEAR( *', "iran\0missiles?", "🙂 missiles", "'; DROP TABLE articles; --", "[/bold]x"]
)
def test_hostile_questions_are_answered_or_refused(attache: Attache, starter_data: Path, question: str) -> None:
    for command in ("ask", "search"):
        assert attache(command, "--", question, data=starter_data).code in {0, 3}


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", DENIAL, "--since", "someday"),
        ("ask", DENIAL, "--until", "2024-13-45"),
        ("ask",),
        ("ask", DENIAL, "--unknown"),
        ("search", "x", "--limit", "0"),
        ("unknown",),
    ],
)
def test_bad_usage_ends_with_exit_code_2(attache: Attache, starter_data: Path, arguments: tuple[str, ...]) -> None:
    ended = attache(*arguments, data=starter_data)
    assert ended.code == 2
    assert ended.err


def test_an_unknown_setting_ends_with_exit_code_2(attache: Attache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_QUOTE", "3")
    ended = attache("ask", DENIAL)
    assert_sentence(ended, 2)
    assert "ATTACHE_QUOTE" in ended.err


# --- ingest and reindex


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


# --- status and doctor


def test_status_tells_what_the_folder_holds(attache: Attache, starter_data: Path) -> None:
    ended = attache("status", data=starter_data)
    assert ended.code == 0
    assert re.search(r"articles +32 from ", ended.out)
    assert "Attaché background brief (32)" in ended.out
    assert "up to date" in ended.out
    found = assert_shape(attache("status", "--json", data=starter_data), "status")
    assert found["facts"]["articles"] == 32
    assert found["is_index_current"] is True


def test_status_of_nothing_is_a_sentence_and_makes_nothing(attache: Attache, tmp_path: Path) -> None:
    assert_sentence(attache("status"), 1)
    assert not (tmp_path / "data").exists()


def failed_checks(ended: Ended) -> set[str]:
    report = assert_shape(ended, "doctor")
    assert ended.code == (0 if report["passed"] else 1)
    assert all(check["remedy"] for check in report["checks"] if not check["passed"])
    return {check["name"] for check in report["checks"] if not check["passed"]}


def test_doctor_passes_a_sound_folder_and_one_that_is_not_there_yet(
    attache: Attache, starter_copy: Path, tmp_path: Path
) -> None:
    assert failed_checks(attache("doctor", "--json", data=starter_copy)) == set()
    assert "pass" in attache("doctor", data=starter_copy).out
    assert failed_checks(attache("doctor", "--json")) == set()
    assert not (tmp_path / "data").exists()


def flip_index(data: Path) -> None:
    generations = Generations(data)
    path = generations.folder(str(generations.live_name())) / INDEX_FILE
    raw = bytearray(path.read_bytes())
    raw[-5] ^= 1
    path.write_bytes(raw)


def execute(*statements: str) -> object:
    def damage(data: Path) -> None:
        db = sqlite3.connect(data / DATABASE_NAME)
        for statement in statements:
            db.execute(statement)
        db.commit()
        db.close()

    return damage


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        (flip_index, "manifest and checksum"),
        (execute("UPDATE passages SET start = start + 1 WHERE id = 3"), "passages verbatim"),
        (execute("DELETE FROM embeddings WHERE rowid < 9"), "passages without vectors"),
    ],
)
def test_doctor_finds_the_damage_and_repair_mends_it(
    attache: Attache, starter_copy: Path, damage: object, check: str
) -> None:
    damage(starter_copy)
    assert check in failed_checks(attache("doctor", "--json", data=starter_copy))
    assert attache("doctor", data=starter_copy).code == 1
    repaired = attache("doctor", "--repair", "--json", data=starter_copy)
    assert failed_checks(repaired) == set()
    assert repaired.err


# --- eval, calibrate and bench

ROWS = [
    {"id": "1", "question": DENIAL, "answers": ["No missile was sent to Russia"], "answerable": True,
     "article_ids": ["brief-iran-missiles-denial-september-2024"], "asked_at": "2024-09-20"},
    {"id": "2", "question": "When was the Chinese balloon shot down?", "answers": ["4 February 2023"],
     "article_ids": ["brief-chinese-balloon-2023"], "answerable": True, "asked_at": None},
    {"id": "3", "question": ABSENT, "answers": [], "article_ids": [], "answerable": False},
]  # fmt: skip


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)) + "\n\n", encoding="utf-8")
    return path


def test_eval_counts_what_was_found_shown_and_refused(
    attache: Attache, starter_data: Path, questions: Path, tmp_path: Path
) -> None:
    ended = attache("eval", questions, "--json", "--rows", tmp_path / "rows.jsonl", data=starter_data)
    figures = assert_shape(ended, "eval")
    assert (figures["answerable"], figures["absent"]) == (2, 1)
    assert (figures["hit@10"], figures["article_hit@5"], figures["absent_refused"]) == (1.0, 1.0, 1.0)
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert [(row["id"], row["refused"]) for row in rows][2] == ("3", True)
    shown = attache("eval", questions, "--limit", 1, data=starter_data)
    assert re.search(r"answerable +1\b", shown.out)


def test_calibrating_on_too_few_rows_is_a_sentence_and_writes_nothing(
    attache: Attache, starter_data: Path, questions: Path
) -> None:
    before = CALIBRATION_FILE.read_bytes()
    ended = attache("calibrate", questions, "--write", data=starter_data)
    assert_sentence(ended, 2)
    assert "at least" in ended.err
    assert CALIBRATION_FILE.read_bytes() == before


def test_questions_that_cannot_be_read_are_a_sentence(attache: Attache, starter_data: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "1"}\n')
    for path in (bad, tmp_path / "none.jsonl"):
        for command in ("eval", "calibrate"):
            ended = attache(command, path, data=starter_data)
            assert_sentence(ended, 2)
            assert path.name in ended.err


# --- faults that are known: each ends in an incident rather than in a sentence of its own


def test_a_publisher_that_is_no_text_is_found_nowhere(attache: Attache, starter_data: Path) -> None:
    assert attache("search", "missiles", "--publisher", "\udcff", data=starter_data).code in {2, 3}


def test_status_of_a_file_is_a_sentence(attache: Attache, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert_sentence(attache("status", data=tmp_path / "file"), 1)


def test_rows_that_cannot_be_written_are_a_sentence(
    attache: Attache, starter_data: Path, questions: Path, tmp_path: Path
) -> None:
    ended = attache("eval", questions, "--limit", 1, "--rows", tmp_path / "none" / "rows.jsonl", data=starter_data)
    assert ended.code in {1, 2}


def test_bench_query_over_articles_without_titles_is_a_sentence(attache: Attache, tmp_path: Path) -> None:
    (tmp_path / "ferry.jsonl").write_text('{"body": "The ferry line to Ostrava Island reopened on Friday."}')
    assert attache("ingest", tmp_path / "ferry.jsonl").code == 0
    assert_sentence(attache("bench", "query", "--questions", 10), 2)


# --- whole processes


def python(code: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_lists_the_commands_and_loads_nothing_slow(tmp_path: Path) -> None:
    code = """
import atexit, sys
atexit.register(lambda: print("LOADED", *sys.modules))
from bot.cli.main import main
main()"""
    ended = python(code, "--help", cwd=tmp_path)
    assert ended.returncode == 0
    shown, _, loaded = ended.stdout.partition("LOADED")
    for command in ("ask", "search", "ingest", "reindex", "status", "doctor", "eval", "calibrate", "bench"):
        assert re.search(rf"\b{command}\b", shown)
    assert not {"torch", "sentence_transformers", "sklearn", "discord", "aiohttp", "prometheus_client"} & set(
        loaded.split()
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("as_json", [False, True])
def test_an_unexpected_failure_is_a_sentence_with_an_incident_that_the_log_explains(
    tmp_path: Path, as_json: bool
) -> None:
    code = """
import bot.cli.health as health
def fail(*_): raise ZeroDivisionError("the inner reason")
health.read_status = fail
from bot.cli.main import main
main()"""
    ended = python(code, "status", *(["--json"] if as_json else []), cwd=tmp_path)
    assert ended.returncode == 1
    said = json.loads(ended.stdout)["message"] if as_json else ended.stderr
    assert "Traceback" not in said
    assert "inner reason" not in said
    [incident] = re.findall(r"incident (\w+)", said)
    log = (tmp_path / "attache-error.log").read_text()
    assert f"incident {incident}" in log
    assert "ZeroDivisionError: the inner reason" in log


def test_a_reader_that_stops_listening_is_no_failure_worth_a_traceback(tmp_path: Path) -> None:
    code = """
import sys
import bot.cli.health as health
def fail(*_): raise BrokenPipeError
health.read_status = fail
from bot.cli.main import main
main()"""
    ended = python(code, "status", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == ""
