"""The way of a search: passages in pages that can be turned as long as the search is kept."""

from dataclasses import replace

import structlog

from bot.answering.copy_groups import Found
from bot.discord.errors import Gone
from bot.discord.i18n.phrases import Phrases
from bot.discord.questions.cooldowns import Cooldowns
from bot.discord.scope import Bounds, Scope
from bot.discord.transport.page import Delivery, Page
from bot.discord.views.answer_page import bounds_text
from bot.discord.views.escape import brief, escape, visible
from bot.discord.views.hits import HITS_ON_A_PAGE, hits_page
from bot.discord.workers.answer_queue import Desk
from bot.records import asked
from bot.records.asked import Asked, new_token
from bot.records.records import Records
from corpus.errors import StorageFailure
from corpus.timestamps import utc_now
from index.search.retriever import Hit

log = structlog.get_logger(__name__)

# Passages that a search lists; who wants more should search for something narrower.
MOST_HITS = 40


class Searching:
    """Searches wherever they come from."""

    def __init__(self, desk: Desk, records: Records, cooldowns: Cooldowns) -> None:
        self._desk = desk
        self._records = records
        self._cooldowns = cooldowns

    async def search(
        self, query: str, bounds: Bounds, scope: Scope, delivery: Delivery, *, private: bool = True
    ) -> None:
        """Shows the first page of a search, and keeps what turning its pages needs.

        Raises:
            TooFast: the asker, or the server, asked too often.
            AttacheError: it can't be searched now.
        """
        self._cooldowns.take(scope)
        found = await self._found(query, bounds, scope)
        kept = Asked(
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
        token = kept.token
        try:
            await self._records.run(lambda db: asked.save(db, kept))
        except StorageFailure as failure:
            log.warning("a search could not be kept", reason=failure.message)
            token = ""
        await delivery.show(self._page(query, bounds, found, 0, token, scope))

    async def turn(self, token: str, page: int, scope: Scope, delivery: Delivery) -> None:
        """Shows another page of a search.

        Raises:
            TooFast: the reader turns pages too often.
            Gone: the search is no longer kept, or belongs to another place.
        """
        self._cooldowns.turn(scope)
        kept = await self._records.read(lambda db: asked.find(db, token))
        if kept is None or kept.kind != "search" or kept.server_id != scope.server_id:
            raise Gone("That search is no longer kept.", "Search again.")
        bounds = Bounds.stored(kept.since, kept.until, kept.publishers)
        found = await self._found(kept.question, bounds, scope)
        await delivery.show(self._page(kept.question, bounds, found, page, token, scope))

    async def similar(self, text: str, other_than: set[int], scope: Scope, delivery: Delivery) -> None:
        """Shows passages near to a text, of other articles than the given.

        Raises:
            TooFast: the asker, or the server, asked too often.
        """
        self._cooldowns.take(scope)
        found = await self._found(text, Bounds(), scope)
        title = scope.phrases.say("more-title")
        shown = [hit for hit in found.hits if hit.article.id not in other_than][:HITS_ON_A_PAGE]
        foot = "" if shown else scope.phrases.say("nothing-similar")
        await delivery.show(hits_page(title, replace(found, hits=shown), 0, 1, ("search", ""), foot, scope.phrases))

    async def nearest(self, text: str, scope: Scope) -> list[Hit]:
        """The passages nearest to a text, shown to nobody yet.

        Raises:
            TooFast: the asker, or the server, asked too often.
            BadInput: it has no words to search for.
        """
        self._cooldowns.take(scope)
        return (await self._found(text, Bounds(), scope)).hits

    async def _found(self, query: str, bounds: Bounds, scope: Scope) -> Found:
        filters = scope.filters(bounds)
        query = visible(query)
        return await self._desk.run(lambda attache: attache.search(query, MOST_HITS, filters), query=query)

    def _page(self, query: str, bounds: Bounds, found: Found, page: int, token: str, scope: Scope) -> Page:
        phrases: Phrases = scope.phrases
        hits = found.hits
        pages = max(1, -(-len(hits) // HITS_ON_A_PAGE)) if token else 1
        page = min(page, pages - 1)
        shown = hits[page * HITS_ON_A_PAGE : (page + 1) * HITS_ON_A_PAGE]
        title = phrases.say("search-title", query=escape(brief(query, 150)))
        count = phrases.say("search-count", count=len(hits)) if hits else phrases.say("search-nothing")
        foot = f"-# {count} {bounds_text(bounds, phrases)}".rstrip()
        made = hits_page(title, replace(found, hits=shown), page, pages, ("search", token), foot, phrases)
        return replace(made, is_plain=scope.settings.answer_style == "plain")
