"""Finds the answer that a message follows up."""

from datetime import UTC, datetime, timedelta

import discord
import structlog
from sqlite_utils import Database

from bot.discord.questions.ask_flow import AskFlow
from bot.discord.scope import Scope
from bot.records.asked import AskedQuestion, find_by_message, last_in_channel
from bot.records.records import Records
from corpus.errors import StorageFailure
from corpus.timestamps import utc_text

log = structlog.get_logger(__name__)

# Direct messages have no mark for follow-ups; after this long a message starts a new conversation.
CONVERSATION = timedelta(minutes=30)
# Discord archives a thread after at most a week without messages; its first answer is stored for longer.
THREAD_CONVERSATION = timedelta(days=30)


class EarlierAnswers:
    """The stored answers, by the messages that follow them up."""

    def __init__(self, records: Records, ask_flow: AskFlow) -> None:
        self._records = records
        self._ask_flow = ask_flow

    async def last_of_author(self, message: discord.Message) -> AskedQuestion | None:
        """Return the answer that the author got in this channel lately, which thanks or a bare "why?" are about."""
        try:
            return await self._last_answer(message, message.author.id, CONVERSATION)
        except StorageFailure as failure:
            log.warning("could not read an earlier answer", reason=failure.message)
            return None

    async def find(self, message: discord.Message, scope: Scope) -> AskedQuestion | None:
        """Return the answer that a message follows up: the one replied to, else the last of its conversation."""
        reference, channel = message.reference, message.channel
        try:
            if reference is not None and reference.message_id is not None:
                found = await self._answer_in_message(reference.message_id, message)
                # Never an answer of another server.
                return found if found and found.server_id == scope.server_id else None
            if isinstance(channel, discord.Thread):
                last = await self._last_answer(message, None, THREAD_CONVERSATION)
                # A thread opened from an answer has the id of the answer's message.
                return last or await self._answer_in_message(channel.id, message)
            if message.guild is None:
                return await self._last_answer(message, message.author.id, CONVERSATION)
        except StorageFailure as failure:
            log.warning("could not read an earlier answer", reason=failure.message)
        return None

    async def _last_answer(
        self, message: discord.Message, user_id: int | None, within: timedelta
    ) -> AskedQuestion | None:
        """Return the newest answer in a message's channel before it, to one person or (None) to anybody."""
        channel_id, since = message.channel.id, utc_text(datetime.now(UTC) - within)
        return await self._records.read(
            lambda db: last_in_channel(db, channel_id, user_id=user_id, since=since, before=message.id)
        )

    async def _answer_in_message(self, message_id: int, asking: discord.Message) -> AskedQuestion | None:
        """Return the answer that a message shows; wait if that message is not recorded yet."""

        def read(db: Database) -> AskedQuestion | None:
            return find_by_message(db, message_id)

        if found := await self._records.read(read):
            return found
        await self._ask_flow.wait_until_recorded({asking.channel.id, getattr(asking.channel, "parent_id", None)})
        return await self._records.read(read)
