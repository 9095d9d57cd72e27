"""The packaged model run by torch alone: it says what its library says, and other models are the library's to run."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.embedding.embedder import SentenceEmbedder
from index.embedding.models import PACKAGED_MODEL, locate_model
from index.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

COUNTED = " ".join(f"ship{number} sank" for number in range(200))
TEXTS = [
    "Iran denied on Monday that it had sent missiles to Russia.",
    "",
    " \t\n ",
    "?",
    "Ünïcödé ÇAFÉ naïve İstanbul straße ﬁn — “quoted” ‘text’ … № ½",
    "停战协议 سلام Україна हिन्दी 🙂👩‍👩‍👧 \u200b\u00ad\ufeff\x00\x07",
    "[CLS] [SEP] [MASK] [PAD] [UNK] ##ing",
    # At, before and past the lengths from which attention is computed otherwise, and past the window.
    *(" ".join(COUNTED.split()[:words]) for words in (30, 31, 32, 33, 60, 150)),
    "antidisestablishmentarianism" * 20,
]


@pytest.fixture(scope="module", autouse=True)
def _on_a_processor() -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    if torch.accelerator.is_available():
        pytest.skip("the library runs models on this machine's accelerator")


@pytest.fixture(scope="module")
def theirs(plain_model: "SentenceTransformer") -> np.ndarray:
    """What the library says of the texts."""
    vectors: np.ndarray = plain_model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    return vectors


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The packaged model in a folder of its own."""
    return Path(shutil.copytree(locate_model(PACKAGED_MODEL).location, tmp_path / "model"))


def read(folder: Path) -> Any:
    import torch  # noqa: PLC0415 - takes seconds to import

    from index.embedding.bert import load_bert  # noqa: PLC0415 - takes seconds to import

    return load_bert(folder, torch.float32)


def test_texts_are_cut_into_the_pieces_that_the_library_cuts(
    real_embedder: SentenceEmbedder, plain_model: "SentenceTransformer"
) -> None:
    theirs = plain_model.preprocess(TEXTS)
    for read, ids, seen in zip(
        real_embedder.load().tokenize(TEXTS), theirs["input_ids"], theirs["attention_mask"], strict=True
    ):
        assert list(read.ids) == ids[seen.bool()].tolist(), read.text


@pytest.mark.parametrize("is_packed", [False, True])
def test_vectors_are_those_of_the_library(is_packed: bool, model: Path, theirs: np.ndarray) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    from index.embedding.packed_linear import pack  # noqa: PLC0415 - takes seconds to import

    encoder = read(model)

    def vectors(texts: list[str]) -> "torch.Tensor":
        with torch.inference_mode():
            return torch.nn.functional.normalize(encoder.encode(encoder.tokenize(texts)), dim=1)

    if is_packed:
        pack(encoder.network, lambda: vectors(TEXTS[:1]))
    assert np.abs(vectors(TEXTS).numpy() - theirs).max() < 1e-5


def test_texts_can_be_cut_by_several_threads_at_once(real_embedder: SentenceEmbedder) -> None:
    encoder = real_embedder.load()
    expected = encoder.tokenize(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        assert all(read == expected for read in pool.map(encoder.tokenize, [TEXTS] * 40))


@pytest.mark.parametrize(("texts", "most"), [(TEXTS[:1], 7), (TEXTS[:1] * 20, 63)])
def test_a_question_is_computed_over_hardly_more_than_its_pieces_and_batches_in_few_shapes(
    texts: list[str], most: int, real_embedder: SentenceEmbedder
) -> None:
    encoder = real_embedder.load()
    given: list[int] = []
    handle = encoder.network.register_forward_pre_hook(lambda _network, inputs: given.append(len(inputs[0])))
    try:
        real_embedder.encode(texts)
    finally:
        handle.remove()
    pieces = sum(len(each.ids) for each in encoder.tokenize(texts))
    assert sum(given) <= pieces + most
    assert all(rows % (most + 1) == 0 for rows in given)


def test_vectors_in_bfloat16_are_close_to_those_of_the_library(
    real_embedder: SentenceEmbedder, theirs: np.ndarray
) -> None:
    assert (real_embedder.encode(TEXTS) * theirs).sum(axis=1).min() >= 0.999


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_file_is_told_in_a_sentence(file: str, model: Path) -> None:
    (model / file).write_bytes(b"{")
    with pytest.raises(ModelUnavailable, match="packaged embedding model can't be read"):
        read(model)


def test_the_library_runs_other_models(model: Path, real_embedder: SentenceEmbedder) -> None:
    other = SentenceEmbedder(str(model))
    assert type(other.load()) is not type(real_embedder.load())
    assert (other.encode(TEXTS) * real_embedder.encode(TEXTS)).sum(axis=1).min() >= 0.999


@pytest.mark.parametrize("file", ["model.safetensors", "modules.json", "1_Pooling/config.json"])
def test_another_model_that_cannot_be_read_is_told_in_a_sentence(file: str, model: Path) -> None:
    (model / file).write_bytes(b"{}")
    with pytest.raises(ModelUnavailable, match="can't be loaded"):
        SentenceEmbedder(str(model)).encode(["a"])


def test_the_packaged_model_needs_no_library_that_takes_seconds_to_import() -> None:
    code = f"""
import sys
from index.embedding.embedder import SentenceEmbedder
SentenceEmbedder({PACKAGED_MODEL!r}).encode(["Sanctions?"])
heavy = {{"transformers", "sentence_transformers", "sklearn", "scipy", "sympy"}}
print(sorted({{name.partition(".")[0] for name in sys.modules}} & heavy), len(sys.modules))"""
    command = [sys.executable, "-c", code]
    root = Path(__file__).parents[3]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=root)
    heavy, _, modules = ended.stdout.rpartition(" ")
    assert heavy == "[]"
    # Half as many again as there are today.
    assert int(modules) < 1730
