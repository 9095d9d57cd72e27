"""Measures a reader on annotated passages: relations, whether there is an answer, and where."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bot.answering.reader.relations import RELATIONS, Excerpt, Reader, ReaderOutput, Relation, heading
from bot.quality.calibrate import roc_auc
from evals.reader.reader_rows import Example

# Stands for the log odds of an answer in a text without a word.
NO_PIECE = -1e9
# Shares of the definite relations, surest first, whose rows that are right are told.
SUREST = (0.1, 0.2, 0.3, 0.5)


def measure_reader(reader: Reader, examples: Sequence[Example], on_done: Callable[[], None]) -> dict[str, Any]:
    """Read every passage with its question and compare with the annotations; shares from 0 to 1."""
    readings = []
    for each in examples:
        readings += reader.read(each.question, [Excerpt(each.heading, each.passage)])
        on_done()
    pairs = list(zip(examples, readings, strict=True))
    judged = [(Relation(each.relation), reading) for each, reading in pairs if each.relation]
    opened = [(each, reading) for each, reading in pairs if each.relation is None and each.spans is not None]
    return _relations(judged) | _answers(opened)


def measure_roles(reader: Reader, pairs: Sequence[dict[str, str]], on_done: Callable[[], None]) -> dict[str, Any]:
    """Count how often a passage that tells who did it supports the question more than the one with swapped actors."""
    right = []
    for pair in pairs:
        excerpt = Excerpt(heading(pair["published_at"], pair["publisher"], pair["title"]), pair["passage"])
        asked, swapped = (reader.read(pair[name], [excerpt])[0] for name in ("question", "swapped"))
        right.append(asked.probability(Relation.YES) > swapped.probability(Relation.YES))
        on_done()
    return {"pairs": len(right), "told_apart": _mean(right)}


def _relations(judged: Sequence[tuple[Relation, ReaderOutput]]) -> dict[str, Any]:
    told = [(wanted, _likeliest(reading), reading) for wanted, reading in judged]
    settled = [(wanted, given) for wanted, given, _ in told if wanted in {Relation.YES, Relation.NO}]
    flips = sum({wanted, given} == {Relation.YES, Relation.NO} for wanted, given in settled)
    definite = sorted(
        ((max(reading.relations), wanted is given) for wanted, given, reading in told if given is not Relation.UNKNOWN),
        reverse=True,
    )
    return {
        "yes_no_rows": len(told),
        "six_labels": _mean([wanted is given for wanted, given, _ in told]),
        "turned_round": round(flips / max(1, len(settled)), 4),
        "recall": {
            each.value: _mean([given is each for wanted, given, _ in told if wanted is each]) for each in RELATIONS
        },
        "surest_right": {
            f"{share:.0%}": _mean([right for _, right in definite[: round(share * len(definite))]]) for share in SUREST
        },
    }


def _answers(opened: Sequence[tuple[Example, ReaderOutput]]) -> dict[str, Any]:
    odds = np.array([reading.found[0].odds if reading.found else NO_PIECE for _, reading in opened])
    has_answer = np.array([bool(each.spans) for each, _ in opened], dtype=bool)
    overlapping = [
        any(
            found.span.start < end and start < found.span.end
            for start, end in each.spans or ()
            for found in reading.found[:1]
        )
        for each, reading in opened
        if each.spans
    ]
    return {
        "open_rows": len(opened),
        "has_answer_auc": round(roc_auc(odds, has_answer), 4) if 0 < has_answer.sum() < len(opened) else None,
        "span_overlaps": _mean(overlapping),
    }


def _likeliest(reading: ReaderOutput) -> Relation:
    return RELATIONS[max(range(len(RELATIONS)), key=reading.relations.__getitem__)]


def _mean(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None
