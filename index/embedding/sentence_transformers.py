"""Any sentence-transformers model, run by that library; importing it takes seconds."""

import threading
from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging

from index.embedding.encoder import Attention, Read
from index.embedding.models import ModelSource
from index.errors import ModelUnavailable

# Batches are padded to a multiple of this many pieces. oneDNN keeps packed weights for every shape that it has met,
# some ten megabytes each: with every length its own shape, a long run held gigabytes, and hardly ever met one again.
WIDTH_STEP = 8
# Of a model that states none.
WINDOW = 512


class LibraryEncoder:
    """A model of sentence-transformers; see `index.embedding.encoder.Encoder`."""

    def __init__(self, model: SentenceTransformer) -> None:
        self.network = model
        # The library's tokenizers may not be used by two threads at once; the model itself may.
        self._tokenizing = threading.Lock()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.network.get_embedding_dimension() or 0)

    @property
    def dtype(self) -> torch.dtype:
        """The type that it computes in."""
        return next(self.network.parameters()).dtype

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        found: torch.device = self.network.device
        return found

    @property
    def attention(self) -> Attention:
        """The shape of its attention."""
        transformer: Any = self.network[0]
        config = transformer.auto_model.config
        heads = int(config.num_attention_heads)
        return Attention(int(config.num_hidden_layers), heads, int(config.hidden_size) // heads)

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Cuts texts into word pieces, in order."""
        if not texts:
            return []
        with self._tokenizing:
            pieces = self.network.tokenizer(list(texts), truncation=True, max_length=self._window, padding=False)
        return [Read(text, ids) for text, ids in zip(texts, pieces["input_ids"], strict=True)]

    def encode(self, batch: Sequence[Read]) -> torch.Tensor:
        """The vectors of some texts, in order."""
        [(_, width)] = self.shapes(batch)
        features: dict[str, Any] = {}
        with self._tokenizing:
            made = self.network.preprocess([each.text for each in batch])
        for name, value in made.items():
            if isinstance(value, torch.Tensor) and value.ndim == 2:
                padded = torch.nn.functional.pad(value, (0, max(0, width - value.shape[1])))
                features[name] = padded.to(self.device)
            else:
                features[name] = value
        found: torch.Tensor = self.network(features)["sentence_embedding"]
        return found

    def shapes(self, batch: Sequence[Read]) -> list[tuple[int, int]]:
        """One group, as wide as its longest text."""
        longest = max(len(each.ids) for each in batch)
        return [(len(batch), min(self._window, -(-longest // WIDTH_STEP) * WIDTH_STEP))]

    @property
    def _window(self) -> int:
        return self.network.max_seq_length or WINDOW


def load_library(source: ModelSource, dtype: torch.dtype) -> SentenceTransformer:
    """Loads a model as sentence-transformers does by itself.

    Raises:
        ModelUnavailable: it can't be found or read.
    """
    logging.disable_progress_bar()  # type: ignore[no-untyped-call] # the library states no types here
    try:
        return SentenceTransformer(
            source.location, local_files_only=source.local_only, model_kwargs={"dtype": dtype}
        ).eval()
    except MemoryError:
        raise
    # A folder or a hub's model may be anything, and so are the errors of what reads it.
    except Exception as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelUnavailable(
            f"The embedding model {source.name!r} can't be loaded: {reason}",
            "Give ATTACHE_MODEL the name or the folder of a sentence-transformers model.",
        ) from error
