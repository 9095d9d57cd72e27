"""Embeds texts as unit vectors with a sentence-transformers model."""

import threading
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding.device import AUTO, CPU, batch_tokens, choose_device, has_native_bfloat16, in_halves
from index.embedding.models import PACKAGED_MODEL, ModelSource, locate_model

# PLC0415 throughout: torch and sentence-transformers take seconds to import; commands without vectors don't need them.
if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

    from index.embedding.encoder import Encoder

Vectors = NDArray[np.float32]

# Up to here one thread encodes everything. Two are hardly faster at so little work, and where something else wants the
# cores each step waits for the slower thread, which makes a question many times slower.
SINGLE_THREAD_TOKENS = 512
# Texts of different lengths, encoded before and after packing the weights.
_PROBES = ("The ministry denied on Monday that any vessel had left the port.", "Sanctions?")


class Embedder(Protocol):
    """Makes unit vectors of texts: the real model, or a deterministic fake in tests."""

    @property
    def fingerprint(self) -> str:
        """Identity of the model; vectors of different fingerprints are never compared."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = ...) -> Vectors:
        """Embed texts: `(n, dimension)` float32, unit length, in order."""


class SentenceEmbedder:
    """A sentence-transformers model, loaded on first use.

    Runs in bfloat16 where the hardware supports it natively (twice as fast as float32, cosine at least 0.996 to its
    vectors), otherwise in float32.

    Args:
        model: its name or folder.
        device: what it runs on, as in the settings.
    """

    def __init__(self, model: str, device: str = AUTO) -> None:
        self.source = locate_model(model)
        self.device = device
        self._encoder: Encoder | None = None
        self._threads = 1
        self._load_lock = threading.Lock()

    @property
    def threads(self) -> int:
        """How many batches are encoded at a time on a CPU; loads the model."""
        self.load()
        return self._threads

    @property
    def fingerprint(self) -> str:
        """Identity of the model."""
        return self.source.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector; loads the model."""
        return self.load().dimension

    def load(self) -> "Encoder":
        """Return the loaded model.

        Raises:
            ModelUnavailable: it can't be found or read.
        """
        with self._load_lock:
            if self._encoder is None:
                self._encoder = _load_fast(self.source, self.device)
                self._threads = default_torch_threads()
            return self._encoder

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        """Embed texts in batches of similar lengths.

        Args:
            texts: any number of texts; each is truncated to the model's window.
            on_done: called with the number of texts of each finished batch.

        Returns:
            `(n, dimension)` float32, unit length, in the order of `texts`.
        """
        from torch.nn.functional import normalize  # noqa: PLC0415

        from index.embedding.threads import parallel_map  # noqa: PLC0415

        encoder = self.load()
        tokenized = encoder.tokenize(texts)
        lengths = [len(each.ids) for each in tokenized]
        one_thread = encoder.device.type != CPU or sum(lengths) <= SINGLE_THREAD_TOKENS
        threads = 1 if one_thread else self._threads
        vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)

        def encode_part(numbers: list[int]) -> None:
            encoded = encoder.encode([tokenized[number] for number in numbers])
            vectors[numbers] = normalize(encoded.float(), dim=1).cpu().numpy()

        def encode_batch(numbers: list[int]) -> int:
            in_halves(encode_part, numbers)
            return len(numbers)

        for count in parallel_map(encode_batch, batches(lengths, encoder.device), threads, self._threads):
            on_done(count)
        return vectors


def packaged_embedder(device: str = AUTO) -> SentenceEmbedder:
    """Return the packaged model, which a process loads once for a device."""
    return _packaged_on(device)


def packaged_of(embedder: Embedder) -> Embedder:
    """Return an embedder if it is the packaged model, so that a process loads that once, else the packaged model."""
    if not isinstance(embedder, SentenceEmbedder):
        return packaged_embedder()
    return embedder if embedder.source.name == PACKAGED_MODEL else packaged_embedder(embedder.device)


@cache
def _packaged_on(device: str) -> SentenceEmbedder:
    return SentenceEmbedder(PACKAGED_MODEL, device)


def batches(lengths: Sequence[int], device: "torch.device") -> list[list[int]]:
    """Group texts of similar lengths, longest first, so that little padding is computed.

    Args:
        lengths: tokens of each text.
        device: decides the size of batches.

    Returns:
        Batches of indices into `lengths`.
    """
    tokens = batch_tokens(device)
    order = sorted(range(len(lengths)), key=lambda number: -lengths[number])
    grouped: list[list[int]] = []
    while order:
        count = max(1, tokens // lengths[order[0]])
        grouped.append(order[:count])
        order = order[count:]
    return grouped


@cache
def default_torch_threads() -> int:
    """Return torch's default number of threads; cached, since other threads change the setting."""
    import torch  # noqa: PLC0415

    return torch.get_num_threads()


def load_reference_model(source: ModelSource) -> "SentenceTransformer":
    """Load the model in float32 as sentence-transformers does by default, to compare with."""
    import torch  # noqa: PLC0415

    from index.embedding.sentence_transformers import load_sentence_transformer  # noqa: PLC0415

    return load_sentence_transformer(source, torch.float32, torch.device(CPU))


def _load_fast(source: ModelSource, wanted: str) -> "Encoder":
    import torch  # noqa: PLC0415

    from index.embedding.packed_linear import pack  # noqa: PLC0415
    from index.embedding.threads import torch_threads  # noqa: PLC0415

    device = choose_device(wanted)
    encoder = _load_encoder(source, torch.bfloat16 if has_native_bfloat16(device.type) else torch.float32, device)

    def probe() -> torch.Tensor:
        # More threads would wait for each other over such short texts.
        with torch.inference_mode(), torch_threads(1, torch.get_num_threads()):
            return encoder.encode(encoder.tokenize(_PROBES)).float()

    if encoder.device.type == CPU:
        pack(encoder.network, probe)
    return encoder


def _load_encoder(source: ModelSource, dtype: "torch.dtype", device: "torch.device") -> "Encoder":
    """Load the packaged model with torch alone on a CPU, any other with sentence-transformers."""
    if source.name == PACKAGED_MODEL and device.type == CPU:
        from index.embedding.bert import load_bert  # noqa: PLC0415

        return load_bert(Path(source.location), dtype)
    from index.embedding import sentence_transformers as library  # noqa: PLC0415

    return library.SentenceTransformerEncoder(library.load_sentence_transformer(source, dtype, device))
