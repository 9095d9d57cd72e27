"""Tells how probable it is that quotes say a sentence, with a small calibrated model over its measures."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

WEIGHTS_FILE = Path(__file__).with_name("proof_model.json")


@dataclass(frozen=True, slots=True)
class ProofModel:
    """A logistic regression of "the quotes say it", fitted by `python -m evals train proofs`.

    Attributes:
        measures: the names of its inputs, as `measure` returns them.
        means, scales: of each input, by which it is standardised.
        weights: of each input.
        intercept: the log odds where every input is at its mean.
        shown_from: the probability from which a sentence is shown.
        fitted_on: how many sentences it was fitted on.
    """

    measures: Sequence[str]
    means: Sequence[float]
    scales: Sequence[float]
    weights: Sequence[float]
    intercept: float
    shown_from: float
    fitted_on: int

    @classmethod
    def load(cls, path: Path = WEIGHTS_FILE) -> Self:
        """Read a model from a file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def probability(self, measured: Mapping[str, float]) -> float:
        """Return how probable it is that the quotes say a sentence with these measures."""
        score = self.intercept
        for name, mean, scale, weight in zip(self.measures, self.means, self.scales, self.weights, strict=True):
            score += weight * (measured[name] - mean) / scale
        return 1 / (1 + math.exp(-score))


@cache
def packaged_proof_model() -> ProofModel:
    """Return the project's own model, which a process reads once."""
    return ProofModel.load()
