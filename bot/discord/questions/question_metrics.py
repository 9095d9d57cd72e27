"""Counts questions where they come in: how each ended and how long it took."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.answering.answer import Answer
from bot.discord.errors import TooFast, is_too_late
from bot.discord.workers.answer_queue import DeskBusy, DeskClosed
from bot.ops.metrics import Entry, Metrics, Outcome
from corpus.errors import BadInput


class Counted:
    """One question that is being counted; with neither an answer nor a failure it was none."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None

    def answered(self, answer: Answer) -> None:
        """Notes that this answer was shown."""
        self.outcome = Outcome(answer.verdict.value) if answer.verdict else Outcome.OPEN


@asynccontextmanager
async def counting(metrics: Metrics, entry: Entry, arrived: float) -> AsyncIterator[Counted]:
    """Counts what happens inside as one question, if it is answered or fails.

    Args:
        metrics: where it is counted.
        entry: where it came in.
        arrived: when, by `time.monotonic()`.
    """
    counted = Counted()
    try:
        yield counted
    except Exception as failure:
        metrics.asked(entry, _outcome(failure))
        raise
    if counted.outcome is not None:
        metrics.asked(entry, counted.outcome)
        metrics.answered(time.monotonic() - arrived)


def _outcome(failure: Exception) -> Outcome:
    if is_too_late(failure):
        return Outcome.TOO_LATE
    for kind, outcome in (
        (TooFast, Outcome.TOO_FAST),
        (BadInput, Outcome.INVALID),
        (DeskBusy, Outcome.BUSY),
        (DeskClosed, Outcome.CLOSING),
    ):
        if isinstance(failure, kind):
            return outcome
    return Outcome.FAILED
