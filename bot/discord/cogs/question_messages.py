"""Questions in messages: mentions, direct messages, follow-ups, and messages where every question is answered."""

import contextlib
import time
from dataclasses import replace

import discord
import structlog
from discord.ext import commands

from bot.answering.question.about_bot import BotSubject
from bot.answering.question.ask_intent import asks_something, looks_asking
from bot.answering.question.follow_up import is_bare, is_remark
from bot.answering.question.follow_up_acts import FollowUpAct
from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.bot import AttacheBot
from bot.discord.cogs._talk_reply import talk_reply
from bot.discord.errors import OnCooldown, report_errors
from bot.discord.i18n.command_names import format_command, menu_name
from bot.discord.i18n.phrases import phrases_for
from bot.discord.questions.addressee import (
    is_for_others,
    is_from_person,
    is_own_thread,
    mentions,
    question_text,
    replied_to,
)
from bot.discord.questions.answer_thread import open_thread, takes_threads
from bot.discord.questions.ask_flow import LONG_WAIT_S, Question
from bot.discord.questions.courtesies import REACTION, Said, Talk, is_only_thanks, repeats
from bot.discord.questions.earlier_answers import EarlierAnswers
from bot.discord.questions.message_turns import MessageTurns
from bot.discord.questions.others_claims import OthersClaim, find_others_claim
from bot.discord.questions.question_metrics import MeasuredQuestion, measure_question
from bot.discord.questions.statements import MAX_CLAIMS
from bot.discord.questions.typed_text import HELPING, Typed, read_typed
from bot.discord.scope import Bounds, Scope
from bot.discord.transport.dedup import SeenIds
from bot.discord.transport.page import MessageDelivery, Page, text_page
from bot.discord.transport.retry import MAX_DELAY_FOR_REFUSALS_S, MAX_DELAY_S, typing_in
from bot.discord.views.self_pages import guide_page
from bot.discord.workers.answer_queue import QueueFull, ShuttingDown
from bot.ops.metrics import Entry
from bot.records.asked import AskedQuestion
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

# With a longer delay of messages, in seconds, no notice about the queue is sent: it takes the slot of an answer, so the
# notices themselves would make everybody wait.
MAX_NOTICE_DELAY_S = 0.25


