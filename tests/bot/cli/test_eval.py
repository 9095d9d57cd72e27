"""`eval` and `calibrate`: what they count, and what they can't."""

import json
import re
from pathlib import Path

import pytest

from bot.service.calibration import CALIBRATION_NAME
from tests.bot.cli.exit_codes import ABSENT, DENIAL, assert_sentence, assert_shape
from tests.bot.conftest import Attache

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
    ended = attache("calibrate", questions, "--write", data=starter_data)
    assert_sentence(ended, 2)
    assert "at least" in ended.err
    assert not (starter_data / CALIBRATION_NAME).exists()


def test_questions_that_cannot_be_read_are_a_sentence(attache: Attache, starter_data: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "1"}\n')
    for path in (bad, tmp_path / "none.jsonl"):
        for command in ("eval", "calibrate"):
            ended = attache(command, path, data=starter_data)
            assert_sentence(ended, 2)
            assert path.name in ended.err


def test_rows_never_overwrite_the_questions(attache: Attache, starter_data: Path, questions: Path) -> None:
    before = questions.read_text()
    assert_sentence(attache("eval", questions, "--rows", questions.parent / "." / questions.name, data=starter_data), 2)
    assert questions.read_text() == before


def test_rows_that_cannot_be_written_are_a_sentence(
    attache: Attache, starter_data: Path, questions: Path, tmp_path: Path
) -> None:
    ended = attache("eval", questions, "--limit", 1, "--rows", tmp_path / "none" / "rows.jsonl", data=starter_data)
    assert_sentence(ended, 2)
