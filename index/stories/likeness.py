"""How likely two articles tell of one event, from their vectors, names and days: a fitted logistic regression."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Fitted on the first half of the labelled pairs by `python -m evals train stories` (docs/evaluation.md): the weights of
# the cosine of vectors, of names, and of days apart, and the bias; then without names, where one article has none.
WITH_NAMES = (5.35, 2.46, -0.373, -2.33)
WITHOUT_NAMES = (5.92, 0.0, -0.359, -2.25)


def likeness(cosines: Floats, names: Floats | float | None, days: Floats) -> Floats:
    """Return probabilities `(n,)` that articles tell of one event.

    Args:
        cosines: of their vectors, `(n,)`.
        names: of their names weighted by rarity, `(n,)` from 0 to 1 or one for all; None where there are no names.
        days: the days between them, `(n,)`.
    """
    weights = WITHOUT_NAMES if names is None else WITH_NAMES
    logits = weights[0] * cosines + weights[1] * (0.0 if names is None else names) + weights[2] * days + weights[3]
    result: Floats = 1 / (1 + np.exp(-logits))
    return result


def story_likeness(members: Floats | Sequence[float]) -> float:
    """Return how likely an article belongs to a story, from its likeness to each recent article of the story.

    Half the best and half the mean: the best alone chains events, the mean alone splits long ones (measured).
    """
    values = np.asarray(members, dtype=np.float64)
    return float(values.max() + values.mean()) / 2
