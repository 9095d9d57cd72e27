"""`/search`, `/article`, `/sources` and `/status`: look-ups without an answer."""

from functools import partial
from pathlib import Path

import discord
from discord import app_commands
from discord.ext import commands
from sqlite_utils import Database

from bot.answering.cited_places import place_of
from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._autocomplete import article_choices, publisher_choices
from bot.discord.cogs._private_reply import PrivateReply, private_reply, reply_in_place
from bot.discord.errors import report_errors
from bot.discord.i18n.command_names import format_command
from bot.discord.questions.options import as_stored, parse_options
from bot.discord.scope import Scope
from bot.discord.transport.page import InteractionDelivery, text_page
from bot.discord.transport.retry import acknowledge
from bot.discord.views.articles import (
    ArticleOpening,
    CitedIn,
    CitedPassage,
    article_page,
    first_sentences,
    passages_page,
)
from bot.discord.views.buttons import article_number
from bot.discord.views.edits import edits_page
from bot.discord.views.escape import brief, escape
from bot.discord.views.places import publishers_page, status_page
from bot.records.asked import cited_places, citing_messages
from bot.service.lookups import (
    ArticleCard,
    article_card,
    article_edit,
    count_corpus,
    find_article,
    first_passage,
    index_built_at,
    list_publishers,
    nearest_title,
    passages_of,
)
from bot.service.open_work import reload_quotes
from bot.settings import Settings
from corpus.errors import BadInput
from corpus.publishers.directory import Publishers
from index.filters import Filters

# Passages listed of one article; those cited most often come first.
MAX_CITED = 20
LONGEST_TITLE = 300
# Messages that cite an article, linked on its page.
MAX_LINKS = 3


