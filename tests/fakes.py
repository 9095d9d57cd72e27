"""Deterministic stand-ins for the embedding model and the reader, and a calibration that takes a reader at its word."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bot.answering.calibration import CALIBRATION_VERSION, Calibration, Gate, LogisticModel
from bot.answering.reader.reading import RELATIONS, Excerpt, Found, Reading
from corpus.article import Span
from index.embedding.embedder import Vectors
from index.terms import Terms


class HashingEmbedder:
    """Bags of stems, hashed into a unit vector: texts that share words are close; counts the texts it was given."""

    def __init__(self, fingerprint: str = "hashing@1", dimension: int = 64) -> None:
        self.fingerprint = fingerprint
        self.dimension = dimension
        self.encoded = 0
        self._terms = Terms()

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for stem in self._terms.stems(text) or ["nothing"]:
                digest = hashlib.sha256(stem.encode()).digest()
                vectors[row, digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
            vectors[row, 0] += 0.01
        self.encoded += len(texts)
        on_done(len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class FakeReader:
    """Answers from a table: the first key that stands in a text decides what is said of it; counts the texts it read.

    The table is of one question. Another one that is put to the very same excerpts, as that with the two actors
    exchanged is, is answered by nothing.

    Args:
        table: what to say of a text with these words: the name of a relation with its probability, such as
            `{"yes": 0.9}`, of which the rest is "unknown", and under `found` the pieces that answer, best first.
        odds: of the first piece found; every further one has one less.
    """

    def __init__(self, table: Mapping[str, Mapping[str, Any]], *, odds: float = 4.0) -> None:
        self._table = table
        self._odds = odds
        self.read_texts = 0
        self.asked: list[str] = []
        self.is_loaded = False
        self._last: Sequence[Excerpt] = ()

    def check(self) -> str:
        return "fake"

    def load(self) -> None:
        self.is_loaded = True

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        self.read_texts += len(excerpts)
        is_other = bool(excerpts) and excerpts is self._last and question != self.asked[-1]
        self.asked.append(question)
        self._last = excerpts
        return [reading() if is_other else self._reading(each.text) for each in excerpts]

    def _reading(self, text: str) -> Reading:
        said = next((said for words, said in self._table.items() if words in text), None)
        if said is None:
            return reading()
        chances = {name: value for name, value in said.items() if name != "found"}
        pieces = [piece for piece in said.get("found", ()) if piece in text]
        if chances and not pieces:
            # The sentence that decides is the one with the words of the table.
            pieces = [next(words for words, each in self._table.items() if each is said)]
        spans = [Span(text.index(piece), text.index(piece) + len(piece)) for piece in pieces]
        return reading(
            relevance=0.9, found=tuple(Found(span, self._odds - place) for place, span in enumerate(spans)), **chances
        )


def reading(*, relevance: float = 0.05, found: tuple[Found, ...] = (), **chances: float) -> Reading:
    """Make a reading with these probabilities of relations; the rest is "unknown"."""
    rest = {"unknown": 1 - sum(chances.values())} | chances
    return Reading(tuple(rest.get(each.value, 0.0) for each in RELATIONS), relevance, found)


def logistic(weights: Mapping[str, Mapping[str, float]], intercepts: Mapping[str, float]) -> dict[str, Any]:
    """Make the fields of a logistic model over unscaled measures from weights by class and measure."""
    names = sorted({name for each in weights.values() for name in each})
    return {
        "measures": names,
        "means": [0.0] * len(names),
        "scales": [1.0] * len(names),
        "intercepts": dict(intercepts),
        "coefficients": {kind: [weights.get(kind, {}).get(name, 0.0) for name in names] for kind in intercepts},
    }


# Takes the strongest reading at its word: what no text settles is not found, and what has both sides is disputed.
PLAIN_CALIBRATION: Mapping[str, Any] = {
    "version": CALIBRATION_VERSION,
    "calibrated_on": "made up",
    "calibrated_at": "2031-01-01",
    "show": 0.7,
    "refuse": 0.5,
    "verdict": logistic(
        {
            "yes": {"sentence_yes_1": 20},
            "no": {"sentence_no_1": 20},
            "disputed": {
                "sentence_claimed_1": 14, "sentence_denied_1": 14, "sentence_yes_1": 10, "sentence_no_1": 10,
            },
            "open": {"passage_settles": 10},
        },
        {"yes": 0, "no": 0, "disputed": -11, "open": 0, "not_found": 6},
    ),
    "answered": {"threshold": 0.5, "model": logistic({"yes": {"odds_1": 2}}, {"yes": 0, "no": 0})},
    "similar": {"threshold": 0.5, "model": logistic({"yes": {"covering": 10}}, {"yes": 0, "no": 4})},
}  # fmt: skip


def plain_calibration(**changes: Any) -> Calibration:
    """Return `PLAIN_CALIBRATION` with some fields changed."""
    fields = PLAIN_CALIBRATION
    made = Calibration(
        LogisticModel.from_json(fields["verdict"]),
        fields["show"],
        fields["refuse"],
        Gate.from_json(fields["answered"]),
        Gate.from_json(fields["similar"]),
        fields["calibrated_on"],
        fields["calibrated_at"],
    )
    return replace(made, **changes)
