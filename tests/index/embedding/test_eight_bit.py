"""Products of 8 bits: nearly what float32 says, whatever is read beside it, and float32 where they can't be had."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.answering.reader.packaged import PackagedReader
from bot.answering.reader.relations import RELATIONS, Excerpt, ReaderOutput

if TYPE_CHECKING:
    import torch

QUESTION = "Did Belmar's parliament approve the grain treaty?"
HEADING = "2027-02-11 Osten Post: Grain treaty before the vote"
EXCERPTS = [
    Excerpt(HEADING, "Parliament approved the grain treaty by 61 votes to 40 on Thursday."),
    Excerpt(HEADING, "The treaty was rejected: 40 deputies were for it, and 61 against."),
    Excerpt(HEADING, "Its speaker claims that the treaty has been approved, which the opposition denies."),
    Excerpt("", "Ferries to the northern islands leave twice a day in summer, and once a week after the first frost."),
    Excerpt("", "Grain. " * 150),
]


def kinds(reader: PackagedReader) -> set[str]:
    _, network = reader._load()
    return {type(each).__name__ for each in network.encoder.modules() if "Linear" in type(each).__name__}


@pytest.fixture(autouse=True)
def _without_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    if torch.accelerator.is_available() or not torch.backends.cpu.get_cpu_capability().startswith("AVX"):
        pytest.skip("8 bits are for x86 processors only")
    monkeypatch.setattr("bot.answering.reader.packaged.has_native_bfloat16", lambda _: False)


def probabilities(said: list[ReaderOutput]) -> np.ndarray:
    return np.array([[each.probability(relation) for relation in RELATIONS] for each in said])


def test_a_processor_without_bfloat16_reads_nearly_the_same_in_eight_bits() -> None:
    reader, plain = PackagedReader(), PackagedReader(in_float32=True)
    ours, theirs = (each.read(QUESTION, EXCERPTS) for each in (reader, plain))
    assert (kinds(reader), kinds(plain)) == ({"EightBitLinear", "PackedLinear"}, {"PackedLinear"})
    assert np.abs(probabilities(ours) - probabilities(theirs)).max() < 0.1
    assert np.abs(probabilities(ours) - probabilities(theirs)).mean() < 0.01
    assert [each.found[0].span.start for each in ours[:2]] == [each.found[0].span.start for each in theirs[:2]]


def test_what_is_said_of_a_text_does_not_depend_on_the_texts_beside_it() -> None:
    reader = PackagedReader()
    together = reader.read(QUESTION, EXCERPTS)
    alone = [said for each in EXCERPTS for said in reader.read(QUESTION, [each])]
    assert np.abs(probabilities(together) - probabilities(alone)).max() < 1e-4


@pytest.mark.parametrize("fault", ["gone", "other"])
def test_what_cannot_be_read_in_eight_bits_is_read_in_float32(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = PackagedReader(in_float32=True)

    def multiply(self: "torch.nn.Module", given: "torch.Tensor") -> "torch.Tensor":
        if fault == "gone":
            raise AttributeError("quantize_per_channel")
        return given.new_ones(*given.shape[:-1], int(self.out_features)).cumsum(-1)  # type: ignore[arg-type]

    monkeypatch.setattr("index.embedding.eight_bit.EightBitLinear.forward", multiply)
    reader = PackagedReader()
    assert probabilities(reader.read(QUESTION, EXCERPTS)) == pytest.approx(
        probabilities(plain.read(QUESTION, EXCERPTS)), abs=1e-5
    )
    assert kinds(reader) == {"PackedLinear"}
