"""Look-ups: `/search`, `/article`, `/sources`, `/status`."""

from datetime import UTC, datetime
from pathlib import Path

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.cited_places import place_of
from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.bot import AttacheBot, completions
from bot.discord.cogs._autocomplete import article_choices, publisher_choices
from bot.discord.cogs._private_reply import Visit, page_turned, private_visit
from bot.discord.errors import reporting
from bot.discord.i18n.command_names import shown_command
from bot.discord.scope import Bounds, Scope
from bot.discord.transport.page import InteractionDelivery, text_page
from bot.discord.transport.retry import acknowledge
from bot.discord.views.articles import CitedPassage, article_page
from bot.discord.views.edits import edits_page
from bot.discord.views.escape import brief, escape
from bot.discord.views.places import publishers_page, status_page
from bot.discord.workers.lookups import (
    article_card,
    count_holdings,
    find_article,
    list_publishers,
    nearest_title,
    shown_edit,
)
from bot.records.asked import cited_places
from bot.settings import Settings
from corpus.errors import BadInput
from corpus.publishers.directory import Publishers
from index.generation.generations import Generations

# Passages of one article that are listed; those that the most answers cite come first.
MOST_CITED = 20
LONGEST_TITLE_TYPED = 300


class LookingUp(commands.Cog):
    """Shows what there is, without answering."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        bot.presses |= {"article": self.turn_article, "edits": self.turn_edits, "publishers": self.turn_publishers}

    @app_commands.command(description="Search the articles; shows the passages that fit best.")
    @app_commands.describe(
        query="What to look for",
        since="Only articles from this day on, such as 2024-09-09 or last week",
        until="Only articles up to this day",
        publisher="Only articles of this publisher",
        private="Show the passages only to me; this is what happens unless you choose otherwise",
    )
    async def search(
        self,
        interaction: discord.Interaction[AttacheBot],
        query: app_commands.Range[str, 1, LONGEST_QUESTION],
        since: str | None = None,
        until: str | None = None,
        publisher: str | None = None,
        private: bool = True,
    ) -> None:
        """Shows passages, to the asker alone unless they want otherwise and the channel allows it."""
        hidden = private or not self.bot.may_answer_in(
            (await self.bot.scope_of(interaction, private=False)).settings, interaction.channel
        )
        await acknowledge(interaction, ephemeral=hidden, thinking=True)
        scope = await self.bot.scope_of(interaction, private=hidden)
        delivery = InteractionDelivery(interaction)
        async with self.bot.desk.visit(), reporting(lambda told: delivery.show(text_page(told)), scope.phrases):
            bounds = Bounds.read(since, until, publisher, datetime.now(UTC))
            await self.bot.searching.search(query, bounds, scope, delivery, private=hidden)

    @search.autocomplete("publisher")
    async def complete_publisher(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Publishers that the asker may read."""
        return await completions(publisher_choices(interaction, typed))

    @app_commands.command(description="Look at one article: what it states about itself, and what answers cited.")
    @app_commands.describe(title="Words of its title, or its number")
    async def article(
        self, interaction: discord.Interaction[AttacheBot], title: app_commands.Range[str, 1, LONGEST_TITLE_TYPED]
    ) -> None:
        """Shows the article with this number or title, or the one that comes nearest."""
        async with private_visit(self.bot, interaction) as visit:
            filters = visit.scope.filters()
            found = await self.bot.shelves.run(lambda db: find_article(db, filters, title))
            note = ""
            typed = escape(brief(title, 80))
            if found is None and (found := await self._nearest(title, visit.scope)) is not None:
                note = visit.scope.phrases.say("article-nearest", title=typed)
            if found is None:
                search = shown_command("search", visit.scope.phrases)
                await visit.say("article-none", title=typed, search=search)
            else:
                await self._show_article(found, 0, note, visit)

    @article.autocomplete("title")
    async def complete_title(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Articles that the asker may read."""
        return await completions(article_choices(interaction, typed))

    async def turn_article(self, interaction: discord.Interaction[AttacheBot], article_id: str, page: int) -> None:
        """Turns to other cited passages of an article."""
        await self._show_article(int(article_id), page, "", await page_turned(self.bot, interaction))

    async def turn_edits(self, interaction: discord.Interaction[AttacheBot], article_id: str, page: int) -> None:
        """Shows what an edit changed in an article, where the article may be read."""
        visit = await page_turned(self.bot, interaction)
        filters = visit.scope.filters()
        shown = await self.bot.shelves.run(lambda db: shown_edit(db, filters, int(article_id), page))
        if shown is None:
            await visit.say("article-gone")
        else:
            await visit.show(edits_page(shown, visit.scope.phrases))

    @app_commands.command(description="The publishers that I have read, with how much and from when.")
    async def sources(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Shows the first page of publishers."""
        async with private_visit(self.bot, interaction) as visit:
            await self._show_publishers(0, visit)

    async def turn_publishers(self, interaction: discord.Interaction[AttacheBot], _argument: str, page: int) -> None:
        """Turns to other publishers."""
        await self._show_publishers(page, await page_turned(self.bot, interaction))

    @app_commands.command(description="How much I have read, how new it is, and with which model I search it.")
    async def status(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Shows the counts of what is read here."""
        async with private_visit(self.bot, interaction) as visit:
            filters, settings = visit.scope.filters(), self.bot.settings
            holdings, built_at = await self.bot.shelves.run(
                lambda db: (count_holdings(db, filters), index_built_at(settings))
            )
            await visit.show(status_page(holdings, model_name(settings), built_at, visit.scope.phrases))

    async def _nearest(self, title: str, scope: Scope) -> int | None:
        try:
            hits = await self.bot.searching.nearest(title, scope)
        except BadInput:
            # Signs without a word: no title is near to them.
            return None
        return nearest_title([hit.article for hit in hits], title)

    async def _show_article(self, article_id: int, page: int, note: str, visit: Visit) -> None:
        filters, phrases = visit.scope.filters(), visit.scope.phrases
        card = await self.bot.shelves.run(lambda db: article_card(db, filters, article_id))
        if card is None:
            await visit.say("article-gone")
            return
        cited = await self._cited(article_id, visit.scope)
        await visit.show(article_page(card, cited, page, "article", note, phrases))

    async def _cited(self, article_id: int, scope: Scope) -> list[CitedPassage]:
        """What public answers of this server cited, where the article still says so."""
        answers = dict(
            await self.bot.records.read(lambda db: cited_places(db, article_id, scope.server_id, MOST_CITED))
        )
        if not answers:
            return []
        filters, places = scope.filters(), list(answers)
        evidence = await self.bot.desk.run(lambda attache: attache.quoted_again(places, filters))
        return [CitedPassage(each, answers[place_of(each.quote)]) for each in evidence]

    async def _show_publishers(self, page: int, visit: Visit) -> None:
        filters = visit.scope.filters()
        found, known = await self.bot.shelves.run(lambda db: (list_publishers(db, filters), Publishers(db)))
        await visit.show(publishers_page(found, known, page, "publishers", visit.scope.phrases))


def index_built_at(settings: Settings) -> str | None:
    """When the live index was built (ISO 8601, UTC); None while there is no readable one."""
    manifest = Generations(settings.data_dir).live_manifest()
    return manifest.created_at if manifest else None


def model_name(settings: Settings) -> str:
    """The model as people may read it: of a folder on the operator's machine only its own name."""
    model = settings.model
    is_path = model.startswith((".", "~", "/", "\\")) or "\\" in model or model.count("/") > 1
    return Path(model.replace("\\", "/")).name if is_path else model
