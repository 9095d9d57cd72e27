"""The path of a search: passages on pages that can be turned while the search is stored."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.errors import Expired
from bot.discord.i18n.phrases import Phrases
from bot.discord.questions.cooldowns import Cooldowns
from bot.discord.questions.near_passages import Found, NearPassages
from bot.discord.questions.stored_question import new_record
from bot.discord.scope import Bounds, Scope
from bot.discord.transport.page import Delivery, Page
from bot.discord.views.answer_page import bounds_text
from bot.discord.views.buttons import remove_buttons
from bot.discord.views.escape import brief, escape, truncate, visible
from bot.discord.views.hits import HITS_ON_A_PAGE, hits_page
from bot.records import asked
from bot.records.asked import AskedQuestion
from bot.records.records import Records
from corpus.errors import StorageFailure

if TYPE_CHECKING:
    from index.search.retriever import Hit

log = structlog.get_logger(__name__)


class SearchFlow:
    """Runs searches from every entry point."""

    def __init__(self, passages: NearPassages, records: Records, cooldowns: Cooldowns) -> None:
        self._passages = passages
        self._records = records
        self._cooldowns = cooldowns

    async def search(
        self, query: str, bounds: Bounds, scope: Scope, delivery: Delivery, *, private: bool = True
    ) -> None:
        """Show the first page of a search, and store what its page buttons need.

        Raises:
            OnCooldown: the member or the server asked too often.
            AttacheError: no search is possible now.
        """
        self._cooldowns.count_question(scope)
        found = await self._find(query, bounds, scope)
        record = new_record("search", query, scope, bounds, private=private)
        token = record.token
        try:
            await self._records.run(lambda db: asked.save(db, record))
        except StorageFailure as failure:
            log.warning("could not store a search", reason=failure.message)
            token = ""
        await delivery.show(self._page(replace(record, token=token), found, 0, scope))

    async def show_page(self, token: str, page: int, scope: Scope, delivery: Delivery) -> None:
        """Show another page of a search.

        Raises:
            OnCooldown: the member turns pages too often.
            Expired: the search is no longer stored, or belongs to another server.
        """
        self._cooldowns.count_page(scope)
        record = await self._records.read(lambda db: asked.find(db, token))
        if record is None or record.kind != "search" or record.server_id != scope.server_id:
            raise Expired("That search is no longer kept.", "Search again.")
        found = await self._find(record.question, _bounds_of(record), scope)
        await delivery.show(self._page(record, found, page, scope, is_own=record.user_id == scope.user_id))

    async def show_similar(
        self, question: str, quotes: Sequence[str], excluded: set[int], scope: Scope, delivery: Delivery
    ) -> None:
        """Show the passages nearest to a question and all its quotes, except those of the `excluded` articles.

        Raises:
            OnCooldown: the member or the server asked too often.
        """
        self._cooldowns.count_question(scope)
        page, _ = await self.similar_page("more-title", question, quotes, excluded, scope)
        await delivery.show(page)

    async def similar_page(
        self, title: str, question: str, quotes: Sequence[str], excluded: set[int], scope: Scope
    ) -> "tuple[Page, list[Hit]]":
        """Return the page of `show_similar` under a title's phrase, and the passages on it.

        The caller counts it against the cooldowns.
        """
        found = await self._find(join_texts(question, quotes), Bounds(), scope)
        phrases = scope.phrases
        hits = [hit for hit in found.hits.hits if hit.article.id not in excluded][:HITS_ON_A_PAGE]
        footer = "" if hits else phrases.say("nothing-similar")
        shown, turn = replace(found.hits, hits=hits, corrected=None), ("search", "")
        return hits_page(phrases.say(title), shown, 0, 1, turn, footer, phrases, found.publishers), hits

    async def find_nearest(self, text: str, scope: Scope) -> "list[Hit]":
        """Return the passages most similar to a text, without showing them.

        Raises:
            OnCooldown: the member or the server asked too often.
            BadInput: the text has no words to search for.
        """
        self._cooldowns.count_question(scope)
        return (await self._find(text, Bounds(), scope)).hits.hits

    async def _find(self, query: str, bounds: Bounds, scope: Scope) -> Found:
        return await self._passages.find(query, scope.filters(bounds), scope.account)

    def _page(self, record: AskedQuestion, found: Found, page: int, scope: Scope, *, is_own: bool = True) -> Page:
        """Return a page of a stored search; without a token it is the only one. Only its asker's can be deleted."""
        phrases, hits, token = scope.phrases, found.hits.hits, record.token
        pages = max(1, -(-len(hits) // HITS_ON_A_PAGE)) if token else 1
        page = min(page, pages - 1)
        shown = replace(found.hits, hits=hits[page * HITS_ON_A_PAGE : (page + 1) * HITS_ON_A_PAGE])
        title = phrases.say("search-title", query=escape(brief(record.question, 150)))
        limits = bounds_text(_bounds_of(record), phrases, found.publishers)
        footer = f"-# {' · '.join(filter(None, (_count(found, phrases), limits)))}"
        result = hits_page(title, shown, page, pages, ("search", token), footer, phrases, found.publishers)
        buttons = [*result.buttons, *remove_buttons(token, private=record.private or not is_own)]
        return replace(result, buttons=buttons, is_plain=scope.settings.answer_style == "plain")


def _bounds_of(record: AskedQuestion) -> Bounds:
    return Bounds.from_record(record.since, record.until, record.publishers)


def join_texts(question: str, quotes: Sequence[str]) -> str:
    """Return a question with all its quotes as one query; each quote gets the same room."""
    room = LONGEST_QUESTION - len(question) - len(quotes)
    longest = room // len(quotes) if quotes else 0
    parts = [truncate(visible(quote), longest) for quote in quotes] if longest > 0 else []
    return " ".join([question, *parts])


def _count(found: Found, phrases: Phrases) -> str:
    count = len(found.hits.hits)
    if not count:
        return phrases.say("search-nothing")
    return phrases.say("search-count-many" if found.is_cut else "search-count", count=count)
