"""The live view of the words: the postings of a generation, and the words of the passages that joined since."""

import json
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.joined import JoinedPassages
from index.postings import TITLE_WEIGHT, Postings, gain
from index.terms import Terms
from index.vector_index import Ids, rows_of

# Scores that are compared as one when the best are looked for.
BLOCK = 64


class LiveWords:
    """Scores passages by BM25. Not safe for use by several threads at once.

    Args:
        db: the corpus, open for reading.
        ids: ids of the generation's passages, ascending.
        postings: their words, in rows of the same order.
        joined: the passages that the generation does not hold.
    """

    def __init__(self, db: Database, ids: Ids, postings: Postings, joined: JoinedPassages) -> None:
        self._db = db
        self._ids = ids
        self._postings = postings
        self._passages = joined
        self._terms = Terms()
        # Stem to passage to gain; and the stems of each passage, to forget it by.
        self._gains: dict[str, dict[int, float]] = {}
        self._stems: dict[int, list[str]] = {}

    def __len__(self) -> int:
        """How many passages have words; those that are gone since the generation was built are among them."""
        return len(self._ids) + len(self._stems)

    def catch_up(self) -> None:
        """Reads the words of what joined, and forgets those of what went; after that of the passages themselves."""
        present = set(self._passages.ids.tolist())
        for passage_id in self._stems.keys() - present:
            for stem in self._stems.pop(passage_id):
                del self._gains[stem][passage_id]
        new = sorted(present - self._stems.keys())
        rows = self._db.execute(
            """SELECT passages.id, coalesce(articles.title, ''), passages.text
            FROM passages JOIN articles ON articles.id = passages.article_id
            WHERE passages.id IN (SELECT value FROM json_each(?))""",
            (json.dumps(new),),
        )
        for passage_id, title, text in rows:
            self._add(passage_id, title, text)

    def frequency(self, stem: str) -> int:
        """How many passages hold a stem."""
        return self._postings.frequency(stem) + len(self._gains.get(stem, ()))

    def best(self, stems: Mapping[str, float], count: int, allowed: Ids | None) -> dict[int, float]:
        """The passages with the highest sums of gain times rarity, best first, equals by id; none below zero.

        Args:
            stems: stem to its rarity.
            count: how many at most.
            allowed: passage ids to choose from, ascending; None for all.
        """
        scores = self._scores(stems)
        wanted = count
        while True:
            rows = _highest(scores, wanted) if allowed is None else self._highest_of(scores, allowed, wanted)
            ids = self._ids[rows]
            here = np.isin(ids, self._passages.existing(ids)) if allowed is None else np.ones(len(ids), dtype=bool)
            if here.sum() >= count or len(rows) < wanted:
                break
            # Passages that are gone took places.
            wanted *= 4
        found = dict(zip(ids[here].tolist(), scores[rows[here]].tolist(), strict=True)) | self._joined(stems, allowed)
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:count])

    def _scores(self, stems: Mapping[str, float]) -> NDArray[np.float32]:
        scores = np.zeros(len(self._ids), dtype=np.float32)
        for stem, rarity in stems.items():
            rows, gains = self._postings.of(stem)
            scores[rows] += gains * np.float32(rarity)
        return scores

    def _highest_of(self, scores: NDArray[np.float32], allowed: Ids, count: int) -> NDArray[np.int64]:
        rows = rows_of(self._ids, allowed)
        chosen: NDArray[np.int64] = rows[_highest(scores[rows], count)]
        return chosen

    def _joined(self, stems: Mapping[str, float], allowed: Ids | None) -> dict[int, float]:
        found: dict[int, float] = {}
        for stem, rarity in stems.items():
            for passage_id, gained in self._gains.get(stem, {}).items():
                found[passage_id] = found.get(passage_id, 0.0) + gained * rarity
        if allowed is None or not found:
            return found
        passing = set(np.intersect1d(allowed, np.fromiter(found, dtype=np.int64)).tolist())
        return {passage_id: score for passage_id, score in found.items() if passage_id in passing}

    def _add(self, passage_id: int, title: str, text: str) -> None:
        titled, told = self._terms.stems(title), self._terms.stems(text)
        counts: dict[str, float] = {}
        for stem in titled * TITLE_WEIGHT + told:
            counts[stem] = counts.get(stem, 0.0) + 1.0
        amounts = np.fromiter(counts.values(), dtype=np.float32)
        length = np.full(len(counts), len(titled) + len(told), dtype=np.float32)
        average = self._postings.average_length or float(len(titled) + len(told))
        for stem, gained in zip(counts, gain(amounts, length, average).tolist(), strict=True):
            self._gains.setdefault(stem, {})[passage_id] = gained
        self._stems[passage_id] = list(counts)


def rarity(frequency: int, passages: int) -> float:
    """BM25's weight of a stem that so many of the passages hold; a little above zero for what most of them hold."""
    return max(1e-6, math.log((passages - frequency + 0.5) / (frequency + 0.5)))


def _highest(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Places of the highest scores above zero, highest first, equals in order; most scores are never sorted."""
    blocks = -(-len(scores) // BLOCK)
    least = np.float32(0.0)
    if blocks > count:
        padded = np.zeros(blocks * BLOCK, dtype=np.float32)
        padded[: len(scores)] = scores
        # So many blocks reach this score that nothing below it can be among the best.
        least = np.partition(padded.reshape(blocks, BLOCK).max(axis=1), blocks - count)[blocks - count]
    places = np.flatnonzero((scores >= least) & (scores > 0))
    order = np.argsort(-scores[places], kind="stable")[:count]
    highest: NDArray[np.int64] = places[order]
    return highest
