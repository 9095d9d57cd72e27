"""Measures a reader on annotated passages: relations, whether there is an answer, and where."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bot.answering.reader.reading import RELATIONS, Excerpt, Reader, Reading, Relation
from evals.reader.reader_rows import Example

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


def _relations(judged: Sequence[tuple[Relation, Reading]]) -> dict[str, Any]:
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


def _answers(opened: Sequence[tuple[Example, Reading]]) -> dict[str, Any]:
    scores = [(bool(each.spans), reading.found[0].odds if reading.found else -np.inf) for each, reading in opened]
    answered = np.array([score for has, score in scores if has])
    absent = np.array([score for has, score in scores if not has])
    above = answered[:, np.newaxis] - absent[np.newaxis, :]
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
        "has_answer_auc": round(float((above > 0).mean() + 0.5 * (above == 0).mean()), 4) if above.size else None,
        "span_overlaps": _mean(overlapping),
    }


def _likeliest(reading: Reading) -> Relation:
    return RELATIONS[max(range(len(RELATIONS)), key=reading.relations.__getitem__)]


def _mean(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None
