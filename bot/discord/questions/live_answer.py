"""An answer on the screen, to which next questions and written sentences are added in place as they arrive."""

import asyncio
import time
from dataclasses import replace

import structlog

from bot.answering.answer import Answer
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Delivery, QuestionGone
from bot.discord.transport.retry import REQUEST_ERRORS
from bot.discord.views.answer_page import AnswerOptions, Suggestion, answer_page
from bot.writer.written import Written

log = structlog.get_logger(__name__)

# Seconds between edits while sentences arrive: Discord lets five a channel through in five seconds, answers included.
EDIT_PACE_S = 2.5


class LiveAnswer:
    """One shown answer.

    Args:
        answer: the answer.
        options: how it is shown now.
        phrases: the texts.
        delivery: the message that shows it.
    """

    def __init__(self, answer: Answer, options: AnswerOptions, phrases: Phrases, delivery: Delivery) -> None:
        self._answer = answer
        self._options = options
        self._phrases = phrases
        self._delivery = delivery
        self._lock = asyncio.Lock()
        self._edited_at = 0.0

    async def suggest(self, suggestions: tuple[Suggestion, ...]) -> None:
        """Add next questions."""
        self._options = replace(self._options, suggestions=suggestions)
        await self._amend()

    async def show_progress(self, written: Written) -> None:
        """Show the sentences that are proven so far, unless the last edit was a moment ago."""
        if time.monotonic() - self._edited_at >= EDIT_PACE_S:
            self._options = replace(self._options, written=written)
            await self._amend()

    async def finish(self, written: Written | None) -> None:
        """Show what was written; None for the quotes alone, as before."""
        if written != self._options.written:
            self._options = replace(self._options, written=written)
            await self._amend()

    async def _amend(self) -> None:
        async with self._lock:
            self._edited_at = time.monotonic()
            try:
                await self._delivery.amend(answer_page(self._answer, self._options, self._phrases))
            except (*REQUEST_ERRORS, QuestionGone) as error:
                log.info("answer not amended", failure=type(error).__name__)
