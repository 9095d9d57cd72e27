"""The reply to a message that asks nothing of the world: a friendly line, or what the bot says of itself."""

from sqlite_utils import Database

from bot.answering.question.about_bot import BotSubject
from bot.discord.bot import AttacheBot
from bot.discord.questions.courtesies import Talk
from bot.discord.scope import Scope
from bot.discord.transport.page import Page
from bot.discord.views.self_pages import (
    freshness_page,
    guide_page,
    maker_page,
    news_page,
    sources_page,
    subject_page,
    talk_page,
)
from bot.service.arrivals import read_arrivals
from bot.service.lookups import count_corpus, list_publishers
from bot.service.self_facts import distribution, latest_news, name_publishers
from corpus.publishers.directory import Publishers
from index.filters import Filters


async def talk_reply(talk: Talk | BotSubject, scope: Scope, bot: AttacheBot, *, in_server: bool) -> Page:
    """Return the reply; in a server the guide mentions the bot.

    Raises:
        AttacheError: the articles can't be read now.
    """
    if isinstance(talk, Talk):
        return talk_page(talk, scope)
    if talk is BotSubject.GUIDE:
        return guide_page(scope, bot.user.mention if bot.user and in_server else "")
    if talk is BotSubject.MAKER:
        has_writer = bot.writer is not None and scope.settings.written_answers
        return maker_page(*distribution(), scope, has_writer=has_writer)
    return await bot.corpus_reader.run(lambda db: _subject(db, scope.filters(), talk, scope))


def _subject(db: Database, filters: Filters, subject: BotSubject, scope: Scope) -> Page:
    match subject:
        case BotSubject.SOURCES:
            named = name_publishers(list_publishers(db, filters))
            return sources_page(count_corpus(db, filters), named, scope)
        case BotSubject.FRESHNESS:
            return freshness_page(count_corpus(db, filters), scope)
        case BotSubject.NEWS:
            return _news(db, filters, scope)
        case _:
            return subject_page(subject, scope)


def _news(db: Database, filters: Filters, scope: Scope) -> Page:
    news = latest_news(db, filters)
    return news_page(news.stories, read_arrivals(db, [each.id for each in news.articles]), Publishers(db), scope)
