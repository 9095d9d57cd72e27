"""Copies among what was found: one of each group is shown, and names the others that the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from corpus.article import ArticleFacts
from corpus.articles import Articles
from corpus.copies import Copies
from index.filters import Filters, passing_articles
from index.search.retriever import Hit, SearchResult

# Hits that are asked for beyond those that are shown, for each of them: copies crowd out nothing.
HITS_FOR_ONE = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: hits of one article of each group of copies, and its copies by the article's id.

    `copies` holds articles that pass the search's own filters, the earliest first, undated ones last.
    """

    hits: list[Hit]
    copies: Mapping[int, tuple[ArticleFacts, ...]]
    timings_ms: dict[str, float]


def collapse(db: Database, result: SearchResult, count: int, filters: Filters) -> Found:
    """The best hits without those of copies; at most `count`.

    The best-scored article of a group stays, not the earliest: its passage is what was looked for, and with equal text
    that is the one whose own words or headline fit better. The earliest is named first among the others.
    """
    copied = set(Copies(db).pairs({hit.article.id for hit in result.hits}))
    shown: dict[int, None] = {}
    hits: list[Hit] = []
    for hit in result.hits:
        mine = hit.article.id
        if any((min(mine, other), max(mine, other)) in copied for other in shown if other != mine):
            continue
        shown[mine] = None
        hits.append(hit)
    hits = hits[:count]
    return Found(hits, copies_of(db, sorted({hit.article.id for hit in hits}), filters), result.timings_ms)


def copies_of(db: Database, article_ids: Sequence[int], filters: Filters) -> dict[int, tuple[ArticleFacts, ...]]:
    """The copies of each article that pass the filters, the earliest first, undated ones last."""
    found = Copies(db).of(article_ids, filters.collections or None)
    every = {other for others in found.values() for other in others}
    facts = Articles(db).facts(sorted(passing_articles(db, filters, every))) if every else {}
    return {
        each: tuple(sorted((facts[other] for other in others if other in facts), key=_earliest))
        for each, others in found.items()
    }


def _earliest(article: ArticleFacts) -> tuple[str, int]:
    return article.published_at or "9999", article.id
