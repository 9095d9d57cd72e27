"""How like made articles are to the real ones that they were learned from."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from bot.benching.geometry import other_neighbours
from bot.benching.making import MadeArticle
from bot.benching.sample import SampleArticle
from index.embedder import Vectors
from index.terms import words

# The words that a corpus's full-text lists are longest for.
_COMMON = 100


def compare(real: Sequence[SampleArticle], made: Sequence[MadeArticle]) -> dict[str, tuple[float, float]]:
    """Measures of both, real first: lengths, words, and cosines between passages.

    Cosines are compared over equally many articles of both: the more there are, the nearer the nearest.
    """
    known = [each for each in real if each.vectors is not None]
    theirs = _figures([each.passages for each in real], [each.vectors for each in known if each.vectors is not None])
    ours = _figures([each.passages for each in made], [each.vectors for each in made[: len(known)]])
    return {name: (round(theirs[name], 3), round(ours[name], 3)) for name in theirs}


def _figures(articles: Sequence[Sequence[str]], vectors: Sequence[Vectors]) -> dict[str, float]:
    running = [words(text) for passages in articles for text in passages]
    counts = Counter(word for each in running for word in each)
    ranked = np.array([count for _, count in counts.most_common()])
    figures = {
        "passages an article": float(np.mean([len(passages) for passages in articles])),
        "words a passage, median": float(np.median([len(each) for each in running])),
        "different words in a passage, median": float(np.median([len(set(each)) for each in running])),
        "share of the 100 commonest words": float(ranked[:_COMMON].sum() / ranked.sum()),
        "share of words met once": float((ranked == 1).sum() / len(ranked)),
    }
    nearest = other_neighbours(vectors)
    for percent in (10, 50, 90):
        figures[f"cosine to the nearest other article, {percent}%"] = float(np.percentile(nearest, percent))
    within = [float(np.median(each @ each.T)) for each in vectors if len(each) > 1]
    figures["cosine within an article, median"] = float(np.median(within)) if within else 0.0
    return figures
