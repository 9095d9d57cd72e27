"""Scores passages by BM25 over a generation's postings and those of newer passages."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.generation.postings import Postings
from index.generation.vector_index import Ids, find_rows
from index.live.columns import Mask
from index.live.new_passages import PassageTracker
from index.live.scopes import Scope

# Scores per block; blocks whose maximum is too low are skipped when the best scores are selected.
BLOCK = 64
# New passages come in small segments; more than this many are merged into one.
MAX_SEGMENTS = 8

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Segment:
    """Passage ids `(n,)`, ascending, and postings whose rows are positions among them."""

    ids: Ids
    postings: Postings


class LiveWords:
    """The words of the current passages.

    Args:
        db: the corpus, open for reading.
        ids: ids of the generation's passages, ascending.
        postings: their words, in rows of the same order.
        passages: the current passages.
    """

    def __init__(self, db: Database, ids: Ids, postings: Postings, passages: PassageTracker) -> None:
        self._db = db
        self.passages = passages
        self._segments = [Segment(ids, postings)]

    def __len__(self) -> int:
        """Count the passages with words, including those removed since."""
        return sum(len(segment.ids) for segment in self._segments)

    def catch_up(self) -> None:
        """Count the words of new passages; call it after the tracker's `catch_up`."""
        _, *newer = self._segments
        known = np.concatenate([np.empty(0, dtype=np.int64), *(segment.ids for segment in newer)])
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
        self._segments.append(Segment(ids, Postings.build(texts)))
        if len(self._segments) > 1 + MAX_SEGMENTS:
            self._segments[1:] = [_merge(self._segments[1:])]

    def frequency(self, stem: str, scope: Scope | None = None) -> int:
        """Return how many passages contain a stem, of a scope or of all."""
        if scope is None:
            return sum(segment.postings.frequency(stem) for segment in self._segments)
        base, *newer = self._segments
        count = int(np.count_nonzero(scope.rows[base.postings.of(stem)[0]]))
        found = (segment.ids[segment.postings.of(stem)[0]] for segment in newer)
        return count + sum(len(find_rows(scope.joined, ids)) for ids in found)

    def frequencies(self, stems: Sequence[str], scope: Scope | None = None) -> dict[str, int]:
        """Return how many passages contain each of many stems, of a scope or of all; only those that any contains."""
        found = dict.fromkeys(stem for segment in self._segments for stem in segment.postings.contained(stems))
        return {stem: count for stem in found if (count := self.frequency(stem, scope))}

    def best(self, stems: Mapping[str, float], count: int, allowed: Scope | None) -> dict[int, float]:
        """Return the passages with the highest BM25 scores above zero, best first, equal ones by id.

        Args:
            stems: stem to its IDF.
            count: how many at most.
            allowed: the passages to choose from; None for all.
        """
        base, *newer = self._segments
        rows, ids = (self.passages.present, self.passages.ids) if allowed is None else (allowed.rows, allowed.joined)
        found = [_best_of(base, stems, rows, count)]
        for segment in newer:
            mask = np.zeros(len(segment.ids), dtype=np.bool_)
            mask[find_rows(segment.ids, ids)] = True
            found.append(_best_of(segment, stems, mask, count))
        ids = np.concatenate([each[0] for each in found])
        scores = np.concatenate([each[1] for each in found])
        best = np.lexsort((ids, -scores))[:count]
        return dict(zip(ids[best].tolist(), scores[best].tolist(), strict=True))


def bm25_idf(frequency: int, passages: int) -> float:
    """Return BM25's weight of a stem that `frequency` of the passages contain, always above zero."""
    return max(1e-6, math.log((passages - frequency + 0.5) / (frequency + 0.5)))


def _best_of(segment: Segment, stems: Mapping[str, float], mask: Mask, count: int) -> tuple[Ids, Scores]:
    # Whole blocks; scores after the last passage stay zero.
    blocks = np.zeros((-(-len(segment.ids) // BLOCK), BLOCK), dtype=np.float32)
    scores = blocks.ravel()[: len(segment.ids)]
    for stem, weight in stems.items():
        rows, gains = segment.postings.of(stem)
        scores[rows] += gains * np.float32(weight)
    scores *= mask
    best = _highest(blocks, count)
    return segment.ids[best], scores[best]


def _highest(blocks: Scores, count: int) -> NDArray[np.int64]:
    """Return positions of the highest scores above zero, highest first, equal ones in order; sorts few of them.

    `blocks` is `(b, BLOCK)`, all scores in order.
    """
    highest = blocks.max(axis=1)
    # `count` blocks reach this score, so nothing below it can be among the best.
    threshold = np.partition(highest, len(highest) - count)[len(highest) - count] if len(highest) > count else 0.0
    candidates = np.flatnonzero((highest >= threshold) & (highest > 0))
    positions = (candidates[:, np.newaxis] * BLOCK + np.arange(BLOCK)).ravel()
    scores = blocks.ravel()[positions]
    positions, scores = positions[scores > 0], scores[scores > 0]
    best: NDArray[np.int64] = positions[np.argsort(-scores, kind="stable")[:count]]
    return best


def _merge(segments: list[Segment]) -> Segment:
    """Merge segments into one with ascending ids."""
    ids = np.concatenate([segment.ids for segment in segments])
    order = np.argsort(ids)
    positions = np.empty(len(ids), dtype=np.int64)
    positions[order] = np.arange(len(ids))
    new_rows = np.split(positions, np.cumsum([len(segment.ids) for segment in segments])[:-1])
    parts = zip((segment.postings for segment in segments), new_rows, strict=True)
    return Segment(ids[order], Postings.merge(list(parts)))
