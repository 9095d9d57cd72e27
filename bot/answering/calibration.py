"""The calibrated models that turn measures into probabilities: of a verdict, and that an open question is answered."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bot.answering.answer import Verdict
from bot.answering.verdict.measures import MEASURES

CALIBRATION_FILE = Path(__file__).with_name("calibration.json")
# Of the fields and measures; a file of another version is not used.
CALIBRATION_VERSION = 2
_MOST_ODDS = 50.0


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A multinomial logistic regression over named measures.

    `coefficients` are by class, one for each of `measures`, of values less `means` and divided by `scales`.
    """

    measures: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    intercepts: Mapping[str, float]
    coefficients: Mapping[str, Sequence[float]]

    def probabilities(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return the probability of each class."""
        scaled = [
            (values[name] - mean) / scale
            for name, mean, scale in zip(self.measures, self.means, self.scales, strict=True)
        ]
        odds = {
            name: intercept + sum(map(float.__mul__, scaled, self.coefficients[name]))
            for name, intercept in self.intercepts.items()
        }
        best = max(odds.values())
        weights = {name: math.exp(max(-_MOST_ODDS, value - best)) for name, value in odds.items()}
        total = sum(weights.values())
        return {name: weight / total for name, weight in weights.items()}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """Build one from the fields of its file.

        Raises:
            ValueError: a number is missing or out of range.
            TypeError: a field is of another type.
        """
        measures = tuple(map(str, fields["measures"]))
        if not set(measures) <= MEASURES:
            raise ValueError("measures are unknown")
        means, scales = (tuple(map(float, fields[name])) for name in ("means", "scales"))
        intercepts = {str(name): float(value) for name, value in fields["intercepts"].items()}
        coefficients = {name: tuple(map(float, fields["coefficients"][name])) for name in intercepts}
        rows = [means, scales, *coefficients.values()]
        if any(len(row) != len(measures) for row in rows) or not intercepts:
            raise ValueError("numbers are missing")
        if (
            not all(map(math.isfinite, [*intercepts.values(), *(value for row in rows for value in row)]))
            or 0 in scales
        ):
            raise ValueError("numbers are out of range")
        return cls(measures, means, scales, intercepts, coefficients)


@dataclass(frozen=True, slots=True)
class Gate:
    """A model that tells whether an open question is answered, and the probability below which it is refused."""

    model: LogisticModel
    threshold: float

    def chance(self, values: Mapping[str, float]) -> float:
        """Return the probability that the passages answer."""
        return self.model.probabilities(values)["yes"]

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """Build one from the fields of its file. Raises as `LogisticModel.from_json` does."""
        model = LogisticModel.from_json(fields["model"])
        if set(model.intercepts) != {"yes", "no"}:
            raise ValueError("classes are missing")
        return cls(model, _finite(fields["threshold"]))


@dataclass(frozen=True, slots=True)
class Calibration:
    """The calibrated models with their thresholds, written by `attache calibrate`; docs/evaluation.md describes them.

    `verdict` tells a yes/no question's verdict; a definite one is shown from `show` on, and a question is refused if
    `not_found` has at least `refuse`. `answered` decides on open questions, `similar` on texts and questions in
    languages that the reader does not read.
    """

    verdict: LogisticModel
    show: float
    refuse: float
    answered: Gate
    similar: Gate
    calibrated_on: str
    calibrated_at: str

    @classmethod
    def load(cls, path: Path = CALIBRATION_FILE) -> Self:
        """Read a calibration.

        Raises:
            OSError: the file can't be read.
            ValueError: it is no calibration of this version.
            TypeError: a field is of another type.
            KeyError: a field is missing.
        """
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields["version"] != CALIBRATION_VERSION:
            raise ValueError("it is of another version")
        verdict = LogisticModel.from_json(fields["verdict"])
        if set(verdict.intercepts) != {each.value for each in Verdict}:
            raise ValueError("classes are missing")
        return cls(
            verdict,
            _finite(fields["show"]),
            _finite(fields["refuse"]),
            Gate.from_json(fields["answered"]),
            Gate.from_json(fields["similar"]),
            str(fields["calibrated_on"]),
            str(fields["calibrated_at"]),
        )


def _finite(value: Any) -> float:  # noqa: ANN401 - JSON
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("numbers are out of range")
    return number
