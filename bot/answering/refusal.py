"""Decides whether the evidence is enough to answer: a small calibrated model over what was found."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.search.retriever import Hit, SearchResult

# Passages with the best BM25 scores whose titles are compared with the question.
WORDED = 10
# The measures that the model uses; what each is stands at `measure_evidence`.
MEASURES = ("title_fit", "close_and_covering", "lead")
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


def measure_evidence(result: SearchResult) -> dict[str, float]:
    """Measures how well what was found fits the question; empty when nothing was found.

    - `title_fit`: the best cosine between the question and the title of an article that shares its words (where it
      states none, its passage);
    - `close_and_covering`: the best product of cosine and covered words in one passage: both at once;
    - `lead`: by how much the best BM25 score stands out from the field (its 11th to 50th), as a share of it.
    """
    if not result.hits:
        return {}
    worded = sorted((hit for hit in result.hits if hit.bm25), key=lambda hit: -(hit.bm25 or 0.0))[:WORDED]
    return {
        "title_fit": max((_title_cosine(hit) for hit in worded), default=0.0),
        "close_and_covering": max((hit.cosine or 0.0) * hit.coverage for hit in result.hits),
        "lead": _lead(result.bm25),
    }


def _title_cosine(hit: Hit) -> float:
    # An article that states no title is judged by its text instead.
    return (hit.cosine if hit.title_cosine is None else hit.title_cosine) or 0.0


def _lead(bm25: Sequence[float]) -> float:
    field = bm25[10:50]
    if not bm25 or not field:
        # So few passages share a word with the question that there is no field to stand out from.
        return 1.0 if bm25 else 0.0
    return (bm25[0] - sum(field) / len(field)) / bm25[0]
