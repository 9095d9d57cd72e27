"""Decides whether the evidence is enough to answer: a small calibrated model over what was found."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.answering.quoting import Candidate
from index.retriever import Hit
from index.terms import Terms

CALIBRATION_FILE = Path(__file__).with_name("refusal.json")


@dataclass(frozen=True, slots=True)
class RefusalModel:
    """A logistic regression: probability that the corpus holds an answer, and the point below which one is refused.

    Written by `attache calibrate`; docs/evaluation.md says how to read and repeat it.
    """

    intercept: float
    coefficients: Mapping[str, float]
    means: Mapping[str, float]
    scales: Mapping[str, float]
    threshold: float
    calibrated_on: str
    calibrated_at: str

    @classmethod
    def load(cls, path: Path = CALIBRATION_FILE) -> Self:
        """Reads the calibration."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def confidence(self, evidence: Mapping[str, float]) -> float:
        """The estimated probability, 0 to 1, that evidence with these measures answers the question."""
        if not evidence:
            return 0.0
        total = self.intercept
        for name, coefficient in self.coefficients.items():
            total += coefficient * (evidence[name] - self.means[name]) / self.scales[name]
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def measure_evidence(
    hits: Sequence[Hit], candidates: Sequence[Candidate], weights: Mapping[str, float], terms: Terms
) -> dict[str, float]:
    """Measures how well the hits fit the question; empty when there are none."""
    if not hits:
        return {}
    cosines = sorted((hit.cosine for hit in hits if hit.cosine is not None), reverse=True)
    return {"best_cosine": cosines[0] if cosines else 0.0, "best_coverage": max(c.coverage for c in candidates)}
