"""Questions: `/ask`, mentions, direct messages, follow-ups, and the menus on messages."""

import asyncio
import contextlib
import re
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import discord
import structlog
from discord import app_commands
from discord.ext import commands
from sqlite_utils import Database

from bot.answering.question.follow_up import follow_up
from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.bot import AttacheBot, completions
from bot.discord.cogs._autocomplete import publisher_choices
from bot.discord.cogs._private_reply import private_visit
from bot.discord.errors import TooFast, reporting
from bot.discord.i18n.phrases import phrases_for
from bot.discord.questions.ask_flow import LONG_WAIT_S, Question
from bot.discord.questions.question_metrics import Counted, counting
from bot.discord.scope import Bounds, Scope
from bot.discord.transport.dedup import Remembered
from bot.discord.transport.page import InteractionDelivery, MessageDelivery, text_page
from bot.discord.transport.retry import (
    MOST_BEHIND_FOR_REFUSALS_S,
    MOST_BEHIND_S,
    REQUEST_FAILURES,
    acknowledge,
    again,
    typing_in,
)
from bot.discord.views.escape import brief, visible
from bot.discord.workers.answer_queue import DeskBusy
from bot.ops.metrics import Entry
from bot.records.asked import Asked, find_by_message, last_in_channel
from corpus.errors import StorageFailure
from corpus.timestamps import utc_text

log = structlog.get_logger(__name__)

# In a direct message nothing marks a follow-up; after this long a message starts afresh.
CONVERSATION = timedelta(minutes=30)
# Threads rest for a week at most before Discord archives them; their first answer is kept longer.
THREAD_CONVERSATION = timedelta(days=30)
LONGEST_THREAD_NAME = 90
# Seconds that messages may wait for their turn while somebody is still told to wait: a notice takes the turn of an
# answer, so that a few make all who come after wait, who are then told so as well.
TIMELY_S = 0.25
# Seconds for learning who is to see an answer: Discord waits three for the acknowledgement that tells it.
SETTINGS_S = 1.5
# A message among others that asks something has several words; "what?" is said to somebody else.
FEWEST_WORDS = 3
# discord.com/developers/docs/topics/opcodes-and-status-codes: a thread has already been created for this message.
HAS_THREAD = 160004
# Not the messages that Discord itself writes, such as of a pin or of a new member.
ASKING_TYPES = (discord.MessageType.default, discord.MessageType.reply)


