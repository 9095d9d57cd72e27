"""Tells verdicts from what the reader finds, by cross-validation: how good it would be in the product's place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answering.answer import Verdict
from bot.quality.verdict_rows import DEFINITE
from corpus.errors import BadInput

Floats = NDArray[np.float64]

FOLDS = 5
REPEATS = 5
# Inverse regularisation strength (scikit-learn's C); strong, for few rows and correlated measures.
REGULARISATION = 0.03
MIN_ROWS = 20
# The verdicts that are surest, of which the share of right ones is told.
SUREST = (10, 20, 40, 80)
MEASURES = (
    *(f"{text}_{side}" for text in ("passage", "sentence") for side in ("yes", "no", "claimed", "denied", "both")),
    "passage_settles",
    "sentence_settles",
    "latest",
    "turned",
    "vetoed",
    "odds",
    "relevance",
)
_CLASSES = tuple(each.value for each in Verdict)
_DEFINITE = {each.value for each in DEFINITE}


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A yes/no question: its measures, and the right verdicts."""

    measures: Mapping[str, float]
    verdicts: tuple[str, ...]


def measure_verdicts(rows: Sequence[MeasuredRow]) -> dict[str, Any]:
    """Return the figures of verdicts from fits that had not seen the row; shares from 0 to 1.

    Raises:
        BadInput: there are too few rows.
    """
    if len(rows) < MIN_ROWS:
        raise BadInput(f"At least {MIN_ROWS} yes/no questions with verdicts are needed.", "Give more rows.")
    chances = _held_out(rows)
    told = [
        (float(row.max()), _CLASSES[int(row.argmax())], each.verdicts)
        for scores in chances
        for row, each in zip(scores, rows, strict=True)
    ]
    definite = sorted(((chance, given in right) for chance, given, right in told if given in _DEFINITE), reverse=True)
    return {
        "yes_no_rows": len(rows),
        "verdict_accuracy": _mean([given in right for _, given, right in told]),
        "definite": round(len(definite) / REPEATS, 1),
        "definite_right": _mean([right for _, right in definite]),
        "surest_right": {
            str(count): _mean([right for _, right in definite[: count * REPEATS]])
            for count in SUREST
            if count * REPEATS <= len(definite)
        },
    }


def _held_out(rows: Sequence[MeasuredRow]) -> Floats:
    """Return each row's probabilities from fits without it: `(REPEATS, rows, classes)`."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes a second to import
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - takes a second to import
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 - takes a second to import

    matrix = np.array([[each.measures[name] for name in MEASURES] for each in rows])
    found = np.zeros((REPEATS, len(rows), len(_CLASSES)))
    for seed in range(REPEATS):
        folds = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
        for fold in range(FOLDS):
            # A row with several right verdicts counts as a part of each.
            parts = [(at, right) for at in np.flatnonzero(folds != fold).tolist() for right in rows[at].verdicts]
            weights = [1 / len(rows[at].verdicts) for at, _ in parts]
            model = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION, max_iter=1000))
            model.fit(
                matrix[[at for at, _ in parts]],
                [right for _, right in parts],
                logisticregression__sample_weight=weights,
            )
            mine = np.flatnonzero(folds == fold)
            columns = np.array([_CLASSES.index(each) for each in model.classes_])
            found[seed][np.ix_(mine, columns)] = model.predict_proba(matrix[mine])
    return found


def _mean(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None
