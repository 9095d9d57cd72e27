"""The project's own reader: loads its weights, and reads texts in batches on all cores."""

import math
import threading
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.answering.reader.pairs import Pair, load_pair_tokenizer, make_pairs
from bot.answering.reader.probe import PROBE
from bot.answering.reader.relations import Excerpt, Found, ReaderOutput
from corpus.article import Span
from index.embedding.device import AUTO, CPU, choose_device, has_native_bfloat16, in_halves
from index.embedding.embedder import batches, default_torch_threads
from index.embedding.models import file_sha256, packaged_weights
from index.errors import ModelUnavailable

# PLC0415 throughout: torch takes seconds to import, and commands that don't answer don't need it.
if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from bot.answering.reader.inference import Outputs, ReaderNetwork

WEIGHTS_FILE = Path(__file__).with_name("reader.safetensors")
WEIGHTS_SHA256 = "e914b55e329b5f4087ef913a74d726feab24950ee5dd0b2ab47ac33a7a1e24df"
# Tokens up to which one thread reads everything, in bfloat16 and otherwise; two would mostly wait for each other.
SINGLE_THREAD_TOKENS, SINGLE_THREAD_TOKENS_WITHOUT_BFLOAT16 = 512, 64
# Tokens of the longest answer, and how many a text may hold.
LONGEST_ANSWER = 40
MOST_ANSWERS = 8
_SPANS_COMPARED = 256
# In 8 bits these layers move what is said most: they add the largest numbers.
_IN_FLOAT32 = ("layers.0.down", "layers.1.down", "layers.2.down")


class PackagedReader:
    """The reader over the packaged embedding model's word embeddings, loaded on first use.

    Runs in bfloat16 where the hardware supports it natively, otherwise on a processor in 8 bits, or in float32.

    Args:
        weights: its weights file.
        sha256: what the file has to be; None for any.
        device: what it runs on, as in the settings.
        in_float32: whether it runs in float32 everywhere, which is slower.
    """

    def __init__(
        self,
        weights: Path = WEIGHTS_FILE,
        sha256: str | None = WEIGHTS_SHA256,
        device: str = AUTO,
        *,
        in_float32: bool = False,
    ) -> None:
        self._path, self._sha256, self.device, self._in_float32 = weights, sha256, device, in_float32
        self._loaded: tuple[Tokenizer, ReaderNetwork] | None = None
        self._threads = 1
        self._load_lock = threading.Lock()

    def check(self) -> str:
        """Return the name of the weights, with the beginning of their SHA-256. Raises as `load` does."""
        _check(self._path, self._sha256)
        return f"{self._path.name}@{file_sha256(self._path)[:16]}"

    def load(self) -> None:
        """Load the model now.

        Raises:
            ModelUnavailable: its weights, or the packaged model's, can't be read or are not the expected ones.
        """
        self._load()

    def read(self, question: str, excerpts: Sequence[Excerpt], *, with_spans: bool = True) -> list[ReaderOutput]:
        """Read each text with the question, in order. Raises as `load` does."""
        from index.embedding.threads import parallel_map  # noqa: PLC0415 - imports torch

        if not excerpts:
            return []
        tokenizer, network = self._load()
        pairs = make_pairs(tokenizer, [question] * len(excerpts), excerpts)
        readings: list[ReaderOutput | None] = [None] * len(pairs)

        def read_part(numbers: list[int]) -> None:
            outputs = network([pairs[number] for number in numbers], with_spans=with_spans)
            for number, each in zip(numbers, outputs, strict=True):
                readings[number] = _reading(each, pairs[number])

        lengths, device = [len(pair.ids) for pair in pairs], choose_device(self.device)
        if device.type == CPU:
            few = SINGLE_THREAD_TOKENS if network.is_bfloat16 else SINGLE_THREAD_TOKENS_WITHOUT_BFLOAT16
            shares = _share_out(pairs, 1 if sum(lengths) <= few else self._threads)
            # One for each share: several for one would wait for each other wherever something else wants a core.
            threads = len(shares)
        else:
            shares, threads = batches(lengths, device), 1
        for _ in parallel_map(partial(in_halves, read_part), shares, threads, self._threads):
            pass
        return [reading for reading in readings if reading is not None]

    def _load(self) -> "tuple[Tokenizer, ReaderNetwork]":
        with self._load_lock:
            if self._loaded is None:
                self._loaded = _load(self._path, self._sha256, self.device, in_float32=self._in_float32)
                self._threads = default_torch_threads()
            return self._loaded