class Answering(commands.Cog):
    """Takes questions wherever people put them."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._seen = Remembered()
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
        """Answers a question, for all to see unless the asker or the server wants it private."""
        arrived = time.monotonic()
        async with counting(self.bot.metrics, Entry.ASK, arrived):
            hidden = await self._is_hidden(interaction, private)
            await acknowledge(interaction, ephemeral=hidden, thinking=True)
            scope = await self.bot.scope_of(interaction, private=hidden)
        delivery = InteractionDelivery(interaction)
        async with (
            self.bot.desk.visit(),
            reporting(lambda told: delivery.show(text_page(told)), scope.phrases),
            counting(self.bot.metrics, Entry.ASK, arrived) as counted,
        ):
            self.bot.asking.admit(scope)
            bounds = Bounds.read(since, until, publisher, datetime.now(UTC))
            asked = Question(question, question, bounds, private=hidden)
            counted.answered(await self.bot.asking.answer(asked, scope, delivery))

    async def _is_hidden(self, interaction: discord.Interaction[AttacheBot], private: bool | None) -> bool:
        """Whether only the asker is to see the answer; so it is where the server's settings can't be had in time."""
        try:
            scope = await asyncio.wait_for(self.bot.scope_of(interaction, private=False), SETTINGS_S)
        except TimeoutError:
            return True
        elsewhere = not self.bot.may_answer_in(scope.settings, interaction.channel)
        return elsewhere or (scope.settings.private_by_default if private is None else private)

    @ask.autocomplete("publisher")
    async def complete_publisher(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Publishers that the asker may read."""
        return await completions(publisher_choices(interaction, typed))

    async def check_claim(self, interaction: discord.Interaction[AttacheBot], message: discord.Message) -> None:
        """Takes a message as a claim, and shows only to whoever asked what the corpus says to it."""
        arrived = time.monotonic()
        async with (
            # What fails within the visit ends there; the outer one counts what was not acknowledged in time.
            counting(self.bot.metrics, Entry.CLAIM, arrived),
            private_visit(self.bot, interaction) as visit,
            counting(self.bot.metrics, Entry.CLAIM, arrived) as counted,
        ):
            if claim := claim_of(message):
                self.bot.asking.admit(visit.scope)
                question = Question(claim, claim, understood=True, is_claim=True, private=True)
                counted.answered(await self.bot.asking.answer(question, visit.scope, visit.delivery))
            else:
                await visit.say("no-claim")

    async def find_sources(self, interaction: discord.Interaction[AttacheBot], message: discord.Message) -> None:
        """Shows only to whoever asked the passages nearest to a message."""
        async with private_visit(self.bot, interaction) as visit:
            if claim := claim_of(message):
                await self.bot.searching.search(claim, Bounds(), visit.scope, visit.delivery)
            else:
                await visit.say("no-claim")

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a message that is meant for this bot, once."""
        bot, arrived = self.bot, time.monotonic()
        if message.author.bot or bot.user is None or message.type not in ASKING_TYPES or message.id in self._seen:
            return
        # A server that the bot can't read is no direct message, where everything is a question.
        if message.guild is None and not isinstance(message.channel, discord.DMChannel):
            return
        text = re.sub(rf"<@!?{bot.user.id}>", " ", message.content).strip()
        if not (self._is_addressed(message) or await self._is_asked_here(message, text)):
            return
        # The same event may have come in twice while the settings were read.
        if not self._seen.is_new(message.id):
            return
        delivery = MessageDelivery(message, bot.pace)
        phrases = phrases_for(message.guild.preferred_locale if message.guild else None)
        async with (
            bot.desk.visit(),
            reporting(
                lambda told: delivery.show(text_page(told)), phrases, lambda failure: self._is_told(failure, message)
            ),
            counting(bot.metrics, self._entry(message), arrived) as counted,
        ):
            scope = await bot.scope_of_message(message)
            if bot.pace.behind_s > MOST_BEHIND_S:
                raise DeskBusy("Too many messages are waiting to be sent.", "Please ask again in a minute.")
            bot.asking.admit(scope)
            if not bot.may_answer_in(scope.settings, message.channel):
                channels = ", ".join(f"<#{channel}>" for channel in scope.settings.channels[:10])
                await delivery.show(text_page(scope.phrases.say("ask-elsewhere", channels=channels)))
            elif not text:
                await delivery.show(text_page(scope.phrases.say("ask-something")))
            else:
                # Where many wait, each is told its place instead.
                is_short = bot.desk.wait_s < LONG_WAIT_S
                async with typing_in(message.channel) if is_short else contextlib.nullcontext() as delivery.typing:
                    await self._answer_message(message, text, scope, delivery, counted)

    def _is_told(self, failure: Exception, message: discord.Message) -> bool:
        """Whether whoever wrote a message is told why it gets no answer: refusals must not keep answers waiting."""
        if not isinstance(failure, (TooFast, DeskBusy)):
            return True
        is_timely = self.bot.pace.behind_s < MOST_BEHIND_FOR_REFUSALS_S
        return is_timely and self.bot.asking.may_be_told(message.author.id)

    async def _is_asked_here(self, message: discord.Message, text: str) -> bool:
        """Whether a message that mentions nobody is a question: where a setting says so, or in a thread of ours."""
        if message.guild is None or not text.endswith("?"):
            return False
        channel = message.channel
        if isinstance(channel, discord.Thread) and self.bot.user and channel.owner_id == self.bot.user.id:
            return True
        try:
            settings = (await self.bot.scope_of_message(message)).settings
        except StorageFailure as failure:
            log.warning("settings could not be read", reason=failure.message)
            return False
        places = {channel.id, getattr(channel, "parent_id", None)}
        return bool(places & set(settings.question_channels)) and len(text.split()) >= FEWEST_WORDS

    async def _answer_message(
        self, message: discord.Message, text: str, scope: Scope, delivery: MessageDelivery, counted: Counted
    ) -> None:
        question = Question(text, text)
        if earlier := await self._earlier(message, scope):
            understood = follow_up(text, earlier.question)
            if understood.filled_in:
                bounds = Bounds.stored(earlier.since, earlier.until, earlier.publishers)
                question = Question(understood.text, text, bounds, understood=True)
        elif message.channel.id in scope.settings.thread_channels and not isinstance(message.channel, discord.Thread):
            delivery.thread = await _open_thread(message, text)
        is_timely = self.bot.pace.behind_s < TIMELY_S
        counted.answered(await self.bot.asking.answer(question, scope, delivery, tells_place=is_timely))

    async def _earlier(self, message: discord.Message, scope: Scope) -> Asked | None:
        """The answer that a message follows up: what it replies to, else the last one in its thread or conversation."""
        reference, channel = message.reference, message.channel
        try:
            if reference is not None and reference.message_id is not None:
                found = await self._shown_by(reference.message_id, message)
                # A private answer can't be replied to by others, and an answer of another server is none of this one.
                return found if found and found.server_id == scope.server_id else None
            if isinstance(channel, discord.Thread):
                since = utc_text(datetime.now(UTC) - THREAD_CONVERSATION)
                last = await self.bot.records.read(
                    lambda db: last_in_channel(db, channel.id, user_id=None, since=since)
                )
                # A thread that was opened from an answer has the id of its message.
                return last or await self._shown_by(channel.id, message)
            if message.guild is None:
                since = utc_text(datetime.now(UTC) - CONVERSATION)
                return await self.bot.records.read(
                    lambda db: last_in_channel(db, channel.id, user_id=message.author.id, since=since)
                )
        except StorageFailure as failure:
            log.warning("an earlier answer could not be read", reason=failure.message)
        return None

    async def _shown_by(self, message_id: int, asking: discord.Message) -> Asked | None:
        """The answer that a message shows, which is in the channel of the one that asks or opens its thread."""

        def read(db: Database) -> Asked | None:
            return find_by_message(db, message_id)

        if found := await self.bot.records.read(read):
            return found
        await self.bot.asking.noted({asking.channel.id, getattr(asking.channel, "parent_id", None)})
        return await self.bot.records.read(read)

    def _is_addressed(self, message: discord.Message) -> bool:
        if message.guild is None:
            return True
        # @everyone and roles are no question to this bot: only its own name is.
        return self.bot.user is not None and any(user.id == self.bot.user.id for user in message.mentions)

    def _entry(self, message: discord.Message) -> Entry:
        if message.guild is None:
            return Entry.DM
        return Entry.MENTION if self._is_addressed(message) else Entry.CHANNEL


def claim_of(message: discord.Message) -> str:
    """The text of a message as a claim: without mentions, emoji and addresses, cut at a sentence where it is long."""
    text = re.sub(r"<a?:\w+:\d+>|<[@#][!&]?\d+>|https?://\S+", " ", message.content)
    text = visible(text)
    if len(text) <= LONGEST_QUESTION:
        return text
    head = text[:LONGEST_QUESTION]
    end = max(head.rfind(". "), head.rfind("! "), head.rfind("? "))
    return head[: end + 1] if end > 0 else head


async def _open_thread(message: discord.Message, question: str) -> discord.Thread | None:
    """A thread for an answer; None where the bot may not open one, and then it replies instead."""
    try:
        return await again(partial(message.create_thread, name=brief(question, LONGEST_THREAD_NAME) or "?"))
    except discord.HTTPException as error:
        if error.code == HAS_THREAD:
            return await _thread_of(message)
        log.info("no thread", code=error.code)
    except REQUEST_FAILURES as error:
        log.info("no thread", failure=type(error).__name__)
    return None


async def _thread_of(message: discord.Message) -> discord.Thread | None:
    """The thread that a message has: a try before came through after all, or somebody else opened it."""
    assert message.guild is not None
    if known := message.guild.get_thread(message.id):
        return known
    try:
        found = await again(partial(message.guild.fetch_channel, message.id))
    except (*REQUEST_FAILURES, discord.InvalidData) as error:
        log.info("no thread", failure=type(error).__name__)
        return None
    return found if isinstance(found, discord.Thread) else None
