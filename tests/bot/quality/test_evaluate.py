"""How answers are recognised, rows read, and figures counted."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

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


def outcome(*, answerable: bool, level: float = 0.5, rank: int | None = None, refused: bool = False) -> Outcome:
    return Outcome(
        id="1", question="Who?", answerable=answerable, rank=rank, article_rank=rank, shown=rank is not None,
        refused=refused, asks_verdict=False, measures={"odds_1": level}, timings_ms={"embed": 1.0},
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
