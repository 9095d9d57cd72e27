"""Fits the model that decides yes/no questions, and finds by cross-validation how sure a shown verdict has to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.answer import Verdict
from bot.answering.verdict.verdict_model import DEFINITE, VERDICTS, VerdictModel

Floats = NDArray[np.float64]

FOLDS = 10
# Inverse regularisation strength (scikit-learn's C).
REGULARISATION = 0.05
# Where no definite verdict is sure enough, nothing is shown from this probability of "not found" on.
REFUSED_FROM = 0.25
# The least probabilities whose trade-off is told.
CURVE_POINTS = (0.0, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """What was measured for a yes/no question of a group (a corpus), and the verdicts that are right."""

    group: str
    measures: Mapping[str, float]
    right: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class VerdictPoint:
    """The trade-off at a least probability of definite verdicts: how many are shown, and which shares are right."""

    shown_from: float
    definite: int
    definite_right: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class VerdictFit:
    """A fitted model, and its trade-offs on questions of corpora that it was not fitted on."""

    model: VerdictModel
    curve: list[VerdictPoint]


def fit_verdicts(questions: Sequence[JudgedQuestion], shown_from: float) -> VerdictFit:
    """Fit on all questions, with a curve from cross-validation by group.

    Args:
        questions: of at least two groups.
        shown_from: the probability from which a definite verdict is to be shown.
    """
    names = tuple(questions[0].measures)
    inputs = np.array([[each.measures[name] for name in names] for each in questions])
    groups = sorted({each.group for each in questions})
    fold_of = {group: place % FOLDS for place, group in enumerate(groups)}
    folds = np.array([fold_of[each.group] for each in questions])
    held_out: list[dict[Verdict, float]] = [{} for _ in questions]
    for fold in sorted(set(folds.tolist())):
        rest = np.flatnonzero(folds != fold).tolist()
        model = _fit(names, inputs[rest], [questions[at] for at in rest], shown_from)
        for at in np.flatnonzero(folds == fold).tolist():
            held_out[at] = model.probabilities(questions[at].measures)
    model = _fit(names, inputs, questions, shown_from)
    return VerdictFit(model, [_point(held_out, questions, model, least) for least in CURVE_POINTS])


def _fit(names: Sequence[str], inputs: Floats, questions: Sequence[JudgedQuestion], shown_from: float) -> VerdictModel:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes a second to import

    means, scales = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-3)
    # A question with several right verdicts counts as a part of each.
    rows = [(at, verdict) for at, each in enumerate(questions) for verdict in each.right]
    fitted = LogisticRegression(C=REGULARISATION, max_iter=2_000).fit(
        ((inputs - means) / scales)[[at for at, _ in rows]],
        [VERDICTS.index(verdict) for _, verdict in rows],
        sample_weight=[1 / len(questions[at].right) for at, _ in rows],
    )
    weights, intercepts = np.zeros((len(names), len(VERDICTS))), np.full(len(VERDICTS), -30.0)
    weights[:, fitted.classes_] = fitted.coef_.T
    intercepts[fitted.classes_] = fitted.intercept_
    return VerdictModel(
        measures=list(names),
        means=_rounded(means),
        scales=_rounded(scales),
        weights=[_rounded(row) for row in weights],
        intercepts=_rounded(intercepts),
        shown_from=shown_from,
        refused_from=REFUSED_FROM,
        fitted_on=len(questions),
    )


def _point(
    held_out: Sequence[Mapping[Verdict, float]],
    questions: Sequence[JudgedQuestion],
    model: VerdictModel,
    shown_from: float,
) -> VerdictPoint:
    given = [
        model.decide(each, question.measures, shown_from) for each, question in zip(held_out, questions, strict=True)
    ]
    right = [verdict in each.right for verdict, each in zip(given, questions, strict=True)]
    definite = [is_right for verdict, is_right in zip(given, right, strict=True) if verdict in DEFINITE]
    share = sum(definite) / len(definite) if definite else 0.0
    return VerdictPoint(shown_from, len(definite), round(share, 4), round(sum(right) / len(right), 4))


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 5) for value in values]
