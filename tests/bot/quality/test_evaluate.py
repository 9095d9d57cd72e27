"""How answers are recognised, rows read, figures counted, and the refusal calibrated."""

import json
import os
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.answering.refusal import EVIDENCE_MEASURES, MEASURES, RefusalModel
from bot.quality.calibrate import MIN_ROWS, MeasuredQuestion, calibrate, measured_questions
from bot.quality.evaluate import Outcome, summarise
from bot.quality.rows import contains_answer, read_rows
from corpus.errors import BadInput


@pytest.mark.parametrize(
    ("text", "answers", "held"),
    [
        ("It was shot down on 4 February 2023.", ("4 february 2023",), True),
        ("Türkiye hosted the talks", ("Turkiye",), True),
        ("The so-called F-16s", ("f 16s",), True),
        ("They said: “No.”", ("no",), True),
        ("Norway said so", ("no",), False),
        ("14 people", ("4 people",), False),
        ("Nozari said", ("Araghchi", "Nozari"), True),
        ("Anything at all", (), False),
        ("Anything at all", ("", "?!"), False),
    ],
)
def test_an_answer_is_recognised_by_whole_words(text: str, answers: tuple[str, ...], held: bool) -> None:
    assert contains_answer(text, answers) is held


def test_rows_are_read_with_what_they_state(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    row = {
        "id": 7,
        "question": "Who?",
        "answers": ["A", 2],
        "article_ids": [3],
        "asked_at": "2024-09-12",
        "answerable": True,
    }
    path.write_text(json.dumps(row) + "\n\n" + '{"id": "8", "question": "What?", "answerable": false}\n')
    first, second = read_rows(path)
    assert (first.id, first.answers, first.article_ids) == ("7", ("A", "2"), ("3",))
    assert first.asked_at == datetime(2024, 9, 12, tzinfo=UTC)
    assert (second.answers, second.asked_at, second.answerable) == ((), None, False)
    assert [row.id for row in read_rows(path, limit=1)] == ["7"]


@pytest.mark.parametrize(
    "line",
    [
        *("{", "[]", "7", '{"id": "1", "question": "Who?"}', '{"question": "Who?", "answerable": true}'),
        '{"id": "1", "question": "Who?", "answers": "one", "answerable": true}',
        '{"id": "1", "question": "Who?", "asked_at": "someday", "answerable": true}',
        pytest.param("[" * 100_000, id="brackets"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "8", "question": "What?", "answerable": false}\n' + line + "\n")
    with pytest.raises(BadInput, match=r"Line 2 of .*rows\.jsonl"):
        read_rows(path)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_file_without_rows_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="questions in"):
        read_rows(path)


def test_a_name_that_is_too_long_is_a_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        read_rows(tmp_path / ("x" * 300))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.jsonl"
    os.mkfifo(path)
    monkeypatch.setattr(Path, "open", Mock(side_effect=AssertionError("opened")))
    with pytest.raises(BadInput, match="is no file"):
        read_rows(path)


def outcome(*, answerable: bool, level: float = 0.5, rank: int | None = None, refused: bool = False) -> Outcome:
    return Outcome(
        id="1", question="Who?", answerable=answerable, rank=rank, article_rank=rank, shown=rank is not None,
        refused=refused, confidence=level, measures=dict.fromkeys(MEASURES, level), verdict_measures={},
        timings_ms={"embed": 1.0},
    )  # fmt: skip


def test_figures_are_shares_of_the_rows_that_they_are_about() -> None:
    figures = summarise(
        [
            outcome(answerable=True, rank=1),
            outcome(answerable=True, rank=4),
            outcome(answerable=True, refused=True),
            outcome(answerable=True, rank=10),
            outcome(answerable=False, refused=True),
            outcome(answerable=False),
        ]
    )
    assert (figures["answerable"], figures["absent"]) == (4, 2)
    assert [figures[f"hit@{depth}"] for depth in (1, 3, 5, 10)] == [0.25, 0.25, 0.5, 0.75]
    assert (figures["shown"], figures["wrongly_refused"], figures["absent_refused"]) == (0.75, 0.25, 0.5)


def test_a_share_of_nothing_is_none_rather_than_a_number() -> None:
    assert summarise([outcome(answerable=True, rank=1)])["absent_refused"] is None
    assert summarise([])["hit@1"] is None


def measured(rows: list[Outcome]) -> list[MeasuredQuestion]:
    return list(measured_questions("made up", rows))


def test_calibrating_finds_a_threshold_that_keeps_to_the_allowed_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.quality.calibrate.REPEATS", 4)
    rng = random.Random(1)
    rows = [outcome(answerable=True, level=rng.gauss(0.7, 0.1)) for _ in range(120)]
    rows += [outcome(answerable=False, level=rng.gauss(0.4, 0.1)) for _ in range(120)]
    found = calibrate(measured(rows), wrongly_refused=0.10, today="2024-09-12")
    assert found.auc > 0.95
    model = found.model

    def refused(answerable: bool) -> float:
        mine = [row for row in rows if row.answerable is answerable]
        return sum(model.confidence(row.measures) < model.threshold for row in mine) / len(mine)

    assert refused(answerable=True) == pytest.approx(0.10, abs=0.04)
    assert refused(answerable=False) > 0.8
    assert [point.absent_refused for point in found.curve] == sorted(point.absent_refused for point in found.curve)
    again = calibrate(measured(rows), wrongly_refused=0.10, today="2024-09-12")
    assert again == found, "the same rows give the same calibration"
    path = tmp_path / "refusal.json"
    path.write_text(json.dumps({name: getattr(model, name) for name in model.__slots__}))
    assert RefusalModel.load(path) == model


def test_what_asks_for_no_fact_is_not_calibrated_on() -> None:
    topic = replace(outcome(answerable=True), measures=dict.fromkeys(EVIDENCE_MEASURES, 0.5))
    assert measured([topic]) == []


def test_every_source_counts_the_same_however_many_questions_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.quality.calibrate.REPEATS", 2)
    rng = random.Random(2)

    def source(name: str, count: int, answered: float, absent: float) -> list[MeasuredQuestion]:
        return [
            MeasuredQuestion(name, dict.fromkeys(MEASURES, rng.gauss(level, 0.1)), is_answerable)
            for is_answerable, level in ((True, answered), (False, absent))
            for _ in range(count)
        ]

    easy, hard = source("easy", 400, 0.9, 0.2), source("hard", 60, 0.6, 0.4)
    model = calibrate([*easy, *hard], wrongly_refused=0.10, today="2024-09-12").model

    def refused(questions: list[MeasuredQuestion]) -> float:
        known = [each for each in questions if each.answerable]
        return sum(model.confidence(each.measures) < model.threshold for each in known) / len(known)

    assert model.calibrated_on == "easy, hard"
    assert refused(easy) == 0.0
    assert refused(hard) < 0.5, "the smaller source has its say in the threshold"


@pytest.mark.parametrize("short", [True, False])
def test_calibrating_needs_enough_rows_of_either_kind(short: bool) -> None:
    rows = [outcome(answerable=short) for _ in range(MIN_ROWS - 1)]
    rows += [outcome(answerable=not short) for _ in range(MIN_ROWS * 2)]
    with pytest.raises(BadInput, match="at least"):
        calibrate(measured(rows), wrongly_refused=0.10, today="2024-09-12")


NOTHING = []


@pytest.mark.parametrize("rows", [NOTHING, [outcome(answerable=True)]])
def test_calibrating_on_next_to_nothing_is_a_sentence(rows: list[Outcome]) -> None:
    with pytest.raises(BadInput):
        calibrate(measured(rows), wrongly_refused=0.10, today="2024-09-12")
