"""Every entry point of questions: `/ask`, mentions, direct messages, follow-ups, and the menus on messages."""

import asyncio
import contextlib
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import discord
import structlog
from discord import app_commands
from discord.ext import commands
from sqlite_utils import Database

from bot.answering.question.ask_intent import asks_something, looks_asking
from bot.answering.question.follow_up_acts import FollowUpAct
from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._autocomplete import publisher_choices
from bot.discord.cogs._private_reply import private_reply
from bot.discord.errors import OnCooldown, report_errors
from bot.discord.i18n.phrases import phrases_for
from bot.discord.questions.addressee import (
    is_for_others,
    is_from_person,
    is_own_thread,
    mentions,
    question_text,
    replied_to,
)
from bot.discord.questions.ask_flow import LONG_WAIT_S, Question
from bot.discord.questions.courtesies import REACTION, Talk, read_small_talk, repeats
from bot.discord.questions.message_turns import MessageTurns
from bot.discord.questions.options import parse_options
from bot.discord.questions.question_metrics import MeasuredQuestion, measure_question
from bot.discord.questions.statements import MAX_CLAIMS, joined_text, message_texts, statements
from bot.discord.scope import Bounds, Scope
from bot.discord.transport.dedup import SeenIds
from bot.discord.transport.page import InteractionDelivery, MessageDelivery, Page, text_page
from bot.discord.transport.retry import (
    MAX_DELAY_FOR_REFUSALS_S,
    MAX_DELAY_S,
    REQUEST_ERRORS,
    acknowledge,
    retry,
    typing_in,
)
from bot.discord.views.escape import brief
from bot.discord.views.guide import short_guide_page, talk_page
from bot.discord.workers.answer_queue import QueueFull, ShuttingDown
from bot.ops.metrics import Entry
from bot.records.asked import AskedQuestion, find_by_message, last_in_channel
from corpus.errors import AttacheError, StorageFailure
from corpus.timestamps import utc_text

log = structlog.get_logger(__name__)

# Direct messages have no mark for follow-ups; after this long a message starts a new conversation.
CONVERSATION = timedelta(minutes=30)
# Discord archives a thread after at most a week without messages; its first answer is stored for longer.
THREAD_CONVERSATION = timedelta(days=30)
LONGEST_THREAD_NAME = 90
# With a longer delay of messages, in seconds, no notice about the queue is sent: it takes the slot of an answer, so the
# notices themselves would make everybody wait.
MAX_NOTICE_DELAY_S = 0.25
# Seconds for reading whether the answer is private: the acknowledgement, due within three, has to say so.
SETTINGS_TIMEOUT_S = 1.5
# discord.com/developers/docs/topics/opcodes-and-status-codes: a thread has already been created for this message.
HAS_THREAD = 160004


