"""How alike two words are in meaning, by the word embeddings of the packaged embedding model."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from index.embedding.models import packaged_weights

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_TABLE = "embeddings.word_embeddings.weight"
_MOST_WORDS = 16_384


def likest(word: str, others: Iterable[str]) -> float:
    """Return how alike a lower-case word is to the most alike of others, as a cosine; 0 without any.

    About 0.3 and more for words of one matter (quit and leave, opened and closed), next to 0 for others.
    """
    vectors = [_vector(each) for each in others]
    return float(np.max(np.stack(vectors) @ _vector(word))) if vectors else 0.0


@lru_cache(_MOST_WORDS)
def _vector(word: str) -> NDArray[np.float32]:
    """Return the mean of the embeddings of a word's pieces, `(dim,)`, unit length."""
    tokenizer, table = _loaded()
    rows = [table[piece : piece + 1] for piece in tokenizer.encode(word, add_special_tokens=False).ids]
    vector = np.concatenate(rows).astype(np.float32).mean(axis=0)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


@cache
def _loaded() -> "tuple[Tokenizer, Any]":
    """Return the tokenizer and the table; its rows are read from the file as they are wanted."""
    # PLC0415: most installations have no writer.
    from bot.answering.reader.pairs import load_pair_tokenizer  # noqa: PLC0415 - imports tokenizers

    path = packaged_weights()
    file: Any = safe_open(path, framework="numpy")
    return load_pair_tokenizer(path.parent), file.get_slice(_TABLE)
