"""Measures how well copies are told from other reports of one event: copies are made of the corpus's own articles."""

import math
import random
from collections import Counter, defaultdict
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
from corpus.copies import COPIED_SHARE
from corpus.sentences import split_sentences
from corpus.signatures import BANDS, ROWS, Signature, buckets, copied_share, sign
from index.maintenance import count_words
from index.search.lexical import LexicalSearch
from index.search.term_rarity import Vocabulary

THRESHOLDS = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)
BANDINGS = ((16, 1), (16, 2), (32, 2), (64, 2), (32, 3), (42, 3), (32, 4))
# Fewer sentences make no two different reports.
_FEWEST_SENTENCES = 8
_NEIGHBOURS = 3
_NEIGHBOUR_DAYS = 3
# Passages among which those of the same days are looked for.
_SEARCHED = 200
# Two stored articles that have more of the shorter one's sentences in common, word for word, are copies already.
_SAME_SENTENCES = 0.25


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts: how the second was made of the first, or `neighbour` where it is another report."""

    kind: str
    one: Signature
    other: Signature

    @property
    def is_copy(self) -> bool:
        """Whether one was made of the other."""
        return self.kind != NEIGHBOUR


NEIGHBOUR = "neighbour"


def evaluate_copies(db: Database, count: int, advance: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Figures over `count` articles of the corpus, spread evenly over it.

    `thresholds` has precision and recall of pairs at shares from which a pair counts as copies; `kinds` the recall of
    each kind of edit at the present one; `bandings` which share of the made copies above the present threshold meets
    in a bucket, and with how many stored articles one is compared (mean, and the 95th percentile).
    """
    pairs, put_aside = _pairs(db, count, advance)
    shares = np.array([copied_share(pair.one, pair.other) for pair in pairs])
    copied = np.array([pair.is_copy for pair in pairs], dtype=bool)
    kinds = dict.fromkeys(pair.kind for pair in pairs)
    return {
        "copies": int(copied.sum()),
        "neighbours": int((~copied).sum()),
        "put_aside": put_aside,
        "thresholds": [_at(threshold, shares, copied) for threshold in THRESHOLDS],
        "chosen_threshold": COPIED_SHARE,
        "kinds": {
            kind: float((shares[[pair.kind == kind for pair in pairs]] >= COPIED_SHARE).mean()) for kind in kinds
        },
        "bandings": _bandings(db, [pair for pair, share in zip(pairs, shares, strict=True) if share >= COPIED_SHARE]),
        "chosen_banding": [BANDS, ROWS],
    }


