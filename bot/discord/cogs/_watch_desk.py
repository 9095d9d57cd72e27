"""Asks watched questions again where new passages are near to them, and has the changes told."""

import asyncio
import time
from datetime import UTC, datetime
from functools import partial

import numpy as np
import structlog
from sqlite_utils import Database

from bot.answering.answer_changes import AnswerChange, ChangeKind
from bot.discord.bot import AttacheBot
from bot.discord.cogs._watch_teller import WatchTeller, scope_of_watch
from bot.discord.scope import Bounds
from bot.records import watch_outbox as outbox
from bot.records import watches as stored
from bot.records.watches import Watch
from bot.service.near_questions import find_near, newest_passage, read_new
from bot.service.watched_answers import DUE_AT_ONCE, LOOKS_S, change_text, embed_question, look_again
from corpus.errors import BadInput
from corpus.timestamps import utc_now, utc_text

log = structlog.get_logger(__name__)

# Watches that are read at once.
WATCHES_AT_ONCE = 50
# Seconds for which a look gives way to members who wait for an answer, and between two checks.
GIVE_WAY_S, CHECK_S = 5.0, 0.05


class WatchDesk:
    """Does what is due. Only one runs at a time, in one process.

    Attributes:
        looks_s: seconds of each round that may go into asking again.
    """

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self.looks_s = LOOKS_S
        # Negative after a look that took longer.
        self._left_s = 0.0
        self._teller = WatchTeller(bot)

    async def work_all(self) -> None:
        """Compare what came in with the watched questions, ask those again that it is near to, and tell the changes.

        Raises:
            AttacheError: records or corpus can't be read, or too many questions wait; the next round goes on.
        """
        await self._compare_new()
        now = utc_now()
        await self.bot.records.run(lambda db: stored.mark_stale(db, now, WATCHES_AT_ONCE))
        await self._look_again()
        await self.bot.records.run(lambda db: _doubt_unchanged(db, now))
        await self._teller.tell_all()
        await self.bot.records.run(lambda db: outbox.prune(db, now))

    async def _compare_new(self) -> None:
        """Note which watches have new passages near."""
        model, dimension = await self.bot.answer_queue.run_aside(
            lambda attache: (attache.embedder.fingerprint, attache.embedder.dimension)
        )
        last = await self.bot.records.read(stored.compared_to)
        if last is None:
            first = await self.bot.corpus_reader.run(newest_passage)
            await self.bot.records.run(lambda db: stored.mark_near(db, (), first))
            return
        reached = last
        while True:
            passages, reached = await self.bot.corpus_reader.run(
                partial(read_new, fingerprint=model, dimension=dimension, after=last)
            )
            if reached == last:
                return
            near: list[int] = []
            if passages:
                await self._embed_missing(model)
                known = await self.bot.records.read(partial(stored.load_vectors, model=model))
                found = await asyncio.to_thread(find_near, known.vectors, known.servers, passages)
                near = known.ids[np.flatnonzero(found)].tolist()
            await self.bot.records.run(partial(stored.mark_near, watch_ids=near, last_passage=reached))
            last = reached

    async def _embed_missing(self, model: str) -> None:
        """Embed questions that have no vector of this model: it was changed since."""
        while missing := await self.bot.records.read(partial(stored.without_vector, model=model, most=WATCHES_AT_ONCE)):
            for watch_id, question in missing:
                vector = await self.bot.answer_queue.run_aside(partial(embed_question, question=question))
                await self.bot.records.run(partial(stored.save_vector, watch_id=watch_id, model=model, vector=vector))

    async def _look_again(self) -> None:
        """Ask due questions again, one at a time, and store what changed; what is left waits for the next round."""
        self._left_s = min(self.looks_s, self._left_s + self.looks_s)
        skipped = 0
        while due := await self.bot.records.read(partial(stored.due_watches, skip=skipped, most=DUE_AT_ONCE)):
            for watch in due:
                if self._left_s <= 0:
                    return
                took_s = await self._look(watch)
                skipped += took_s is None
                self._left_s -= took_s or 0.0

    async def _look(self, watch: Watch) -> float | None:
        """Ask one question again; return the seconds that it took, None if it stays due."""
        # While articles are being added, an addition that fails takes them back.
        is_busy = any(job.is_shared or job.server_id == watch.server_id for job in self.bot.jobs.all)
        scope = None if is_busy else await scope_of_watch(self.bot, watch)
        if scope is None:
            return None
        try:
            filters = scope.filters(Bounds.from_record(watch.since, watch.until, watch.publishers))
        except BadInput:
            # The channel excludes the publisher by now.
            await self.bot.records.run(lambda db: stored.clear_due(db, watch.id, utc_now()))
            return 0.0
        waited = 0.0
        while self.bot.answer_queue.waiting and waited < GIVE_WAY_S:
            await asyncio.sleep(CHECK_S)
            waited += CHECK_S
        moment, began = datetime.now(UTC), time.perf_counter()
        try:
            look = await self.bot.answer_queue.run(partial(look_again, watch=watch, filters=filters, now=moment))
        except BadInput:
            await self.bot.records.run(lambda db: stored.clear_due(db, watch.id, utc_now()))
            return time.perf_counter() - began
        took_s = time.perf_counter() - began
        told = [change_text(each) for each in look.changes]
        now = utc_text(moment)
        await self.bot.records.run(
            lambda db: outbox.record_look(db, watch, look.verdict, look.marks, look.last_passage, told, now)
        )
        return took_s


def _doubt_unchanged(db: Database, now: str) -> None:
    """Have watchers asked whether to go on where nothing changed for long."""
    text = change_text(AnswerChange(ChangeKind.UNCHANGED))
    outbox.add_changes(db, [(each, text) for each in stored.take_unchanged(db, now, WATCHES_AT_ONCE)], now)
