"""Fuses the lexical and the dense candidates into one ranking."""

from collections.abc import Mapping

# Where questions use the words of news, any dense weight from 0.4 to 0.6 does as well; where they use other words,
# higher is better: docs/decisions/0003-score-fusion.md has the figures.
DENSE_WEIGHT = 0.6
LEXICAL_WEIGHT = 0.4


def fuse(cosines: Mapping[int, float], bm25: Mapping[int, float]) -> dict[int, float]:
    """Score every candidate by `0.6 cosine + 0.4 BM25 / best BM25`.

    A convex combination of scores finds more than reciprocal ranks do (Bruch, Gai, Ingber 2023, "An analysis of fusion
    functions for hybrid retrieval"). BM25 has no fixed scale and is divided by the best of the list.

    Args:
        cosines: candidate to its cosine.
        bm25: candidate to its BM25 score, above zero; a candidate without one shares no word with the query.

    Returns:
        Candidate to score, best first, equal ones by id; independent of the order of the arguments' items.
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
    """Sort scores, highest first, equal ones by id."""
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
