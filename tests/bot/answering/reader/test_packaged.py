"""The packaged reader: its weights are checked and told of in a sentence, and what it returns is well formed."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.reader import packaged
from bot.answering.reader.packaged import LONGEST_ANSWER, MOST_ANSWERS, WEIGHTS_FILE, WEIGHTS_SHA256, PackagedReader
from bot.answering.reader.relations import RELATIONS, Excerpt, ReaderOutput
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
def reader() -> PackagedReader:
    made = PackagedReader()
    made.load()
    return made


def assert_well_formed(reading: ReaderOutput, text: str) -> None:
    assert len(reading.relations) == len(RELATIONS)
    assert sum(reading.relations) == pytest.approx(1.0, abs=1e-4)
    assert all(0 <= each <= 1 for each in reading.relations)
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


def test_every_text_is_read_in_order(reader: PackagedReader) -> None:
    found = reader.read(QUESTION, EXCERPTS)
    assert len(found) == len(EXCERPTS)
    for reading, excerpt in zip(found, EXCERPTS, strict=True):
        assert_well_formed(reading, excerpt.text)
    alone = [reader.read(QUESTION, [each])[0] for each in EXCERPTS]
    for one, other in zip(found, alone, strict=True):
        assert one.relations == pytest.approx(other.relations, abs=0.02)
    assert reader.read(QUESTION, []) == []


def test_without_spans_it_says_the_same_but_finds_no_piece(reader: PackagedReader) -> None:
    found, without = (reader.read(QUESTION, EXCERPTS, with_spans=each) for each in (True, False))
    assert found[0].found
    for one, other in zip(found, without, strict=True):
        assert one.relations == pytest.approx(other.relations, abs=0.001)
        assert one.relevance == pytest.approx(other.relevance, abs=0.01)
        assert other.found == ()


def test_a_text_without_a_word_has_no_piece(reader: PackagedReader) -> None:
    assert reader.read(QUESTION, [Excerpt(HEADING, "")])[0].found == ()


def test_the_question_and_the_heading_are_read_too(reader: PackagedReader) -> None:
    [one] = reader.read(QUESTION, [Excerpt("", TEXTS[0])])
    [other] = reader.read("Who met in Oxbarrow?", [Excerpt("", TEXTS[0])])
    [headed] = reader.read(QUESTION, [Excerpt("2031-05-09 The Canal: Ferry strike", TEXTS[0])])
    assert one.relations != other.relations
    assert one.relations != headed.relations


def test_texts_shared_out_among_threads_come_back_in_order(
    reader: PackagedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = EXCERPTS * 4
    expected = reader.read(QUESTION, many)
    monkeypatch.setattr(reader, "_threads", 3)
    monkeypatch.setattr(packaged, "SINGLE_THREAD_TOKENS", 0)
    monkeypatch.setattr(packaged, "SINGLE_THREAD_TOKENS_WITHOUT_BFLOAT16", 0)
    found = reader.read(QUESTION, many)
    for one, other in zip(found, expected, strict=True):
        assert one.relations == pytest.approx(other.relations, abs=0.02)


def test_several_threads_may_ask_at_once(reader: PackagedReader) -> None:
    expected = reader.read(QUESTION, EXCERPTS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: reader.read(QUESTION, EXCERPTS), range(8)):
            assert [each.relations for each in found] == [pytest.approx(each.relations, abs=0.02) for each in expected]


@given(st.text(max_size=200), st.text(max_size=1_200))
@settings(max_examples=25)
def test_any_text_is_read_somehow(reader: PackagedReader, question: str, text: str) -> None:
    [found] = reader.read(question, [Excerpt("", text)])
    assert_well_formed(found, text)


def test_other_weights_than_the_expected_ones_are_refused(tmp_path: Path) -> None:
    other = tmp_path / WEIGHTS_FILE.name
    other.write_bytes(WEIGHTS_FILE.read_bytes() + b"\0")
    with pytest.raises(ModelUnavailable, match="not the expected ones") as told:
        PackagedReader(other).load()
    assert "Install Attaché again" in told.value.hint
    assert str(other) in told.value.message


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no reader's weights at") as told:
        PackagedReader(tmp_path / "none.safetensors").read(QUESTION, EXCERPTS)
    assert told.value.hint


@pytest.mark.parametrize("kept", [0, 5, 1_000, -1_000_000])
@pytest.mark.parametrize("sha256", [None, WEIGHTS_SHA256])
def test_a_truncated_file_is_told_in_a_sentence(kept: int, sha256: str | None, tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS_FILE.name
    path.write_bytes(WEIGHTS_FILE.read_bytes()[:kept])
    with pytest.raises(ModelUnavailable, match="reader's weights") as told:
        PackagedReader(path, sha256).load()
    assert told.value.message.isprintable()
    assert told.value.hint


def test_weights_of_something_else_are_told_in_a_sentence(tmp_path: Path) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import
    from safetensors.torch import save_file  # noqa: PLC0415 - imports torch

    path = tmp_path / WEIGHTS_FILE.name
    save_file({"pool.weight": torch.zeros(2, 2)}, path)
    with pytest.raises(ModelUnavailable, match="can't be read"):
        PackagedReader(path, None).load()


def test_a_reader_that_failed_reads_once_its_weights_are_there(tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS_FILE.name
    late = PackagedReader(path)
    with pytest.raises(ModelUnavailable):
        late.load()
    shutil.copy(WEIGHTS_FILE, path)
    assert len(late.read(QUESTION, EXCERPTS[:1])) == 1
