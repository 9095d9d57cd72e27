"""Asks every question of a file and counts what was found, shown and refused."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bot.answering.answer import Answer
from bot.answering.composer import Composed
from bot.quality.rows import Row, holds_answer
from bot.quality.verdict_rows import Judged, judge_answer, summarise_verdicts
from bot.service.attache import Attache

DEPTHS = (1, 3, 5, 10)
ARTICLE_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row.

    `rank` is the place, from 1, of the first passage that holds an answer, None where none of the first ten does;
    `article_rank` likewise for the first of the known articles. `shown`: an answer stands in what the user is shown,
    None for a row that states none. `judged` is what became of the verdict, None for a row that states none.
    """

    id: str
    question: str
    answerable: bool
    rank: int | None
    article_rank: int | None
    shown: bool | None
    refused: bool
    confidence: float
    measures: dict[str, float]
    timings_ms: dict[str, float]
    judged: Judged | None = None


def evaluate(attache: Attache, rows: Sequence[Row], on_done: Callable[[], None]) -> list[Outcome]:
    """Asks every row's question, as at the time it was asked."""
    attache.open()
    attache.ask("warm-up")
    outcomes = []
    for row in rows:
        outcomes.append(_outcome(attache, row))
        on_done()
    return outcomes


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The figures over all rows: shares from 0 to 1, None where there is no row of the kind; times in milliseconds."""
    known = [each for each in outcomes if each.answerable]
    stated = [each for each in known if each.shown is not None]
    absent = [each for each in outcomes if not each.answerable]
    figures: dict[str, Any] = {"answerable": len(known), "absent": len(absent)}
    for depth in DEPTHS:
        figures[f"hit@{depth}"] = _share([each.rank is not None and each.rank <= depth for each in stated])
    figures[f"article_hit@{ARTICLE_DEPTH}"] = _share(
        [each.article_rank is not None and each.article_rank <= ARTICLE_DEPTH for each in known]
    )
    figures["shown"] = _share([bool(each.shown) for each in stated])
    figures["wrongly_refused"] = _share([each.refused for each in known])
    figures["absent_refused"] = _share([each.refused for each in absent])
    figures |= summarise_verdicts([each.judged for each in outcomes if each.judged is not None])
    figures["latency_ms"] = _latencies(outcomes)
    return figures


def outcome_shape(outcome: Outcome) -> dict[str, Any]:
    """One row's outcome as JSON."""
    return asdict(outcome)


def _outcome(attache: Attache, row: Row) -> Outcome:
    composed = attache.investigate(row.question, now=row.asked_at)
    hits = composed.result.hits[: max(DEPTHS)]
    found = (holds_answer(f"{hit.article.title or ''} | {hit.passage.text}", row.answers) for hit in hits)
    known = (hit.article.external_id in row.article_ids for hit in hits)
    return Outcome(
        id=row.id,
        question=row.question,
        answerable=row.answerable,
        rank=_first(found),
        article_rank=_first(known),
        shown=holds_answer(shown_text(composed.answer), row.answers) if row.answers else None,
        refused=composed.answer.is_refusal,
        confidence=composed.answer.confidence,
        measures=composed.measures,
        timings_ms=composed.answer.timings_ms,
        judged=judge_answer(composed.answer, row, external_ids(composed)),
    )


def shown_text(answer: Answer) -> str:
    """All that an answer shows of the corpus: the quotes and the titles that they are cited with."""
    return " | ".join(f"{each.quote.text} | {each.citation.title or ''}" for each in answer.evidence)


def external_ids(composed: Composed) -> dict[int, str | None]:
    """The ids that the articles found came with, by the corpus's own."""
    return {hit.article.id: hit.article.external_id for hit in composed.result.hits}


def spread(times: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile of times."""
    return {"p50": round(float(np.percentile(times, 50)), 2), "p95": round(float(np.percentile(times, 95)), 2)}


def _first(found: Iterable[bool]) -> int | None:
    return next((place for place, is_found in enumerate(found, start=1) if is_found), None)


def _share(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None


def _latencies(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    stages = list(outcomes[0].timings_ms) if outcomes else []
    series = {stage: [each.timings_ms.get(stage, 0.0) for each in outcomes] for stage in stages}
    return {stage: spread(times) for stage, times in series.items()}