def made_copies(sentences: Sequence[str], foreign: Sequence[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """An article as those who print an agency's report change it: kind of edit, and the text that comes out.

    Args:
        sentences: those of the article.
        foreign: sentences of another article, for what is added.
        chance: chooses how much.
    """
    size = len(sentences)
    own = " ".join(foreign[: max(1, round(size * chance.uniform(0.1, 0.3)))])
    yield "tail cut", " ".join(sentences[: max(2, round(size * chance.uniform(0.4, 0.8)))])
    kept = sorted(chance.sample(range(size), max(2, round(size * chance.uniform(0.5, 0.8)))))
    yield "sentences dropped", " ".join(sentences[place] for place in kept)
    words = " ".join(sentences).split()
    others = " ".join(foreign).split()
    rate = chance.uniform(0.03, 0.12)
    yield "words replaced", " ".join(chance.choice(others) if chance.random() < rate else word for word in words)
    yield "introduced", f"{own} {' '.join(sentences[1:])}"
    part = sentences[: max(2, round(size * chance.uniform(0.5, 0.8)))]
    yield "introduced, tail cut", f"{own} {' '.join(part)}"
    half = sentences[: max(2, round(size * chance.uniform(0.6, 0.9)))]
    added = foreign[: max(1, round(size * chance.uniform(0.3, 0.5)))]
    yield "merged with another", f"{' '.join(half)} {' '.join(added)}"


def _pairs(db: Database, count: int, advance: Callable[[], None]) -> tuple[list[Pair], int]:
    words = count_words(db)
    articles, search = Articles(db), partial(LexicalSearch(words).search, vocabulary=Vocabulary(words))
    pairs: list[Pair] = []
    put_aside = 0
    chance = random.Random(1)  # noqa: S311 - the same pairs every time
    for one, foreign in pairwise(_sample(articles, count)):
        advance()
        sentences, others = _sentences(one), _sentences(foreign)
        signature = sign(one.body)
        pairs.extend(Pair(kind, signature, sign(text)) for kind, text in made_copies(sentences, others, chance))
        for other in _neighbours(one, articles, search):
            if _common(sentences, _sentences(other)) >= _SAME_SENTENCES:
                put_aside += 1
            else:
                pairs.append(Pair(NEIGHBOUR, signature, sign(other.body)))
    return pairs, put_aside


def _sample(articles: Articles, count: int) -> Iterator[Article]:
    """Articles of enough sentences, spread evenly over the corpus; one more, which the last one borrows from."""
    ids = list(articles.ids())
    step = max(1, len(ids) // (count + 1))
    taken = 0
    for article_id in ids[::step]:
        article = articles.get(article_id)
        if article is not None and taken <= count and len(_sentences(article)) >= _FEWEST_SENTENCES:
            taken += 1
            yield article


def _sentences(article: Article) -> list[str]:
    spans = split_sentences(article.body, 0, len(article.body), article.language)
    return [article.body[span.start : span.end] for span in spans]


def _neighbours(article: Article, articles: Articles, search: Callable[..., dict[int, float]]) -> list[Article]:
    """Other articles of the same days that share the most words with its title."""
    if not article.title or not article.published_at:
        return []
    found = search(article.title, _SEARCHED, None)
    passages = articles.passages(list(found))
    ids = dict.fromkeys(passages[each].article_id for each in found if each in passages)
    ids.pop(article.id, None)
    facts = articles.facts(list(ids))
    near = [each for each in ids if _days_apart(article.published_at, facts[each].published_at) <= _NEIGHBOUR_DAYS]
    return [other for each in near[:_NEIGHBOURS] if (other := articles.get(each)) is not None]


def _days_apart(one: str, other: str | None) -> float:
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days) if other else math.inf


def _common(one: Sequence[str], other: Sequence[str]) -> float:
    mine, theirs = set(one), set(other)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _at(threshold: float, shares: np.ndarray[Any, Any], copied: np.ndarray[Any, Any]) -> dict[str, float]:
    taken = shares >= threshold
    right = int((taken & copied).sum())
    return {
        "threshold": threshold,
        "precision": right / max(1, int(taken.sum())),
        "recall": right / max(1, int(copied.sum())),
        "neighbours_taken": float((taken & ~copied).sum() / max(1, int((~copied).sum()))),
    }


def _bandings(db: Database, copies: Sequence[Pair]) -> list[dict[str, float]]:
    rows = db.execute("SELECT hashes, shingles FROM signatures ORDER BY article_id")
    stored = [Signature(np.frombuffer(hashes, dtype="<u4"), shingles) for hashes, shingles in rows]
    figures: list[dict[str, float]] = []
    for bands, per_band in BANDINGS:
        met = [_meet(pair, bands, per_band) for pair in copies if pair.is_copy]
        compared = _compared([buckets(each, bands, per_band) for each in stored])
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


def _meet(pair: Pair, bands: int, rows: int) -> bool:
    return not set(buckets(pair.one, bands, rows)).isdisjoint(buckets(pair.other, bands, rows))


def _compared(stored: Sequence[Iterable[int]]) -> list[int]:
    """With how many other articles each shares a bucket."""
    held: defaultdict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(stored):
        for bucket in own:
            held[bucket].append(place)
    counts = []
    for place, own in enumerate(stored):
        met = Counter(other for bucket in own for other in held[bucket])
        met.pop(place, None)
        counts.append(len(met))
    return counts
