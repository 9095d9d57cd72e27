"""Fits the refusal model on evaluated questions, with the trade-off of each threshold."""

from collections.abc import Sequence
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


def calibrate(outcomes: Sequence[Outcome], *, wrongly_refused: float, source: str, today: str) -> Calibration:
    """Fit a logistic regression on all rows, with a curve from repeated cross-validation.

    Args:
        outcomes: evaluated rows, answerable and not.
        wrongly_refused: share of answerable questions that the threshold may refuse.
        source: name of the rows, for the record.
        today: date of the calibration, `YYYY-MM-DD`.

    Raises:
        BadInput: too few rows of either kind.
    """
    rows = [each for each in outcomes if each.measures]
    features = np.array([[each.measures[name] for name in MEASURES] for each in rows])
    labels = np.array([each.answerable for each in rows], dtype=bool)
    if min(labels.sum(), (~labels).sum()) < MIN_ROWS:
        raise BadInput(
            f"Calibration needs at least {MIN_ROWS} answerable and {MIN_ROWS} absent questions.", "Give more rows."
        )
    held_out = [_held_out(features, labels, seed) for seed in range(REPEATS)]
    curve = [_point(held_out, labels, share) for share in CURVE_POINTS]
    means, scales = features.mean(axis=0), features.std(axis=0) + 1e-9
    intercept, coefficients = _fit((features - means) / scales, labels)
    # From held-out scores, since the fitted model's own are optimistic.
    threshold = float(np.mean([_threshold(scores, labels, wrongly_refused) for scores in held_out]))
    model = RefusalModel(
        intercept=round(intercept, 5),
        coefficients=_by_measure(coefficients),
        means=_by_measure(means),
        scales=_by_measure(scales),
        threshold=round(threshold, 4),
        calibrated_on=source,
        calibrated_at=today,
    )
    return Calibration(model, curve, float(np.mean([roc_auc(scores, labels) for scores in held_out])))


def _fit(features: Floats, labels: Flags) -> tuple[float, Floats]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes a second to import

    fitted = LogisticRegression(C=REGULARISATION).fit(features, labels)
    return float(fitted.intercept_[0]), np.asarray(fitted.coef_[0], dtype=np.float64)


def _held_out(features: Floats, labels: Flags, seed: int) -> Floats:
    """Return each row's probability from a model fitted without it."""
    folds = np.random.default_rng(seed).permutation(len(labels)) % FOLDS
    scores = np.empty(len(labels))
    for fold in range(FOLDS):
        rest, mine = folds != fold, folds == fold
        means, scales = features[rest].mean(axis=0), features[rest].std(axis=0) + 1e-9
        intercept, coefficients = _fit((features[rest] - means) / scales, labels[rest])
        scores[mine] = 1 / (1 + np.exp(-(intercept + (features[mine] - means) / scales @ coefficients)))
    return scores


def _threshold(scores: Floats, labels: Flags, share: float) -> float:
    """Return the score below which the given share of answerable rows lies."""
    return float(np.quantile(scores[labels], share))


def _point(held_out: Sequence[Floats], labels: Flags, share: float) -> CurvePoint:
    thresholds = [_threshold(scores, labels, share) for scores in held_out]
    refused = [float((scores[~labels] < limit).mean()) for scores, limit in zip(held_out, thresholds, strict=True)]
    return CurvePoint(
        share, round(float(np.mean(refused)), 4), round(float(np.std(refused)), 4), round(float(np.mean(thresholds)), 4)
    )


def roc_auc(scores: Floats, labels: Flags) -> float:
    """Return the share of correctly ordered pairs of an answerable and an absent row (Mann-Whitney)."""
    above = scores[labels][:, np.newaxis] - scores[~labels][np.newaxis, :]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def _by_measure(values: Floats) -> dict[str, float]:
    return {name: round(float(value), 5) for name, value in zip(MEASURES, values, strict=True)}
