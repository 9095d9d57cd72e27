"""What every loaded model can do: cut texts into word pieces, and encode a batch of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Read:
    """A text as a model has read it: with the ids of its word pieces, as many as the model's window takes."""

    text: str
    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Attention:
    """The shape of a model's attention: so many layers, each of so many heads of a size."""

    layers: int
    heads: int
    size: int


class Encoder(Protocol):
    """A loaded model."""

    @property
    def network(self) -> "torch.nn.Module":
        """What computes, once for each batch."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def dtype(self) -> "torch.dtype":
        """The type that it computes in."""

    @property
    def device(self) -> "torch.device":
        """Where it computes."""

    @property
    def attention(self) -> Attention:
        """The shape of its attention."""

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Cuts texts into word pieces, in order; several threads may at once."""

    def encode(self, batch: Sequence[Read]) -> "torch.Tensor":
        """The vectors of some texts, in order: `(n, dimension)` of any length, on any device."""

    def shapes(self, batch: Sequence[Read]) -> list[tuple[int, int]]:
        """How it lays a batch out: groups of so many rows that are so many pieces wide, padding included."""
