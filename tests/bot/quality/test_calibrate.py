"""How the calibrated models are fitted on evaluated rows, and what is told of rows that a fit had not seen."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.answering.answer import Verdict
from bot.answering.calibration import Calibration
from bot.answering.verdict.judge import DEFINITE
from bot.quality.calibrate import FOLDS, MIN_ROWS, CalibrationRow, Fitted, calibrate, read_outcomes
from corpus.errors import BadInput

SEARCH = ("close", "covering", "lead", "title_fit")
CLASSES = [each.value for each in Verdict]


@pytest.fixture(autouse=True)
def _few_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.quality.calibrate.REPEATS", 2)


def judged(verdict: str, rng: random.Random, group: str, *more: str, noise: float = 0.1) -> CalibrationRow:
    """A yes/no row whose measures tell its verdict, but for the noise."""
    measures = {name: (name == verdict) + rng.gauss(0, noise) for name in CLASSES} | dict.fromkeys(SEARCH, 0.5)
    return CalibrationRow(measures, (verdict, *more), asks_verdict=True, answerable=verdict != "not_found", group=group)


def opened(answerable: bool, rng: random.Random, group: str, noise: float = 0.1) -> CalibrationRow:
    measures = dict.fromkeys(SEARCH, answerable + rng.gauss(0, 2 * noise)) | {
        "odds_1": answerable + rng.gauss(0, noise)
    }
    return CalibrationRow(measures, (), asks_verdict=False, answerable=answerable, group=group)


def made_rows(noise: float = 0.1, seed: int = 1) -> list[CalibrationRow]:
    rng = random.Random(seed)
    rows = [judged(CLASSES[at % len(CLASSES)], rng, f"group {at % 20}", noise=noise) for at in range(150)]
    return rows + [opened(at % 2 == 0, rng, f"group {at % 20}", noise) for at in range(150)]


def fit(rows: Sequence[CalibrationRow], *, max_wrong: float = 0.03, wrongly_refused: float = 0.10) -> Fitted:
    return calibrate(rows, max_wrong=max_wrong, wrongly_refused=wrongly_refused, source="made up", today="2031-06-01")


def load(found: Fitted, folder: Path) -> Calibration:
    path = folder / "calibration.json"
    path.write_text(json.dumps(found.fields))
    return Calibration.load(path)


def test_what_is_fitted_is_a_calibration_that_tells_verdicts_and_answers(tmp_path: Path) -> None:
    rows = made_rows()
    found = fit(rows)
    made = load(found, tmp_path)
    assert (made.calibrated_on, made.calibrated_at) == ("made up", "2031-06-01")
    for row in rows:
        if row.asks_verdict:
            chances = made.verdict.probabilities(row.measures)
            assert max(chances, key=chances.__getitem__) == row.verdicts[0]
            assert sum(chances.values()) == pytest.approx(1.0)
    assert found.figures["verdict_rows"] == found.figures["open_rows"] == 150
    assert found.figures["verdict_accuracy"] > 0.9
    assert found.figures["answered"]["auc"] > 0.95


def test_the_answered_gate_refuses_the_share_that_it_may(tmp_path: Path) -> None:
    rows = made_rows(noise=0.4)
    for allowed in (0.05, 0.25):
        made = load(fit(rows, wrongly_refused=allowed), tmp_path)
        known = [row for row in rows if not row.asks_verdict and row.answerable]
        refused = sum(made.answered.chance(row.measures) < made.answered.threshold for row in known) / len(known)
        assert refused == pytest.approx(allowed, abs=0.06)


def test_the_gate_for_other_languages_uses_what_a_search_tells(tmp_path: Path) -> None:
    made = load(fit(made_rows()), tmp_path)
    assert set(made.similar.model.measures) == set(SEARCH)
    assert "odds_1" in made.answered.model.measures
    assert made.similar.chance(dict.fromkeys(SEARCH, 1.0)) > made.similar.chance(dict.fromkeys(SEARCH, 0.0))


def test_the_noisier_the_rows_the_surer_a_shown_verdict_has_to_be() -> None:
    clear, noisy = fit(made_rows(noise=0.05)), fit(made_rows(noise=0.6))
    assert clear.fields["show"] < noisy.fields["show"]
    assert clear.figures["definite"] > noisy.figures["definite"]


def test_at_most_the_allowed_share_of_definite_verdicts_is_wrong() -> None:
    rows = made_rows(noise=0.6)
    strict, lenient = fit(rows, max_wrong=0.03), fit(rows, max_wrong=0.3)
    assert strict.figures["definite_right"] is None or strict.figures["definite_right"] >= 0.97
    assert lenient.figures["definite_right"] >= 0.7
    assert lenient.fields["show"] < strict.fields["show"]


def test_the_same_rows_give_the_same_calibration() -> None:
    assert fit(made_rows()) == fit(made_rows())


def test_a_row_with_several_right_verdicts_counts_as_right_for_each() -> None:
    rng = random.Random(3)
    rows = made_rows()
    either = [judged("yes", rng, f"group {at % 20}", "disputed") for at in range(20)]
    assert fit([*rows, *either]).figures["verdict_accuracy"] > 0.9


def test_rows_of_one_group_are_held_out_together() -> None:
    """What tells a verdict within its group alone must not seem to tell it anywhere."""
    rows = [row for row in made_rows() if not row.asks_verdict]
    for group in range(10):
        verdict = "yes" if group % 2 else "no"
        mark = {f"mark {other}": float(other == group) for other in range(10)}
        rows += [
            CalibrationRow(mark | dict.fromkeys(SEARCH, 0.5), (verdict,), True, True, f"g{group}") for _ in range(12)
        ]
    assert fit(rows).figures["verdict_accuracy"] < 0.8


def test_a_measure_that_not_every_row_has_is_left_out(tmp_path: Path) -> None:
    rows = made_rows()
    first = rows[0]
    rows[0] = CalibrationRow({**first.measures, "once": 1.0}, first.verdicts, True, True, first.group)
    assert "once" not in load(fit(rows), tmp_path).verdict.measures


def test_a_verdict_that_no_row_has_is_told_with_next_to_no_probability(tmp_path: Path) -> None:
    rows = [row for row in made_rows() if row.verdicts != ("disputed",)]
    made = load(fit(rows), tmp_path)
    assert all(made.verdict.probabilities(row.measures)["disputed"] < 0.01 for row in rows if row.asks_verdict)


@pytest.mark.parametrize("kept", [0, MIN_ROWS - 1])
@pytest.mark.parametrize("asks_verdict", [True, False])
def test_too_few_rows_of_a_kind_are_a_sentence(asks_verdict: bool, kept: int) -> None:
    few = [row for row in made_rows() if row.asks_verdict is asks_verdict][:kept]
    rest = [row for row in made_rows() if row.asks_verdict is not asks_verdict]
    with pytest.raises(BadInput, match=f"at least {MIN_ROWS}") as told:
        fit([*few, *rest])
    assert told.value.hint


@pytest.mark.parametrize("answerable", [True, False])
def test_open_rows_that_are_all_answerable_or_all_not_are_a_sentence(answerable: bool) -> None:
    rows = [row for row in made_rows() if row.asks_verdict]
    rng = random.Random(1)
    with pytest.raises(BadInput):
        fit([*rows, *(opened(answerable, rng, f"group {at}") for at in range(MIN_ROWS))])


def test_yes_no_rows_of_one_verdict_are_a_sentence() -> None:
    rng = random.Random(1)
    rows = [row for row in made_rows() if not row.asks_verdict]
    with pytest.raises(BadInput):
        fit([*rows, *(judged("yes", rng, f"group {at}") for at in range(MIN_ROWS))])


def test_rows_of_an_evaluation_are_read() -> None:
    measures = dict.fromkeys(SEARCH, 0.5) | {"odds_1": 2}
    line = {"measures": measures, "asks_verdict": True, "answerable": True, "judged": {"gold": ["yes", "open"]}}
    plain = {"measures": measures, "asks_verdict": False, "answerable": False, "judged": None}
    first, second = read_outcomes([line, plain], "corpus a")
    assert first == CalibrationRow(measures, ("yes", "open"), True, True, "corpus a")
    assert (second.verdicts, second.answerable, second.group) == ((), False, "corpus a")
    alone = read_outcomes([line, plain], "")
    assert len({each.group for each in alone}) == 2


def test_definite_verdicts_are_those_that_a_threshold_hides() -> None:
    assert set(DEFINITE) == {Verdict.YES, Verdict.NO, Verdict.DISPUTED}
    assert FOLDS > 1
