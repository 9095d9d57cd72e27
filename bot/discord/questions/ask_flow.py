"""The way of a question: cooldown, queue, answer, page, and what is kept of it for its buttons and follow-ups."""

import asyncio
import time
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import discord
import structlog
from sqlite_utils import Database

from bot.answering.answer import Answer
from bot.answering.cited_places import place_of
from bot.discord.questions.cooldowns import Cooldowns
from bot.discord.scope import NO_BOUNDS, Bounds, Scope
from bot.discord.transport.page import Delivery, text_page
from bot.discord.views.answer_page import Shown, answer_page
from bot.discord.workers.answer_queue import Desk
from bot.ops.metrics import Metrics
from bot.records import asked, insights
from bot.records.asked import Asked, new_token
from bot.records.batch_delete import delete_answers
from bot.records.records import Records
from corpus.errors import StorageFailure
from corpus.timestamps import utc_text

log = structlog.get_logger(__name__)

# Who is to wait longer, in seconds, is told so; who waits less sees the answer nearly as soon as the notice.
LONG_WAIT_S = 1.0
# Seconds that an answer waits for being kept; what takes longer may still be stored, but no button leads to it.
KEEPING_S = 2.0
# Seconds that a question waits for what it may follow up to be noted. A channel takes five messages in five seconds,
# and the library tells of the fifth only when those are over; the next answer there would wait as long.
NOTING_S = 5.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    `text` is the whole question; `understood` says that something was filled in to make it so, `is_claim` that it is a
    statement to check.
    """

    text: str
    original: str
    bounds: Bounds = NO_BOUNDS
    understood: bool = False
    is_claim: bool = False
    private: bool = False


class Asking:
    """Answers questions wherever they come from.

    Args:
        desk: works the answers out.
        records: keeps what their buttons need.
        cooldowns: counts who asks how often.
        metrics: told how long the keeping took; by default ones that nobody reads.
    """

    def __init__(self, desk: Desk, records: Records, cooldowns: Cooldowns, metrics: Metrics | None = None) -> None:
        self._desk = desk
        self._records = records
        self._cooldowns = cooldowns
        self._metrics = metrics or Metrics()
        # Answers that are being shown, and where.
        self._showing: dict[asyncio.Future[None], int] = {}

    def admit(self, scope: Scope) -> None:
        """Counts a question that is about to be answered.

        Raises:
            TooFast: the asker, or the server, asked too often.
        """
        self._cooldowns.take(scope)

    def may_be_told(self, user_id: int) -> bool:
        """Whether a member is told of a refusal: once a minute."""
        return self._cooldowns.may_be_told(user_id)

    async def answer(self, question: Question, scope: Scope, delivery: Delivery, *, tells_place: bool = True) -> Answer:
        """Answers a question that was admitted, shows the answer and returns it.

        Args:
            question: what is asked.
            scope: who asks and where.
            delivery: where the answer goes.
            tells_place: whether somebody who has to wait is told the place in the queue, where the answer will be.

        Raises:
            AttacheError: it can't be answered now.
        """
        if tells_place and self._desk.wait_s >= LONG_WAIT_S:
            notice = text_page(scope.phrases.say("in-queue", place=self._desk.waiting + 1))
            await delivery.show(replace(notice, is_plain=scope.settings.answer_style == "plain"))
        answer = await self.ask(question, scope)
        await self.show(answer, question, scope, delivery)
        return answer

    async def ask(self, question: Question, scope: Scope) -> Answer:
        """The answer to a question that was admitted, shown to nobody yet; raises as `answer` does."""
        return await self._desk.ask(question.text, scope.filters(question.bounds), datetime.now(UTC))

    async def show(self, answer: Answer, question: Question, scope: Scope, delivery: Delivery) -> None:
        """Shows an answer and keeps what its buttons need, unless Discord refuses to show it.

        Raises:
            discord.HTTPException: Discord refuses.
        """
        # The place is kept before anybody can see the answer: whoever asks further at once is understood.
        channel_id = delivery.channel_id or scope.channel_id
        with self._being_shown(channel_id):
            await self._show(answer, question, scope, delivery, channel_id)

    async def noted(self, places: Set[int | None]) -> None:
        """Waits until it is noted which messages show the answers that are being shown in some channels.

        Whoever sees a message can reply to it, or open a thread from it, before the bot hears that it was sent.
        """
        if showing := [shown for shown, channel_id in self._showing.items() if channel_id in places]:
            await asyncio.wait(showing, timeout=NOTING_S)

    @contextmanager
    def _being_shown(self, channel_id: int) -> Iterator[None]:
        shown = asyncio.get_running_loop().create_future()
        self._showing[shown] = channel_id
        try:
            yield
        finally:
            del self._showing[shown]
            shown.set_result(None)

    async def _show(
        self, answer: Answer, question: Question, scope: Scope, delivery: Delivery, channel_id: int
    ) -> None:
        token = await self._keep(answer, question, scope, channel_id)
        shown = Shown(
            token=token,
            understood=answer.question if question.understood else "",
            is_claim=question.is_claim,
            bounds=question.bounds,
            private=question.private,
            is_plain=scope.settings.answer_style == "plain",
        )
        try:
            message_id = await delivery.show(answer_page(answer, shown, scope.phrases))
        except discord.HTTPException as error:
            # Nobody may ask further about what nobody saw, least of all about a private question.
            if token and error.status < 500:
                await self._store(partial(delete_answers, tokens=(token,)), "an answer could not be let go")
            raise
        if token and message_id is not None:
            # It may have gone elsewhere than was meant: a thread can be closed meanwhile.
            place = delivery.channel_id or scope.channel_id
            await self._store(
                lambda db: asked.set_message(db, token, place, message_id), "a message could not be noted"
            )

    async def _keep(self, answer: Answer, question: Question, scope: Scope, channel_id: int) -> str:
        """Keeps the answer; its token, or none where it could not be kept: then it is shown without buttons."""
        kept = Asked(
            token=new_token(),
            kind="answer",
            user_id=scope.user_id,
            server_id=scope.server_id,
            channel_id=channel_id,
            message_id=None,
            question=answer.question,
            original=question.original,
            since=question.bounds.since.isoformat() if question.bounds.since else None,
            until=question.bounds.until.isoformat() if question.bounds.until else None,
            publishers=question.bounds.publishers,
            verdict=answer.verdict.value if answer.verdict else None,
            headline=answer.headline,
            private=question.private,
            asked_at=utc_text(answer.asked_at),
            cited=tuple(place_of(each.quote) for each in answer.evidence),
        )
        # What nobody else saw is not shown to admins as text, whatever came of it.
        may_list = scope.settings.count_unanswered and not question.private and scope.server_id is not None
        text = answer.question if answer.is_refusal and may_list else None

        def store(db: Database) -> None:
            asked.save(db, kept)
            insights.count(db, scope.server_id, kept.asked_at[:10], refused=answer.is_refusal, question=text)

        began = time.monotonic()
        try:
            await asyncio.wait_for(self._records.run(store), KEEPING_S)
        except (StorageFailure, TimeoutError) as failure:
            # An answer is worth more than its buttons.
            log.warning("an answer could not be kept", reason=str(failure) or "It took too long.")
            return ""
        finally:
            self._metrics.took("keep", time.monotonic() - began)
        return kept.token

    async def _store(self, work: Callable[[Database], object], failed: str) -> None:
        try:
            await self._records.run(work)
        except StorageFailure as failure:
            log.warning(failed, reason=failure.message)
