"""The buttons under answers: quotes, sources, more like this, share, and what people think of the answer."""

import time
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.answering.answer import Evidence
from bot.discord.bot import AttacheBot
from bot.discord.errors import Gone, NotAllowed
from bot.discord.i18n.phrases import Phrases
from bot.discord.questions.ask_flow import Question
from bot.discord.questions.question_metrics import counting
from bot.discord.scope import Bounds, Scope, interaction_server
from bot.discord.transport.dedup import Remembered
from bot.discord.transport.page import FollowUpDelivery, InteractionDelivery, text_page
from bot.discord.transport.retry import acknowledge, open_modal
from bot.discord.views.hits import quotes_page, sources_page
from bot.ops.metrics import Entry
from bot.records import feedback
from bot.records.asked import Asked, find
from corpus.timestamps import utc_now

LONGEST_REASON = 500


class Answers(commands.Cog):
    """What the buttons of answers do, however old the answer is."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        bot.presses |= {
            "quotes": self.quotes,
            "sources": self.sources,
            "more": self.more,
            "share": self.share,
            "retry": self.retry,
            "up": self.up,
            "down": self.down,
            "search": self.turn_search,
        }
        self._shared = Remembered()

    async def quotes(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Shows every quote to whoever pressed."""
        scope, delivery = await self._opened(interaction)
        asked = await self._asked(interaction, token)
        evidence = await self._evidence(asked, scope)
        gone = len(asked.cited) - len(evidence)
        await delivery.show(quotes_page(evidence, page, ("quotes", token), gone, scope.phrases))

    async def sources(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Shows the quoted articles to whoever pressed."""
        scope, delivery = await self._opened(interaction)
        asked = await self._asked(interaction, token)
        evidence = await self._evidence(asked, scope)
        gone = len(asked.cited) - len(evidence)
        await delivery.show(sources_page(evidence, page, ("sources", token), gone, scope.phrases))

    async def more(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Shows passages of other articles near to the best quote."""
        scope, delivery = await self._opened(interaction)
        asked = await self._asked(interaction, token)
        evidence = await self._evidence(asked, scope)
        text = evidence[0].quote.text if evidence else asked.question
        await self.bot.searching.similar(text, {place.article_id for place in asked.cited}, scope, delivery)

    async def share(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Shows a private answer to all in the channel; only its asker may."""
        arrived = time.monotonic()
        async with counting(self.bot.metrics, Entry.SHARE, arrived):
            own, delivery = await self._opened(interaction)
        asked = await self._asked(interaction, token)
        self._only_asker(interaction, asked)
        scope = await self.bot.scope_of(interaction, private=False)
        if not self.bot.may_answer_in(scope.settings, interaction.channel):
            raise NotAllowed("Answers are not shown in this channel.")
        async with counting(self.bot.metrics, Entry.SHARE, arrived) as counted:
            self.bot.asking.admit(scope)
            # Asked again rather than copied: what was removed since is not shown to everybody.
            bounds = Bounds.stored(asked.since, asked.until, asked.publishers)
            question = Question(asked.question, asked.original, bounds, understood=asked.question != asked.original)
            answer = await self.bot.asking.ask(question, scope)
            # Marked before it is sent: where Discord's reply is lost, nobody knows whether it is there.
            if not self._shared.is_new(token):
                await delivery.show(text_page(own.phrases.say("shared-already")))
                return
            await delivery.show(text_page(own.phrases.say("shared")))
            try:
                await self.bot.asking.show(answer, question, scope, FollowUpDelivery(interaction))
            except discord.HTTPException as error:
                if error.status < 500:
                    self._shared.forget(token)
                raise
            counted.answered(answer)

    async def retry(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Answers again without the filters, in place of the refusal; only its asker may."""
        arrived = time.monotonic()
        async with counting(self.bot.metrics, Entry.RETRY, arrived):
            await acknowledge(interaction)
        asked = await self._asked(interaction, token)
        self._only_asker(interaction, asked)
        scope = await self.bot.scope_of(interaction, private=asked.private)
        question = Question(
            asked.question, asked.original, understood=asked.question != asked.original, private=asked.private
        )
        async with counting(self.bot.metrics, Entry.RETRY, arrived) as counted:
            self.bot.asking.admit(scope)
            # The refusal stays until there is an answer.
            delivery = InteractionDelivery(interaction)
            counted.answered(await self.bot.asking.answer(question, scope, delivery, tells_place=False))

    async def turn_search(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Turns to another page of a search, for whoever searched; others get a page of their own."""
        asked = await self._asked(interaction, token)
        if asked.user_id == interaction.user.id:
            await acknowledge(interaction)
            scope, delivery = (
                await self.bot.scope_of(interaction, private=asked.private),
                InteractionDelivery(interaction),
            )
        else:
            scope, delivery = await self._opened(interaction)
        await self.bot.searching.turn(token, page, scope, delivery)

    async def up(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Counts a thumb up."""
        scope, delivery = await self._opened(interaction)
        await self._asked(interaction, token)
        await self._vote(interaction, token, "up", None)
        await delivery.show(text_page(scope.phrases.say("thanks")))

    async def down(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Counts a thumb down, and asks for the reason."""
        # A modal can't follow a deferral: this one is answered at once, before anything is written.
        await self._asked(interaction, token)
        await open_modal(interaction, ReasonModal(self, token, self.bot.phrases(interaction)))
        await self._vote(interaction, token, "down", None)

    async def take_reason(self, interaction: discord.Interaction[Any], token: str, reason: str) -> None:
        """Keeps why somebody found an answer bad."""
        await acknowledge(interaction, ephemeral=True, thinking=True)
        await self._asked(interaction, token)
        await self._vote(interaction, token, "down", reason.strip()[:LONGEST_REASON] or None)
        await InteractionDelivery(interaction).show(text_page(self.bot.phrases(interaction).say("thanks-reason")))

    async def _opened(self, interaction: discord.Interaction[Any]) -> tuple[Scope, InteractionDelivery]:
        await acknowledge(interaction, ephemeral=True, thinking=True)
        return await self.bot.scope_of(interaction, private=True), InteractionDelivery(interaction)

    async def _asked(self, interaction: discord.Interaction[Any], token: str) -> Asked:
        """What an answer was asked for.

        Raises:
            Gone: it is no longer kept, or it was asked in another place.
        """
        asked = await self.bot.records.read(lambda db: find(db, token))
        if asked is None or asked.server_id != interaction_server(interaction):
            raise Gone("That answer is no longer kept.", "Ask again.")
        return asked

    async def _evidence(self, asked: Asked, scope: Scope) -> list[Evidence]:
        filters = scope.filters()
        return await self.bot.desk.run(lambda attache: attache.quoted_again(asked.cited, filters))

    async def _vote(
        self, interaction: discord.Interaction[Any], token: str, vote: feedback.Vote, why: str | None
    ) -> None:
        now, user_id = utc_now(), interaction.user.id
        await self.bot.records.run(lambda db: feedback.vote(db, token, user_id, vote, why, now))

    def _only_asker(self, interaction: discord.Interaction[Any], asked: Asked) -> None:
        if asked.user_id != interaction.user.id:
            raise NotAllowed("Only whoever asked can do that.")


class ReasonModal(ui.Modal):
    """Asks what was wrong with an answer."""

    def __init__(self, answers: Answers, token: str, phrases: Phrases) -> None:
        super().__init__(title=phrases.say("reason-title"), timeout=900)
        self._answers = answers
        self._token = token
        self._phrases = phrases
        self.reason: ui.TextInput[ReasonModal] = ui.TextInput(
            style=discord.TextStyle.paragraph, required=False, max_length=LONGEST_REASON
        )
        self.add_item(ui.Label(text=phrases.say("reason-label"), component=self.reason))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Keeps the reason."""

        async def keep(pressed: discord.Interaction[Any], token: str, _page: int) -> None:
            await self._answers.take_reason(pressed, token, self.reason.value)

        await self._answers.bot.handle(interaction, keep, self._token, 0)
