"""`/story`, `/coverage`, `/timeline` and `/about-country`: events, who reports them, and what is said over time."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._autocomplete import story_choices
from bot.discord.cogs._private_reply import PrivateReply, private_reply, reply_in_place
from bot.discord.errors import Expired
from bot.discord.questions.options import parse_options
from bot.discord.scope import Bounds, Scope, server_id_of
from bot.discord.transport.page import text_page
from bot.discord.views.about_pages import about_name_page
from bot.discord.views.buttons import article_number
from bot.discord.views.escape import brief, escape
from bot.discord.views.story_pages import chart_words, coverage_alt, coverage_page, no_story, stories_page, story_page
from bot.discord.views.timeline_page import timeline_alt, timeline_page
from bot.discord.workers.picture_worker import PictureWorker
from bot.records import asked
from bot.records.asked import AskedQuestion, new_token
from bot.render.chart_rows import coverage_chart, timeline_chart
from bot.service.about_page import LONGEST_NAME, about_page
from bot.service.coverage import coverage
from bot.service.stories import NUMBER, recent_stories, story_card, story_number
from bot.service.timeline import build_timeline
from corpus.errors import BadInput, StorageFailure
from corpus.publishers.directory import Publishers
from corpus.timestamps import utc_text

log = structlog.get_logger(__name__)

LONGEST_ABOUT = 200


class Overviews(commands.Cog):
    """The commands about events over time."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._pictures = PictureWorker()
        bot.button_handlers |= {
            "stories": self.turn_stories,
            "story": self.turn_story,
            "coverage": self.show_coverage,
            "timeline": self.timeline_of_answer,
            "timeline-page": self.turn_timeline,
        }

    async def cog_unload(self) -> None:
        """Stop drawing."""
        self._pictures.close()

    @app_commands.command(description="The articles on one event: the latest stories, or one by its number or words.")
    @app_commands.describe(
        about="A story from the list, its number, or words to find it by; empty for the latest stories"
    )
    async def story(
        self,
        interaction: discord.Interaction[AttacheBot],
        about: app_commands.Range[str, 1, LONGEST_ABOUT] | None = None,
    ) -> None:
        """Show the list of stories, or one of them."""
        async with private_reply(self.bot, interaction) as reply:
            if about is None:
                await self._show_stories(0, reply)
            elif (number := await self._find(about, reply.scope)) is None:
                await reply.show(text_page(no_story(reply.scope.phrases)))
            else:
                await self._show_story(number, 0, reply)

    @app_commands.command(description="Who reports a story and who does not, who was first, and who copied whom.")
    @app_commands.describe(about="A story from the list, its number, or words to find it by")
    async def coverage(
        self, interaction: discord.Interaction[AttacheBot], about: app_commands.Range[str, 1, LONGEST_ABOUT]
    ) -> None:
        """Show who covers a story."""
        async with private_reply(self.bot, interaction) as reply:
            number = await self._find(about, reply.scope)
            await self._show_coverage(number, reply)

    @story.autocomplete("about")
    @coverage.autocomplete("about")
    async def complete_story(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer stories that the asker may read."""
        return await safe_choices(story_choices(interaction, typed))

    @app_commands.command(description="What was said on a question and when: reported, claimed, denied, confirmed.")
    @app_commands.describe(
        question="The question",
        since="Only articles from this day on, such as 2024-09-09 or last week",
        until="Only articles up to this day",
    )
    async def timeline(
        self,
        interaction: discord.Interaction[AttacheBot],
        question: app_commands.Range[str, 1, LONGEST_QUESTION],
        since: str | None = None,
        until: str | None = None,
    ) -> None:
        """Show a question's timeline."""
        bounds, bad_option = await parse_options(question, since, until, None)
        async with private_reply(self.bot, interaction) as reply:
            if bad_option is not None:
                raise bad_option
            record = _record(question, bounds, reply.scope)
            try:
                await self.bot.records.run(lambda db: asked.save(db, record))
            except StorageFailure as failure:
                log.warning("could not store a timeline", reason=failure.message)
                record = replace(record, token="")
            await self._show_timeline(record, 0, reply)

    @app_commands.command(
        name="about-country", description="A country, group or person: stories, who says what, disputes, publishers."
    )
    @app_commands.describe(name="A country, a group such as NATO, or a person")
    async def about_country(
        self, interaction: discord.Interaction[AttacheBot], name: app_commands.Range[str, 1, LONGEST_NAME]
    ) -> None:
        """Show what the articles tell of a country, group or person."""
        async with private_reply(self.bot, interaction) as reply:
            self.bot.cooldowns.count_question(reply.scope)
            filters, now = reply.scope.filters(), datetime.now(UTC)
            work = partial(about_page, name=name, filters=filters, now=now)
            found = await self.bot.answer_queue.run(work, account=reply.scope.account)
            if found is None:
                await reply.say("about-name-none", name=escape(brief(name, LONGEST_NAME)))
            else:
                await reply.show(about_name_page(found, reply.scope.phrases, self.bot.page_links))

    async def turn_stories(self, interaction: discord.Interaction[AttacheBot], _argument: str, page: int) -> None:
        """Show another page of the list."""
        await self._show_stories(page, await reply_in_place(self.bot, interaction))

    async def turn_story(self, interaction: discord.Interaction[AttacheBot], story_id: str, page: int) -> None:
        """Show a story, or another page of its articles."""
        await self._show_story(article_number(story_id), page, await reply_in_place(self.bot, interaction))

    async def show_coverage(self, interaction: discord.Interaction[AttacheBot], story_id: str, _page: int) -> None:
        """Show who covers a story."""
        await self._show_coverage(article_number(story_id), await reply_in_place(self.bot, interaction))

    async def timeline_of_answer(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Show the timeline of an answer's question, privately."""
        async with private_reply(self.bot, interaction) as reply:
            record = await self._stored(interaction, token)
            await self._show_timeline(record, 0, reply)

    async def turn_timeline(self, interaction: discord.Interaction[AttacheBot], token: str, page: int) -> None:
        """Show another page of a timeline."""
        reply = await reply_in_place(self.bot, interaction)
        record = await self._stored(interaction, token)
        await self._show_timeline(record, page, reply)

    async def _find(self, about: str, scope: Scope) -> int | None:
        """Return the number of the story that is meant; None if there is none."""
        if number := NUMBER.fullmatch(about.strip()):
            return int(number[1])
        try:
            hits = await self.bot.search_flow.find_nearest(about, scope)
        except BadInput:
            # Punctuation only.
            return None
        if not hits:
            return None
        filters, article_id = scope.filters(), hits[0].article.id
        return await self.bot.corpus_reader.run(lambda db: story_number(db, filters, article_id))

    async def _show_stories(self, page: int, reply: PrivateReply) -> None:
        filters = reply.scope.filters()
        found = await self.bot.corpus_reader.run(lambda db: recent_stories(db, filters, Publishers(db)))
        await reply.show(stories_page(found, page, reply.scope.phrases))

    async def _show_story(self, story_id: int, page: int, reply: PrivateReply) -> None:
        filters, phrases = reply.scope.filters(), reply.scope.phrases
        card, known = await self.bot.corpus_reader.run(
            lambda db: (story_card(db, filters, publishers := Publishers(db), story_id), publishers)
        )
        if card is None:
            await reply.show(text_page(no_story(phrases)))
        else:
            await reply.show(story_page(card, known, page, phrases, self.bot.page_links))

    async def _show_coverage(self, story_id: int | None, reply: PrivateReply) -> None:
        filters, phrases = reply.scope.filters(), reply.scope.phrases
        found = None
        if story_id is not None:
            found = await self.bot.corpus_reader.run(lambda db: coverage(db, filters, Publishers(db), story_id))
        if found is None:
            await reply.show(text_page(no_story(phrases)))
            return
        chart = coverage_chart(found, chart_words(phrases))
        picture = await self._pictures.draw(chart, "coverage", coverage_alt(found, phrases), phrases)
        await reply.show(replace(coverage_page(found, phrases, self.bot.page_links), picture=picture))

    async def _show_timeline(self, record: AskedQuestion, page: int, reply: PrivateReply) -> None:
        count = self.bot.cooldowns.count_page if page else self.bot.cooldowns.count_question
        count(reply.scope)
        phrases = reply.scope.phrases
        filters = reply.scope.filters(Bounds.from_record(record.since, record.until, record.publishers))
        last_visit = await self._last_visit(record, reply.scope)
        now = datetime.fromisoformat(record.asked_at)
        found = await self.bot.answer_queue.run(
            partial(build_timeline, question=record.question, filters=filters, now=now, last_visit=last_visit),
            query=record.question,
            account=reply.scope.account,
        )
        if not found.statements:
            await reply.say("timeline-none")
            return
        shown = timeline_page(found, page, record.token, last_visit, phrases)
        chart = timeline_chart(found, chart_words(phrases)) if page == 0 else None
        alt = timeline_alt(found, phrases) if chart else ""
        picture = await self._pictures.draw(chart, "timeline", alt, phrases)
        await reply.show(replace(shown, picture=picture))

    async def _last_visit(self, record: AskedQuestion, scope: Scope) -> str | None:
        """Return when the reader last looked at a question: at its answer, or at another one before; None for never."""
        if record.kind == "answer" and record.user_id == scope.user_id:
            return record.asked_at
        reader = replace(record, user_id=scope.user_id)
        return await self.bot.records.read(lambda db: asked.last_asked(db, reader))

    async def _stored(self, interaction: discord.Interaction[AttacheBot], token: str) -> AskedQuestion:
        """Return a stored question.

        Raises:
            Expired: it is no longer stored, or belongs to another server.
        """
        record = await self.bot.records.read(lambda db: asked.find(db, token))
        if record is None or record.server_id != server_id_of(interaction):
            raise Expired("That answer is no longer kept.", "Ask again.")
        return record


def _record(question: str, bounds: Bounds, scope: Scope) -> AskedQuestion:
    """Return the record of a timeline, which its buttons and the next visit read."""
    return AskedQuestion(
        token=new_token(),
        kind="search",
        user_id=scope.user_id,
        server_id=scope.server_id,
        channel_id=scope.channel_id,
        message_id=None,
        question=question,
        original=question,
        since=bounds.since.isoformat() if bounds.since else None,
        until=bounds.until.isoformat() if bounds.until else None,
        publishers=bounds.publishers,
        verdict=None,
        headline="",
        private=True,
        asked_at=utc_text(datetime.now(UTC)),
        cited=(),
    )
