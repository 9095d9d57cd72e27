"""The live view of the words: the postings of a generation, and those of the passages that joined since."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.generation.postings import Postings
from index.generation.vector_index import Ids, rows_of
from index.live.columns import Mask
from index.live.new_passages import FollowedPassages
from index.live.scopes import Scope

# Scores that are compared as one when the best are looked for.
BLOCK = 64
# What joined comes in small lots; so many of them are searched one by one before they are made one.
MOST_LOTS = 8

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lot:
    """Passages and their words: ids `(n,)`, ascending, and postings whose rows are places among them."""

    ids: Ids
    postings: Postings


class LiveWords:
    """Scores passages by BM25.

    Args:
        db: the corpus, open for reading.
        ids: ids of the generation's passages, ascending.
        postings: their words, in rows of the same order.
        joined: the passages that the generation does not hold.
    """

    def __init__(self, db: Database, ids: Ids, postings: Postings, joined: FollowedPassages) -> None:
        self._db = db
        self.passages = joined
        self._lots = [Lot(ids, postings)]

    def __len__(self) -> int:
        """How many passages have words; those that went since their words were counted are among them."""
        return sum(len(lot.ids) for lot in self._lots)

    def catch_up(self) -> None:
        """Counts the words of what joined; after `catch_up` of the passages themselves."""
        base, *joined = self._lots
        known = np.concatenate([np.empty(0, dtype=np.int64), *(lot.ids for lot in joined)])
        new = np.setdiff1d(self.passages.ids, known)
        if not len(new):
            return
        rows = self._db.execute(
            """SELECT passages.id, coalesce(articles.title, ''), passages.text
            FROM passages JOIN articles ON articles.id = passages.article_id
            WHERE passages.id IN (SELECT value FROM json_each(?)) ORDER BY passages.id""",
            (json.dumps(new.tolist()),),
        ).fetchall()
        texts = ((title, text) for _, title, text in rows)
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        self._lots.append(Lot(ids, Postings.build(texts, base.postings.average_length or None)))
        if len(self._lots) > 1 + MOST_LOTS:
            self._lots[1:] = [_merged(self._lots[1:])]

    def frequency(self, stem: str, scope: Scope | None = None) -> int:
        """How many passages hold a stem: of a scope, or of all."""
        if scope is None:
            return sum(lot.postings.frequency(stem) for lot in self._lots)
        base, *joined = self._lots
        count = int(np.count_nonzero(scope.rows[base.postings.of(stem)[0]]))
        return count + sum(len(rows_of(scope.joined, lot.ids[lot.postings.of(stem)[0]])) for lot in joined)

    def best(self, stems: Mapping[str, float], count: int, allowed: Scope | None) -> dict[int, float]:
        """The passages with the highest sums of gain times rarity, best first, equals by id; none below zero.

        Args:
            stems: stem to its rarity.
            count: how many at most.
            allowed: the passages to choose from; None for all.
        """
        base, *joined = self._lots
        rows, ids = (self.passages.present, self.passages.ids) if allowed is None else (allowed.rows, allowed.joined)
        found = [_best_of(base, stems, rows, count)]
        for lot in joined:
            here = np.zeros(len(lot.ids), dtype=np.bool_)
            here[rows_of(lot.ids, ids)] = True
            found.append(_best_of(lot, stems, here, count))
        ids = np.concatenate([each[0] for each in found])
        scores = np.concatenate([each[1] for each in found])
        best = np.lexsort((ids, -scores))[:count]
        return dict(zip(ids[best].tolist(), scores[best].tolist(), strict=True))


def rarity(frequency: int, passages: int) -> float:
    """BM25's weight of a stem that so many of the passages hold; a little above zero for what most of them hold."""
    return max(1e-6, math.log((passages - frequency + 0.5) / (frequency + 0.5)))


def _best_of(lot: Lot, stems: Mapping[str, float], here: Mask, count: int) -> tuple[Ids, Scores]:
    # In whole blocks; what lies behind the last passage stays at zero.
    blocks = np.zeros((-(-len(lot.ids) // BLOCK), BLOCK), dtype=np.float32)
    scores = blocks.ravel()[: len(lot.ids)]
    for stem, weight in stems.items():
        rows, gains = lot.postings.of(stem)
        scores[rows] += gains * np.float32(weight)
    scores *= here
    best = _highest(blocks, count)
    return lot.ids[best], scores[best]


def _highest(blocks: Scores, count: int) -> NDArray[np.int64]:
    """Places of the highest scores above zero, highest first, equals in order; most scores are never sorted.

    `blocks` is `(b, BLOCK)`, all scores in order.
    """
    highest = blocks.max(axis=1)
    # So many blocks reach this score that nothing below it can be among the best.
    least = np.partition(highest, len(highest) - count)[len(highest) - count] if len(highest) > count else 0.0
    candidates = np.flatnonzero((highest >= least) & (highest > 0))
    places = (candidates[:, np.newaxis] * BLOCK + np.arange(BLOCK)).ravel()
    scores = blocks.ravel()[places]
    places, scores = places[scores > 0], scores[scores > 0]
    best: NDArray[np.int64] = places[np.argsort(-scores, kind="stable")[:count]]
    return best


def _merged(lots: list[Lot]) -> Lot:
    """One lot of several, ids in order."""
    ids = np.concatenate([lot.ids for lot in lots])
    order = np.argsort(ids)
    places = np.empty(len(ids), dtype=np.int64)
    places[order] = np.arange(len(ids))
    return Lot(ids[order], Postings.merged([(lot.postings, moved) for lot, moved in _moves(lots, places)]))


def _moves(lots: list[Lot], places: NDArray[np.int64]) -> Iterator[tuple[Lot, NDArray[np.int64]]]:
    """Each lot with the places that its rows get."""
    first = 0
    for lot in lots:
        yield lot, places[first : first + len(lot.ids)]
        first += len(lot.ids)
