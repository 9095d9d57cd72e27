"""Metrics of questions by entry point: outcome and duration."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.answering.answer import Answer
from bot.discord.errors import Expired, NotAllowed, OnCooldown, is_too_late
from bot.discord.workers.answer_queue import QueueFull, ShuttingDown
from bot.ops.metrics import Entry, Metrics, Outcome
from corpus.errors import BadInput

_OUTCOMES: tuple[tuple[type[Exception], Outcome], ...] = (
    (OnCooldown, Outcome.TOO_FAST),
    (BadInput, Outcome.INVALID),
    (Expired, Outcome.INVALID),
    (NotAllowed, Outcome.INVALID),
    (QueueFull, Outcome.BUSY),
    (ShuttingDown, Outcome.CLOSING),
)


class MeasuredQuestion:
    """One question to measure; without an answer or an error it does not count."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None

    def showed(self, answer: Answer | None) -> None:
        """Note that an answer was shown, or (None) a page without a verdict of its own: sources, a list of claims."""
        if answer is None:
            self.outcome = Outcome.PAGE
        else:
            self.outcome = Outcome(answer.verdict.value) if answer.verdict else Outcome.OPEN


@asynccontextmanager
async def measure_question(metrics: Metrics, entry: Entry, arrived: float) -> AsyncIterator[MeasuredQuestion]:
    """Count the block as one question, if it ends in an answer or an error.

    Args:
        metrics: the counters to update.
        entry: the entry point.
        arrived: when the question arrived, by `time.monotonic()`.
    """
    measured = MeasuredQuestion()
    try:
        yield measured
    except Exception as error:
        metrics.count_question(entry, _outcome(error))
        raise
    if measured.outcome is not None:
        metrics.count_question(entry, measured.outcome)
    if measured.outcome not in {None, Outcome.PAGE}:
        metrics.observe_answer_time(time.monotonic() - arrived)


def _outcome(error: Exception) -> Outcome:
    if is_too_late(error):
        return Outcome.TOO_LATE
    return next((outcome for kind, outcome in _OUTCOMES if isinstance(error, kind)), Outcome.FAILED)