class QuestionMessages(commands.Cog):
    """Receives the questions that are written as messages."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self.turns = MessageTurns()
        self.seen = SeenIds()
        self._earlier = EarlierAnswers(bot.records, bot.ask_flow)
        # Channels and members that were told how to go on.
        self._told = SeenIds()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message to the bot, once."""
        if message.id in self.seen or self.bot.user is None or not is_from_person(message):
            return
        arrived = time.monotonic()
        said = await self.asked_in(message)
        if said is None:
            await self._tell_how_to_go_on(message)
            return
        # The event may have been delivered twice while the settings were read.
        if not self.seen.add(message.id):
            return
        delivery = MessageDelivery(message, self.bot.rate_limiter, self.bot.command_links)
        async with self.turns.hold(message.id) as turn:
            turn.delivery = delivery
            await self.reply(message, said, delivery, arrived)

    async def asked_in(self, message: discord.Message) -> Said | None:
        """Return what a message says to the bot, which may be nothing at all; None if it is not meant for the bot."""
        said = self._said(message)
        try:
            is_asked = self._is_addressed(message) or (bool(said.text) and await self._is_asked_here(message, said))
        except AttacheError as failure:
            log.warning("could not tell whether a message is a question", failure=type(failure).__name__)
            return None
        return said if is_asked else None

    async def is_withdrawn(self, message: discord.Message) -> bool:
        """Return whether an edited message plainly is not meant for the bot any more, as without its mention.

        Where Discord hides the text of messages without a mention, a reply to the bot may still be one.
        """
        if self._is_addressed(message) or (not message.content and self._replies(message)):
            return False
        said = self._said(message)
        try:
            return not (said.text and await self._is_asked_here(message, said))
        except AttacheError:
            return False

    async def reply(
        self, message: discord.Message, said: Said, delivery: MessageDelivery, arrived: float, *, is_edit: bool = False
    ) -> None:
        """Answer a message.

        Args:
            message: the message.
            said: what it says to the bot.
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
                lambda error: self._should_show(error, message, delivery, is_edit=is_edit),
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
            elif (claim := await find_others_claim(message, said.text, bot.user.id if bot.user else 0)) is not None:
                await self._check(claim, message, scope, delivery, measured)
            elif (
                page := self._page_without_question(typed := read_typed(said.text, self._commands()), message, scope)
            ) is not None:
                await delivery.show(page)
            else:
                # In a long queue the notice with the position replaces the typing.
                is_short = bot.answer_queue.wait_s(scope.account) < LONG_WAIT_S and not is_edit
                async with typing_in(message.channel) if is_short else contextlib.nullcontext() as delivery.typing:
                    await self._answer_message(message, said, typed.text, scope, delivery, measured)

    async def _check(
        self,
        claim: OthersClaim,
        message: discord.Message,
        scope: Scope,
        delivery: MessageDelivery,
        measured: MeasuredQuestion,
    ) -> None:
        """Check what somebody else wrote, or say how to have it checked where Discord hides it."""
        if not claim.claims:
            menu = f"**{menu_name('Check this claim', scope.phrases)}**"
            await delivery.show(text_page(scope.phrases.say("claim-hidden", menu=menu)))
        elif len(claim.claims) == 1:
            only = claim.claims[0]
            question = Question(only, only, is_completed=True, is_claim=True, message_id=message.id)
            measured.showed(await self.bot.ask_flow.answer(question, scope, delivery))
        else:
            checked, unchecked = claim.claims[:MAX_CLAIMS], len(claim.claims[MAX_CLAIMS:])
            await self.bot.ask_flow.check(checked, claim.text, scope, delivery, unchecked)

    def _commands(self) -> set[str]:
        return {name for each in self.bot.tree.get_commands() for name in (each.name, each.qualified_name)}

    def _page_without_question(self, typed: Typed, message: discord.Message, scope: Scope) -> Page | None:
        """Return the reply to a message without a question that can be answered; None if there is one."""
        phrases = scope.phrases
        if typed.command in HELPING:
            return guide_page(scope, self.bot.user.mention if self.bot.user and message.guild else "")
        if typed.command:
            return text_page(phrases.say("typed-command", command=format_command(typed.command, phrases)))
        menu = f"**{menu_name('Check this claim', phrases)}**"
        if len(typed.text) > LONGEST_QUESTION:
            return text_page(phrases.say("question-too-long", limit=LONGEST_QUESTION, menu=menu))
        if typed.is_link:
            return text_page(phrases.say("links-unread", menu=menu, add=format_command("corpus add", phrases)))
        return None if typed.text else text_page(phrases.say("ask-something"))

    def _should_show(
        self, error: Exception, message: discord.Message, delivery: MessageDelivery, *, is_edit: bool
    ) -> bool:
        """Return whether to reply with an error: refusals must not delay answers, or replace one.

        Who was told a place in the queue is always told that it is lost.
        """
        if is_edit:
            return not isinstance(error, (OnCooldown, QueueFull, ShuttingDown))
        if delivery.has_shown or not isinstance(error, (OnCooldown, QueueFull)):
            return True
        has_room = self.bot.rate_limiter.delay_s < MAX_DELAY_FOR_REFUSALS_S
        return has_room and self.bot.cooldowns.should_notify(message.author.id)

    async def _is_asked_here(self, message: discord.Message, said: Said) -> bool:
        """Return whether a message without a mention is a question to the bot.

        That is a question where all are answered; in the bot's thread or in reply to it, also a follow-up, and a
        question about the bot itself.

        Raises:
            AttacheError: that can't be told now.
        """
        bot, text = self.bot, said.text
        if message.guild is None or bot.user is None or is_for_others(message, bot.user.id):
            return False
        goes_on = is_own_thread(message.channel, bot.user.id) or self._replies(message)
        scope = await bot.scope_of_message(message)
        if scope.channel.answers == "quiet" or not (goes_on or scope.channel.answers == "questions"):
            return False
        if await bot.answer_queue.run_aside(lambda attache: asks_something(text, attache.packaged_model)):
            # Where all questions are answered, members may ask each other "what's new?".
            return goes_on or await said.small_talk(text, "", bot.answer_queue) is None
        return goes_on and await self._goes_on(message, said, scope)

    async def _goes_on(self, message: discord.Message, said: Said, scope: Scope) -> bool:
        """Return whether a message that is no whole question goes on from an answer ("why", "and Sweden").

        In a conversation with the bot, "what's new?" is asked of it, and whoever got its last answer thanks it.
        """
        text, earlier = said.text, await self._earlier.find(message, scope)
        if earlier and is_only_thanks(text):
            return self._replies(message) or earlier.user_id == message.author.id
        before = earlier.question if earlier else ""
        if is_remark(text) or not (looks_asking(text) or repeats(text, before)):
            return False
        talk = await said.small_talk(text, before, self.bot.answer_queue)
        if talk is not None or earlier is None:
            return isinstance(talk, BotSubject)
        return (await self.bot.follow_ups.resolve(text, earlier, scope)).filled_in

    def _said(self, message: discord.Message) -> Said:
        assert self.bot.user is not None
        return Said(question_text(message, self.bot.user.id))

    def _replies(self, message: discord.Message) -> bool:
        return self.bot.user is not None and replied_to(message) == self.bot.user.id

    async def _tell_how_to_go_on(self, message: discord.Message) -> None:
        """Say once how to reply, to a member whose reply came without its text, which Discord hides."""
        bot = self.bot
        is_hidden = message.guild is not None and not message.content and not bot.settings.message_content
        if not is_hidden or bot.user is None or not self._replies(message):
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
        self,
        message: discord.Message,
        said: Said,
        text: str,
        scope: Scope,
        delivery: MessageDelivery,
        measured: MeasuredQuestion,
    ) -> None:
        question, is_edit = Question(text, text, message_id=message.id), delivery.is_edit
        earlier = await self._earlier.find(message, scope)
        goes_on = is_bare(text)
        if earlier is None and goes_on and message.reference is None:
            # "@bot why?" right below an answer, as people type it.
            earlier = await self._earlier.last_of_author(message)
        talk = await said.small_talk(text, earlier.question if earlier else "", self.bot.answer_queue)
        if talk is not None:
            await self._chat(message, talk, earlier, scope, delivery)
            return
        if earlier is None and goes_on:
            await delivery.show(text_page(scope.phrases.say("which-answer")))
            return
        if earlier:
            completed = await self.bot.follow_ups.resolve(text, earlier, scope)
            if completed.act is not FollowUpAct.ASK:
                measured.showed(await self.bot.follow_ups.reply(completed, earlier, question, scope, delivery))
                return
            if completed.filled_in:
                bounds = Bounds.from_record(earlier.since, earlier.until, earlier.publishers)
                question = replace(question, text=completed.text, bounds=bounds, is_completed=True)
        elif message.channel.id in scope.settings.thread_channels and takes_threads(message) and not is_edit:
            delivery.thread = await open_thread(message, text)
            if delivery.thread and self.bot.user and not self.bot.settings.message_content:
                note = scope.phrases.say("go-on-in-thread", mention=self.bot.user.mention)
                question = replace(question, note=note)
        has_room = self.bot.rate_limiter.delay_s < MAX_NOTICE_DELAY_S and not is_edit
        measured.showed(await self.bot.ask_flow.answer(question, scope, delivery, show_queue_position=has_room))

    async def _chat(
        self,
        message: discord.Message,
        talk: Talk | BotSubject,
        earlier: AskedQuestion | None,
        scope: Scope,
        delivery: MessageDelivery,
    ) -> None:
        """Reply to small talk and questions about the bot."""
        is_for_answer = talk in {Talk.THANKS, Talk.EMOJI} and (earlier or await self._earlier.last_of_author(message))
        if not (is_for_answer and await delivery.react(REACTION)):
            await delivery.show(await talk_reply(talk, scope, self.bot, in_server=message.guild is not None))

    def _is_addressed(self, message: discord.Message) -> bool:
        return message.guild is None or (self.bot.user is not None and mentions(message, self.bot.user.id))

    def _entry(self, message: discord.Message) -> Entry:
        if message.guild is None:
            return Entry.DM
        return Entry.MENTION if self._is_addressed(message) else Entry.CHANNEL
