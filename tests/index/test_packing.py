"""Packed weights: the same vectors, and a model that can't be packed stays as it was."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index import embedder, packing
from index.embedder import SentenceEmbedder

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

TEXT = ["Iran denied on Monday that it had sent missiles to Russia."]


def kinds(model: "SentenceTransformer") -> set[str]:
    return {type(each).__name__ for each in model.modules()} & {"Linear", "PackedLinear"}


def unpacked(real: SentenceEmbedder) -> "SentenceTransformer":
    return embedder._load(real.source, real.load().dtype)


@pytest.fixture
def x86() -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    if torch.cuda.is_available() or not torch.backends.cpu.get_cpu_capability().startswith("AVX"):
        pytest.skip("weights are packed on x86 processors only")


def vector(model: "SentenceTransformer") -> np.ndarray:
    return np.asarray(model.encode(TEXT, show_progress_bar=False, convert_to_tensor=True).float())[0]


@pytest.mark.usefixtures("x86")
def test_a_model_is_packed_as_it_is_loaded_and_says_the_same(real_embedder: SentenceEmbedder) -> None:
    plain = unpacked(real_embedder)
    before = vector(plain)
    assert kinds(plain) == {"Linear"}
    assert kinds(real_embedder.load()) == {"PackedLinear"}
    assert float(vector(real_embedder.load()) @ before) >= 0.9999


@pytest.mark.usefixtures("x86")
@pytest.mark.parametrize("fault", ["refused", "other"])
def test_a_model_that_cannot_be_packed_stays_as_it_was(
    fault: str, real_embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forward(self: packing.PackedLinear, given: "torch.Tensor") -> "torch.Tensor":
        if fault == "refused":
            raise RuntimeError("mkldnn can't pack this")
        return given.new_ones(*given.shape[:-1], self.out_features).cumsum(-1)

    plain = unpacked(real_embedder)
    before = vector(plain)
    monkeypatch.setattr(packing.PackedLinear, "forward", forward)
    assert not packing.pack(plain)
    assert kinds(plain) == {"Linear"}
    assert (vector(plain) == before).all()
