"""An entailment model of the user's choice: its three labels become relations, and what it lacks is told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.answering.reader.entailment import EntailmentReader
from bot.answering.reader.packaged import WEIGHTS_FILE, PackagedReader
from bot.answering.reader.relations import RELATIONS, Excerpt, Found, Relation
from bot.service.sessions import load_reader
from corpus.article import Span
from index.embedding.models import packaged_weights
from index.errors import ModelUnavailable
from tests.conftest import MakeSettings
from tests.fakes import FakeReader, reading

QUESTION = "Did Kurland sink the tanker?"
EXCERPTS = [Excerpt("2031-05-01 Salis Herald: Tanker", "Kurland denied it."), Excerpt("", "Kurland sank it on Monday.")]
LABELS = ("entailment", "neutral", "contradiction")
MakeModel = Callable[..., Path]


@pytest.fixture
def make_model(tmp_path: Path) -> MakeModel:
    """Saves a tiny random cross-encoder with these labels."""

    def make(labels: tuple[str, ...] = LABELS, name: str = "tiny") -> Path:
        import torch  # noqa: PLC0415 - takes seconds to import
        from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast  # noqa: PLC0415

        torch.manual_seed(1)
        config = BertConfig(
            vocab_size=30_522, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
            num_labels=len(labels), id2label=dict(enumerate(labels)),
            label2id={each: place for place, each in enumerate(labels)},
        )  # fmt: skip
        folder = tmp_path / name
        BertForSequenceClassification(config).eval().save_pretrained(folder)
        base = packaged_weights().parent
        BertTokenizerFast(tokenizer_file=str(base / "tokenizer.json")).save_pretrained(folder)
        return folder

    return make


class Beside(FakeReader):
    """Stands for the packaged reader."""


@pytest.fixture
def beside() -> Beside:
    piece = {"claimed": 0.6, "yes": 0.2, "denied": 0.1, "no": 0.1}
    return Beside({"denied": piece, "sank": {"yes": 0.5, "denied": 0.4}})


def test_the_model_judges_and_the_packaged_reader_tells_fact_from_saying(make_model: MakeModel, beside: Beside) -> None:
    made = EntailmentReader(str(make_model()), beside)
    first, second = made.read(QUESTION, EXCERPTS)
    for found in (first, second):
        assert sum(found.relations) == pytest.approx(1.0)
        assert found.probability(Relation.BOTH) == 0
        assert all(0 < found.probability(each) < 1 for each in (Relation.UNKNOWN, Relation.YES, Relation.DENIED))
    # Shared between fact and saying as the packaged reader shares them: 0.2 to 0.6, and 0.1 to 0.1.
    assert first.probability(Relation.CLAIMED) == pytest.approx(3 * first.probability(Relation.YES))
    assert first.probability(Relation.NO) == pytest.approx(first.probability(Relation.DENIED))
    assert second.probability(Relation.CLAIMED) == 0
    assert second.probability(Relation.NO) == 0
    # What answers, and how relevant it is, is the packaged reader's.
    [plain, _] = beside.read(QUESTION, EXCERPTS)
    assert first.found == plain.found


def test_labels_may_come_in_any_order_and_in_capitals(make_model: MakeModel, beside: Beside) -> None:
    [plain, _] = EntailmentReader(str(make_model()), beside).read(QUESTION, EXCERPTS)
    turned = make_model(tuple(each.upper() for each in LABELS), "capitals")
    config = json.loads((turned / "config.json").read_text())
    assert set(config["id2label"].values()) == {each.upper() for each in LABELS}
    [same, _] = EntailmentReader(str(turned), beside).read(QUESTION, EXCERPTS)
    assert same.relations == pytest.approx(plain.relations)
    swapped = make_model(("contradiction", "neutral", "entailment"), "swapped")
    [other, _] = EntailmentReader(str(swapped), beside).read(QUESTION, EXCERPTS)
    assert other.probability(Relation.YES, Relation.CLAIMED) == pytest.approx(
        plain.probability(Relation.NO, Relation.DENIED), abs=1e-5
    )


def test_nothing_to_read_is_nothing_read(make_model: MakeModel, beside: Beside) -> None:
    assert EntailmentReader(str(make_model()), beside).read(QUESTION, []) == []


@pytest.mark.parametrize(
    "labels", [("positive", "negative", "neutral"), ("entailment", "not_entailment"), ("LABEL_0",)]
)
def test_a_model_with_other_labels_is_told_in_a_sentence(
    labels: tuple[str, ...], make_model: MakeModel, beside: Beside
) -> None:
    with pytest.raises(ModelUnavailable, match="does not tell entailment from contradiction") as told:
        EntailmentReader(str(make_model(labels)), beside).load()
    assert "ATTACHE_READER" in told.value.hint


def test_a_folder_that_is_not_there_or_holds_no_model_is_told_in_a_sentence(
    tmp_path: Path, beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "none", tmp_path / "empty"):
        with pytest.raises(ModelUnavailable, match="can't be loaded") as told:
            EntailmentReader(str(folder), beside).load()
        assert folder.name in told.value.message
        assert "ATTACHE_READER" in told.value.hint


@pytest.mark.parametrize("file", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_damaged_model_is_told_in_a_sentence(file: str, make_model: MakeModel, beside: Beside) -> None:
    folder = make_model()
    (folder / file).write_bytes(b"{")
    with pytest.raises(ModelUnavailable, match="can't be loaded"):
        EntailmentReader(str(folder), beside).load()


def test_the_packaged_reader_is_loaded_with_it(make_model: MakeModel, beside: Beside) -> None:
    EntailmentReader(str(make_model()), beside).load()
    assert beside.is_loaded


def test_a_reading_keeps_what_the_model_does_not_judge() -> None:
    said = reading(yes=0.4, found=(Found(Span(0, 4), 2.0),))
    assert len(said.relations) == len(RELATIONS)
    assert said.probability(Relation.YES, Relation.UNKNOWN) == pytest.approx(1.0)


# The three ways of the setting.


def test_without_a_setting_the_packaged_reader_reads(settings: MakeSettings) -> None:
    made = load_reader(settings())
    assert isinstance(made, PackagedReader)
    made.load()


def test_a_folder_with_weights_is_read_by_the_packaged_reader_whatever_their_checksum(
    settings: MakeSettings, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / WEIGHTS_FILE.name).write_bytes(WEIGHTS_FILE.read_bytes() + b"")
    made = load_reader(settings(reader=str(folder)))
    assert isinstance(made, PackagedReader)
    assert len(made.read(QUESTION, EXCERPTS)) == 2
    (folder / WEIGHTS_FILE.name).write_bytes(b"{")
    with pytest.raises(ModelUnavailable, match="can't be read"):
        load_reader(settings(reader=str(folder))).load()


def test_anything_else_names_an_entailment_model(settings: MakeSettings, make_model: MakeModel) -> None:
    made = load_reader(settings(reader=str(make_model())))
    assert isinstance(made, EntailmentReader)
    assert [sum(each.relations) for each in made.read(QUESTION, EXCERPTS)] == pytest.approx([1.0, 1.0])
