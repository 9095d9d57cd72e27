"""Packed weights: the same vectors, and a model that can't be packed stays as it was."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.embedding.embedder import SentenceEmbedder

if TYPE_CHECKING:
    import torch

    from index.embedding.encoder import Encoder

TEXTS = ["Iran denied on Monday that it had sent missiles to Russia.", "Denied. " * 20, "No."]


def kinds(encoder: "Encoder") -> set[str]:
    return {type(each).__name__ for each in encoder.network.modules()} & {"Linear", "PackedLinear"}


def own(real: SentenceEmbedder) -> "Encoder":
    from index.embedding.bert import load_bert  # noqa: PLC0415 - takes seconds to import

    return load_bert(Path(real.source.location), real.load().dtype)


def of_library(real: SentenceEmbedder) -> "Encoder":
    from index.embedding.sentence_transformers import SentenceTransformerEncoder, load_sentence_transformer  # noqa: PLC0415 - takes seconds to import

    return SentenceTransformerEncoder(load_sentence_transformer(real.source, real.load().dtype, real.load().device))


@pytest.fixture(scope="module", params=[own, of_library])
def loaded(request: pytest.FixtureRequest, real_embedder: SentenceEmbedder) -> "Encoder":
    """The model before it is packed. Ask for `plain`, which may be changed."""
    import torch  # noqa: PLC0415 - takes seconds to import

    if torch.accelerator.is_available() or not torch.backends.cpu.get_cpu_capability().startswith("AVX"):
        pytest.skip("weights are packed on x86 processors only")
    load: Callable[[SentenceEmbedder], Encoder] = request.param
    return load(real_embedder)


@pytest.fixture
def plain(loaded: "Encoder") -> Iterator["Encoder"]:
    """The same; afterwards it has its layers back."""
    layers = [(parent, name, child) for parent in loaded.network.modules() for name, child in parent.named_children()]
    yield loaded
    for parent, name, child in layers:
        setattr(parent, name, child)


def vectors(encoder: "Encoder") -> "torch.Tensor":
    import torch  # noqa: PLC0415 - takes seconds to import

    with torch.inference_mode():
        return torch.nn.functional.normalize(encoder.encode(encoder.tokenize(TEXTS)).float(), dim=1)


def pack(encoder: "Encoder") -> bool:
    from index.embedding import packed_linear as packing  # noqa: PLC0415 - takes seconds to import

    return packing.pack(encoder.network, lambda: vectors(encoder))


def test_a_packed_model_says_the_same(plain: "Encoder") -> None:
    before = vectors(plain)
    assert kinds(plain) == {"Linear"}
    assert pack(plain)
    assert kinds(plain) == {"PackedLinear"}
    assert float((vectors(plain) * before).sum(dim=1).min()) >= 0.999


def test_the_model_is_packed_as_it_is_loaded(plain: "Encoder", real_embedder: SentenceEmbedder) -> None:
    assert kinds(plain) == {"Linear"}
    assert kinds(real_embedder.load()) == {"PackedLinear"}


@pytest.mark.parametrize("fault", ["refused", "other"])
def test_a_model_that_cannot_be_packed_stays_as_it_was(
    fault: str, plain: "Encoder", monkeypatch: pytest.MonkeyPatch
) -> None:
    def multiply(self: "torch.nn.Module", given: "torch.Tensor", *_: str) -> "torch.Tensor":
        if fault == "refused":
            raise RuntimeError("mkldnn can't pack this")
        return given.new_ones(*given.shape[:-1], int(self.out_features)).cumsum(-1)  # type: ignore[arg-type]

    before = vectors(plain)
    monkeypatch.setattr("index.embedding.packed_linear.PackedLinear._multiply", multiply)
    assert not pack(plain)
    assert kinds(plain) == {"Linear"}
    assert np.array_equal(vectors(plain), before)
