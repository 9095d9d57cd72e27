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
REFUSED_FROM = 0.3
# The least probabilities whose trade-off is told.
CURVE_POINTS = (0.0, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """What was measured for a question, and the verdicts that are right.

    `group` is what is left out together, a corpus; `source` what is counted together, the collection of such corpora.
    A question without measures was answered without the model, by `given`, and is counted but not fitted on.
    """

    source: str
    group: str
    measures: Mapping[str, float]
    right: tuple[Verdict, ...]
    given: Verdict | None = None


@dataclass(frozen=True, slots=True)
class VerdictPoint:
    """The trade-off at a least probability of definite verdicts: how many are shown, and shares.

    `definite_right` is of those shown, `flips` (yes told for no, or the reverse) of all questions, `others_refused` of
    those that have another right verdict than "not found".
    """

    shown_from: float
    questions: int
    definite: int
    definite_right: float
    accuracy: float
    flips: float
    others_refused: float


@dataclass(frozen=True, slots=True)
class VerdictFit:
    """A fitted model, its trade-offs on questions of corpora that it was not fitted on, and the chosen by source."""

    model: VerdictModel
    curve: list[VerdictPoint]
    by_source: dict[str, VerdictPoint]


def fit_verdicts(questions: Sequence[JudgedQuestion], shown_from: float) -> VerdictFit:
    """Fit on all questions, with a curve from cross-validation by group.

    Args:
        questions: of at least two groups.
        shown_from: the probability from which a definite verdict is to be shown.
    """
    others = [each for each in questions if not each.measures]
    questions = [each for each in questions if each.measures]
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
    pairs: list[tuple[JudgedQuestion, Mapping[Verdict, float]]] = [
        *zip(questions, held_out, strict=True),
        *((each, {}) for each in others),
    ]
    return VerdictFit(
        model,
        [_point(pairs, model, least) for least in CURVE_POINTS],
        {
            source: _point([pair for pair in pairs if pair[0].source == source], model, shown_from)
            for source in sorted({each.source for each in questions})
        },
    )


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
    pairs: Sequence[tuple[JudgedQuestion, Mapping[Verdict, float]]], model: VerdictModel, shown_from: float
) -> VerdictPoint:
    given = [
        (model.decide(held_out, each.measures, shown_from) if held_out else each.given, each.right)
        for each, held_out in pairs
    ]
    definite = [verdict in right for verdict, right in given if verdict in DEFINITE]
    others = [verdict is Verdict.NOT_FOUND for verdict, right in given if Verdict.NOT_FOUND not in right]
    return VerdictPoint(
        shown_from,
        len(given),
        len(definite),
        _share(definite),
        _share([verdict in right for verdict, right in given]),
        _share([len(right) == 1 and {verdict, *right} == {Verdict.YES, Verdict.NO} for verdict, right in given]),
        _share(others),
    )


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), 4) if flags else 0.0


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 5) for value in values]
