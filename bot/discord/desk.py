"""Answers questions off the event loop, one at a time, with a queue that has an end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime

from bot.answering.answer import Answer
from bot.service import Attache
from corpus.errors import AttacheError
from index.filters import Filters

# Longer queues would answer after the asker has gone; a second of work each makes half a minute.
LONGEST_QUEUE = 30
# Seconds for telling those who were not answered.
APOLOGIES_S = 3.0


class DeskBusy(AttacheError):
    """Too many questions are waiting."""


class DeskClosed(AttacheError):
    """The bot is shutting down and takes no more questions."""


class Desk:
    """Takes questions from the event loop and has one thread answer them."""

    def __init__(self, attache: Attache) -> None:
        self._attache = attache
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self._waiting = 0
        self._visits = 0
        self._is_open = True
        self._idle = asyncio.Event()
        self._idle.set()

    async def warm_up(self) -> None:
        """Opens the corpus and loads the model, so that the first question doesn't wait for them."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._attache.open)

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[None]:
        """Holds the desk open from a question's arrival until its reply is sent."""
        self._visits += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._visits -= 1
            if self._visits == 0:
                self._idle.set()

    async def ask(self, question: str, filters: Filters, now: datetime) -> Answer:
        """Answers a question.

        Raises:
            DeskBusy: too many are waiting.
            DeskClosed: the bot is shutting down.
            AttacheError: whatever `Attache.ask` raises.
        """
        if not self._is_open:
            raise _closed()
        if self._waiting >= LONGEST_QUEUE:
            raise DeskBusy(f"{self._waiting} questions are waiting already.", "Please ask again in a minute.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, lambda: self._attache.ask(question, filters, now=now))
        except asyncio.CancelledError as error:
            if self._is_open:
                raise
            raise _closed() from error
        finally:
            self._waiting -= 1

    async def close(self, patience_s: float) -> None:
        """Takes no more questions, waits for the replies under way, and tells the rest that it is closing."""
        self._is_open = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), patience_s)
        # The question that is being answered is let finish: the corpus is closed after this.
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), APOLOGIES_S)


def _closed() -> DeskClosed:
    return DeskClosed("I am restarting and take no questions right now.", "Please ask again in a minute.")
