"""The path of a question: cooldown, queue, answer, page, and the record for its buttons and follow-ups."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import discord
import structlog
from sqlite_utils import Database

from bot.answering.answer import Answer, Evidence, NoteKind, Verdict
from bot.answering.cited_places import place_of
from bot.answering.question.kind import LONGEST_QUESTION
from bot.answering.question.several import split_questions
from bot.discord.questions.live_answer import LiveAnswer
from bot.discord.questions.near_passages import NearPassages
from bot.discord.questions.statements import complete_statements
from bot.discord.questions.stored_question import new_record
from bot.discord.questions.suggestions import MAX_SUGGESTIONS, suggest
from bot.discord.questions.write_flow import WriteFlow
from bot.discord.scope import NO_BOUNDS, Bounds, Scope
from bot.discord.transport.page import Delivery, FollowUpDelivery, Page, QuestionGone, text_page
from bot.discord.views.answer_page import NO_HELP, AnswerOptions, RefusalHelp, Suggestion, answer_page, shown_quotes
from bot.discord.views.buttons import remove_buttons
from bot.discord.views.claims import claims_page
from bot.discord.workers.answer_queue import AnswerQueue
from bot.ops.metrics import Metrics
from bot.records import asked, insights
from bot.records.asked import AskedQuestion, new_token
from bot.records.batch_delete import delete_answers
from bot.records.due import save_latest
from bot.records.records import Records
from bot.render.answer_words import headline_words
from corpus.errors import AttacheError, StorageFailure
from corpus.publishers.directory import Publishers
from corpus.timestamps import utc_text
from index.filters import Filters

log = structlog.get_logger(__name__)

# For a longer wait, in seconds, the asker sees their place in the queue; a shorter one ends almost with that notice.
LONG_WAIT_S = 1.0
# Seconds for storing an answer; one that takes longer is shown without buttons.
SAVE_TIMEOUT_S = 2.0
# Seconds that a follow-up waits until the answer before it is recorded. Discord lets five messages a channel through in
# five seconds; discord.py returns from the fifth only after those, and the next answer there would wait as long.
RECORD_TIMEOUT_S = 5.0
_AS_CLAIM = "Is it true that {}?"
# In other languages than English there is no verdict, as a claim or not.
_BY_WORDS = frozenset((NoteKind.READ_BY_WORDS, NoteKind.ARTICLES_IN_OTHER_LANGUAGE))


@dataclass(frozen=True, slots=True)
class Question:
    """A question to answer.

    `text` is the complete question, `original` what the user wrote; `is_completed` marks that they differ on purpose,
    as in a follow-up. `is_claim` marks a statement to check, `is_more` further quotes of an answer. `message_id` is the
    message that asked, if one did, and `note` a quiet line below its answer. `also` are further questions of the same
    message, which buttons ask. `seen` are the article and start of each
    quote that the conversation has shown before.
    """

    text: str
    original: str
    bounds: Bounds = NO_BOUNDS
    is_completed: bool = False
    is_claim: bool = False
    private: bool = False
    message_id: int | None = None
    note: str = ""
    is_more: bool = False
    also: tuple[str, ...] = ()
    seen: tuple[tuple[int, int], ...] = ()


class AskFlow:
    """Answers questions from every entry point.

    Args:
        queue: works the answers out.
        passages: finds what is nearest to a question without an answer.
        records: stores what their buttons need.
        metrics: observes how long storing takes.
        writes: has answers written; None for quotes alone.
    """

    def __init__(
        self,
        queue: AnswerQueue,
        passages: NearPassages,
        records: Records,
        metrics: Metrics | None = None,
        writes: WriteFlow | None = None,
    ) -> None:
        self._queue = queue
        self._passages = passages
        self._records = records
        self._writes = writes
        self._metrics = metrics or Metrics()
        # Answers that are being sent, by the channel they go to.
        self._sending: dict[asyncio.Future[None], int] = {}
        # What is still added to shown answers, with the message that asked.
        self._adding: dict[asyncio.Task[None], int | None] = {}

    async def answer(
        self, question: Question, scope: Scope, delivery: Delivery, *, show_queue_position: bool = True
    ) -> Answer:
        """Answer a question, show the answer and return it. The caller has counted it against the cooldowns.

        Args:
            question: the question.
            scope: who asks and where.
            delivery: where the answer goes.
            show_queue_position: whether to show the place in the queue first if the wait is long.

        Raises:
            AttacheError: no answer is possible now.
        """
        if show_queue_position and self._queue.wait_s(scope.account) >= LONG_WAIT_S:
            notice = text_page(scope.phrases.say("in-queue", place=self._queue.ahead_of(scope.account) + 1))
            await delivery.show(replace(notice, is_plain=scope.settings.answer_style == "plain"))
        if not question.is_claim and len(parts := split_questions(question.text)) > 1:
            question = replace(question, text=parts[0], is_completed=True, also=tuple(parts[1:MAX_SUGGESTIONS]))
        answer = await self.ask(question, scope)
        await self.show(answer, question, scope, delivery)
        return answer

    async def check(
        self, claims: Sequence[str], message: str, scope: Scope, delivery: Delivery, unchecked: int
    ) -> None:
        """Check several statements one by one, and show them with a verdict each, privately.

        Raises:
            AttacheError: no answer is possible now.
        """
        checked = complete_statements(claims)
        answers = [await self.ask(Question(claim, claim, is_claim=True), scope) for claim in checked]
        record = new_record("answer", claims[0], scope, NO_BOUNDS, private=True, original=message)
        await self.show_about(
            replace(record, offered=tuple(checked)),
            lambda token: claims_page(claims, checked, answers, unchecked, token, scope.phrases),
            scope,
            delivery,
        )

    async def ask(self, question: Question, scope: Scope) -> Answer:
        """Return the answer to a question without showing it; raise as `answer` does."""
        filters, now = scope.filters(question.bounds), datetime.now(UTC)
        answer = await self._queue.ask(question.text, filters, now, account=scope.account)
        is_topic = (
            answer.verdict is Verdict.OPEN
            and answer.proposition is None
            and not _BY_WORDS.intersection(note.kind for note in answer.notes)
        )
        asked = _AS_CLAIM.format(answer.question.rstrip(" .!"))
        if question.is_claim and is_topic and len(asked) <= LONGEST_QUESTION:
            # A statement that was taken for a topic: quotes alone don't say whether it is so.
            checked = await self._queue.ask(asked, filters, now, account=scope.account)
            answer = replace(checked, question=answer.question, original=answer.original)
        return answer

    async def show(self, answer: Answer, question: Question, scope: Scope, delivery: Delivery) -> None:
        """Show an answer and store what its buttons need, unless Discord refuses the message.

        Raises:
            discord.HTTPException: Discord refuses.
        """
        self._stop_adding(question.message_id)
        refusal_help = await self._refusal_help(question, scope) if answer.is_refusal else NO_HELP
        # Stored before anybody can see the answer, so that an immediate follow-up finds it.
        channel_id = delivery.channel_id or scope.channel_id
        with self._mark_sending(channel_id):
            options = AnswerOptions(
                understood=answer.question if question.is_completed or answer.original is not None else "",
                is_claim=question.is_claim,
                bounds=question.bounds,
                private=question.private,
                is_plain=scope.settings.answer_style == "plain",
                refusal_help=refusal_help,
                can_share=scope.may_answer,
                most_quotes=scope.channel.quotes,
                note=question.note,
                is_more=question.is_more,
                publishers=await self._publishers(question.bounds),
            )
            shown = shown_quotes(answer, options, scope.phrases)
            token = await self._save(answer, question, shown, scope, channel_id)
            options = replace(options, token=token)
            await self._deliver(token, answer_page(answer, options, scope.phrases), scope, delivery)
        # Afterwards and beside everything else, so that the shown answer never waits for it.
        live, filters = LiveAnswer(answer, options, scope.phrases, delivery), scope.filters(question.bounds)
        if token and (question.also or not answer.is_refusal) and not question.is_claim:
            self._add(self._suggest(answer, question.also, shown, filters, token, live, scope.account), question)
        can_amend = not question.is_more and not isinstance(delivery, FollowUpDelivery)
        writes = self._writes if can_amend else None
        if writes is not None and writes.may_write(answer, scope, private=question.private):
            self._add(writes.write(answer, filters, scope, live, partial(self._keep_quotes, token)), question)

    def _add(self, work: Coroutine[Any, Any, None], question: Question) -> None:
        """Run what is added to a shown answer."""
        task = asyncio.create_task(work)
        self._adding[task] = question.message_id
        task.add_done_callback(self._added)

    def _added(self, task: asyncio.Task[None]) -> None:
        self._adding.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("nothing added to an answer", failure=type(error).__name__, exc_info=error)

    def _stop_adding(self, message_id: int | None) -> None:
        """Add nothing more to the answer to a message that is answered again, since its answer is replaced."""
        for task, asked_by in list(self._adding.items()):
            if message_id is not None and asked_by == message_id:
                task.cancel()

    async def show_about(
        self, record: AskedQuestion, page: Callable[[str], Page], scope: Scope, delivery: Delivery
    ) -> None:
        """Show a page about a stored answer, and store it as that answer's, so that it can be followed up in turn.

        The record names the message that asked for this page, if one did, not the answer's own. Its asker can delete
        the page.

        Raises:
            discord.HTTPException: Discord refuses.
        """
        channel_id = delivery.channel_id or scope.channel_id
        stored = replace(
            record, token=new_token(), channel_id=channel_id, message_id=None, asked_at=utc_text(datetime.now(UTC))
        )
        with self._mark_sending(channel_id):
            is_stored = await self._store(lambda db: save_latest(db, stored), "could not store a reply")
            token = stored.token if is_stored else ""
            is_plain, shown = scope.settings.answer_style == "plain", page(token)
            # A message's reply is seen by everybody there.
            is_private = record.private and record.question_id is None
            buttons = [*shown.buttons, *remove_buttons(token, private=is_private)]
            await self._deliver(token, replace(shown, buttons=buttons, is_plain=is_plain), scope, delivery)

    async def _deliver(self, token: str, page: Page, scope: Scope, delivery: Delivery) -> None:
        """Show a page, and store which message has it."""
        try:
            message_id = await delivery.show(page)
        except (discord.HTTPException, QuestionGone) as error:
            # Nobody may follow up an answer that nobody saw, least of all a private one.
            if token and getattr(error, "status", 0) < 500:
                await self._store(partial(delete_answers, tokens=(token,)), "could not delete an unsent answer")
            raise
        if token and message_id is not None:
            # The delivery may have fallen back to another channel, such as when its thread was closed.
            place = delivery.channel_id or scope.channel_id
            await self._store(
                lambda db: asked.set_message(db, token, place, message_id), "could not store an answer's message"
            )

    async def _suggest(
        self,
        answer: Answer,
        also: Sequence[str],
        shown: Sequence[Evidence],
        filters: Filters,
        token: str,
        live: LiveAnswer,
        account: int,
    ) -> None:
        """Add buttons with next questions to a shown answer, if there are any; first with those asked `also`."""
        found = tuple(Suggestion("also", each, each) for each in also)
        if not answer.is_refusal:
            found += await suggest(self._queue, answer, shown, filters, account)
        found = found[:MAX_SUGGESTIONS]
        if not found:
            return
        offered = [each.question for each in found]
        if await self._store(lambda db: asked.set_offered(db, token, offered), "could not store suggestions"):
            await live.suggest(found)

    async def _keep_quotes(self, token: str, evidence: Sequence[Evidence]) -> None:
        """Store the quotes of a shown answer anew, for its buttons."""
        cited = [place_of(each.quote) for each in evidence]
        if token:
            await self._store(lambda db: asked.set_cited(db, token, cited), "could not store further quotes")

    async def _publishers(self, bounds: Bounds) -> Publishers | None:
        """Return what is known of publishers, where a filter names some; None if it can't be read now."""
        if not bounds.publishers:
            return None
        try:
            return await self._passages.publishers()
        except AttacheError as failure:
            log.info("publishers not marked", failure=type(failure).__name__)
            return None

    async def _refusal_help(self, question: Question, scope: Scope) -> RefusalHelp:
        """Return the nearest articles, and whether the filters hide an answer; nothing if neither can be found out."""
        try:
            nearest = await self._passages.nearest_articles(
                question.text, scope.filters(question.bounds), scope.account
            )
            if not question.bounds:
                return RefusalHelp(nearest)
            unfiltered = await self.ask(replace(question, bounds=NO_BOUNDS), scope)
        except AttacheError as failure:
            log.info("no help with a refusal", failure=type(failure).__name__)
            return NO_HELP
        return RefusalHelp(nearest, not unfiltered.is_refusal)

    async def wait_until_recorded(self, channel_ids: Set[int | None]) -> None:
        """Wait until the messages of all answers that are being sent to these channels are recorded.

        A member can reply to a message, or open a thread from it, before the bot receives its id.
        """
        if sending := [answer for answer, channel_id in self._sending.items() if channel_id in channel_ids]:
            await asyncio.wait(sending, timeout=RECORD_TIMEOUT_S)

    @contextmanager
    def _mark_sending(self, channel_id: int) -> Iterator[None]:
        sent = asyncio.get_running_loop().create_future()
        self._sending[sent] = channel_id
        try:
            yield
        finally:
            del self._sending[sent]
            sent.set_result(None)

    async def _save(
        self, answer: Answer, question: Question, shown: Sequence[Evidence], scope: Scope, channel_id: int
    ) -> str:
        """Store the answer and return its token, or "" if that failed: then it is shown without buttons."""
        record = replace(
            new_record(
                "answer",
                answer.question,
                scope,
                question.bounds,
                private=question.private,
                original=question.original,
                asked_at=answer.asked_at,
            ),
            channel_id=channel_id,
            verdict=answer.verdict.value if answer.verdict else None,
            headline=headline_words(answer),
            cited=tuple(place_of(each.quote) for each in answer.evidence),
            question_id=question.message_id,
            seen=(*question.seen, *((each.quote.article_id, each.quote.start) for each in shown)),
        )
        # Admins never see the text of a private question.
        may_list = scope.settings.count_unanswered and not question.private and scope.server_id is not None
        text = answer.question if answer.is_refusal and may_list else None

        def store(db: Database) -> None:
            save_latest(db, record)
            insights.count_question(db, scope.server_id, record.asked_at[:10], refused=answer.is_refusal, question=text)

        began = time.monotonic()
        try:
            await asyncio.wait_for(self._records.run(store), SAVE_TIMEOUT_S)
        except (StorageFailure, TimeoutError) as failure:
            # The answer matters more than its buttons.
            log.warning("could not store an answer", reason=str(failure) or "It took too long.")
            return ""
        finally:
            self._metrics.observe_stage("keep", time.monotonic() - began)
        return record.token

    async def _store(self, work: Callable[[Database], object], failed: str) -> bool:
        """Return whether something was stored: no error, and not False from `work`."""
        try:
            is_stored = await self._records.run(work)
        except StorageFailure as failure:
            log.warning(failed, reason=failure.message)
            return False
        return is_stored is not False
