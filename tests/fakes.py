"""A deterministic stand-in for the embedding model, for tests where speed needs it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bot.answering.reader.relations import RELATIONS, Excerpt, Found, ReaderOutput
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


def reading(*, found: tuple[Found, ...] = (), **chances: float) -> ReaderOutput:
    """Make a reading with these probabilities of relations; the rest is "unknown"."""
    rest = {"unknown": 1 - sum(chances.values())} | chances
    return ReaderOutput(tuple(rest.get(each.value, 0.0) for each in RELATIONS), found)


class FakeReader:
    """Answers from a table: the first key that stands in a text decides what is said of it; keeps what it read.

    A text that is read together says both where keys of both sides stand in it that share a word with the question.

    Args:
        table: for a text with these words, the relations' probabilities, of which the rest is "unknown".
    """

    def __init__(self, table: Mapping[str, Mapping[str, float]]) -> None:
        self._table = table
        self.texts: list[str] = []
        self.is_loaded = False

    def check(self) -> str:
        return "fake"

    def load(self) -> None:
        self.is_loaded = True

    def read(self, question: str, excerpts: Sequence[Excerpt], **_options: bool) -> list[ReaderOutput]:
        self.texts += [each.text for each in excerpts]
        return [reading(**self._said(question, each)) for each in excerpts]

    def _said(self, question: str, excerpt: Excerpt) -> Mapping[str, float]:
        found = {words: said for words, said in self._table.items() if words in excerpt.text}
        # What is read together has no heading of its own.
        if not excerpt.heading:
            found = {words: said for words, said in found.items() if _shares_a_word(words, question)} or found
            sides = {max(said, key=said.__getitem__) in {"yes", "claimed"} for said in found.values() if said}
            if len(sides) > 1:
                return {"both": 0.8}
        return next(iter(found.values()), {})


def _shares_a_word(words: str, question: str) -> bool:
    return any(len(each) > 4 and each.lower() in question.lower() for each in words.split())


def agreeing_reader() -> FakeReader:
    """Return a reader to which every text says a little of everything, so that none is clear."""
    return FakeReader({"": {"yes": 0.3, "no": 0.15, "denied": 0.15, "both": 0.4}})
