"""Questions in commands: `/ask`, and the menus on messages."""

import asyncio
import time

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._autocomplete import publisher_choices
from bot.discord.cogs._private_reply import private_reply
from bot.discord.cogs._talk_reply import talk_reply
from bot.discord.errors import report_errors
from bot.discord.questions.ask_flow import Question
from bot.discord.questions.courtesies import read_small_talk
from bot.discord.questions.options import as_stored, parse_options
from bot.discord.questions.question_metrics import measure_question
from bot.discord.questions.statements import MAX_CLAIMS, MAX_FILE_BYTES, joined_text, message_texts, statements
from bot.discord.scope import Bounds
from bot.discord.transport.page import InteractionDelivery, text_page
from bot.discord.transport.retry import acknowledge
from bot.ops.metrics import Entry

# Seconds for reading whether the answer is private: the acknowledgement, due within three, has to say so.
SETTINGS_TIMEOUT_S = 1.5


class Questions(commands.Cog):
    """Receives the questions of commands and menus."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
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
                await delivery.show(await talk_reply(talk, scope, self.bot, in_server=interaction.guild is not None))
                return
            asked = Question(
                question, question, await as_stored(bounds, scope, self.bot.corpus_reader), private=private
            )
            measured.showed(await self.bot.ask_flow.answer(asked, scope, delivery))

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
                await reply.say("no-claim", kilobytes=MAX_FILE_BYTES // 1000)
                return
            self.bot.cooldowns.count_question(reply.scope)
            if len(claims) == 1:
                question = Question(claims[0], claims[0], is_completed=True, is_claim=True, private=True)
                measured.showed(await self.bot.ask_flow.answer(question, reply.scope, reply.delivery))
            else:
                checked, unchecked = claims[:MAX_CLAIMS], len(claims[MAX_CLAIMS:])
                await self.bot.ask_flow.check(checked, joined_text(texts), reply.scope, reply.delivery, unchecked)
                measured.showed(None)

    async def find_sources(self, interaction: discord.Interaction[AttacheBot], message: discord.Message) -> None:
        """Show the passages most similar to a message, privately."""
        async with private_reply(self.bot, interaction) as reply:
            if claim := joined_text(await message_texts(message)):
                await self.bot.search_flow.search(claim, Bounds(), reply.scope, reply.delivery)
            else:
                await reply.say("no-claim", kilobytes=MAX_FILE_BYTES // 1000)
