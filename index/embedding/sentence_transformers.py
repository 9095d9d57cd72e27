"""Encodes with any sentence-transformers model; importing that library takes seconds."""

import threading
from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging

from index.embedding.encoder import Attention, Tokenized
from index.embedding.hub import require_hub
from index.embedding.models import ModelSource
from index.errors import ModelUnavailable

# Batches are padded to a multiple of this many tokens. oneDNN keeps some ten megabytes of packed weights for every
# shape it has met: with every length its own shape, a long run held gigabytes and hardly ever met a shape again.
WIDTH_STEP = 8
# For models that state none.
DEFAULT_WINDOW = 512


class SentenceTransformerEncoder:
    """An `Encoder` run by the sentence-transformers library."""

    def __init__(self, model: SentenceTransformer) -> None:
        self.network = model
        # The library's tokenizers are not thread-safe; the model is.
        self._tokenizer_lock = threading.Lock()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.network.get_embedding_dimension() or 0)

    @property
    def dtype(self) -> torch.dtype:
        """The type of its weights."""
        return next(self.network.parameters()).dtype

    @property
    def device(self) -> torch.device:
        """The device it runs on."""
        device: torch.device = self.network.device
        return device

    @property
    def attention(self) -> Attention:
        """The shape of its attention."""
        transformer: Any = self.network[0]
        config = transformer.auto_model.config
        heads = int(config.num_attention_heads)
        return Attention(int(config.num_hidden_layers), heads, int(config.hidden_size) // heads)

    def tokenize(self, texts: Sequence[str]) -> list[Tokenized]:
        """Tokenize texts, in order."""
        if not texts:
            return []
        with self._tokenizer_lock:
            tokens = self.network.tokenizer(list(texts), truncation=True, max_length=self._window, padding=False)
        return [Tokenized(text, ids) for text, ids in zip(texts, tokens["input_ids"], strict=True)]

    def encode(self, batch: Sequence[Tokenized]) -> torch.Tensor:
        """Encode a batch, in order."""
        [(_, width)] = self.shapes(batch)
        features: dict[str, Any] = {}
        with self._tokenizer_lock:
            preprocessed = self.network.preprocess([each.text for each in batch])
        for name, value in preprocessed.items():
            if isinstance(value, torch.Tensor) and value.ndim == 2:
                padded = torch.nn.functional.pad(value, (0, max(0, width - value.shape[1])))
                features[name] = padded.to(self.device)
            else:
                features[name] = value
        vectors: torch.Tensor = self.network(features)["sentence_embedding"]
        return vectors

    def shapes(self, batch: Sequence[Tokenized]) -> list[tuple[int, int]]:
        """Return the batch's one shape, as wide as its longest text."""
        longest = max(len(each.ids) for each in batch)
        return [(len(batch), min(self._window, -(-longest // WIDTH_STEP) * WIDTH_STEP))]

    @property
    def _window(self) -> int:
        return self.network.max_seq_length or DEFAULT_WINDOW


def load_sentence_transformer(source: ModelSource, dtype: torch.dtype, device: torch.device) -> SentenceTransformer:
    """Load a model with the sentence-transformers library.

    Raises:
        ModelUnavailable: it can't be found or read.
    """
    logging.disable_progress_bar()  # type: ignore[no-untyped-call] # the library states no types here
    try:
        if not source.local_only:
            require_hub(source.location)
        return SentenceTransformer(
            source.location, device=str(device), local_files_only=source.local_only, model_kwargs={"dtype": dtype}
        ).eval()
    except MemoryError:
        raise
    # A folder or a hub's model may contain anything, so anything may be raised.
    except Exception as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelUnavailable(
            f"The embedding model {source.name!r} can't be loaded: {reason}",
            "Give ATTACHE_MODEL the name or the folder of a sentence-transformers model.",
        ) from error
