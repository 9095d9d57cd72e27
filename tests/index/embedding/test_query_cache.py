"""What an embedder that remembers queries answers, and what it asks of the model."""

from unittest.mock import create_autospec

import numpy as np

from index.embedding.embedder import SentenceEmbedder
from index.embedding.query_cache import CACHED_QUERIES, CachedEmbedder
from tests.fakes import HashingEmbedder


def test_vectors_are_those_of_the_model_in_the_order_asked() -> None:
    plain = HashingEmbedder()
    texts = ["ferry", "bridge", "ferry", "harbour"]
    assert np.array_equal(CachedEmbedder(plain).encode(texts), plain.encode(texts))


def test_what_was_embedded_beforehand_costs_no_second_run() -> None:
    model = create_autospec(SentenceEmbedder, instance=True)
    model.encode.side_effect = lambda texts: np.ones((len(texts), 3), dtype=np.float32)
    remembering = CachedEmbedder(model)
    remembering.encode(["ferry", "bridge"])
    remembering.encode(["bridge"])
    remembering.encode(["ferry"])
    model.encode.assert_called_once_with(["ferry", "bridge"])


def test_memory_stays_bounded_and_a_large_batch_comes_out_whole() -> None:
    remembering = CachedEmbedder(HashingEmbedder())
    texts = [f"question {number}" for number in range(CACHED_QUERIES + 50)]
    assert len(remembering.encode(texts)) == len(texts)
    remembering.encode(["one more"])
    assert len(remembering._vectors) == CACHED_QUERIES
    assert remembering.encode([]).shape[0] == 0
