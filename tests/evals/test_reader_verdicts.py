"""`quality verdicts`: told from what the reader finds, by fits that have not seen the question."""

import json
from pathlib import Path

import pytest

from bot.answering.answer import Verdict
from corpus.errors import BadInput
from evals.cli import quality
from evals.reader.fit_verdicts import MEASURES, MIN_ROWS, MeasuredRow, measure_verdicts
from tests.bot.conftest import Attache
from tests.evals.reader.made_hits import FakeReader

ROWS = 40
TOWNS = [f"{first}{last}" for first in ("Salis", "Orsk", "Vey", "Dun", "Ilm") for last in ("ford", "low", "by", "ton")]


def row(side: str, strength: float, *verdicts: str) -> MeasuredRow:
    return MeasuredRow({**dict.fromkeys(MEASURES, 0.0), f"sentence_{side}": strength}, verdicts)


def test_what_measures_tell_apart_is_told_right_and_what_they_do_not_is_not() -> None:
    told = measure_verdicts([row(("yes", "no")[at % 2], 0.9, ("yes", "no")[at % 2]) for at in range(ROWS)])
    assert (told["yes_no_rows"], told["verdict_accuracy"], told["definite_right"]) == (ROWS, 1.0, 1.0)
    assert told["definite"] == ROWS
    blind = measure_verdicts([row("yes", 0.9, ("yes", "no")[at % 2]) for at in range(ROWS)])
    assert blind["verdict_accuracy"] < 0.7


def test_any_of_several_verdicts_is_right() -> None:
    sides = [row("yes", 0.9, "yes"), row("no", 0.9, "no", "not_found")]
    told = measure_verdicts([sides[at % 2] for at in range(ROWS)])
    # Without the second one at most half of them could be right, and those of "no" half of that.
    assert told["verdict_accuracy"] > 0.9
    assert told["surest_right"]["10"] == 1.0


def test_too_few_questions_are_told_in_a_sentence() -> None:
    with pytest.raises(BadInput, match=f"At least {MIN_ROWS}"):
        measure_verdicts([row("yes", 0.9, "yes")] * (MIN_ROWS - 1))


def test_the_command_asks_reads_and_prints_the_figures(
    attache: Attache, evals: Attache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds = [(town, ("opened", "closed")[at % 2]) for at, town in enumerate(TOWNS)]
    articles = [{"title": town, "body": f"The council of {town} {deed} the bridge on Monday."} for town, deed in deeds]
    (tmp_path / "towns.jsonl").write_text("\n".join(map(json.dumps, articles)))
    assert attache("ingest", tmp_path / "towns.jsonl").code == 0
    verdicts = {"opened": Verdict.YES, "closed": Verdict.NO}
    rows = [
        {"id": town, "question": f"Did {town} open the bridge?", "verdicts": [verdicts[deed]]} for town, deed in deeds
    ]
    # Asks for no verdict, so it does not count.
    rows.append({"id": "who", "question": "Who closed the bridge of Salisford?", "verdicts": ["open"]})
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    table = {f"{town} {deed}": {verdicts[deed].value: 0.9} for town, deed in deeds}
    monkeypatch.setattr(quality, "load_reader", lambda _weights: FakeReader(table))
    found = evals("quality", "verdicts", tmp_path / "rows.jsonl", "--json")
    assert (found.code, found.json["kind"], found.json["yes_no_rows"]) == (0, "eval_reader_verdicts", len(TOWNS))
    assert 0 <= found.json["verdict_accuracy"] <= 1
    assert "definite_right" in evals("quality", "verdicts", tmp_path / "rows.jsonl").out
