"""Adds to the best hits the passages next to them: a denial often follows the claim in the next one."""

from collections.abc import Sequence
from dataclasses import replace

from corpus.articles import Articles
from index.retriever import Hit

# Hits whose neighbours are read too.
WIDENED = 10
# A neighbour's score, as a share of its hit's.
NEIGHBOUR_SHARE = 0.9


def widen(hits: Sequence[Hit], articles: Articles) -> list[Hit]:
    """The hits, and behind them the passages right before and after the best of them."""
    known = {hit.passage.id for hit in hits}
    best: dict[int, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.article_id, hit)
    found = articles.neighbours([hit.passage for hit in hits[:WIDENED]])
    return list(hits) + [
        replace(
            best[passage.article_id],
            passage=passage,
            score=NEIGHBOUR_SHARE * best[passage.article_id].score,
            cosine=None,
            bm25=None,
            coverage=0.0,
        )
        for passage in found.values()
        if passage.id not in known
    ]
