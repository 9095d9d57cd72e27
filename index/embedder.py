"""Turns texts into unit vectors with a sentence-transformers model."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable
from index.models import ModelSource, locate_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

# Word pieces in one batch, of which each core computes its own. Measured flat from 2,048 to 8,192 on two cores.
PIECES_AT_ONCE = 2048
# Batches are padded to a multiple of this many pieces. oneDNN keeps packed weights for every shape that it has met,
# some ten megabytes each: with every length its own shape, a long run held gigabytes, and hardly ever met one again.
WIDTH_STEP = 8
# Up to here one thread encodes a batch. Two are hardly faster at so little work, and where something else wants the
# cores each step of the model waits for the slower one, which costs a question many times what it needs alone.
PIECES_OF_ONE_THREAD = 512
# A GPU wants far more work at a time.
PIECES_AT_ONCE_GPU = 131072


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
        self._model: SentenceTransformer | None = None
        self._threads = 1
        self._loading = threading.Lock()
        # The library's tokenizers may not be used by two threads at once; the model itself may.
        self._tokenizing = threading.Lock()

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
        return int(self.load().get_embedding_dimension() or 0)

    def load(self) -> "SentenceTransformer":
        """The loaded model.

        Raises:
            ModelUnavailable: it can't be found or read.
        """
        with self._loading:
            if self._model is None:
                self._model = _load_fast(self._source)
                self._threads = _torch_threads()
            return self._model

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        """Embeds texts, longest first so that a batch wastes nothing on padding.

        Args:
            texts: any number of texts; what lies past the model's window is not seen.
            on_done: told the number of texts of each finished batch.

        Returns:
            `(n, dimension)` float32, unit length, in the order of `texts`.
        """
        # PLC0415: torch takes seconds to import; commands that need no vectors don't pay for it.
        from index.spreading import spread  # noqa: PLC0415

        model = self.load()
        with self._tokenizing:
            lengths = _piece_counts(model, texts)
        on_gpu = model.device.type == "cuda"
        batches = _batches(lengths, PIECES_AT_ONCE_GPU if on_gpu else PIECES_AT_ONCE)
        alone = on_gpu or sum(len(each.places) * each.width for each in batches) <= PIECES_OF_ONE_THREAD
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)

        def encode_batch(batch: _Batch) -> int:
            vectors[list(batch.places)] = self._encode_batch([texts[place] for place in batch.places], batch.width)
            return len(batch.places)

        for count in spread(encode_batch, batches, 1 if alone else self._threads, self._threads):
            on_done(count)
        return vectors

    def _encode_batch(self, texts: list[str], width: int) -> Vectors:
        import torch  # noqa: PLC0415

        model = self.load()
        with self._tokenizing:
            features = _features(model, texts, width)
        pooled = model.forward(features)["sentence_embedding"].float()
        normed: Vectors = torch.nn.functional.normalize(pooled, dim=1).cpu().numpy()
        return normed


@dataclass(frozen=True, slots=True)
class _Batch:
    """Places of texts in what is encoded, and the pieces that each is padded to."""

    places: tuple[int, ...]
    width: int


def _batches(lengths: Sequence[int], pieces: int) -> list[_Batch]:
    """Texts of like lengths together, the longest first, so that hardly any padding is computed."""
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    found: list[_Batch] = []
    first = 0
    while first < len(order):
        width = lengths[order[first]]
        chosen = tuple(order[first : first + max(1, pieces // width)])
        found.append(_Batch(chosen, width))
        first += len(chosen)
    return found


@cache
def _torch_threads() -> int:
    """How many threads torch uses by itself; asked once, since a thread that is new to it is told what another set."""
    import torch  # noqa: PLC0415

    return torch.get_num_threads()


def _piece_counts(model: "SentenceTransformer", texts: Sequence[str]) -> list[int]:
    """How many word pieces the model sees of each text, rounded up to a multiple of WIDTH_STEP."""
    if not texts:
        return []
    window = model.max_seq_length or 512
    ids = model.tokenizer(list(texts), truncation=True, max_length=window, padding=False)["input_ids"]
    return [min(window, -(-len(each) // WIDTH_STEP) * WIDTH_STEP) for each in ids]


def _features(model: "SentenceTransformer", texts: list[str], width: int) -> dict[str, Any]:
    """The model's input for a batch, `(n, width)` each, padded on the right and masked."""
    import torch  # noqa: PLC0415

    features: dict[str, Any] = {}
    for name, value in model.preprocess(texts).items():
        if isinstance(value, torch.Tensor) and value.ndim == 2:
            padded = torch.nn.functional.pad(value, (0, max(0, width - value.shape[1])))
            features[name] = padded.to(model.device)
        else:
            features[name] = value
    return features


def load_plain(source: ModelSource) -> "SentenceTransformer":
    """The model in float32, as sentence-transformers loads it by itself: what ours is measured against."""
    import torch  # noqa: PLC0415

    return _load(source, torch.float32)


def _load_fast(source: ModelSource) -> "SentenceTransformer":
    import torch  # noqa: PLC0415

    from index.packing import pack  # noqa: PLC0415

    model = _load(source, torch.bfloat16 if _fast_bfloat16(torch) else torch.float32)
    pack(model)
    return model


def _load(source: ModelSource, dtype: Any) -> "SentenceTransformer":  # noqa: ANN401 - a torch.dtype
    # PLC0415: both take seconds to import; commands that need no vectors don't pay for them.
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call] # the library states no types here
    try:
        return SentenceTransformer(
            source.location, local_files_only=source.local_only, model_kwargs={"dtype": dtype}
        ).eval()
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelUnavailable(
            f"The embedding model {source.name!r} can't be loaded: {str(error).splitlines()[0]}",
            "Give ATTACHE_MODEL the name or the folder of a sentence-transformers model.",
        ) from error


def _fast_bfloat16(torch: Any) -> bool:  # noqa: ANN401 - a module
    """Whether the hardware multiplies bfloat16 matrices natively; emulated, it is slower than float32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name, False) for name in ("avx512_bf16", "amx_bf16"))
