"""Fits the calibrated models on evaluated questions, with figures from questions that each fit had not seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answering.answer import Verdict
from bot.answering.calibration import CALIBRATION_VERSION
from bot.answering.verdict.judge import DEFINITE
from bot.answering.verdict.measures import SEARCH_MEASURES
from corpus.errors import BadInput

Floats = NDArray[np.float64]

FOLDS = 5
REPEATS = 5
# Inverse regularisation strength (scikit-learn's C); strong, for few rows and correlated measures.
REGULARISATION = 0.03
MIN_ROWS = 50
# The share of definite verdicts that may be wrong.
MAX_WRONG = 0.03
# What a search alone tells, where the reader can't read.
UNREAD_MEASURES = ("close", "covering", "lead", "title_fit")
# What decides a verdict: with few rows, more measures fit only these.
VERDICT_MEASURES = (
    *(f"{text}_{side}_1" for text in ("passage", "sentence") for side in ("yes", "no", "claimed", "denied", "both")),
    "passage_settles",
    "sentence_settles",
    "latest",
    "turned",
    "vetoed",
    "odds_1",
    "relevance_1",
)
GATE_CLASSES = ("no", "yes")
_CLASSES = tuple(each.value for each in Verdict)


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """An evaluated question: its measures, the right verdicts, and the group whose rows stay in one fold."""

    measures: Mapping[str, float]
    verdicts: tuple[str, ...]
    asks_verdict: bool
    answerable: bool
    group: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fields of a calibration, and the figures over rows that were held out from each fit."""

    fields: dict[str, Any]
    figures: dict[str, Any]


def read_outcomes(lines: Iterable[Mapping[str, Any]], group: str) -> list[CalibrationRow]:
    """Read rows that `attache eval --rows` wrote.

    Args:
        lines: of one file.
        group: of all rows, empty for one of its own for each.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: a line is no such row.
    """
    found = []
    for number, each in enumerate(lines):
        judged = each.get("judged")
        verdicts = tuple(judged["gold"]) if judged else ()
        measures = {str(name): float(value) for name, value in each["measures"].items()}
        if not measures.keys() >= set(SEARCH_MEASURES):
            raise ValueError("measures are missing, as in rows of an older version")
        found.append(
            CalibrationRow(measures, verdicts, each["asks_verdict"], each["answerable"], group or f"row {number}")
        )
    return found


def calibrate(
    rows: Sequence[CalibrationRow], *, max_wrong: float, wrongly_refused: float, source: str, today: str
) -> Fitted:
    """Fit both models on all rows, with thresholds and figures from repeated grouped cross-validation.

    Args:
        rows: evaluated questions of one or more corpora.
        max_wrong: share of the definite verdicts that may be wrong.
        wrongly_refused: share of answerable open questions that may be refused.
        source: names of the rows, for the record.
        today: date of the calibration, `YYYY-MM-DD`.

    Raises:
        BadInput: too few rows of a kind.
    """
    judged = [each for each in rows if each.asks_verdict and each.verdicts]
    opened = [each for each in rows if not each.asks_verdict]
    if min(len(judged), len(opened)) < MIN_ROWS:
        raise BadInput(
            f"Calibration needs at least {MIN_ROWS} yes/no and {MIN_ROWS} open questions.", "Give more rows."
        )
    if len({each.answerable for each in opened}) < 2 or len({name for each in judged for name in each.verdicts}) < 2:
        raise BadInput(
            "Calibration needs yes/no questions of several verdicts, and open ones with and without an answer.",
            "Give more rows.",
        )
    verdict_names, open_names = VERDICT_MEASURES, sorted(SEARCH_MEASURES)
    targets = [each.verdicts for each in judged]
    labels = [("yes",) if each.answerable else ("no",) for each in opened]
    chances = _held_out(judged, verdict_names, targets, _CLASSES)
    refuse = _best_refusal(chances, targets)
    show = _show_threshold(chances, targets, refuse, max_wrong)
    answered, answered_figures = _fit_gate(opened, open_names, labels, wrongly_refused)
    similar, similar_figures = _fit_gate(opened, UNREAD_MEASURES, labels, wrongly_refused)
    fields = {
        "version": CALIBRATION_VERSION,
        "calibrated_on": source,
        "calibrated_at": today,
        "show": round(show, 4),
        "refuse": round(refuse, 4),
        "verdict": _fields(_fit(judged, verdict_names, targets), verdict_names, _CLASSES),
        "answered": answered,
        "similar": similar,
    }
    figures = _figures(chances, targets, refuse, show) | {
        "open_rows": len(opened),
        "answered": answered_figures,
        "similar": similar_figures,
    }
    return Fitted(fields, figures)


