"""Searches on the answering thread for passages near a text, without those that a list only had room for."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from bot.answering.answer import Citation
from bot.answering.citation import cite
from bot.answering.copy_groups import CollapsedHits
from bot.discord.views.escape import visible
from bot.discord.workers.answer_queue import AnswerQueue
from bot.discord.workers.corpus_reader import CorpusReader
from bot.service.open_work import search
from corpus.publishers.directory import Publishers
from index.filters import Filters

if TYPE_CHECKING:
    from index.search.retriever import Hit

MAX_HITS = 40
# Articles named below a refusal.
MAX_NEAREST = 3
# A passage is near with at least this cosine, or with this share of the query's words, weighted by how rare they are.
# Passages on other subjects mostly stay below 0.2 and 0.3.
MIN_COSINE = 0.25
MIN_COVERAGE = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """The near passages of a search, and what is known of publishers."""

    hits: CollapsedHits
    publishers: Publishers

    @property
    def is_cut(self) -> bool:
        """Return whether there may be more near passages."""
        return len(self.hits.hits) == MAX_HITS


class NearPassages:
    """Searches from every entry point.

    Args:
        queue: runs the searches.
        reader: reads what is known of publishers.
    """

    def __init__(self, queue: AnswerQueue, reader: CorpusReader) -> None:
        self._queue = queue
        self._reader = reader

    async def find(self, query: str, filters: Filters, account: int) -> Found:
        """Return the passages near a query, best first; it takes a turn of an account.

        Raises:
            AttacheError: no search is possible now.
        """
        query = visible(query)
        every = await self._queue.run(
            partial(search, query=query, count=MAX_HITS, filters=filters), query=query, account=account
        )
        near = [hit for hit in every.hits if _is_near(hit)]
        return Found(replace(every, hits=near), await self.publishers())

    async def publishers(self) -> Publishers:
        """Return what is known of publishers.

        Raises:
            AttacheError: the articles can't be read now.
        """
        return await self._reader.run(Publishers)

    async def nearest_articles(self, query: str, filters: Filters, account: int) -> tuple[Citation, ...]:
        """Return the articles nearest to a query, each cited at its nearest passage; raise as `find` does."""
        found = await self.find(query, filters, account)
        best: dict[int, Hit] = {}
        for hit in found.hits.hits:
            best.setdefault(hit.article.id, hit)
        nearest = islice(best.values(), MAX_NEAREST)
        return tuple(cite(hit.article, hit.passage.text, found.publishers) for hit in nearest)


def _is_near(hit: "Hit") -> bool:
    """Return whether a passage is on the query's subject."""
    return (hit.cosine or 0.0) >= MIN_COSINE or hit.coverage >= MIN_COVERAGE
