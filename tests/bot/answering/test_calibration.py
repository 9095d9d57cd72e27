"""The calibrated models: what they compute, and which files are refused."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Verdict
from bot.answering.calibration import CALIBRATION_FILE, Calibration, LogisticModel
from bot.service.calibration import CALIBRATION_NAME, load_calibration, read_calibration, write_calibration
from bot.service.doctor import run_checks
from corpus.errors import StorageFailure
from tests.conftest import MakeSettings
from tests.fakes import PLAIN_CALIBRATION, logistic, plain_calibration

Change = Callable[[dict[str, Any]], object]


def test_a_model_is_a_logistic_regression_of_scaled_measures() -> None:
    model = LogisticModel(("a", "b"), (1.0, 0.0), (2.0, 1.0), {"x": 0.5, "y": 0.0}, {"x": (1.0, 0.0), "y": (0.0, 3.0)})
    found = model.probabilities({"a": 5.0, "b": 1.0, "more": 9.0})
    # The log odds are 2.5 of the one, 3 of the other.
    assert found["x"] == pytest.approx(1 / (1 + math.exp(0.5)))
    assert found["x"] + found["y"] == pytest.approx(1.0)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_probabilities_add_up_however_extreme_a_measure_is(one: float, other: float) -> None:
    model = LogisticModel.from_json(logistic({"x": {"a": 3.0}, "y": {"b": -2.0}}, {"x": 0, "y": 1, "z": 2}))
    found = model.probabilities({"a": one, "b": other})
    assert sum(found.values()) == pytest.approx(1.0)
    assert all(0 < chance <= 1 for chance in found.values())


def test_a_gate_tells_the_chance_of_an_answer() -> None:
    gate = plain_calibration().answered
    assert gate.chance({"odds_1": 3.0}) == pytest.approx(1 / (1 + math.exp(-6.0)))
    assert gate.chance({"odds_1": -3.0}) < gate.threshold < gate.chance({"odds_1": 3.0})


def test_the_packaged_calibration_is_sound() -> None:
    found = Calibration.load()
    assert set(found.verdict.intercepts) == {each.value for each in Verdict}
    assert 0 < found.show <= 1
    assert 0 < found.refuse < 1
    for gate in (found.answered, found.similar):
        assert set(gate.model.intercepts) == {"yes", "no"}
        assert 0 < gate.threshold < 1


def test_a_calibration_of_the_data_folder_stands_above_the_packaged_one(settings: MakeSettings) -> None:
    made = settings()
    made.data_dir.mkdir()
    assert read_calibration(made) == Calibration.load()
    assert write_calibration(made, dict(PLAIN_CALIBRATION)) == made.data_dir / CALIBRATION_NAME
    assert read_calibration(made) == plain_calibration()


def drop(name: str) -> Change:
    return lambda fields: fields.pop(name)


def put(*path: str | int, value: object) -> Change:
    def change(fields: Any) -> None:
        for name in path[:-1]:
            fields = fields[name]
        fields[path[-1]] = value

    return change


CHANGES: dict[str, Change] = {
    "of an older version": put("version", value=1),
    "of a newer version": put("version", value=99),
    "without version": drop("version"),
    "without threshold": drop("show"),
    "without model": drop("answered"),
    "a text for a threshold": put("show", value="high"),
    "a list for a threshold": put("show", value=[0.7]),
    "nothing for a threshold": put("refuse", value=None),
    "an endless threshold": put("answered", "threshold", value=math.inf),
    "no number for a threshold": put("answered", "threshold", value=math.nan),
    "a threshold of 400 digits": put("answered", "threshold", value=10**400),
    "without threshold of a gate": put("similar", value={"model": PLAIN_CALIBRATION["similar"]["model"]}),
    "without model of a gate": put("similar", value={"threshold": 0.5}),
    "a list for a gate": put("similar", value=[]),
    "a list for a model": put("verdict", value=[]),
    "a text for a model": put("verdict", value="yes"),
    "a class too few": put("verdict", "intercepts", value={"yes": 0.0}),
    "a class too many": put("answered", "model", "intercepts", "perhaps", value=0.0),
    "no class": put("answered", "model", "intercepts", value={}),
    "a list for the intercepts": put("verdict", "intercepts", value=[0.0]),
    "a coefficient too few": put("answered", "model", "coefficients", "yes", value=[]),
    "a coefficient too many": put("answered", "model", "coefficients", "yes", value=[1.0, 2.0]),
    "a text for a coefficient": put("answered", "model", "coefficients", "yes", value=["x"]),
    "no coefficients of a class": put("answered", "model", "coefficients", value={"yes": [1.0]}),
    "an endless coefficient": put("answered", "model", "coefficients", "yes", value=[math.inf]),
    "a scale of zero": put("answered", "model", "scales", value=[0.0]),
    "a mean too few": put("answered", "model", "means", value=[]),
    "a number for the measures": put("answered", "model", "measures", value=7),
    "a measure that nobody takes": put("answered", "model", "measures", value=["luck"]),
}


def damaged(name: str) -> str:
    fields = json.loads(json.dumps(PLAIN_CALIBRATION))
    CHANGES[name](fields)
    return json.dumps(fields)


@pytest.mark.parametrize("change", CHANGES)
def test_a_calibration_that_is_none_is_told_in_a_sentence(change: str, tmp_path: Path) -> None:
    path = tmp_path / CALIBRATION_NAME
    path.write_text(damaged(change))
    with pytest.raises(StorageFailure, match="can't be read") as told:
        load_calibration(path)
    assert str(path) in told.value.message
    assert "attache calibrate --write" in told.value.hint


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"7", b'"yes"', b"null", b"\xff\xfe\x00", b"[" * 100_000, CALIBRATION_FILE.read_bytes()[:700]],
    ids=range(9),
)
def test_a_file_that_holds_no_calibration_is_told_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / CALIBRATION_NAME
    path.write_bytes(content)
    with pytest.raises(StorageFailure, match="calibration"):
        load_calibration(path)


def test_the_doctor_finds_a_damaged_calibration(made_up_data: Path, settings: MakeSettings) -> None:
    def failed() -> list[str]:
        return [f"{each.found} {each.remedy}" for each in run_checks(settings(made_up_data)) if not each.passed]

    before = failed()
    (made_up_data / CALIBRATION_NAME).write_text(damaged("of a newer version"))
    [more] = [each for each in failed() if each not in before]
    assert "calibration" in more
    (made_up_data / CALIBRATION_NAME).write_text(json.dumps(PLAIN_CALIBRATION))
    assert failed() == before
