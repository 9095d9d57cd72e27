"""The trained reader: its weights are checked and told of in a sentence, and what it returns is well formed."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.reader import trained_reader
from evals.reader.relations import RELATIONS, Excerpt, Reading
from evals.reader.trained_reader import (
    LONGEST_ANSWER,
    MOST_ANSWERS,
    WEIGHTS_FILE,
    WEIGHTS_SHA256,
    TrainedReader,
    load_reader,
)
from index.embedding.models import file_sha256
from index.errors import ModelUnavailable

QUESTION = "Did Kurland sink the tanker?"
HEADING = "2031-05-01 Salis Herald: Kurland and the tanker"
TEXTS = (
    "Kurland denied on Monday that it had sunk the Marisol, a tanker of Vestria's. Divers saw no hole in the hull.",
    "It rained.",
    "The council of Belmar voted to buy a second ferry for the island. " * 30,
    "“Nothing” – of the kind… 停战 🙂 was said in Türkiye.",
    "",
    "?!",
)
EXCERPTS = [Excerpt(HEADING if number % 2 else "", text) for number, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def reader() -> TrainedReader:
    return load_reader()


def assert_well_formed(reading: Reading, text: str) -> None:
    assert len(reading.relations) == len(RELATIONS)
    assert sum(reading.relations) == pytest.approx(1.0, abs=1e-4)
    assert all(0 <= each <= 1 for each in (*reading.relations, reading.relevance))
    assert len(reading.found) <= MOST_ANSWERS
    assert [each.odds for each in reading.found] == sorted((each.odds for each in reading.found), reverse=True)
    assert all(each.odds >= 0 for each in reading.found[1:]), "a further piece answers, too"
    spans = sorted((each.span.start, each.span.end) for each in reading.found)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans)), "they overlap"
    assert all(len(text[start:end].split()) <= LONGEST_ANSWER for start, end in spans)


def test_the_weights_in_the_project_are_the_expected_ones() -> None:
    assert file_sha256(WEIGHTS_FILE) == WEIGHTS_SHA256
    assert WEIGHTS_FILE.stat().st_size <= 25_000_000


def test_every_text_is_read_in_order(reader: TrainedReader) -> None:
    found = reader.read(QUESTION, EXCERPTS)
    assert len(found) == len(EXCERPTS)
    for reading, excerpt in zip(found, EXCERPTS, strict=True):
        assert_well_formed(reading, excerpt.text)
    alone = [reader.read(QUESTION, [each])[0] for each in EXCERPTS]
    for one, other in zip(found, alone, strict=True):
        assert one.relations == pytest.approx(other.relations, abs=0.02)
        assert one.relevance == pytest.approx(other.relevance, abs=0.02)
    assert reader.read(QUESTION, []) == []


def test_a_text_without_a_word_has_no_piece(reader: TrainedReader) -> None:
    assert reader.read(QUESTION, [Excerpt(HEADING, "")])[0].found == ()


def test_the_question_and_the_heading_are_read_too(reader: TrainedReader) -> None:
    [one] = reader.read(QUESTION, [Excerpt("", TEXTS[0])])
    [other] = reader.read("Who met in Oxbarrow?", [Excerpt("", TEXTS[0])])
    [headed] = reader.read(QUESTION, [Excerpt("2031-05-09 The Canal: Ferry strike", TEXTS[0])])
    assert one.relations != other.relations
    assert one.relations != headed.relations


@given(st.text(max_size=200), st.text(max_size=1_200))
@settings(max_examples=25)
def test_any_text_is_read_somehow(reader: TrainedReader, question: str, text: str) -> None:
    [found] = reader.read(question, [Excerpt("", text)])
    assert_well_formed(found, text)


def test_other_weights_than_the_expected_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / WEIGHTS_FILE.name
    other.write_bytes(WEIGHTS_FILE.read_bytes() + b"\0")
    monkeypatch.setattr(trained_reader, "WEIGHTS_FILE", other)
    with pytest.raises(ModelUnavailable, match="not the expected ones") as told:
        load_reader()
    assert "--weights" in told.value.hint
    assert str(other) in told.value.message


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no reader's weights at") as told:
        load_reader(tmp_path / "none.safetensors")
    assert told.value.hint


@pytest.mark.parametrize("kept", [0, 5, 1_000, -1_000_000])
def test_a_truncated_file_is_told_in_a_sentence(kept: int, tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS_FILE.name
    path.write_bytes(WEIGHTS_FILE.read_bytes()[:kept])
    with pytest.raises(ModelUnavailable, match="reader's weights") as told:
        load_reader(path)
    assert told.value.message.isprintable()
    assert told.value.hint


def test_weights_of_something_else_are_told_in_a_sentence(tmp_path: Path) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import
    from safetensors.torch import save_file  # noqa: PLC0415 - imports torch

    path = tmp_path / WEIGHTS_FILE.name
    save_file({"pool.weight": torch.zeros(2, 2)}, path)
    with pytest.raises(ModelUnavailable, match="can't be read") as told:
        load_reader(path)
    assert told.value.message.isprintable()


def test_written_weights_are_those_that_are_read(reader: TrainedReader, tmp_path: Path) -> None:
    from evals.reader.reader_network import save_weights  # noqa: PLC0415 - imports transformers

    save_weights(reader._network, tmp_path / WEIGHTS_FILE.name)
    assert load_reader(tmp_path / WEIGHTS_FILE.name).read(QUESTION, EXCERPTS) == reader.read(QUESTION, EXCERPTS)
