"""A cache of query vectors, so that several queries can be embedded in one batch beforehand."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from index.embedding.embedder import Embedder, Vectors

CACHED_QUERIES = 512


class CachedEmbedder:
    """Wraps an embedder with a cache of the latest queries. Not thread-safe."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def fingerprint(self) -> str:
        """Identity of the model."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    def is_cached(self, text: str) -> bool:
        """Return whether a text's vector is in the cache."""
        return text in self._vectors

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        """Embed texts, `(n, dimension)` float32 of unit length, from the cache where possible."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if unknown:
            self._vectors.update(zip(unknown, self._embedder.encode(unknown), strict=True))
        for text in texts:
            self._vectors.move_to_end(text)
        vectors = [self._vectors[text] for text in texts]
        while len(self._vectors) > max(CACHED_QUERIES, len(texts)):
            self._vectors.popitem(last=False)
        on_done(len(texts))
        return np.stack(vectors) if vectors else np.empty((0, self.dimension), dtype=np.float32)
