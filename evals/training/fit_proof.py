"""Fits how probable it is that quotes say a sentence, on drafts with planted faults."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.writer.proof import Prover, Weighed
from bot.writer.proof_model import ProofModel
from corpus.errors import BadInput
from evals.quality.writer_figures import FaultyDraft

Floats = NDArray[np.float64]

FOLDS = 10
# Inverse regularisation strength (scikit-learn's C).
REGULARISATION = 0.1
# The least probabilities whose trade-off is told.
CURVE_POINTS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A weighed sentence: whether it is true, and what is left out together with it, the sentences on one article."""

    group: str
    weighed: Weighed
    is_true: bool


@dataclass(frozen=True, slots=True)
class ProofPoint:
    """The trade-off at a least probability: shares of the planted faults and of the true sentences."""

    shown_from: float
    faults_caught: float
    true_dropped: float


@dataclass(frozen=True, slots=True)
class ProofFit:
    """A fitted model, and its trade-offs on articles that it was not fitted on."""

    model: ProofModel
    curve: list[ProofPoint]


def judge(prover: Prover, drafts: Sequence[FaultyDraft], advance: Callable[[], None]) -> list[JudgedSentence]:
    """Weigh the sentences of drafts, and their faulty ones."""
    found = []
    for each in drafts:
        group = each.evidence[0].citation.title or ""
        found += [JudgedSentence(group, prover.weigh(draft, each.evidence), True) for draft in each.sentences]
        found.append(JudgedSentence(group, prover.weigh(each.faulty, each.evidence), False))
        advance()
    return found


def fit_proofs(sentences: Sequence[JudgedSentence], shown_from: float) -> ProofFit:
    """Fit on the sentences that are right by value and that something speaks against, with a curve by cross-validation.

    The others are decided without the model, but counted.

    Args:
        sentences: on at least two articles.
        shown_from: the probability from which a sentence is to be shown.

    Raises:
        BadInput: too few true or faulty sentences are open to tell them apart.
    """
    weighed = [each for each in sentences if _is_open(each.weighed)]
    places = {id(each): place for place, each in enumerate(weighed)}
    measured = [each.weighed.measured.values for each in weighed if each.weighed.measured is not None]
    is_true = np.array([each.is_true for each in weighed])
    groups = sorted({each.group for each in weighed})
    folds = np.array([groups.index(each.group) % FOLDS for each in weighed])
    if not weighed or any(len(set(is_true[folds != fold].tolist())) < 2 for fold in set(folds.tolist())):
        raise BadInput(
            "Nearly all these sentences are decided without the model.",
            "Name files with more drafts over other articles; evals/data/writer/README.md describes them.",
        )
    names = tuple(measured[0])
    inputs = np.array([[values[name] for name in names] for values in measured])
    held_out = np.zeros(len(weighed))
    for fold in sorted(set(folds.tolist())):
        model = _fit(names, inputs[folds != fold], is_true[folds != fold], shown_from)
        for at in np.flatnonzero(folds == fold).tolist():
            held_out[at] = model.probability(measured[at])
    chances = [float(held_out[places[id(each)]]) if id(each) in places else None for each in sentences]
    curve = [_point(sentences, chances, least) for least in CURVE_POINTS]
    return ProofFit(_fit(names, inputs, is_true, shown_from), curve)


def _is_open(weighed: Weighed) -> bool:
    """Return whether the model decides: nothing is wrong for certain, but something speaks against it."""
    return not weighed.faults and weighed.measured is not None and bool(weighed.measured.doubts)


def _fit(names: Sequence[str], inputs: Floats, is_true: NDArray[np.bool_], shown_from: float) -> ProofModel:
    means, scales = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-3)
    fitted = LogisticRegression(C=REGULARISATION, max_iter=2_000).fit((inputs - means) / scales, is_true)
    return ProofModel(
        measures=list(names),
        means=_rounded(means),
        scales=_rounded(scales),
        weights=_rounded(fitted.coef_[0]),
        intercept=round(float(fitted.intercept_[0]), 5),
        shown_from=shown_from,
        fitted_on=len(inputs),
    )


def _point(sentences: Sequence[JudgedSentence], chances: Sequence[float | None], shown_from: float) -> ProofPoint:
    shown = [
        not each.weighed.faults if chance is None else chance >= shown_from
        for each, chance in zip(sentences, chances, strict=True)
    ]
    true = [is_shown for each, is_shown in zip(sentences, shown, strict=True) if each.is_true]
    faulty = [is_shown for each, is_shown in zip(sentences, shown, strict=True) if not each.is_true]
    return ProofPoint(shown_from, 1 - _share(faulty), 1 - _share(true))


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), 4) if flags else 0.0


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 5) for value in values]
