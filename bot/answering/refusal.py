"""Decides whether the evidence is enough to answer, with a small calibrated model."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from index.search.retriever import Hit, SearchResult

# Passages, by BM25, whose titles are compared with the question.
TITLES_COMPARED = 10
# The features: of what was found (`measure_evidence`), and of what was read in it (`answer_reader.measure_answers`).
EVIDENCE_MEASURES = ("title_fit", "close_and_covering", "lead")
MEASURES = (*EVIDENCE_MEASURES, "answers", "answering_words")
CALIBRATION_FILE = Path(__file__).with_name("refusal.json")
# Of the evidence alone: for what asks for no fact, and as a measure of yes/no questions.
COVERAGE_FILE = Path(__file__).with_name("coverage.json")


@dataclass(frozen=True, slots=True)
class Estimate:
    """How probable it is, by some measures, that the corpus holds an answer; `threshold`: below it, none is shown."""

    confidence: float
    threshold: float
    measures: Mapping[str, float]

    @property
    def above(self) -> float:
        """Return by how much it is above the threshold."""
        return self.confidence - self.threshold

    @property
    def is_enough(self) -> bool:
        """Return whether an answer is shown."""
        return self.confidence >= self.threshold


@dataclass(frozen=True, slots=True)
class RefusalModel:
    """A logistic regression of the probability that the corpus holds an answer, and the threshold for refusal.

    Its measures are those of `coefficients`. Written by `attache calibrate`; see docs/evaluation.md.
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
        """Read a calibration."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def confidence(self, measures: Mapping[str, float]) -> float:
        """Return the estimated probability, 0 to 1, that the corpus holds an answer; 0 without measures."""
        if not measures:
            return 0.0
        total = self.intercept
        for name, coefficient in self.coefficients.items():
            total += coefficient * (measures[name] - self.means[name]) / self.scales[name]
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))

    def estimate(self, measures: Mapping[str, float]) -> Estimate:
        """Estimate it."""
        return Estimate(self.confidence(measures), self.threshold, measures)


@cache
def packaged_coverage() -> RefusalModel:
    """Return the project's own model of whether what was found covers a question, which a process reads once."""
    return RefusalModel.load(COVERAGE_FILE)


def measure_evidence(result: SearchResult) -> dict[str, float]:
    """Measure how well the hits fit the question; empty without hits.

    - `title_fit`: the best cosine between the question and the title (of an untitled article, the passage) among the
      best lexical hits;
    - `close_and_covering`: the best product of cosine and word coverage in one passage;
    - `lead`: the distance of the best BM25 score from the mean of the 11th to 50th, as a share of it.
    """
    if not result.hits:
        return {}
    lexical = sorted((hit for hit in result.hits if hit.bm25), key=lambda hit: -(hit.bm25 or 0.0))[:TITLES_COMPARED]
    return {
        "title_fit": max((_title_cosine(hit) for hit in lexical), default=0.0),
        "close_and_covering": max((hit.cosine or 0.0) * hit.coverage for hit in result.hits),
        "lead": _lead(result.bm25),
    }


def _title_cosine(hit: Hit) -> float:
    return (hit.cosine if hit.title_cosine is None else hit.title_cosine) or 0.0


def _lead(bm25: Sequence[float]) -> float:
    field = bm25[10:50]
    if not bm25 or not field:
        # Too few passages share a word with the question for a comparison.
        return 1.0 if bm25 else 0.0
    return (bm25[0] - sum(field) / len(field)) / bm25[0]
