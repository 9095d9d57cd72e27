"""Fits the refusal model on evaluated questions, with the trade-off of each threshold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.refusal import MEASURES, RefusalModel
from bot.quality.evaluate import Outcome
from corpus.errors import BadInput

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# The curve's points, as shares of answerable questions refused.
CURVE_POINTS = (0.02, 0.03, 0.05, 0.08, 0.10, 0.12, 0.15, 0.20, 0.30)
FOLDS = 5
REPEATS = 20
# Inverse regularisation strength (scikit-learn's C); strong, for few rows and correlated measures.
REGULARISATION = 0.3
MIN_ROWS = 50


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One trade-off: the shares of answerable and of absent questions refused at a threshold."""

    wrongly_refused: float
    absent_refused: float
    spread: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model with its cross-validated trade-offs; `auc` is the area under the ROC curve."""

    model: RefusalModel
    curve: list[CurvePoint]
    auc: float


@dataclass(frozen=True, slots=True)
class MeasuredQuestion:
    """What was measured for a question that asks for a fact, and whether the articles hold the answer.

    `source` names the set that it is from.
    """

    source: str
    measures: Mapping[str, float]
    answerable: bool


def measured_questions(source: str, outcomes: Iterable[Outcome]) -> Iterator[MeasuredQuestion]:
    """Yield the evaluated rows that ask for a fact: others are not decided by this model."""
    for each in outcomes:
        if each.measures.keys() >= set(MEASURES):
            yield MeasuredQuestion(source, each.measures, each.answerable)


def calibrate(questions: Sequence[MeasuredQuestion], *, wrongly_refused: float, today: str) -> Calibration:
    """Fit a logistic regression on all questions, with a curve from repeated cross-validation.

    Every source counts the same, however many questions it has: thresholds and shares are means over sources.

    Args:
        questions: answerable ones and others, of one source or several.
        wrongly_refused: share of answerable questions that the threshold may refuse.
        today: date of the calibration, `YYYY-MM-DD`.

    Raises:
        BadInput: too few questions of either kind in a source.
    """
    rows = _Rows.of(questions)
    held_out = [rows.held_out(seed) for seed in range(REPEATS)]
    curve = [_point(held_out, rows, share) for share in CURVE_POINTS]
    means, scales = rows.features.mean(axis=0), rows.features.std(axis=0) + 1e-9
    intercept, coefficients = _fit((rows.features - means) / scales, rows.labels, rows.weights)
    # From held-out scores, since the fitted model's own are optimistic.
    threshold = float(np.mean([rows.threshold(scores, wrongly_refused) for scores in held_out]))
    model = RefusalModel(
        intercept=round(intercept, 5),
        coefficients=_by_measure(coefficients),
        means=_by_measure(means),
        scales=_by_measure(scales),
        threshold=round(threshold, 4),
        calibrated_on=", ".join(rows.places),
        calibrated_at=today,
    )
    return Calibration(model, curve, float(np.mean([rows.auc(scores) for scores in held_out])))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Questions as arrays; `places` are those of each source's questions."""

    features: Floats
    labels: Flags
    weights: Floats
    places: Mapping[str, NDArray[np.intp]]

    @classmethod
    def of(cls, questions: Sequence[MeasuredQuestion]) -> "_Rows":
        labels = np.array([each.answerable for each in questions], dtype=bool)
        sources = np.array([each.source for each in questions])
        places = {str(source): np.flatnonzero(sources == source) for source in sorted(set(sources.tolist()))}
        fewest = min((min(labels[at].sum(), (~labels[at]).sum()) for at in places.values()), default=0)
        if fewest < MIN_ROWS:
            raise BadInput(
                f"Calibration needs at least {MIN_ROWS} answerable and {MIN_ROWS} absent questions for a fact.",
                "Give more rows.",
            )
        weights = np.ones(len(labels))
        for at in places.values():
            weights[at] = len(labels) / (len(places) * len(at))
        features = np.array([[each.measures[name] for name in MEASURES] for each in questions])
        return cls(features, labels, weights, places)

    def held_out(self, seed: int) -> Floats:
        """Return each question's probability from a model fitted without it."""
        folds = np.random.default_rng(seed).permutation(len(self.labels)) % FOLDS
        scores = np.empty(len(self.labels))
        for fold in range(FOLDS):
            rest, mine = folds != fold, folds == fold
            means, scales = self.features[rest].mean(axis=0), self.features[rest].std(axis=0) + 1e-9
            intercept, coefficients = _fit(
                (self.features[rest] - means) / scales, self.labels[rest], self.weights[rest]
            )
            inputs = (self.features[mine] - means) / scales
            scores[mine] = 1 / (1 + np.exp(-(intercept + inputs @ coefficients)))
        return scores

    def threshold(self, scores: Floats, share: float) -> float:
        """Return the score below which the given share of answerable questions lies, as a mean over sources."""
        return float(np.mean([np.quantile(scores[at][self.labels[at]], share) for at in self.places.values()]))

    def refused(self, scores: Floats, threshold: float) -> float:
        """Return the share of absent questions below a threshold, as a mean over sources."""
        return float(np.mean([(scores[at][~self.labels[at]] < threshold).mean() for at in self.places.values()]))

    def auc(self, scores: Floats) -> float:
        """Return the area under the ROC curve, as a mean over sources."""
        return float(np.mean([roc_auc(scores[at], self.labels[at]) for at in self.places.values()]))


def _fit(features: Floats, labels: Flags, weights: Floats) -> tuple[float, Floats]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes a second to import

    fitted = LogisticRegression(C=REGULARISATION).fit(features, labels, sample_weight=weights)
    return float(fitted.intercept_[0]), np.asarray(fitted.coef_[0], dtype=np.float64)


def _point(held_out: Sequence[Floats], rows: _Rows, share: float) -> CurvePoint:
    thresholds = [rows.threshold(scores, share) for scores in held_out]
    refused = [rows.refused(scores, limit) for scores, limit in zip(held_out, thresholds, strict=True)]
    return CurvePoint(
        share, round(float(np.mean(refused)), 4), round(float(np.std(refused)), 4), round(float(np.mean(thresholds)), 4)
    )


def roc_auc(scores: Floats, labels: Flags) -> float:
    """Return the share of correctly ordered pairs of an answerable and an absent row (Mann-Whitney)."""
    above = scores[labels][:, np.newaxis] - scores[~labels][np.newaxis, :]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def _by_measure(values: Floats) -> dict[str, float]:
    return {name: round(float(value), 5) for name, value in zip(MEASURES, values, strict=True)}
