"""Asks questions with known answers, and counts what was found, shown and refused."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.quality.rows import Row, contains_answer
from bot.quality.verdict_rows import VerdictOutcome, judge_answer, summarise_verdicts
from bot.service.attache import Attache

DEPTHS = (1, 3, 5, 10)
ARTICLE_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one row.

    `rank`, from 1, is that of the first of ten passages that holds an answer, `article_rank` that of the first from a
    known article; None if there is none. `shown`: the quotes or titles shown hold an answer; None for a row that states
    none. `judged` is None for a row without a verdict.
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
    verdict_measures: Mapping[str, float]
    timings_ms: dict[str, float]
    judged: VerdictOutcome | None = None


def evaluate(attache: Attache, rows: Sequence[Row], on_done: Callable[[], None]) -> list[Outcome]:
    """Ask every row's question, as of the time it was asked."""
    attache.open()
    attache.ask("warm-up")
    outcomes = []
    for row in rows:
        outcomes.append(_outcome(attache, row))
        on_done()
    return outcomes


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures over all rows: shares from 0 to 1, None without rows; times in milliseconds."""
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


def _outcome(attache: Attache, row: Row) -> Outcome:
    composed = attache.investigate(row.question, now=row.asked_at)
    hits = composed.result.hits[: max(DEPTHS)]
    external_ids = {hit.article.id: hit.article.external_id for hit in composed.result.hits}
    found = (contains_answer(f"{hit.article.title or ''} | {hit.passage.text}", row.answers) for hit in hits)
    known = (hit.article.external_id in row.article_ids for hit in hits)
    shown = " | ".join(f"{each.quote.text} | {each.citation.title or ''}" for each in composed.answer.evidence)
    return Outcome(
        id=row.id,
        question=row.question,
        answerable=row.answerable,
        rank=_first_rank(found),
        article_rank=_first_rank(known),
        shown=contains_answer(shown, row.answers) if row.answers else None,
        refused=composed.answer.is_refusal,
        confidence=composed.answer.confidence,
        measures=composed.measures,
        verdict_measures=composed.verdict_measures,
        timings_ms=composed.answer.timings_ms,
        judged=judge_answer(composed.answer, row, external_ids),
    )


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Return the median and 95th percentile."""
    return {"p50": round(float(np.percentile(times, 50)), 2), "p95": round(float(np.percentile(times, 95)), 2)}


def _first_rank(matches: Iterable[bool]) -> int | None:
    return next((rank for rank, is_match in enumerate(matches, start=1) if is_match), None)


def _share(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None


def _latencies(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    stages = list(outcomes[0].timings_ms) if outcomes else []
    series = {stage: [each.timings_ms.get(stage, 0.0) for each in outcomes] for stage in stages}
    return {stage: percentiles(times) for stage, times in series.items()}