class Lookup(commands.Cog):
    """The look-up commands."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        bot.button_handlers |= {
            "article": self.turn_article,
            "edits": self.turn_edits,
            "passages": self.turn_passages,
            "publishers": self.turn_publishers,
        }

    @app_commands.command(description="Search the articles, and show the passages that match best.")
    @app_commands.describe(
        query="What to look for",
        since="Only articles from this day on, such as 2024-09-09 or last week",
        until="Only articles up to this day",
        publisher="Only articles of this publisher",
        private="Show the passages only to me; on unless you switch it off",
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
        """Show passages; publicly only if the asker wants that and the channel allows it."""
        bounds, bad_option = await parse_options(query, since, until, publisher)
        hidden = private or bad_option is not None
        hidden = hidden or not (await self.bot.scope_of(interaction, private=False)).may_answer
        await acknowledge(interaction, ephemeral=hidden, thinking=True)
        scope = await self.bot.scope_of(interaction, private=hidden)
        delivery = InteractionDelivery(interaction)
        async with (
            self.bot.answer_queue.hold_open(),
            report_errors(lambda text: delivery.show(text_page(text)), scope.phrases),
        ):
            if bad_option is not None:
                raise bad_option
            bounds = await as_stored(bounds, scope, self.bot.corpus_reader)
            await self.bot.search_flow.search(query, bounds, scope, delivery, private=hidden)

    @search.autocomplete("publisher")
    async def complete_publisher(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer publishers that the asker may read."""
        return await safe_choices(publisher_choices(interaction, typed))

    @app_commands.command(description="Show one article: its details, and the passages that answers cited.")
    @app_commands.describe(title="Words of its title, or its number")
    async def article(
        self, interaction: discord.Interaction[AttacheBot], title: app_commands.Range[str, 1, LONGEST_TITLE]
    ) -> None:
        """Show the article with this number or title, or the most similar one."""
        async with private_reply(self.bot, interaction) as reply:
            filters = reply.scope.filters()
            found = await self.bot.corpus_reader.run(lambda db: find_article(db, filters, title))
            note = ""
            typed = escape(brief(title, 80))
            if found is None and (found := await self._nearest(title, reply.scope)) is not None:
                note = reply.scope.phrases.say("article-nearest", title=typed)
            if found is None:
                search = format_command("search", reply.scope.phrases)
                await reply.say("article-none", title=typed, search=search)
            else:
                await self._show_article(found, 0, note, reply)

    @article.autocomplete("title")
    async def complete_title(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer articles that the asker may read."""
        return await safe_choices(article_choices(interaction, typed))

    async def turn_article(self, interaction: discord.Interaction[AttacheBot], article_id: str, page: int) -> None:
        """Show another page of an article's cited passages."""
        await self._show_article(article_number(article_id), page, "", await reply_in_place(self.bot, interaction))

    async def turn_passages(self, interaction: discord.Interaction[AttacheBot], article_id: str, page: int) -> None:
        """Show a page of an article's passages, if the article may be read."""
        number = article_number(article_id)
        reply = await reply_in_place(self.bot, interaction)
        filters = reply.scope.filters()
        found = await self.bot.corpus_reader.run(lambda db: passages_of(db, filters, number))
        if found is None:
            await reply.say("article-gone")
        else:
            await reply.show(passages_page(*found, page, reply.scope.phrases))

    async def turn_edits(self, interaction: discord.Interaction[AttacheBot], article_id: str, page: int) -> None:
        """Show an edit of an article, if the article may be read."""
        number = article_number(article_id)
        reply = await reply_in_place(self.bot, interaction)
        filters = reply.scope.filters()
        shown = await self.bot.corpus_reader.run(lambda db: article_edit(db, filters, number, page))
        if shown is None:
            await reply.say("article-gone")
        else:
            await reply.show(edits_page(shown, reply.scope.phrases))

    @app_commands.command(description="The publishers I have read: how many articles, and from when.")
    async def sources(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show the first page of publishers."""
        async with private_reply(self.bot, interaction) as reply:
            await self._show_publishers(0, reply)

    async def turn_publishers(self, interaction: discord.Interaction[AttacheBot], _argument: str, page: int) -> None:
        """Show another page of publishers."""
        await self._show_publishers(page, await reply_in_place(self.bot, interaction))

    @app_commands.command(description="How much I have read, how recent it is, and which model searches it.")
    async def status(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show the counts of the articles that are read here."""
        async with private_reply(self.bot, interaction) as reply:
            filters, settings = reply.scope.filters(), self.bot.settings
            counts, built_at = await self.bot.corpus_reader.run(
                lambda db: (count_corpus(db, filters), index_built_at(settings, db))
            )
            await reply.show(status_page(counts, model_name(settings), built_at, reply.scope.phrases))

    async def _nearest(self, title: str, scope: Scope) -> int | None:
        try:
            hits = await self.bot.search_flow.find_nearest(title, scope)
        except BadInput:
            # Punctuation only.
            return None
        return nearest_title([hit.article for hit in hits], title)

    async def _show_article(self, article_id: int, page: int, note: str, reply: PrivateReply) -> None:
        filters, phrases = reply.scope.filters(), reply.scope.phrases
        found = await self.bot.corpus_reader.run(lambda db: _card_and_opening(db, filters, article_id))
        if found is None:
            await reply.say("article-gone")
            return
        card, opening = found
        cited = await self._cited(article_id, reply.scope)
        links = await self._citing_links(article_id, reply.scope)
        await reply.show(article_page(card, opening, CitedIn(cited, links), page, note, phrases, self.bot.page_links))

    async def _cited(self, article_id: int, scope: Scope) -> list[CitedPassage]:
        """Return the passages that public answers of this server cited, if the article still contains them."""
        answers = dict(await self.bot.records.read(lambda db: cited_places(db, article_id, scope.server_id, MAX_CITED)))
        if not answers:
            return []
        filters, places = scope.filters(), list(answers)
        work = partial(reload_quotes, places=places, filters=filters)
        evidence = await self.bot.answer_queue.run(work, account=scope.account)
        return [CitedPassage(each, answers[place_of(each.quote)]) for each in evidence]

    async def _citing_links(self, article_id: int, scope: Scope) -> list[str]:
        """Return the addresses of the newest public answers in this server that cite an article."""
        server_id = scope.server_id
        found = await self.bot.records.read(lambda db: citing_messages(db, article_id, server_id, MAX_LINKS))
        return [f"https://discord.com/channels/{server_id}/{channel}/{message}" for channel, message in found]

    async def _show_publishers(self, page: int, reply: PrivateReply) -> None:
        filters = reply.scope.filters()
        found, known = await self.bot.corpus_reader.run(lambda db: (list_publishers(db, filters), Publishers(db)))
        await reply.show(publishers_page(found, known, page, "publishers", reply.scope.phrases))


def _card_and_opening(db: Database, filters: Filters, article_id: int) -> tuple[ArticleCard, ArticleOpening] | None:
    """Return an article's card and first sentences; None if the filters hide it."""
    card = article_card(db, filters, article_id)
    if card is None:
        return None
    passage = first_passage(db, article_id)
    text = first_sentences(passage.text) if passage else ""
    return card, ArticleOpening(text, Publishers(db))


def model_name(settings: Settings) -> str:
    """Return the model's name for display: of a path on the operator's machine only the last part."""
    model = settings.model
    is_path = model.startswith((".", "~", "/", "\\")) or "\\" in model or model.count("/") > 1
    return Path(model.replace("\\", "/")).name if is_path else model
