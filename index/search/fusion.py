"""Fuses the two lists of candidates into one ranking."""

from collections.abc import Mapping

# The lists' weighted sum finds more than reciprocal ranks do, since it keeps by how much a passage is better (Bruch,
# Gai, Ingber 2023). Where questions have the words of news any dense weight from 0.4 to 0.6 does as well; where they
# have words of their own, more is better: docs/decisions/0003-score-fusion.md has the figures.
DENSE_WEIGHT = 0.6
LEXICAL_WEIGHT = 0.4


def fuse(cosines: Mapping[int, float], bm25: Mapping[int, float]) -> dict[int, float]:
    """Scores every candidate by `0.6 cosine + 0.4 BM25 / best BM25`.

    A convex combination of scores (Bruch, Gai, Ingber 2023, "An analysis of fusion functions for hybrid retrieval").
    BM25 has no fixed scale and is divided by the best of the list; cosines have one and stay as they are.

    Args:
        cosines: candidate to its cosine.
        bm25: candidate to its BM25 score, above zero; a candidate that is not there shares no word with the query.

    Returns:
        Candidate to score, best first, equals by id: the order of the arguments' items does not matter.
    """
    best = max(bm25.values(), default=0.0)
    scale = LEXICAL_WEIGHT / best if best > 0 else 0.0
    return best_first(
        {
            item: DENSE_WEIGHT * cosines.get(item, 0.0) + scale * bm25.get(item, 0.0)
            for item in cosines.keys() | bm25.keys()
        }
    )


def best_first(scores: Mapping[int, float]) -> dict[int, float]:
    """The same scores, highest first, equals by id."""
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
