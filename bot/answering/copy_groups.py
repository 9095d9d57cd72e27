"""Collapses copies among the hits: one article of each group stays and lists its copies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from bot.answering.story_facts import StoryFacts, by_time, stories_of
from corpus.article import ArticleFacts
from corpus.articles import Articles
from corpus.copies import Copies
from corpus.publishers.directory import Publishers
from index.filters import Filters, filter_articles
from index.search.retriever import Hit, SearchResult

# Hits to retrieve for each one shown, so that collapsed copies leave no gaps.
HITS_PER_RESULT = 3


@dataclass(frozen=True, slots=True)
class CollapsedHits:
    """Hits from one article of each group of copies, and its copies and its story by article id.

    `copies` pass the search's filters and come earliest first, undated ones last. `stories` have two articles or more.
    `corrected` is the query that was searched for, if its spelling was corrected.
    """

    hits: list[Hit]
    copies: Mapping[int, tuple[ArticleFacts, ...]]
    timings_ms: dict[str, float]
    stories: Mapping[int, StoryFacts] = field(default_factory=dict)
    corrected: str | None = None


def collapse_copies(db: Database, result: SearchResult, count: int, filters: Filters) -> CollapsedHits:
    """Return at most `count` hits, best first, without those from copies of a better one.

    The best-scored article of a group stays rather than the earliest: its own words or headline fit the query better.
    """
    copied = set(Copies(db).pairs({hit.article.id for hit in result.hits}))
    shown: set[int] = set()
    hits: list[Hit] = []
    for hit in result.hits:
        article_id = hit.article.id
        if not any((min(article_id, other), max(article_id, other)) in copied for other in shown):
            shown.add(article_id)
            hits.append(hit)
    hits = hits[:count]
    ids = sorted({hit.article.id for hit in hits})
    stories = stories_of(db, ids, filters, Publishers(db)) if ids else {}
    return CollapsedHits(hits, copies_of(db, ids, filters), result.timings_ms, stories)


def copies_of(db: Database, article_ids: Sequence[int], filters: Filters) -> dict[int, tuple[ArticleFacts, ...]]:
    """Return the copies of each article that pass the filters, earliest first, undated ones last."""
    found = Copies(db).find(article_ids, filters.collections or None)
    every = {other for others in found.values() for other in others}
    facts = Articles(db).facts(sorted(filter_articles(db, filters, every))) if every else {}
    return {
        each: tuple(sorted((facts[other] for other in others if other in facts), key=by_time))
        for each, others in found.items()
    }
