"""The real model: unit vectors, in order, as good as float32 ones."""

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.embedding.device import CPU_BATCH_TOKENS, GPU_BATCH_TOKENS, choose_device
from index.embedding.embedder import SentenceEmbedder
from index.embedding.models import PACKAGED_MODEL

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
    monkeypatch.setattr("index.embedding.device.CPU_BATCH_TOKENS", 64)
    done: list[int] = []
    real_embedder.encode(TEXTS, done.append)
    assert sum(done) == len(TEXTS)
    assert len(done) > 1


def test_no_texts_give_no_vectors(real_embedder: SentenceEmbedder) -> None:
    assert real_embedder.encode([]).shape == (0, real_embedder.dimension)


def test_each_core_encodes_batches_of_its_own_and_news_comes_in_the_caller(
    real_embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    texts = [f"{text} {place}" for place in range(10) for text in TEXTS]
    expected = real_embedder.encode(texts)
    monkeypatch.setattr("index.embedding.device.CPU_BATCH_TOKENS", 512)
    monkeypatch.setattr(real_embedder, "_threads", 2)
    seen: set[tuple[int, int]] = set()
    handle = real_embedder.load().network.register_forward_pre_hook(
        lambda *_: seen.add((threading.get_ident(), torch.get_num_threads()))
    )
    told: set[int] = set()
    try:
        vectors = real_embedder.encode(texts, lambda _count: told.add(threading.get_ident()))
    finally:
        handle.remove()
    assert (vectors * expected).sum(axis=1).min() > 0.999
    assert [threads for _, threads in seen] == [1, 1]
    assert told == {threading.get_ident()}


def test_who_stops_half_way_does_not_wait_for_the_rest(
    real_embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.embedding.device.CPU_BATCH_TOKENS", 64)
    monkeypatch.setattr(real_embedder, "_threads", 2)
    passes: list[int] = []
    handle = real_embedder.load().network.register_forward_pre_hook(lambda *_: passes.append(1))

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    try:
        with pytest.raises(KeyboardInterrupt):
            real_embedder.encode(["Talks began in the capital." + " On they went." * 3] * 200, stop)
    finally:
        handle.remove()
    # 66 batches in all.
    assert len(passes) < 20


class OnGpu:
    """What a library's model on a GPU shows of itself; its tensors only note where they are moved to."""

    def __init__(self) -> None:
        import torch  # noqa: PLC0415 - takes seconds to import

        class Noting(torch.Tensor):
            def to(self, device: Any) -> "Noting":  # type: ignore[override]
                moved.append(device.type)
                return self

        self.device = torch.device("cuda")
        self.max_seq_length = 256
        self.shapes: list[tuple[int, ...]] = []
        self.moved = moved = []
        self._of = lambda texts: torch.ones(len(texts), 40, dtype=torch.long).as_subclass(Noting)

    def tokenizer(self, texts: list[str], **_: object) -> dict[str, Any]:
        return {"input_ids": [[1] * 40 for _ in texts]}

    def preprocess(self, texts: list[str]) -> dict[str, Any]:
        return {"input_ids": self._of(texts), "attention_mask": self._of(texts)}

    def get_embedding_dimension(self) -> int:
        return 4

    def __call__(self, features: dict[str, Any]) -> dict[str, Any]:
        import torch  # noqa: PLC0415 - takes seconds to import

        self.shapes.append(tuple(features["input_ids"].shape))
        return {"sentence_embedding": torch.ones(len(features["input_ids"]), 4, dtype=torch.bfloat16)}


def test_a_gpu_is_given_large_batches_from_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    model = OnGpu()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr("index.embedding.device.try_out", lambda _device: None)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: True)
    monkeypatch.setattr("index.embedding.sentence_transformers.load_sentence_transformer", lambda *_: model)
    choose_device.cache_clear()
    try:
        vectors = SentenceEmbedder(PACKAGED_MODEL).encode(["a"] * 5000)
    finally:
        choose_device.cache_clear()
    most = GPU_BATCH_TOKENS // 40
    assert most > CPU_BATCH_TOKENS
    assert model.shapes == [(most, 40), (5000 - most, 40)]
    assert model.moved == ["cuda"] * 4
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
