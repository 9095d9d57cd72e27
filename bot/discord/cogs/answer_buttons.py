"""The buttons of answers and searches: quotes, sources, more like this, share, retry, votes, page turning."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import discord
import structlog
from discord import ui
from discord.ext import commands

from bot.answering.answer import Evidence
from bot.discord.bot import AttacheBot
from bot.discord.errors import Expired, NotAllowed
from bot.discord.i18n.phrases import Phrases, phrases_for
from bot.discord.questions.ask_flow import Question
from bot.discord.questions.question_metrics import measure_question
from bot.discord.scope import NO_BOUNDS, Bounds, Scope, server_id_of
from bot.discord.transport.dedup import SeenIds
from bot.discord.transport.page import FollowUpDelivery, InteractionDelivery, text_page
from bot.discord.transport.retry import acknowledge, open_modal, retry
from bot.discord.views.hits import quotes_page, sources_page
from bot.ops.metrics import Entry
from bot.records import feedback
from bot.records.asked import AskedQuestion, find
from bot.records.batch_delete import delete_answers
from bot.records.due import mark_due
from corpus.timestamps import utc_now

log = structlog.get_logger(__name__)

LONGEST_REASON = 500


class AnswerButtons(commands.Cog):
    """Handles the buttons of stored answers and searches."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        bot.button_handlers |= {
            "quotes": self.quotes,
            "sources": self.sources,
            "more": self.more,
            "find": self.find,
            "share": self.share,
            "remove": self.remove,
            "retry": self.retry,
            "reading": self.reading,
            "next": self.next,
            "claim": self.claim,
            "up": self.up,
            "down": self.down,
            "search": self.turn_search,
        }
        self._shared = SeenIds()

    async def quotes(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Show every quote, privately."""
        async with self._measure_page():
            asked, evidence, scope, delivery = await self._requote(interaction, token, with_speakers=True)
            gone = len(asked.cited) - len(evidence)
            await delivery.show(quotes_page(evidence, page, ("quotes", token), gone, scope.phrases))

    async def sources(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Show the quoted articles, privately."""
        async with self._measure_page():
            asked, evidence, scope, delivery = await self._requote(interaction, token)
            gone = len(asked.cited) - len(evidence)
            await delivery.show(
                sources_page(evidence, page, ("sources", token), gone, scope.phrases, self.bot.page_links)
            )

    async def more(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Show passages of other articles, nearest to the question and all its quotes."""
        async with self._measure_page():
            asked, evidence, scope, delivery = await self._requote(interaction, token)
            quotes = [each.quote.text for each in evidence]
            excluded = {place.article_id for place in asked.cited}
            await self.bot.search_flow.show_similar(asked.question, quotes, excluded, scope, delivery)

    async def find(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Search for a question that found no answer, privately."""
        async with self._measure_page():
            scope, delivery = await self._acknowledge(interaction)
            asked = await self._asked(interaction, token)
            bounds = Bounds.from_record(asked.since, asked.until, asked.publishers)
            await self.bot.search_flow.search(asked.question, bounds, scope, delivery)

    async def share(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Post a private answer publicly in the channel; only its asker may."""
        arrived = time.monotonic()
        async with measure_question(self.bot.metrics, Entry.SHARE, arrived):
            own, delivery = await self._acknowledge(interaction)
        asked = await self._asked(interaction, token)
        self._check_asker(interaction, asked)
        scope = await self.bot.scope_of(interaction, private=False)
        if not scope.may_answer:
            raise NotAllowed("no-answers-here")
        async with measure_question(self.bot.metrics, Entry.SHARE, arrived) as measured:
            self.bot.cooldowns.count_question(scope)
            # Asked again rather than copied, so that articles removed since are not shown.
            bounds = Bounds.from_record(asked.since, asked.until, asked.publishers)
            question = _question(asked, bounds, private=False)
            answer = await self.bot.ask_flow.ask(question, scope)
            # Marked before sending: if Discord's response is lost, the message may have been posted.
            if not self._shared.add(token):
                await delivery.show(text_page(own.phrases.say("shared-already")))
                return
            await delivery.show(text_page(own.phrases.say("shared")))
            try:
                await self.bot.ask_flow.show(answer, question, scope, FollowUpDelivery(interaction))
            except discord.HTTPException as error:
                if error.status < 500:
                    self._shared.discard(token)
                raise
            measured.showed(answer)

    async def retry(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Answer again without filters, in place of the refusal; only its asker may."""
        arrived = time.monotonic()
        async with measure_question(self.bot.metrics, Entry.RETRY, arrived):
            await acknowledge(interaction)
        asked = await self._asked(interaction, token)
        self._check_asker(interaction, asked)
        scope = await self.bot.scope_of(interaction, private=asked.private)
        question = replace(_question(asked, NO_BOUNDS, private=asked.private), message_id=asked.question_id)
        async with measure_question(self.bot.metrics, Entry.RETRY, arrived) as measured:
            self.bot.cooldowns.count_question(scope)
            # No notice about the queue: the refusal stays until the answer replaces it.
            delivery = InteractionDelivery(interaction)
            measured.showed(await self.bot.ask_flow.answer(question, scope, delivery, show_queue_position=False))

    async def remove(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Delete an answer and what is stored of it; only its asker may, or who may manage messages here."""
        asked = await self._asked(interaction, token)
        if not interaction.permissions.manage_messages:
            self._check_asker(interaction, asked)
        await acknowledge(interaction)
        # Noted first: killed in between, the next start deletes the message.
        await self.bot.records.run(lambda db: mark_due(db, [token], "delete"))
        await retry(interaction.delete_original_response)
        await self.bot.records.run(lambda db: delete_answers(db, [token]))

    async def reading(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Answer the reading of a follow-up that its asker meant, in place of the question which one."""
        await acknowledge(interaction)
        asked = await self._asked(interaction, token)
        self._check_asker(interaction, asked)
        question = replace(_offered(asked, page), original=asked.original, message_id=asked.question_id)
        await self._answer_offered(interaction, replace(question, private=asked.private))

    async def next(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Answer a suggested question, for everybody where that is allowed."""
        asked = await self._asked(interaction, token)
        private = asked.private or not (await self.bot.scope_of(interaction, private=False)).may_answer
        await acknowledge(interaction, ephemeral=private, thinking=True)
        await self._answer_offered(interaction, replace(_offered(asked, page), private=private))

    async def claim(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Show the quotes that support or contradict one of several claims, privately."""
        asked = await self._asked(interaction, token)
        self._check_asker(interaction, asked)
        await acknowledge(interaction, ephemeral=True, thinking=True)
        await self._answer_offered(interaction, replace(_offered(asked, page), is_claim=True, private=True))

    async def _answer_offered(self, interaction: discord.Interaction[AttacheBot], question: Question) -> None:
        """Answer a question that a button offers, or check a claim."""
        scope = await self.bot.scope_of(interaction, private=question.private)
        async with measure_question(self.bot.metrics, Entry.NEXT, time.monotonic()) as measured:
            self.bot.cooldowns.count_question(scope)
            delivery = InteractionDelivery(interaction)
            measured.showed(await self.bot.ask_flow.answer(question, scope, delivery, show_queue_position=False))

    async def turn_search(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Show another page of a search: in place for its asker, as a private reply for others."""
        asked = await self._asked(interaction, token)
        if asked.user_id == interaction.user.id:
            await acknowledge(interaction)
            scope = await self.bot.scope_of(interaction, private=asked.private)
            delivery = InteractionDelivery(interaction)
        else:
            scope, delivery = await self._acknowledge(interaction)
        await self.bot.search_flow.show_page(token, page, scope, delivery)

    async def up(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Count a vote up."""
        scope, delivery = await self._acknowledge(interaction)
        await self._asked(interaction, token)
        await self._vote(interaction, token, "up", None)
        await delivery.show(text_page(scope.phrases.say("thanks")))

    async def down(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Count a vote down, and ask for the reason."""
        # A modal can't follow a deferral, so it is opened at once, before the vote is stored.
        await self._asked(interaction, token)
        await open_modal(interaction, ReasonModal(self, token, phrases_for(interaction.locale)))
        await self._vote(interaction, token, "down", None)

    async def save_reason(self, interaction: discord.Interaction[Any], token: str, reason: str) -> None:
        """Store the reason of a vote down."""
        await acknowledge(interaction, ephemeral=True, thinking=True)
        await self._asked(interaction, token)
        await self._vote(interaction, token, "down", reason.strip()[:LONGEST_REASON] or None)
        # Where no server has installed the bot, such as in direct messages, there is no admin to read it.
        told = "thanks" if server_id_of(interaction) is None else "thanks-reason"
        thanks = phrases_for(interaction.locale).say(told)
        await InteractionDelivery(interaction).show(text_page(thanks))

    @asynccontextmanager
    async def _measure_page(self) -> AsyncIterator[None]:
        """Count the block as one page about an answer."""
        async with measure_question(self.bot.metrics, Entry.ABOUT, time.monotonic()) as measured:
            yield
            measured.showed(None)

    async def _acknowledge(self, interaction: discord.Interaction[Any]) -> tuple[Scope, InteractionDelivery]:
        await acknowledge(interaction, ephemeral=True, thinking=True)
        return await self.bot.scope_of(interaction, private=True), InteractionDelivery(interaction)

    async def _asked(self, interaction: discord.Interaction[Any], token: str) -> AskedQuestion:
        """Return the stored answer or search of a button.

        Raises:
            Expired: it is no longer stored, or belongs to another server.
        """
        asked = await self.bot.records.read(lambda db: find(db, token))
        if asked is None or asked.server_id != server_id_of(interaction):
            raise Expired("That answer is no longer kept.", "Ask again.")
        return asked

    async def _requote(
        self, interaction: discord.Interaction[Any], token: str, *, with_speakers: bool = False
    ) -> tuple[AskedQuestion, list[Evidence], Scope, InteractionDelivery]:
        """Acknowledge a button, and find the quotes of its answer that may still be shown."""
        scope, delivery = await self._acknowledge(interaction)
        asked = await self._asked(interaction, token)
        evidence = await self.bot.follow_ups.reload(asked, scope)
        if with_speakers and evidence:
            evidence = await self.bot.follow_ups.with_speakers(asked, evidence, scope)
        return asked, evidence, scope, delivery

    async def _vote(
        self, interaction: discord.Interaction[Any], token: str, vote: feedback.Vote, why: str | None
    ) -> None:
        now, user_id = utc_now(), interaction.user.id
        await self.bot.records.run(lambda db: feedback.vote(db, token, user_id, vote, why, now))

    def _check_asker(self, interaction: discord.Interaction[Any], asked: AskedQuestion) -> None:
        if asked.user_id != interaction.user.id:
            raise NotAllowed("not-asker")


def _question(asked: AskedQuestion, bounds: Bounds, *, private: bool) -> Question:
    is_completed = asked.question != asked.original
    return Question(asked.question, asked.original, bounds, is_completed=is_completed, private=private)


def _offered(asked: AskedQuestion, page: int) -> Question:
    """Return the question of one of an answer's buttons.

    Raises:
        Expired: it has no such button.
    """
    if page >= len(asked.offered):
        raise Expired("That button names no question.", "Ask again.")
    text, bounds = asked.offered[page], Bounds.from_record(asked.since, asked.until, asked.publishers)
    return Question(text, text, bounds, is_completed=True)


class ReasonModal(ui.Modal):
    """Asks what was wrong with an answer."""

    def __init__(self, cog: AnswerButtons, token: str, phrases: Phrases) -> None:
        super().__init__(title=phrases.say("reason-title"), timeout=900)
        self._cog = cog
        self._token = token
        self.reason: ui.TextInput[ReasonModal] = ui.TextInput(
            style=discord.TextStyle.paragraph, required=False, max_length=LONGEST_REASON
        )
        self.add_item(ui.Label(text=phrases.say("reason-label"), component=self.reason))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Store the reason."""

        async def save(pressed: discord.Interaction[Any], token: str, _page: int) -> None:
            await self._cog.save_reason(pressed, token, self.reason.value)

        await self._cog.bot.handle(interaction, save, self._token, 0)
