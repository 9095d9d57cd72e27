"""Measures how well copies are distinguished from other reports of an event, with copies made of stored articles."""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from sqlite_utils import Database

from corpus.article import Article
from corpus.articles import Articles
from corpus.copies import COPY_THRESHOLD
from corpus.sentences import split_sentences
from corpus.signatures import BANDS, ROWS, Signature, buckets, copied_share, sign
from index.maintenance import count_words
from index.search.lexical import LexicalSearch
from index.search.term_rarity import Vocabulary

THRESHOLDS = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)
BANDINGS = ((16, 1), (16, 2), (32, 2), (64, 2), (32, 3), (42, 3), (32, 4))
NEIGHBOUR = "neighbour"
# Shorter articles are too short to differ reliably.
_MIN_SENTENCES = 8
_NEIGHBOURS = 3
_NEIGHBOUR_DAYS = 3
# Passages searched for neighbours.
_SEARCH_DEPTH = 200
# Stored articles that share more than this share of the shorter one's sentences, word for word, are copies already.
_SAME_SENTENCES = 0.25


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles' signatures; `kind` is the edit that made the second, or `neighbour` if it is another report."""

    kind: str
    one: Signature
    other: Signature

    @property
    def is_copy(self) -> bool:
        """Whether the second was made from the first."""
        return self.kind != NEIGHBOUR


