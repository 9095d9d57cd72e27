"""The interface of a loaded model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Tokenized:
    """A text with the ids of its tokens, truncated to the model's window."""

    text: str
    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Attention:
    """The shape of a model's attention; `size` is the dimension of one head."""

    layers: int
    heads: int
    size: int


class Encoder(Protocol):
    """A loaded model."""

    @property
    def network(self) -> "torch.nn.Module":
        """The module whose forward pass encodes a batch."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def dtype(self) -> "torch.dtype":
        """The type of its weights."""

    @property
    def device(self) -> "torch.device":
        """The device it runs on."""

    @property
    def attention(self) -> Attention:
        """The shape of its attention."""

    def tokenize(self, texts: Sequence[str]) -> list[Tokenized]:
        """Tokenize texts, in order; thread-safe."""

    def encode(self, batch: Sequence[Tokenized]) -> "torch.Tensor":
        """Encode a batch: `(n, dimension)`, in order, not normalised, on any device."""

    def shapes(self, batch: Sequence[Tokenized]) -> list[tuple[int, int]]:
        """Return the padded shapes `(rows, tokens)` that a batch is computed in."""
