"""`python -m evals device`: encoding and reading on each device there is: speed, share of its peak, and results."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.answering.reader.packaged import PackagedReader
from bot.answering.reader.pairs import load_pair_tokenizer, make_pairs
from bot.answering.reader.relations import Excerpt, ReaderOutput
from evals.speed.encode import peak_of
from evals.speed.figures import Machine, seconds, this_machine
from evals.speed.start import peak_mb
from index.embedding.device import AUTO, CPU, find_device
from index.embedding.embedder import SentenceEmbedder, Vectors, load_reference_model
from index.embedding.encoder import Attention
from index.embedding.models import PACKAGED_MODEL, packaged_weights

# PLC0415 throughout: torch takes seconds to import.
if TYPE_CHECKING:
    import torch

# What a device's vectors must have in common with those of the processor.
LEAST_COSINE = 0.999
# Passages that the reader gets with one question, as in an answer.
PASSAGES_A_QUESTION = 32
_QUESTION = "Did the ministry confirm the report?"
_HEADING = "2024-09-09 Valley Times: What the ministry said"


@dataclass(frozen=True, slots=True)
class DeviceFigures:
    """What one device does.

    `peak_gflops` is what the best of some large square matrix products reaches on it in the models' type. The shares of
    it count the products of real tokens alone. `encode_cosine` is the least one of its vectors to those of plain
    float32 on the processor (for the processor), or to the processor's (for others); `read_cosine` that of relations'
    probabilities to the processor's, None for it. `memory_mb` is the process's peak for the processor (0 if the system
    doesn't tell), and what was allocated on the device at most for others.
    """

    device: str
    precision: str
    passages_per_s: float
    read_per_s: float
    encode_gflops: float
    read_gflops: float
    peak_gflops: float
    encode_share_of_peak: float
    read_share_of_peak: float
    memory_mb: float
    encode_cosine: float = 0.0
    read_cosine: float | None = None

    @property
    def is_same(self) -> bool:
        """Whether its results are those of the processor."""
        return self.encode_cosine >= LEAST_COSINE and (self.read_cosine is None or self.read_cosine >= LEAST_COSINE)


@dataclass(frozen=True, slots=True)
class DeviceBench:
    """The figures of each device, over so many passages; `missing` says why a wanted one has none."""

    passages: int
    rounds: int
    devices: tuple[DeviceFigures, ...]
    missing: str
    machine: Machine


@dataclass(frozen=True, slots=True)
class _Results:
    vectors: Vectors
    relations: Vectors


def bench_devices(texts: Sequence[str], rounds: int, wanted: str = AUTO) -> DeviceBench:
    """Encode and read the same passages on the processor, and on an accelerator if there is one.

    Args:
        texts: passages.
        rounds: how often each is measured; the median counts.
        wanted: the accelerator, as in the settings.
    """
    found, missing = find_device(wanted)
    on_cpu, results = _measure(CPU, texts, rounds)
    # Afterwards: its memory is not the processor's path's.
    reference = load_reference_model(SentenceEmbedder(PACKAGED_MODEL, CPU).source)
    plain = reference.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
    devices = [replace(on_cpu, encode_cosine=_least_cosine(results.vectors, plain))]
    if found.type != CPU:
        there, theirs = _measure(str(found), texts, rounds)
        cosines = (_least_cosine(*each) for each in zip(astuple(theirs), astuple(results), strict=True))
        of_vectors, of_relations = cosines
        devices.append(replace(there, encode_cosine=of_vectors, read_cosine=of_relations))
    return DeviceBench(len(texts), rounds, tuple(devices), missing, this_machine())


def _measure(name: str, texts: Sequence[str], rounds: int) -> tuple[DeviceFigures, _Results]:
    """Return a device's figures without cosines, and what it found."""
    import torch  # noqa: PLC0415

    device = torch.device(name)
    embedder, reader = SentenceEmbedder(PACKAGED_MODEL, name), PackagedReader(device=name)
    excerpts = [Excerpt(_HEADING, text) for text in texts]
    # What another device says is compared with float32, which the processor doesn't read in.
    exact = PackagedReader(device=name, in_float32=True) if device.type == CPU else reader
    ours = _Results(embedder.encode(texts), _relations(_read(exact, excerpts)))
    # What is compiled and allocated at the first call is not measured.
    _read(reader, excerpts)
    encode_s = _median(lambda: embedder.encode(texts), rounds, device)
    read_s = _median(lambda: _read(reader, excerpts), rounds, device)
    memory_mb = _memory_mb(device)
    encoder = embedder.load()
    lengths = [len(each.ids) for each in encoder.tokenize(texts)]
    pairs = make_pairs(load_pair_tokenizer(packaged_weights().parent), [_QUESTION] * len(excerpts), excerpts)
    encode_gflops = count_operations(encoder.network, encoder.attention, lengths) / encode_s / 1e9
    # The reader's network has the shape of the packaged encoder's.
    read_gflops = count_operations(encoder.network, encoder.attention, [len(pair.ids) for pair in pairs]) / read_s / 1e9
    peak_gflops = peak_of(encoder.dtype, device) / 1e9
    figures = DeviceFigures(
        device=_name(device),
        precision=str(encoder.dtype).removeprefix("torch."),
        passages_per_s=round(len(texts) / encode_s, 1),
        read_per_s=round(len(texts) / read_s, 1),
        encode_gflops=round(encode_gflops, 1),
        read_gflops=round(read_gflops, 1),
        peak_gflops=round(peak_gflops, 1),
        encode_share_of_peak=round(encode_gflops / peak_gflops, 3),
        read_share_of_peak=round(read_gflops / peak_gflops, 3),
        memory_mb=round(memory_mb),
    )
    return figures, ours


def count_operations(network: "torch.nn.Module", attention: Attention, lengths: Sequence[int]) -> int:
    """Return the floating-point operations of a network's products over texts of so many tokens, without padding."""
    # Without the pooler, whose product sentence-transformers discards.
    linears: list[Any] = [
        module
        for module_name, module in network.named_modules()
        if type(module).__name__ in {"Linear", "PackedLinear"} and ".pooler." not in module_name
    ]
    of_linears = 2 * sum(lengths) * sum(int(each.in_features) * int(each.out_features) for each in linears)
    width_of_all = attention.layers * attention.heads * attention.size
    return of_linears + sum(4 * width_of_all * length * length for length in lengths)


def _read(reader: PackagedReader, excerpts: Sequence[Excerpt]) -> list[ReaderOutput]:
    found: list[ReaderOutput] = []
    for first in range(0, len(excerpts), PASSAGES_A_QUESTION):
        found += reader.read(_QUESTION, excerpts[first : first + PASSAGES_A_QUESTION])
    return found


def _relations(found: Sequence[ReaderOutput]) -> Vectors:
    made = np.array([each.relations for each in found], dtype=np.float32)
    lengths: Vectors = np.linalg.norm(made, axis=1, keepdims=True)
    return made / lengths


def _median(work: Callable[[], object], rounds: int, device: "torch.device") -> float:
    import torch  # noqa: PLC0415

    def whole() -> None:
        work()
        if device.type != CPU:
            torch.accelerator.synchronize(device)

    return statistics.median(seconds(whole) for _ in range(rounds))


def _least_cosine(ours: Vectors, theirs: Vectors) -> float:
    # Not a number, such as of a vector that a device spoilt, is no cosine.
    return float(np.nan_to_num((ours * theirs).sum(axis=1), nan=-1.0).min().round(5))


def _memory_mb(device: "torch.device") -> float:
    import torch  # noqa: PLC0415

    if device.type == CPU:
        return peak_mb()
    if device.type == "cuda":
        return float(torch.cuda.max_memory_allocated(device)) / 1e6
    return float(torch.mps.driver_allocated_memory()) / 1e6 if device.type == "mps" else 0.0


def _name(device: "torch.device") -> str:
    import torch  # noqa: PLC0415

    return str(torch.cuda.get_device_name(device)) if device.type == "cuda" else str(device)
