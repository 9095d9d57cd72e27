"""The written events that the reader learns from: well formed, every answer verbatim, held out by event."""

import json
from pathlib import Path

import pytest

from evals.reader.reader_rows import RELATIONS, read_events

FOLDER = Path(__file__).parents[2] / "evals" / "data" / "reader"
REGIONS = sorted(FOLDER.glob("*.jsonl"))
VERDICTS = {"yes", "no", "disputed", "open", "not_found"}


@pytest.mark.parametrize("path", REGIONS, ids=lambda path: path.stem)
def test_every_line_is_well_formed_and_every_answer_verbatim(path: Path) -> None:
    lines = list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
    articles = {each["id"]: each for each in lines if each["t"] == "article"}
    questions = [each for each in lines if each["t"] == "question"]
    rows = [each for each in lines if each["t"] == "row"]
    assert len(articles) + len(questions) + len(rows) == len(lines)
    assert all(set(each["verdicts"]) <= VERDICTS and each["verdicts"] for each in questions)
    assert len({(row["p"], row["q"]) for row in rows}) == len(rows)
    for row in rows:
        passage = articles[row["p"]]["passage"]
        assert row["y"] in (RELATIONS if row["k"] == "yn" else ("open", "none")), row
        assert bool(row["a"]) == (row["y"] not in ("unknown", "none")), row
        assert all(part in passage for part in row["a"].split(" | ")), row


def test_events_are_held_out_whole() -> None:
    examples = list(read_events(FOLDER))
    held_out = {each.passage for each in examples if each.split == "dev"}
    assert 400 <= sum(each.split == "dev" for each in examples) <= 700
    assert not held_out & {each.passage for each in examples if each.split == "train"}