class Questions(commands.Cog):
    """Receives questions from every entry point."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self.turns = MessageTurns()
        self.seen = SeenIds()
        # Channels and members that were told how to go on.
        self._told = SeenIds()
        for name, callback in (("Check this claim", self.check_claim), ("Find sources", self.find_sources)):
            menu = app_commands.ContextMenu(name=name, callback=callback)
            bot.tree.add_command(menu)

    @app_commands.command(description="Ask a question; the answer quotes and cites articles.")
    @app_commands.describe(
        question="Your question",
        since="Only articles from this day on, such as 2024-09-09 or last week",
        until="Only articles up to this day",
        publisher="Only articles of this publisher",
        private="Show the answer only to me",
    )
    async def ask(
        self,
        interaction: discord.Interaction[AttacheBot],
        question: app_commands.Range[str, 1, LONGEST_QUESTION],
        since: str | None = None,
        until: str | None = None,
        publisher: str | None = None,
        private: bool | None = None,
    ) -> None:
        """Answer a question, publicly unless the asker or the server wants it private."""
        arrived = time.monotonic()
        bounds, bad_option = await parse_options(question, since, until, publisher)
        async with measure_question(self.bot.metrics, Entry.ASK, arrived):
            private = bad_option is not None or await self._is_private(interaction, private)
            await acknowledge(interaction, ephemeral=private, thinking=True)
            scope = await self.bot.scope_of(interaction, private=private)
        delivery = InteractionDelivery(interaction)
        async with (
            self.bot.answer_queue.hold_open(),
            report_errors(lambda text: delivery.show(text_page(text)), scope.phrases),
            measure_question(self.bot.metrics, Entry.ASK, arrived) as measured,
        ):
            self.bot.cooldowns.count_question(scope)
            if bad_option is not None:
                raise bad_option
            if (talk := await read_small_talk(question, "", self.bot.answer_queue)) is not None:
                await delivery.show(self._talk_page(talk, interaction.guild, scope))
                return
            asked = Question(question, question, bounds, private=private)
            measured.answered(await self.bot.ask_flow.answer(asked, scope, delivery))

    async def _is_private(self, interaction: discord.Interaction[AttacheBot], private: bool | None) -> bool:
        """Return whether only the asker sees the answer; True if the settings can't be read in time."""
        try:
            scope = await asyncio.wait_for(self.bot.scope_of(interaction, private=False), SETTINGS_TIMEOUT_S)
        except TimeoutError:
            return True
        return not scope.may_answer or (scope.settings.private_by_default if private is None else private)

    @ask.autocomplete("publisher")
    async def complete_publisher(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer publishers that the asker may read."""
        return await safe_choices(publisher_choices(interaction, typed))

    async def check_claim(self, interaction: discord.Interaction[AttacheBot], message: discord.Message) -> None:
        """Check a message as a claim, and show the result privately."""
        arrived = time.monotonic()
        async with (
            # `private_reply` catches errors of its block; the outer measurement counts failed acknowledgements.
            measure_question(self.bot.metrics, Entry.CLAIM, arrived),
            private_reply(self.bot, interaction) as reply,
            measure_question(self.bot.metrics, Entry.CLAIM, arrived) as measured,
        ):
            texts = await message_texts(message)
            claims = statements(texts) or [each for each in (joined_text(texts),) if each]
            if not claims:
                await reply.say("no-claim")
                return
            self.bot.cooldowns.count_question(reply.scope)
            if len(claims) == 1:
                question = Question(claims[0], claims[0], is_completed=True, is_claim=True, private=True)
                measured.answered(await self.bot.ask_flow.answer(question, reply.scope, reply.delivery))
            else:
                checked, unchecked = claims[:MAX_CLAIMS], len(claims[MAX_CLAIMS:])
                await self.bot.ask_flow.check(checked, joined_text(texts), reply.scope, reply.delivery, unchecked)

    async def find_sources(self, interaction: discord.Interaction[AttacheBot], message: discord.Message) -> None:
        """Show the passages most similar to a message, privately."""
        async with private_reply(self.bot, interaction) as reply:
            if claim := joined_text(await message_texts(message)):
                await self.bot.search_flow.search(claim, Bounds(), reply.scope, reply.delivery)
            else:
                await reply.say("no-claim")

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message to the bot, once."""
        if message.id in self.seen or self.bot.user is None or not is_from_person(message):
            return
        arrived = time.monotonic()
        text = await self.asked_in(message)
        if text is None:
            await self._tell_how_to_go_on(message)
            return
        # The event may have been delivered twice while the settings were read.
        if not self.seen.add(message.id):
            return
        delivery = MessageDelivery(message, self.bot.rate_limiter, self.bot.command_links)
        async with self.turns.hold(message.id) as turn:
            turn.delivery = delivery
            await self.reply(message, text, delivery, arrived)

    async def asked_in(self, message: discord.Message) -> str | None:
        """Return what a message asks the bot, which may be nothing at all; None if it is not meant for the bot."""
        assert self.bot.user is not None
        text = question_text(message, self.bot.user.id)
        is_asked = self._is_addressed(message) or (bool(text) and await self._is_asked_here(message, text))
        return text if is_asked else None

    async def reply(
        self, message: discord.Message, text: str, delivery: MessageDelivery, arrived: float, *, is_edit: bool = False
    ) -> None:
        """Answer a message.

        Args:
            message: the message.
            text: what it asks.
            delivery: where the reply goes.
            arrived: when it arrived, by `time.monotonic()`.
            is_edit: whether it was edited; the caller has counted it then, and what is there stays if there is no time.
        """
        bot, phrases = self.bot, phrases_for(message.guild.preferred_locale if message.guild else None)
        async with (
            bot.answer_queue.hold_open(),
            report_errors(
                lambda text: delivery.show(text_page(text)),
                phrases,
                lambda error: self._should_show(error, message, is_edit=is_edit),
            ),
            measure_question(bot.metrics, self._entry(message), arrived) as measured,
        ):
            scope = await bot.scope_of_message(message)
            if scope.channel.answers == "quiet":
                return
            if bot.rate_limiter.delay_s > MAX_DELAY_S:
                raise QueueFull("Too many messages are waiting to be sent.", "Please ask again in a minute.")
            if not is_edit:
                bot.cooldowns.count_question(scope)
            if not scope.may_answer:
                channels = ", ".join(f"<#{channel}>" for channel in scope.settings.channels[:10])
                await delivery.show(text_page(scope.phrases.say("ask-elsewhere", channels=channels)))
            elif not text:
                await delivery.show(text_page(scope.phrases.say("ask-something")))
            else:
                # In a long queue the notice with the position replaces the typing.
                is_short = bot.answer_queue.wait_s < LONG_WAIT_S and not is_edit
                async with typing_in(message.channel) if is_short else contextlib.nullcontext() as delivery.typing:
                    await self._answer_message(message, text, scope, delivery, measured)

    def _should_show(self, error: Exception, message: discord.Message, *, is_edit: bool) -> bool:
        """Return whether to reply with an error: refusals must not delay answers, or replace one."""
        if is_edit:
            return not isinstance(error, (OnCooldown, QueueFull, ShuttingDown))
        if not isinstance(error, (OnCooldown, QueueFull)):
            return True
        has_room = self.bot.rate_limiter.delay_s < MAX_DELAY_FOR_REFUSALS_S
        return has_room and self.bot.cooldowns.should_notify(message.author.id)

    async def _is_asked_here(self, message: discord.Message, text: str) -> bool:
        """Return whether a message without a mention is a question to the bot.

        That is a question where all are answered; in the bot's thread or in reply to it, also a follow-up.
        """
        bot = self.bot
        if message.guild is None or bot.user is None or is_for_others(message, bot.user.id):
            return False
        goes_on = is_own_thread(message.channel, bot.user.id) or replied_to(message) == bot.user.id
        try:
            scope = await bot.scope_of_message(message)
            if scope.channel.answers == "quiet" or not (goes_on or scope.channel.answers == "questions"):
                return False
            if await bot.answer_queue.run_aside(lambda attache: asks_something(text, attache.packaged_model)):
                return True
            return goes_on and await self._is_follow_up(message, text, scope)
        except AttacheError as failure:
            log.warning("could not tell whether a message is a question", failure=type(failure).__name__)
            return False

    async def _is_follow_up(self, message: discord.Message, text: str, scope: Scope) -> bool:
        """Return whether a message that is no whole question goes on from an answer: "why", "and Sweden"."""
        earlier = await self._earlier_answer(message, scope)
        if earlier is None or not (looks_asking(text) or repeats(text, earlier.question)):
            return False
        is_small_talk = await read_small_talk(text, earlier.question, self.bot.answer_queue) is not None
        return not is_small_talk and (await self.bot.follow_ups.resolve(text, earlier, scope)).filled_in

    async def _tell_how_to_go_on(self, message: discord.Message) -> None:
        """Say once how to reply, to a member whose reply came without its text, which Discord hides."""
        bot = self.bot
        is_hidden = message.guild is not None and not message.content and not bot.settings.message_content
        if not is_hidden or bot.user is None or replied_to(message) != bot.user.id:
            return
        scope = await bot.scope_of_message(message)
        is_allowed = scope.may_answer and scope.channel.answers != "quiet"
        if not is_allowed or not self._told.add((message.channel.id, message.author.id)):
            return
        page = text_page(f"-# {scope.phrases.say('reply-with-mention', mention=bot.user.mention)}")
        delivery = MessageDelivery(message, bot.rate_limiter, bot.command_links, is_silent=True)
        async with report_errors(lambda _text: delivery.show(page), scope.phrases, lambda _error: False):
            await delivery.show(page)

    async def _answer_message(
        self, message: discord.Message, text: str, scope: Scope, delivery: MessageDelivery, measured: MeasuredQuestion
    ) -> None:
        question, is_edit = Question(text, text, message_id=message.id), delivery.is_edit
        earlier = await self._earlier_answer(message, scope)
        if self._is_addressed(message) and await self._chat(message, text, earlier, scope, delivery):
            return
        if earlier:
            completed = await self.bot.follow_ups.resolve(text, earlier, scope)
            if completed.act is not FollowUpAct.ASK:
                await self.bot.follow_ups.reply(completed, earlier, question, scope, delivery)
                return
            if completed.filled_in:
                bounds = Bounds.from_record(earlier.since, earlier.until, earlier.publishers)
                question = replace(question, text=completed.text, bounds=bounds, is_completed=True)
        elif message.channel.id in scope.settings.thread_channels and _takes_threads(message) and not is_edit:
            delivery.thread = await _open_thread(message, text)
            if delivery.thread and self.bot.user and not self.bot.settings.message_content:
                note = scope.phrases.say("go-on-in-thread", mention=self.bot.user.mention)
                question = replace(question, note=note)
        has_room = self.bot.rate_limiter.delay_s < MAX_NOTICE_DELAY_S
        has_room = has_room and not is_edit
        measured.answered(await self.bot.ask_flow.answer(question, scope, delivery, show_queue_position=has_room))

    async def _chat(
        self,
        message: discord.Message,
        text: str,
        earlier: AskedQuestion | None,
        scope: Scope,
        delivery: MessageDelivery,
    ) -> bool:
        """Reply to small talk, and return whether the message is that."""
        talk = await read_small_talk(text, earlier.question if earlier else "", self.bot.answer_queue)
        if talk is None:
            return False
        is_for_answer = talk in {Talk.THANKS, Talk.EMOJI} and (earlier or await self._has_answer_here(message))
        if is_for_answer and await delivery.react(REACTION):
            return True
        await delivery.show(self._talk_page(talk, message.guild, scope))
        return True

    def _talk_page(self, talk: Talk, guild: discord.Guild | None, scope: Scope) -> Page:
        mention = self.bot.user.mention if self.bot.user and guild else ""
        return short_guide_page(mention, scope) if talk is Talk.GUIDE else talk_page(talk, scope)

    async def _has_answer_here(self, message: discord.Message) -> bool:
        """Return whether the author got an answer in this channel lately, so that thanks are for that."""
        try:
            last = await self._last_answer(message, message.author.id, CONVERSATION)
        except StorageFailure as failure:
            log.warning("could not read an earlier answer", reason=failure.message)
            return False
        return last is not None

    async def _earlier_answer(self, message: discord.Message, scope: Scope) -> AskedQuestion | None:
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
        return await self.bot.records.read(
            lambda db: last_in_channel(db, channel_id, user_id=user_id, since=since, before=message.id)
        )

    async def _answer_in_message(self, message_id: int, asking: discord.Message) -> AskedQuestion | None:
        """Return the answer that a message shows; wait if that message is not recorded yet."""

        def read(db: Database) -> AskedQuestion | None:
            return find_by_message(db, message_id)

        if found := await self.bot.records.read(read):
            return found
        await self.bot.ask_flow.wait_until_recorded({asking.channel.id, getattr(asking.channel, "parent_id", None)})
        return await self.bot.records.read(read)

    def _is_addressed(self, message: discord.Message) -> bool:
        return message.guild is None or (self.bot.user is not None and mentions(message, self.bot.user.id))

    def _entry(self, message: discord.Message) -> Entry:
        if message.guild is None:
            return Entry.DM
        return Entry.MENTION if self._is_addressed(message) else Entry.CHANNEL


def _takes_threads(message: discord.Message) -> bool:
    """Return whether a thread can be opened from a message: not in a thread, nor in the chat of a voice channel."""
    return isinstance(message.channel, discord.TextChannel)


async def _open_thread(message: discord.Message, question: str) -> discord.Thread | None:
    """Open a thread for an answer; return None if the bot may not, so that it replies instead."""
    try:
        return await retry(partial(message.create_thread, name=brief(question, LONGEST_THREAD_NAME) or "?"))
    except discord.HTTPException as error:
        if error.code == HAS_THREAD:
            return await _existing_thread(message)
        log.info("no thread", code=error.code)
    except REQUEST_ERRORS as error:
        log.info("no thread", failure=type(error).__name__)
    return None


async def _existing_thread(message: discord.Message) -> discord.Thread | None:
    """Return a message's thread, which an earlier try or somebody else has opened."""
    assert message.guild is not None
    if known := message.guild.get_thread(message.id):
        return known
    try:
        found = await retry(partial(message.guild.fetch_channel, message.id))
    except (*REQUEST_ERRORS, discord.InvalidData) as error:
        log.info("no thread", failure=type(error).__name__)
        return None
    return found if isinstance(found, discord.Thread) else None
