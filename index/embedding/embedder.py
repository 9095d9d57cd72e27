"""Turns texts into unit vectors with a sentence-transformers model."""

import threading
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding.models import PACKAGED_MODEL, ModelSource, locate_model

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

    from index.embedding.encoder import Encoder

Vectors = NDArray[np.float32]

# Word pieces in one batch, of which each core computes its own. Measured flat from 2,048 to 8,192 on two cores.
PIECES_AT_ONCE = 2048
# Up to here one thread encodes a batch. Two are hardly faster at so little work, and where something else wants the
# cores each step of the model waits for the slower one, which costs a question many times what it needs alone.
PIECES_OF_ONE_THREAD = 512
# A GPU wants far more work at a time.
PIECES_AT_ONCE_GPU = 131072
# What a model is asked before and after its weights are packed: texts of unlike lengths.
_PROBES = ("The ministry denied on Monday that any vessel had left the port.", "Sanctions?")


class Embedder(Protocol):
    """Anything that makes unit vectors of texts: the real model, or the tests' deterministic stand-in."""

    @property
    def fingerprint(self) -> str:
        """Identity of the model; vectors of different fingerprints are never compared."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = ...) -> Vectors:
        """Embeds texts: `(n, dimension)` float32, unit length, in the order given."""


class SentenceEmbedder:
    """A sentence-transformers model, loaded at its first use.

    Runs in bfloat16 where the hardware multiplies it natively, twice as fast as float32 at a cosine of at least 0.996
    to its vectors, and in float32 elsewhere.
    """

    def __init__(self, model: str) -> None:
        self._source = locate_model(model)
        self._encoder: Encoder | None = None
        self._threads = 1
        self._loading = threading.Lock()

    @property
    def source(self) -> ModelSource:
        """Where the model comes from."""
        return self._source

    @property
    def threads(self) -> int:
        """How many batches are computed at a time on processors; loads the model."""
        self.load()
        return self._threads

    @property
    def fingerprint(self) -> str:
        """Identity of the model."""
        return self._source.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector; loads the model."""
        return self.load().dimension

    def load(self) -> "Encoder":
        """The loaded model.

        Raises:
            ModelUnavailable: it can't be found or read.
        """
        with self._loading:
            if self._encoder is None:
                self._encoder = _load_fast(self._source)
                self._threads = _torch_threads()
            return self._encoder

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        """Embeds texts, those of like lengths together.

        Args:
            texts: any number of texts; what lies past the model's window is not seen.
            on_done: told the number of texts of each finished batch.

        Returns:
            `(n, dimension)` float32, unit length, in the order of `texts`.
        """
        # PLC0415: torch takes seconds to import; commands that need no vectors don't pay for it.
        from torch.nn.functional import normalize  # noqa: PLC0415

        from index.embedding.threads import spread  # noqa: PLC0415

        encoder = self.load()
        read = encoder.read(texts)
        lengths = [len(each.ids) for each in read]
        alone = encoder.device.type == "cuda" or sum(lengths) <= PIECES_OF_ONE_THREAD
        vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)

        def encode_batch(places: list[int]) -> int:
            made = encoder.encode([read[place] for place in places])
            vectors[places] = normalize(made.float(), dim=1).cpu().numpy()
            return len(places)

        for count in spread(encode_batch, batches(lengths, encoder), 1 if alone else self._threads, self._threads):
            on_done(count)
        return vectors


def batches(lengths: Sequence[int], encoder: "Encoder") -> list[list[int]]:
    """Places of texts of like lengths together, the longest first, so that hardly any padding is computed.

    Args:
        lengths: pieces of each text.
        encoder: what will encode them; a GPU is given far more at once.
    """
    pieces = PIECES_AT_ONCE_GPU if encoder.device.type == "cuda" else PIECES_AT_ONCE
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    found: list[list[int]] = []
    while order:
        count = max(1, pieces // lengths[order[0]])
        found.append(order[:count])
        order = order[count:]
    return found


@cache
def _torch_threads() -> int:
    """How many threads torch uses by itself; asked once, since a thread that is new to it is told what another set."""
    import torch  # noqa: PLC0415

    return torch.get_num_threads()


def load_plain(source: ModelSource) -> "SentenceTransformer":
    """The model in float32, as sentence-transformers loads it by itself: what ours is measured against."""
    import torch  # noqa: PLC0415

    from index.embedding.sentence_transformers import load_library  # noqa: PLC0415 - takes seconds to import

    return load_library(source, torch.float32)


def _load_fast(source: ModelSource) -> "Encoder":
    import torch  # noqa: PLC0415

    from index.embedding.packed_linear import pack  # noqa: PLC0415
    from index.embedding.threads import torch_threads  # noqa: PLC0415

    encoder = _open(source, torch.bfloat16 if _fast_bfloat16(torch) else torch.float32)

    def probe() -> torch.Tensor:
        # More threads would wait for one another over so short a text.
        with torch.inference_mode(), torch_threads(1, torch.get_num_threads()):
            return encoder.encode(encoder.read(_PROBES)).float()

    if encoder.device.type == "cpu":
        pack(encoder.network, probe)
    return encoder


def _open(source: ModelSource, dtype: "torch.dtype") -> "Encoder":
    """The model, run by torch alone where that can be done; imports the library only where it can't."""
    import torch  # noqa: PLC0415

    if source.name == PACKAGED_MODEL and not torch.accelerator.is_available():
        from index.embedding.bert import read_bert  # noqa: PLC0415

        return read_bert(Path(source.location), dtype)
    from index.embedding.sentence_transformers import LibraryEncoder, load_library  # noqa: PLC0415 - takes seconds to import

    return LibraryEncoder(load_library(source, dtype))


def _fast_bfloat16(torch: Any) -> bool:  # noqa: ANN401 - a module
    """Whether the hardware multiplies bfloat16 matrices natively; emulated, it is slower than float32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name, False) for name in ("avx512_bf16", "amx_bf16"))
