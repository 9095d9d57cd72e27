"""The real model: unit vectors, in order, as good as float32 ones."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.embedder import SentenceEmbedder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TEXTS = [
    "Iran denied on Monday that it had sent missiles to Russia.",
    "Missiles.",
    "The ministry said in a long statement that " + "it would answer in kind, and that " * 60 + "it would not wait.",
    "Wolves have returned to the valley.",
    "Türkiye’s “mediation” – 停战 – 🙂",
    "",
    "Tehran rejected reports that ballistic weapons were delivered to Moscow.",
]


@pytest.fixture(scope="module")
def vectors(real_embedder: SentenceEmbedder) -> np.ndarray:
    return real_embedder.encode(TEXTS)


def test_vectors_have_unit_length(real_embedder: SentenceEmbedder, vectors: np.ndarray) -> None:
    assert vectors.shape == (len(TEXTS), real_embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_vectors_come_in_the_order_of_the_texts(real_embedder: SentenceEmbedder, vectors: np.ndarray) -> None:
    backwards = real_embedder.encode(TEXTS[::-1])[::-1]
    assert (backwards * vectors).sum(axis=1).min() > 0.99
    alone = np.concatenate([real_embedder.encode([text]) for text in TEXTS])
    assert (alone @ vectors.T).argmax(axis=1).tolist() == list(range(len(TEXTS)))


def test_vectors_are_as_good_as_those_of_plain_float32(plain_model: "SentenceTransformer", vectors: np.ndarray) -> None:
    plain = plain_model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert (vectors * plain).sum(axis=1).min() >= 0.99


def test_what_means_the_same_is_closer_than_what_does_not(vectors: np.ndarray) -> None:
    assert vectors[0] @ vectors[6] > vectors[0] @ vectors[3] + 0.3


def test_every_text_is_counted_once_when_done(real_embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedder.PIECES_AT_ONCE", 64)
    done: list[int] = []
    real_embedder.encode(TEXTS, done.append)
    assert sum(done) == len(TEXTS)
    assert len(done) > 1


def test_no_texts_give_no_vectors(real_embedder: SentenceEmbedder) -> None:
    assert real_embedder.encode([]).shape == (0, real_embedder.dimension)
