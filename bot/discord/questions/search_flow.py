"""The path of a search: passages on pages that can be turned while the search is stored."""

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.answering.copy_groups import CollapsedHits
from bot.discord.errors import Expired
from bot.discord.questions.cooldowns import Cooldowns
from bot.discord.scope import Bounds, Scope
from bot.discord.transport.page import Delivery, Page
from bot.discord.views.answer_page import bounds_text
from bot.discord.views.escape import brief, escape, visible
from bot.discord.views.hits import HITS_ON_A_PAGE, hits_page
from bot.discord.workers.answer_queue import AnswerQueue
from bot.records import asked
from bot.records.asked import AskedQuestion, new_token
from bot.records.records import Records
from corpus.errors import StorageFailure
from corpus.timestamps import utc_now

if TYPE_CHECKING:
    from index.search.retriever import Hit

log = structlog.get_logger(__name__)

MAX_HITS = 40


class SearchFlow:
    """Runs searches from every entry point."""

    def __init__(self, queue: AnswerQueue, records: Records, cooldowns: Cooldowns) -> None:
        self._queue = queue
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
        record = AskedQuestion(
            token=new_token(),
            kind="search",
            user_id=scope.user_id,
            server_id=scope.server_id,
            channel_id=scope.channel_id,
            message_id=None,
            question=query,
            original=query,
            since=bounds.since.isoformat() if bounds.since else None,
            until=bounds.until.isoformat() if bounds.until else None,
            publishers=bounds.publishers,
            verdict=None,
            headline="",
            private=private,
            asked_at=utc_now(),
            cited=(),
        )
        token = record.token
        try:
            await self._records.run(lambda db: asked.save(db, record))
        except StorageFailure as failure:
            log.warning("could not store a search", reason=failure.message)
            token = ""
        await delivery.show(self._page(query, bounds, found, 0, token, scope))

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
        bounds = Bounds.from_record(record.since, record.until, record.publishers)
        found = await self._find(record.question, bounds, scope)
        await delivery.show(self._page(record.question, bounds, found, page, token, scope))

    async def show_similar(self, text: str, excluded: set[int], scope: Scope, delivery: Delivery) -> None:
        """Show the passages most similar to a text, except those of the `excluded` articles.

        Raises:
            OnCooldown: the member or the server asked too often.
        """
        self._cooldowns.count_question(scope)
        found = await self._find(text, Bounds(), scope)
        title = scope.phrases.say("more-title")
        hits = [hit for hit in found.hits if hit.article.id not in excluded][:HITS_ON_A_PAGE]
        footer = "" if hits else scope.phrases.say("nothing-similar")
        await delivery.show(hits_page(title, replace(found, hits=hits), 0, 1, ("search", ""), footer, scope.phrases))

    async def find_nearest(self, text: str, scope: Scope) -> "list[Hit]":
        """Return the passages most similar to a text, without showing them.

        Raises:
            OnCooldown: the member or the server asked too often.
            BadInput: the text has no words to search for.
        """
        self._cooldowns.count_question(scope)
        return (await self._find(text, Bounds(), scope)).hits

    async def _find(self, query: str, bounds: Bounds, scope: Scope) -> CollapsedHits:
        filters = scope.filters(bounds)
        query = visible(query)
        return await self._queue.run(lambda attache: attache.search(query, MAX_HITS, filters), query=query)

    def _page(self, query: str, bounds: Bounds, found: CollapsedHits, page: int, token: str, scope: Scope) -> Page:
        phrases, hits = scope.phrases, found.hits
        pages = max(1, -(-len(hits) // HITS_ON_A_PAGE)) if token else 1
        page = min(page, pages - 1)
        shown = hits[page * HITS_ON_A_PAGE : (page + 1) * HITS_ON_A_PAGE]
        title = phrases.say("search-title", query=escape(brief(query, 150)))
        count = phrases.say("search-count", count=len(hits)) if hits else phrases.say("search-nothing")
        footer = f"-# {count} {bounds_text(bounds, phrases)}".rstrip()
        result = hits_page(title, replace(found, hits=shown), page, pages, ("search", token), footer, phrases)
        return replace(result, is_plain=scope.settings.answer_style == "plain")