def evaluate_copies(db: Database, count: int, advance: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Measure over `count` articles spread evenly over the corpus.

    `thresholds` has precision and recall by the share from which a pair counts as copies, `kinds` the recall of each
    kind of edit at the present threshold. `bandings` has the share of these copies that meet in a bucket, and with how
    many stored articles an article is compared (mean, and the 95th percentile).
    """
    pairs, put_aside = _make_pairs(db, count, advance)
    shares = np.array([copied_share(pair.one, pair.other) for pair in pairs])
    copied = np.array([pair.is_copy for pair in pairs], dtype=bool)
    kinds = dict.fromkeys(pair.kind for pair in pairs)
    return {
        "copies": int(copied.sum()),
        "neighbours": int((~copied).sum()),
        "put_aside": put_aside,
        "thresholds": [_threshold_figures(threshold, shares, copied) for threshold in THRESHOLDS],
        "chosen_threshold": COPY_THRESHOLD,
        "kinds": {
            kind: float((shares[[pair.kind == kind for pair in pairs]] >= COPY_THRESHOLD).mean()) for kind in kinds
        },
        "bandings": _bandings(db, [pair for pair, share in zip(pairs, shares, strict=True) if share >= COPY_THRESHOLD]),
        "chosen_banding": [BANDS, ROWS],
    }


def made_copies(sentences: Sequence[str], foreign: Sequence[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """Edit an article the way newspapers edit an agency's report; yield the kind of edit and the text.

    Args:
        sentences: the article's sentences.
        foreign: sentences of another article, to add.
        chance: decides how much is changed.
    """
    size = len(sentences)
    intro = " ".join(foreign[: max(1, round(size * chance.uniform(0.1, 0.3)))])
    yield "tail cut", " ".join(sentences[: max(2, round(size * chance.uniform(0.4, 0.8)))])
    kept = sorted(chance.sample(range(size), max(2, round(size * chance.uniform(0.5, 0.8)))))
    yield "sentences dropped", " ".join(sentences[number] for number in kept)
    words = " ".join(sentences).split()
    others = " ".join(foreign).split()
    rate = chance.uniform(0.03, 0.12)
    yield "words replaced", " ".join(chance.choice(others) if chance.random() < rate else word for word in words)
    yield "introduced", f"{intro} {' '.join(sentences[1:])}"
    part = sentences[: max(2, round(size * chance.uniform(0.5, 0.8)))]
    yield "introduced, tail cut", f"{intro} {' '.join(part)}"
    half = sentences[: max(2, round(size * chance.uniform(0.6, 0.9)))]
    added = foreign[: max(1, round(size * chance.uniform(0.3, 0.5)))]
    yield "merged with another", f"{' '.join(half)} {' '.join(added)}"


def _make_pairs(db: Database, count: int, advance: Callable[[], None]) -> tuple[list[Pair], int]:
    """Return pairs of copies and of neighbours, and how many neighbours were left out as copies."""
    words = count_words(db)
    articles, search = Articles(db), partial(LexicalSearch(words).search, vocabulary=Vocabulary(words))
    pairs: list[Pair] = []
    put_aside = 0
    chance = random.Random(1)  # noqa: S311 - reproducible, not secret
    for one, foreign in pairwise(_sample(articles, count)):
        advance()
        sentences, others = _sentences(one), _sentences(foreign)
        signature = sign(one.body)
        pairs.extend(Pair(kind, signature, sign(text)) for kind, text in made_copies(sentences, others, chance))
        for other in _neighbours(one, articles, search):
            if _shared_sentences(sentences, _sentences(other)) >= _SAME_SENTENCES:
                put_aside += 1
            else:
                pairs.append(Pair(NEIGHBOUR, signature, sign(other.body)))
    return pairs, put_aside


def _sample(articles: Articles, count: int) -> Iterator[Article]:
    """Yield `count` + 1 articles of enough sentences, spread evenly over the corpus."""
    ids = list(articles.ids())
    step = max(1, len(ids) // (count + 1))
    chosen = 0
    for article_id in ids[::step]:
        article = articles.get(article_id)
        if article is not None and chosen <= count and len(_sentences(article)) >= _MIN_SENTENCES:
            chosen += 1
            yield article


def _sentences(article: Article) -> list[str]:
    spans = split_sentences(article.body, 0, len(article.body), article.language)
    return [article.body[span.start : span.end] for span in spans]


def _neighbours(article: Article, articles: Articles, search: Callable[..., dict[int, float]]) -> list[Article]:
    """Return articles of the same days that match the title best."""
    if not article.title or not article.published_at:
        return []
    found = search(article.title, _SEARCH_DEPTH, None)
    passages = articles.passages(list(found))
    ids = dict.fromkeys(passages[each].article_id for each in found if each in passages)
    ids.pop(article.id, None)
    facts = articles.facts(list(ids))
    near = [each for each in ids if _days_apart(article.published_at, facts[each].published_at) <= _NEIGHBOUR_DAYS]
    return [other for each in near[:_NEIGHBOURS] if (other := articles.get(each)) is not None]


def _days_apart(one: str, other: str | None) -> float:
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days) if other else math.inf


def _shared_sentences(one: Sequence[str], other: Sequence[str]) -> float:
    first, second = set(one), set(other)
    return len(first & second) / max(1, min(len(first), len(second)))


def _threshold_figures(
    threshold: float, shares: np.ndarray[Any, Any], copied: np.ndarray[Any, Any]
) -> dict[str, float]:
    predicted = shares >= threshold
    right = int((predicted & copied).sum())
    return {
        "threshold": threshold,
        "precision": right / max(1, int(predicted.sum())),
        "recall": right / max(1, int(copied.sum())),
        "neighbours_taken": float((predicted & ~copied).sum() / max(1, int((~copied).sum()))),
    }


def _bandings(db: Database, copies: Sequence[Pair]) -> list[dict[str, float]]:
    rows = db.execute("SELECT hashes, shingles FROM signatures ORDER BY article_id")
    stored = [Signature(np.frombuffer(hashes, dtype="<u4"), shingles) for hashes, shingles in rows]
    figures: list[dict[str, float]] = []
    for bands, per_band in BANDINGS:
        met = [_share_bucket(pair, bands, per_band) for pair in copies if pair.is_copy]
        compared = _count_compared([buckets(each, bands, per_band) for each in stored])
        figures.append(
            {
                "bands": bands,
                "rows": per_band,
                "found": float(np.mean(met)) if met else 0.0,
                "compared_mean": float(np.mean(compared)) if compared else 0.0,
                "compared_p95": float(np.percentile(compared, 95)) if compared else 0.0,
            }
        )
    return figures


def _share_bucket(pair: Pair, bands: int, rows: int) -> bool:
    return not set(buckets(pair.one, bands, rows)).isdisjoint(buckets(pair.other, bands, rows))


def _count_compared(stored: Sequence[Iterable[int]]) -> list[int]:
    """Count for each article how many others share a bucket with it."""
    by_bucket: defaultdict[int, set[int]] = defaultdict(set)
    for number, own in enumerate(stored):
        for bucket in own:
            by_bucket[bucket].add(number)
    return [
        len(set[int]().union(*(by_bucket[bucket] for bucket in own)) - {number}) for number, own in enumerate(stored)
    ]
