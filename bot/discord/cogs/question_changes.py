"""Edited, withdrawn and deleted questions: their answers are edited or deleted along, also over a restart."""

import asyncio
import time
from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import partial

import discord
import structlog
from discord.ext import commands

from bot.discord.bot import AttacheBot
from bot.discord.cogs.question_messages import QuestionMessages
from bot.discord.errors import OnCooldown
from bot.discord.questions.addressee import is_from_person
from bot.discord.questions.courtesies import Said
from bot.discord.transport.dedup import SeenIds
from bot.discord.transport.page import MessageDelivery
from bot.discord.transport.past_messages import first_after
from bot.discord.transport.retry import REQUEST_ERRORS, retry
from bot.records.batch_delete import delete_answers
from bot.records.due import SentAnswer, answers_to, clear_edit, due_answers, mark_due
from bot.records.sanitize import storable
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

# After a question was written, its edits are answered for this long. Both times are Discord's.
EDIT_WINDOW = timedelta(minutes=10)
# Messages after a question among which its reply is looked for, where the records don't name it.
MAX_LOOKED_THROUGH = 50


class QuestionChanges(commands.Cog):
    """Follows edits and deletions of questions. What is due is recorded before it is done."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        # The newest version of each edited question that is not answered yet.
        self._newest: dict[int, discord.Message] = {}
        self._versions = SeenIds()
        self._has_resumed = False
        # Later messages, also where this clock is behind Discord's, were not answered by the process before this one.
        self._knows_since = discord.utils.utcnow() + EDIT_WINDOW

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question again, in place, or delete its answer if it is none any more."""
        message, edited_at = event.message, event.message.edited_at
        # Discord also reports previews that it adds to a message, which are no edits.
        if edited_at is None or edited_at - message.created_at > EDIT_WINDOW or not is_from_person(message):
            return
        if self._versions.add((message.id, edited_at, hash(message.content))):
            await self._take(message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Delete the answer to a deleted question."""
        await self._delete_answers_to({event.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to questions that a moderator deleted."""
        await self._delete_answers_to(event.message_ids)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Finish what the process before this one had begun."""
        if self._has_resumed:
            return
        self._has_resumed = True
        try:
            edits = await self.bot.records.read(lambda db: due_answers(db, "edit"))
            await self._delete_all(await self.bot.records.read(lambda db: due_answers(db, "delete")))
        except AttacheError as failure:
            log.warning("could not finish edits and deletions", failure=type(failure).__name__)
            return
        for answer in edits:
            await self._resume_edit(answer)

    @property
    def _questions(self) -> QuestionMessages:
        cog = self.bot.get_cog(QuestionMessages.__cog_name__)
        assert isinstance(cog, QuestionMessages)
        return cog

    async def _take(self, message: discord.Message, *, is_forced: bool = False) -> None:
        """Answer the newest version of a question; versions that come meanwhile take the place of those that wait."""
        is_under_way = message.id in self._newest
        self._newest[message.id] = message
        if is_under_way:
            return
        try:
            await self._answer_newest(message.id, is_forced=is_forced)
        except (AttacheError, *REQUEST_ERRORS) as failure:
            log.warning("could not answer an edited question", failure=type(failure).__name__)
        finally:
            self._newest.pop(message.id, None)

    async def _answer_newest(self, message_id: int, *, is_forced: bool) -> None:
        cooldowns, end = self.bot.cooldowns, time.monotonic() + EDIT_WINDOW.total_seconds()
        while (message := self._newest.get(message_id)) is not None and time.monotonic() < end:
            said = await self._questions.asked_in(message)
            if said is None:
                if self._may_be_answered(message) and await self._questions.is_withdrawn(message):
                    await self._take_back([message_id])
            elif said.text and (is_forced or await self._is_new(message, said.text)):
                scope = await self.bot.scope_of_message(message)
                if (wait_s := cooldowns.wait_s(scope)) > 0:
                    await asyncio.sleep(wait_s)
                    continue
                try:
                    cooldowns.count_question(scope)
                except OnCooldown:
                    continue
                await self._answer(message, said)
            if self._newest.get(message_id) is message:
                return

    def _may_be_answered(self, message: discord.Message) -> bool:
        """Return whether a message may have an answer, without a look into the records: members edit all day."""
        return message.id in self._questions.seen or message.created_at < self._knows_since

    async def _is_new(self, message: discord.Message, text: str) -> bool:
        """Return whether a question was not answered in this form, and note that an earlier answer is to be edited."""
        known = await self._answer_to(message.id)
        if known is None:
            return True
        if known.original == storable(text):
            return False
        await self.bot.records.run(lambda db: mark_due(db, [known.token], "edit"))
        return True

    async def _answer(self, message: discord.Message, said: Said) -> None:
        questions, bot = self._questions, self.bot
        questions.seen.add(message.id)
        async with questions.turns.hold(message.id) as turn:
            # Read only now: the first answer may just have been sent.
            known = await self._answer_to(message.id)
            if known is not None:
                await bot.records.run(lambda db: mark_due(db, [known.token], "edit"))
            sent = await self._sent_reply(message, known)
            turn.delivery = MessageDelivery(message, bot.rate_limiter, bot.command_links, sent)
            await questions.reply(message, said, turn.delivery, time.monotonic(), is_edit=True)
            has_shown = turn.delivery.has_shown
            if known is None or not (has_shown or bot.answer_queue.is_open):
                # At a shutdown it stays due: the next start does it.
                return
            # The new answer has a record of its own, and what is no answer needs none.
            await bot.records.run(
                lambda db: delete_answers(db, [known.token]) if has_shown else clear_edit(db, known.token)
            )

    async def _answer_to(self, message_id: int) -> SentAnswer | None:
        found = await self.bot.records.read(lambda db: answers_to(db, [message_id]))
        return found[0] if found else None

    async def _sent_reply(self, message: discord.Message, known: SentAnswer | None) -> discord.Message | None:
        """Return the bot's reply to a message; None if there is none, or it was deleted."""
        if known is not None and known.message_id is not None:
            channel, message_id = self.bot.get_partial_messageable(known.channel_id), known.message_id
            try:
                return await retry(partial(channel.fetch_message, message_id))
            except discord.NotFound:
                return None
        places = [known.channel_id] if known else [message.channel.id]
        if message.guild and message.guild.get_thread(message.id) and message.id not in places:
            places.insert(0, message.id)
        for place in places:
            if found := await self._find_reply(place, message.id):
                return found
        return None

    async def _find_reply(self, channel_id: int, question_id: int) -> discord.Message | None:
        """Return the bot's reply to a message, found in its channel or in the thread that was opened for it."""

        def is_reply(each: discord.Message) -> bool:
            is_own = self.bot.user is not None and each.author.id == self.bot.user.id
            replies = each.reference is not None and each.reference.message_id == question_id
            return is_own and (replies or channel_id == question_id)

        channel = self.bot.get_partial_messageable(channel_id)
        return await first_after(channel, question_id, is_reply, MAX_LOOKED_THROUGH)

    async def _delete_answers_to(self, message_ids: Collection[int]) -> None:
        for message_id in message_ids:
            self._newest.pop(message_id, None)
        await self._take_back(message_ids)

    async def _take_back(self, message_ids: Collection[int]) -> None:
        """Stop the replies to messages that are not to be answered any more, and delete what was sent."""
        turns = self._questions.turns
        await turns.withdraw(message_ids)
        replies = {message_id: reply for message_id in message_ids if (reply := turns.take_reply(message_id))}
        try:
            answers = await self.bot.records.read(lambda db: answers_to(db, message_ids))
            recorded = {answer.question_id for answer in answers}
            # Small talk, notices and errors have no record.
            await self._delete_all(
                SentAnswer("", message_id, *reply, "")
                for message_id, reply in replies.items()
                if message_id not in recorded
            )
            if answers:
                tokens = [answer.token for answer in answers]
                await self.bot.records.run(lambda db: mark_due(db, tokens, "delete"))
                await self._delete_all(answers)
        except AttacheError as failure:
            log.warning("could not delete an answer", failure=type(failure).__name__)

    async def _delete_all(self, answers: Iterable[SentAnswer]) -> None:
        for answer in answers:
            try:
                await self._delete_message(answer)
            except REQUEST_ERRORS as error:
                # Refused: it is gone, or out of reach for good. Anything else is tried again at the next start.
                is_refused = isinstance(error, discord.HTTPException) and error.status < 500
                log.info("an answer could not be deleted", failure=type(error).__name__)
                if not is_refused:
                    continue
            await self.bot.records.run(partial(delete_answers, tokens=[answer.token]))

    async def _delete_message(self, answer: SentAnswer) -> None:
        message_id = answer.message_id
        if message_id is None and answer.question_id is not None:
            found = await self._find_reply(answer.channel_id, answer.question_id)
            message_id = found.id if found else None
        if message_id is None:
            return
        message = self.bot.get_partial_messageable(answer.channel_id).get_partial_message(message_id)
        async with self.bot.rate_limiter.slot():
            await retry(message.delete)

    async def _resume_edit(self, answer: SentAnswer) -> None:
        """Answer a question whose edit the process before this one had not answered to the end."""
        assert answer.question_id is not None
        try:
            channel = self.bot.get_channel(answer.channel_id) or await self.bot.fetch_channel(answer.channel_id)
            is_opened = isinstance(channel, discord.Thread) and channel.id == answer.question_id
            if is_opened and isinstance(channel, discord.Thread) and isinstance(channel.parent, discord.TextChannel):
                channel = channel.parent
            assert isinstance(channel, discord.abc.Messageable)
            message = await retry(partial(channel.fetch_message, answer.question_id))
        except discord.NotFound:
            await self._delete_answers_to([answer.question_id])
        except (*REQUEST_ERRORS, discord.InvalidData) as error:
            log.info("an edited question could not be read", failure=type(error).__name__)
        else:
            await self._take(message, is_forced=True)
