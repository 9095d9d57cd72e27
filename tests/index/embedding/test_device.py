"""What models run on: an accelerator where it works, otherwise the processor, and a sentence if that was not wanted."""

import logging
from collections.abc import Iterator

import numpy as np
import pytest

from bot.answering.reader import inference, packaged
from bot.answering.reader.packaged import PackagedReader
from bot.answering.reader.relations import Excerpt
from index.embedding import bert, device
from index.embedding.device import choose_device, find_device, in_halves, is_processor
from index.embedding.embedder import SentenceEmbedder
from index.embedding.models import PACKAGED_MODEL
from index.errors import ModelUnavailable

TEXTS = (
    "Sanctions?",
    "The ministry denied on Monday that any vessel had left the port. " * 6,
    "",
    "停战 🙂 in Türkiye",
)


@pytest.fixture(autouse=True)
def _chosen_anew() -> Iterator[None]:
    choose_device.cache_clear()
    yield
    choose_device.cache_clear()


def test_a_device_that_is_not_there_is_told_once_and_the_processor_used(caplog: pytest.LogCaptureFixture) -> None:
    # Of the ninety-ninth GPU no machine of ours is the owner.
    with caplog.at_level(logging.WARNING):
        assert [choose_device("cuda:99").type for _ in range(3)] == ["cpu"] * 3
    [told] = [each.getMessage() for each in caplog.records]
    assert told.startswith("Models run on the processor, since the device cuda:99 can't be used: ")
    assert told.endswith(".")
    assert "\n" not in told


def test_a_model_with_such_a_setting_makes_the_vectors_of_the_processor(real_embedder: SentenceEmbedder) -> None:
    embedder = SentenceEmbedder(PACKAGED_MODEL, "cuda:99")
    assert embedder.load().device.type == "cpu"
    assert np.array_equal(embedder.encode(TEXTS), SentenceEmbedder(PACKAGED_MODEL, "cpu").encode(TEXTS))


def test_an_accelerator_that_multiplies_wrongly_or_has_no_memory_left_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    def fail(_device: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(device, "try_out", fail)
    found, problem = find_device("auto")
    assert (found.type, problem) == (
        "cpu", "Models run on the processor, since the device cuda can't be used: CUDA out of memory."
    )  # fmt: skip
    monkeypatch.setattr(device, "try_out", lambda _device: None)
    assert [str(find_device(name)[0]) for name in ("auto", "cuda:1", "cpu")] == ["cuda", "cuda:1", "cpu"]


def test_processes_are_forked_with_models_unless_these_go_to_an_accelerator(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    for is_there in (True, False):
        monkeypatch.setattr(torch.accelerator, "is_available", lambda is_there=is_there: is_there)
        assert [is_processor(name) for name in ("cpu", "auto", "cuda")] == [True, not is_there, not is_there]


def test_what_does_not_fit_the_devices_memory_is_done_in_halves() -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    done: list[list[int]] = []

    def work(numbers: list[int]) -> None:
        if len(numbers) > 3:
            raise torch.OutOfMemoryError
        done.append(numbers)

    in_halves(work, [*range(10)])
    assert done == [[0, 1], [2, 3, 4], [5, 6], [7, 8, 9]]


def test_a_text_that_alone_does_not_fit_is_told_in_a_sentence() -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    def work(_numbers: list[int]) -> None:
        raise torch.OutOfMemoryError

    with pytest.raises(ModelUnavailable, match="too little memory for a single text") as raised:
        in_halves(work, [1, 2])
    assert "ATTACHE_DEVICE=cpu" in raised.value.hint


@pytest.mark.parametrize("lengths", [(5,), (3, 1, 70, 2), (9, 9)])
def test_texts_attended_to_at_once_are_attended_to_as_one_by_one(lengths: tuple[int, ...]) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    torch.manual_seed(1)
    total = sum(lengths)
    qkv = torch.randn(total + 7, 3 * 24)
    one_by_one = bert.SeparateTexts(lengths).attend(qkv, 3)
    at_once = bert.PaddedTexts(lengths, len(qkv), torch.device("cpu")).attend(qkv, 3)
    assert at_once.shape == one_by_one.shape == (len(qkv), 24)
    assert torch.allclose(at_once[:total], one_by_one[:total], atol=1e-5)


def test_the_reader_reads_the_same_in_batches_for_an_accelerator(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch  # noqa: PLC0415 - takes seconds to import

    question = "Did any vessel leave the port?"
    excerpts = [Excerpt("2031-05-01 Salis Herald: Port", text) for text in TEXTS]
    expected = PackagedReader(device="cpu", in_float32=True).read(question, excerpts)
    # An accelerator but for where the numbers are: "meta" has none, and there is no other kind that every machine has.
    monkeypatch.setattr(bert, "lay_out", lambda lengths, tokens, _device: bert.PaddedTexts(lengths, tokens, cpu))
    monkeypatch.setattr(packaged, "choose_device", lambda _wanted: torch.device("mps"))
    cpu, made = torch.device("cpu"), inference.ReaderNetwork
    monkeypatch.setattr(inference, "ReaderNetwork", lambda *given: made(*given[:-1], cpu))
    monkeypatch.setattr(device, "SHARED_MEMORY_BATCH_TOKENS", 150)
    read = PackagedReader(device="mps").read(question, excerpts)
    for ours, theirs in zip(read, expected, strict=True):
        assert ours.relations == pytest.approx(theirs.relations, abs=0.02)
        assert [each.span for each in ours.found[:1]] == [each.span for each in theirs.found[:1]]