def _fit_gate(
    rows: Sequence[CalibrationRow], names: Sequence[str], labels: Sequence[tuple[str, ...]], wrongly_refused: float
) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the fields of a `Gate`, and its held-out figures."""
    scores = _held_out(rows, names, labels, GATE_CLASSES)[:, :, 1]
    is_answerable = np.array([label == ("yes",) for label in labels])
    threshold = float(np.mean([np.quantile(each[is_answerable], wrongly_refused) for each in scores]))
    figures = {
        "absent_refused": round(float(np.mean([(each[~is_answerable] < threshold).mean() for each in scores])), 4),
        "auc": round(float(np.mean([_auc(each, is_answerable) for each in scores])), 4),
    }
    model = _fields(_fit(rows, names, labels), names, GATE_CLASSES)
    return {"threshold": round(threshold, 4), "model": model}, figures


def _matrix(rows: Sequence[CalibrationRow], names: Sequence[str]) -> Floats:
    return np.array([[each.measures[name] for name in names] for each in rows], dtype=np.float64)


def _fit(rows: Sequence[CalibrationRow], names: Sequence[str], targets: Sequence[tuple[str, ...]]) -> Any:  # noqa: ANN401
    """Fit a regression; a row with several right classes counts as a part of each."""
    # PLC0415: takes a second to import, and only calibration needs it.
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - see above
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - see above
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - see above

    places = [place for place, right in enumerate(targets) for _ in right]
    labels = [each for right in targets for each in right]
    weights = [1 / len(right) for right in targets for _ in right]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION, max_iter=1000))
    return model.fit(_matrix(rows, names)[places], labels, logisticregression__sample_weight=weights)


def _held_out(
    rows: Sequence[CalibrationRow], names: Sequence[str], targets: Sequence[tuple[str, ...]], classes: Sequence[str]
) -> Floats:
    """Return each row's probabilities from fits without its group: `(REPEATS, rows, classes)`."""
    matrix, groups = _matrix(rows, names), sorted({each.group for each in rows})
    found = np.zeros((REPEATS, len(rows), len(classes)))
    for seed in range(REPEATS):
        order = np.random.default_rng(seed).permutation(len(groups))
        fold_of = {groups[group]: place % FOLDS for place, group in enumerate(order.tolist())}
        folds = np.array([fold_of[each.group] for each in rows])
        for fold in range(FOLDS):
            rest = np.flatnonzero(folds != fold).tolist()
            model = _fit([rows[at] for at in rest], names, [targets[at] for at in rest])
            mine = folds == fold
            if mine.any():
                columns = [list(classes).index(each) for each in model.classes_]
                found[seed][np.ix_(np.flatnonzero(mine), np.array(columns))] = model.predict_proba(matrix[mine])
    return found


def _decide(row: Floats, refuse: float, show: float) -> tuple[str, float]:
    """Return the verdict of one row's probabilities, as `verdict.judge` does."""
    chances = dict(zip(_CLASSES, row.tolist(), strict=True))
    if chances[Verdict.NOT_FOUND] >= refuse:
        return Verdict.NOT_FOUND.value, chances[Verdict.NOT_FOUND]
    best = max(DEFINITE, key=lambda each: chances[each.value]).value
    return (best, chances[best]) if chances[best] >= show else (Verdict.OPEN.value, 1 - chances[Verdict.NOT_FOUND])


def _best_refusal(chances: Floats, targets: Sequence[tuple[str, ...]]) -> float:
    """Return the threshold for refusing at which refusals are right most often, with every definite verdict shown."""

    def right(refuse: float) -> float:
        flags = [
            _decide(row, refuse, 0.0)[0] in wanted
            for scores in chances
            for row, wanted in zip(scores, targets, strict=True)
        ]
        return float(np.mean(flags))

    return max((round(0.2 + 0.02 * step, 2) for step in range(30)), key=right)


def _show_threshold(chances: Floats, targets: Sequence[tuple[str, ...]], refuse: float, max_wrong: float) -> float:
    """Return the least probability from which at most the given share of definite verdicts is wrong.

    Among the surest, one wrong in every other repetition is let pass: it may be a wrong label.
    """
    told = sorted(
        (
            (chance, given in wanted)
            for scores in chances
            for row, wanted in zip(scores, targets, strict=True)
            for given, chance in [_decide(row, refuse, 0.0)]
            if given != Verdict.NOT_FOUND.value
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    threshold, wrong = 1.0, 0
    for count, (chance, is_right) in enumerate(told, start=1):
        wrong += not is_right
        if wrong <= max_wrong * count + len(chances) / 2:
            threshold = chance
    return threshold


def _figures(chances: Floats, targets: Sequence[tuple[str, ...]], refuse: float, show: float) -> dict[str, Any]:
    given = [[_decide(row, refuse, show)[0] for row in scores] for scores in chances]
    right = [[each in wanted for each, wanted in zip(one, targets, strict=True)] for one in given]
    definite = [
        flag
        for one, flags in zip(given, right, strict=True)
        for each, flag in zip(one, flags, strict=True)
        if each in {verdict.value for verdict in DEFINITE}
    ]
    return {
        "verdict_rows": len(targets),
        "verdict_accuracy": round(float(np.mean(right)), 4),
        "definite": round(len(definite) / len(given), 1),
        "definite_right": round(float(np.mean(definite)), 4) if definite else None,
    }


def _auc(scores: Floats, labels: NDArray[np.bool_]) -> float:
    """Return the share of correctly ordered pairs of an answerable and an absent row (Mann-Whitney)."""
    above = scores[labels][:, np.newaxis] - scores[~labels][np.newaxis, :]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def _fields(model: Any, names: Sequence[str], classes: Sequence[str]) -> dict[str, Any]:  # noqa: ANN401 - a pipeline
    """Return the fields of a `LogisticModel`; a class that no row had gets a probability of nearly zero."""
    scaler, regression = model[0], model[1]
    coefficients, intercepts = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:
        coefficients, intercepts = (
            np.vstack([-coefficients / 2, coefficients / 2]),
            np.array([-intercepts[0] / 2, intercepts[0] / 2]),
        )
    known = {str(name): place for place, name in enumerate(regression.classes_)}
    return {
        "measures": list(names),
        "means": [round(float(each), 6) for each in scaler.mean_],
        "scales": [round(float(each), 6) or 1.0 for each in scaler.scale_],
        "intercepts": {each: round(float(intercepts[known[each]]), 6) if each in known else -20.0 for each in classes},
        "coefficients": {
            each: [round(float(value), 6) for value in coefficients[known[each]]]
            if each in known
            else [0.0] * len(names)
            for each in classes
        },
    }