def packaged_reader(device: str = AUTO) -> PackagedReader:
    """Return the project's own reader, which a process loads once for a device."""
    return _packaged_on(device)


@cache
def _packaged_on(device: str) -> PackagedReader:
    return PackagedReader(device=device)


def _share_out(pairs: Sequence[Pair], threads: int) -> list[list[int]]:
    """Share pairs out among threads, so that each gets as many tokens."""
    shares: list[list[int]] = [[] for _ in range(min(threads, len(pairs)))]
    totals = [0] * len(shares)
    for number in sorted(range(len(pairs)), key=lambda number: -len(pairs[number].ids)):
        least = totals.index(min(totals))
        shares[least].append(number)
        totals[least] += len(pairs[number].ids)
    return shares


def _reading(outputs: "Outputs", pair: Pair) -> ReaderOutput:
    relations = outputs.relation.softmax(-1).tolist()
    return ReaderOutput(tuple(relations), _best_spans(outputs, pair), float(outputs.relevance))


def _best_spans(outputs: "Outputs", pair: Pair) -> tuple[Found, ...]:
    """Return the best spans that don't overlap; only the best one if its odds are negative."""
    start, end = outputs.start.numpy(), outputs.end.numpy()
    count = len(start) - 1
    if not count:
        return ()
    odds = start[1:, np.newaxis] + end[np.newaxis, 1:] - (start[0] + end[0])
    length = np.arange(count)[np.newaxis, :] - np.arange(count)[:, np.newaxis]
    odds[(length < 0) | (length >= LONGEST_ANSWER)] = -np.inf
    flat = odds.ravel()
    best = np.argpartition(-flat, min(_SPANS_COMPARED, flat.size) - 1)[:_SPANS_COMPARED]
    found: list[tuple[float, int, int]] = []
    for place in best[np.argsort(-flat[best], kind="stable")].tolist():
        score, (first, last) = float(flat[place]), divmod(place, count)
        if len(found) == MOST_ANSWERS or (found and score < 0) or not math.isfinite(score):
            break
        if all(last < a or first > b for _, a, b in found):
            found.append((score, first, last))
    return tuple(Found(Span(pair.offsets[a][0], pair.offsets[b][1]), score) for score, a, b in found)


def _load(path: Path, sha256: str | None, wanted: str, *, in_float32: bool) -> "tuple[Tokenizer, ReaderNetwork]":
    import torch  # noqa: PLC0415 - takes seconds

    from bot.answering.reader.inference import ReaderNetwork  # noqa: PLC0415 - imports torch
    from index.embedding.bert import read_shape  # noqa: PLC0415 - imports torch
    from index.embedding.eight_bit import to_eight_bits  # noqa: PLC0415 - imports torch
    from index.embedding.packed_linear import pack  # noqa: PLC0415 - imports torch
    from index.embedding.threads import torch_threads  # noqa: PLC0415 - imports torch

    base = packaged_weights().parent
    _check(path, sha256)
    try:
        tokenizer = load_pair_tokenizer(base)
        device = choose_device(wanted)
        is_bfloat16 = has_native_bfloat16(device.type) and not in_float32
        dtype = torch.bfloat16 if is_bfloat16 else torch.float32
        network = ReaderNetwork(base, path, read_shape(base), dtype, device).eval()
    except MemoryError:
        raise
    # `tokenizers` and `safetensors` raise plain `Exception` for a malformed file.
    except Exception as error:
        raise ModelUnavailable(
            f"The reader's weights can't be read: {str(error) or type(error).__name__}.", _REINSTALL
        ) from error
    if device.type != CPU:
        return tokenizer, network
    probe_pairs = make_pairs(tokenizer, [question for question, _ in PROBE], [excerpt for _, excerpt in PROBE])

    def probe() -> torch.Tensor:
        with torch.inference_mode(), torch_threads(1, torch.get_num_threads()):
            return torch.stack([each.relation for each in network(probe_pairs)])

    if not (is_bfloat16 or in_float32):
        to_eight_bits(network.encoder, probe, _IN_FLOAT32)
    pack(network.encoder, probe)
    return tokenizer, network


def _check(path: Path, sha256: str | None) -> None:
    """Raise `ModelUnavailable` if the weights are missing or not the expected ones."""
    if not path.is_file():
        raise ModelUnavailable(f"There are no reader's weights at {path}.", _REINSTALL)
    if sha256 is not None and file_sha256(path) != sha256:
        raise ModelUnavailable(f"The reader's weights are not the expected ones ({path}).", _REINSTALL)


_REINSTALL = "Install Attaché again, or check ATTACHE_READER."
