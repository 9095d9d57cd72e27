"""Keeps the weights of a model's linear layers as the processor's library multiplies them; imports torch."""

from collections.abc import Callable
from typing import Final

import torch

# Packed products add in another order and round a sum or a GELU once less; in bfloat16 that moves a vector by 0.0001.
_LEAST_COSINE = 0.999
# oneDNN's GELU by the error function, as torch has it by default.
_EXACT: Final = "none"


class Linear(torch.nn.Module):
    """A linear layer and what comes right after it, which a packed one does in the same pass.

    Args:
        weight: `(out_features, in_features)`.
        bias: `(out_features,)`.
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.out_features, self.in_features = weight.shape
        self.weight, self.bias = torch.nn.Buffer(weight), torch.nn.Buffer(bias)

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """`(..., in_features)` to `(..., out_features)`."""
        return torch.nn.functional.linear(given, self.weight, self.bias)

    def activated(self, given: torch.Tensor) -> torch.Tensor:
        """The GELU of the product."""
        return torch.nn.functional.gelu(self(given))

    def added(self, given: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """The sum of the product and something else."""
        total: torch.Tensor = self(given) + other
        return total


class PackedLinear(torch.nn.Module):
    """A linear layer whose weights oneDNN has laid out once, under the names that a linear layer has.

    The operators are those by which torch's own compiler multiplies the weights of frozen models; no public name has
    them, so `pack` tries what they give.
    """

    def __init__(self, linear: torch.nn.Linear | Linear) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        reorder, weight = torch.ops.mkldnn._reorder_linear_weight, linear.weight.detach()  # noqa: SLF001 - see above
        self.weight = torch.nn.Buffer(reorder(weight))
        self.bias = linear.bias

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """`(..., in_features)` to `(..., out_features)`, in the type of the weights."""
        return self._multiply(given, "none", "")

    def activated(self, given: torch.Tensor) -> torch.Tensor:
        """The GELU of the product."""
        return self._multiply(given, "gelu", _EXACT)

    def added(self, given: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """The sum of the product and something else."""
        multiply = torch.ops.mkldnn._linear_pointwise.binary  # noqa: SLF001 - see above
        total: torch.Tensor = multiply(given, other, self.weight, self.bias, "add")
        return total

    def _multiply(self, given: torch.Tensor, then: str, how: str) -> torch.Tensor:
        multiply = torch.ops.mkldnn._linear_pointwise  # noqa: SLF001 - see above
        product: torch.Tensor = multiply(given, self.weight, self.bias, then, [], how)
        return product


def pack(network: torch.nn.Module, probe: Callable[[], torch.Tensor]) -> bool:
    """Packs a model's linear layers, where it says the same afterwards; else leaves it as it was.

    Left alone, oneDNN turns a layer's weights around at every product, which for one question takes three quarters
    as long as the products. Done on x86 only, where it was measured, and to layers that are linear and nothing else.

    Args:
        network: on the processor.
        probe: has it encode a few texts, `(n, dimension)`.

    Returns:
        Whether the model is packed now.
    """
    if not torch.backends.cpu.get_cpu_capability().startswith("AVX"):
        return False
    linears = [
        (parent, name, child)
        for parent in network.modules()
        for name, child in parent.named_children()
        if isinstance(child, Linear) or type(child) is torch.nn.Linear
    ]
    before = probe()
    try:
        for parent, name, child in linears:
            setattr(parent, name, PackedLinear(child))
        cosines = torch.nn.functional.cosine_similarity(before, probe(), dim=1)
        same = bool((cosines >= _LEAST_COSINE).all())
    except (AttributeError, NotImplementedError, RuntimeError, TypeError, ValueError):
        # A model that reads its layers' weights itself, or a torch that can't pack.
        same = False
    if not same:
        for parent, name, child in linears:
            setattr(parent, name, child)
    return same
