"""Models that are run by torch alone: what the library says of the same texts, and what is left to the library."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corpus.errors import AttacheError
from index.embedder import SentenceEmbedder
from index.models import PACKAGED_MODEL, locate_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TEXTS = [
    "Iran denied on Monday that it had sent missiles to Russia.",
    "",
    " \t\n ",
    "?",
    "Ünïcödé ÇAFÉ naïve İstanbul straße ﬁn — “quoted” ‘text’ … № ½",
    "停战协议 سلام Україна हिन्दी 🙂👩‍👩‍👧 \u200b\u00ad\ufeff\x00\x07",
    "[CLS] [SEP] [MASK] [PAD] [UNK] ##ing",
    "word " * 61,
    "word " * 62,
    "word " * 63,
    "The ministry said that " + "it would answer in kind, and that " * 90 + "it would not wait.",
    "antidisestablishmentarianism" * 20,
]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The packaged model in a folder of its own."""
    return Path(shutil.copytree(locate_model(PACKAGED_MODEL).location, tmp_path / "model"))


def changed(path: Path, **values: Any) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(found | values), encoding="utf-8")


def read(folder: Path) -> Any:
    import torch  # noqa: PLC0415 - takes seconds to import

    from index.bert import read_bert  # noqa: PLC0415 - takes seconds to import

    return read_bert(folder, torch.float32)


def test_texts_are_cut_into_the_pieces_that_the_library_cuts(
    real_embedder: SentenceEmbedder, plain_model: "SentenceTransformer"
) -> None:
    theirs = plain_model.preprocess(TEXTS)
    for read, ids, seen in zip(
        real_embedder.load().read(TEXTS), theirs["input_ids"], theirs["attention_mask"], strict=True
    ):
        assert list(read.ids) == ids[seen.bool()].tolist(), read.text


@pytest.mark.parametrize("is_saved_anew", [False, True])
def test_vectors_are_those_of_the_library(
    is_saved_anew: bool, model: Path, plain_model: "SentenceTransformer", tmp_path: Path
) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    if is_saved_anew:
        # Newer releases write other settings.
        model = tmp_path / "saved"
        plain_model.save(str(model), create_model_card=False)
    encoder = read(model)
    assert encoder is not None
    with torch.inference_mode():
        ours = torch.nn.functional.normalize(encoder.encode(encoder.read(TEXTS)), dim=1).numpy()
    theirs = plain_model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert np.abs(ours - theirs).max() < 1e-5


@pytest.mark.parametrize(
    "change",
    [
        lambda model: changed(model / "config.json", model_type="mpnet"),
        lambda model: changed(model / "config.json", hidden_act="relu"),
        lambda model: changed(model / "config.json", position_embedding_type="relative_key"),
        lambda model: changed(model / "1_Pooling" / "config.json", pooling_mode_cls_token=True),
        lambda model: (model / "1_Pooling" / "config.json").write_text('{"pooling_mode": "cls"}'),
        lambda model: changed(model / "config.json", is_decoder=True),
        lambda model: changed(model / "sentence_bert_config.json", do_lower_case=True),
        lambda model: changed(model / "tokenizer_config.json", do_lower_case=False),
        lambda model: (model / "modules.json").write_text('[{"type": "sentence_transformers.models.Transformer"}]'),
        lambda model: (model / "sentence_bert_config.json").unlink(),
        lambda model: (model / "tokenizer.json").write_text("{"),
        lambda model: (model / "model.safetensors").write_bytes(b"weights"),
    ],
    ids="kind activation places cls cls_anew decoder lower tokenizer modules settings broken weights".split(),
)
def test_another_kind_of_model_or_one_that_cannot_be_read_is_left_to_the_library(
    model: Path, change: Callable[[Path], object]
) -> None:
    assert read(model) is not None
    change(model)
    assert read(model) is None


def test_the_library_runs_the_other_kinds(model: Path, real_embedder: SentenceEmbedder) -> None:
    changed(model / "1_Pooling" / "config.json", pooling_mode_cls_token=True, pooling_mode_mean_tokens=False)
    other = SentenceEmbedder(str(model))
    vectors = other.encode([TEXTS[0], TEXTS[-2]])
    assert vectors.shape == (2, real_embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert abs(float(vectors[0] @ real_embedder.encode(TEXTS[:1])[0])) < 0.99


def test_a_model_that_cannot_be_read_is_told_in_a_sentence(model: Path) -> None:
    (model / "model.safetensors").write_bytes(b"weights")
    with pytest.raises(AttacheError, match="can't be loaded"):
        SentenceEmbedder(str(model)).encode(["a"])


def test_the_packaged_model_needs_no_library_that_takes_seconds_to_import() -> None:
    code = f"""
import sys
from index.embedder import SentenceEmbedder
SentenceEmbedder({PACKAGED_MODEL!r}).encode(["Sanctions?"])
heavy = {{"transformers", "sentence_transformers", "sklearn", "scipy", "sympy"}}
print(sorted({{name.partition(".")[0] for name in sys.modules}} & heavy), len(sys.modules))"""
    command = [sys.executable, "-c", code]
    root = Path(__file__).parents[2]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=root)
    heavy, _, modules = ended.stdout.rpartition(" ")
    assert heavy == "[]"
    # Half as many again as there are today.
    assert int(modules) < 1800
