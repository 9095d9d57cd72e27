"""An embedder that remembers the queries it met last, so that several can be embedded in one batch beforehand."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from index.embedding.embedder import Embedder, Vectors

REMEMBERED_QUERIES = 512


class RememberingEmbedder:
    """Wraps an embedder. Used by one thread at a time."""

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

    def remembers(self, text: str) -> bool:
        """Whether it would cost nothing to embed this text."""
        return text in self._vectors

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        """Embeds texts, `(n, dimension)` float32 of unit length; those that it remembers cost nothing."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if unknown:
            self._vectors.update(zip(unknown, self._embedder.encode(unknown), strict=True))
        for text in texts:
            self._vectors.move_to_end(text)
        vectors = [self._vectors[text] for text in texts]
        while len(self._vectors) > max(REMEMBERED_QUERIES, len(texts)):
            self._vectors.popitem(last=False)
        on_done(len(texts))
        return np.stack(vectors) if vectors else np.empty((0, self.dimension), dtype=np.float32)
