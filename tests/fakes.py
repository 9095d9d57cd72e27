"""A deterministic stand-in for the embedding model, for tests where speed needs it."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

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
