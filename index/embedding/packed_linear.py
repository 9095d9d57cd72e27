"""Linear layers whose weights are packed once into the processor library's layout; imports torch."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import torch

# Packed products add in another order and round once less; in bfloat16 that moves a vector by 0.0001.
_LEAST_COSINE = 0.999
# The exact GELU by the error function, torch's default.
_EXACT_GELU: Final = "none"
# A layer with the module that it belongs to, and its name there.
Layer = tuple[torch.nn.Module, str, torch.nn.Module]


class Linear(torch.nn.Module):
    """A linear layer with the operations that a packed one fuses into it.

    Args:
        weight: `(out_features, in_features)`.
        bias: `(out_features,)`.
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.out_features, self.in_features = weight.shape
        self.weight, self.bias = torch.nn.Buffer(weight), torch.nn.Buffer(bias)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Map `(..., in_features)` to `(..., out_features)`."""
        return torch.nn.functional.linear(inputs, self.weight, self.bias)

    def forward_gelu(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the GELU of the product."""
        return torch.nn.functional.gelu(self(inputs))

    def forward_add(self, inputs: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return the sum of the product and `other`."""
        total: torch.Tensor = self(inputs) + other
        return total


class PackedLinear(torch.nn.Module):
    """A linear layer whose weights oneDNN has packed once; same attributes as `Linear`.

    The operators are those that torch's compiler uses for frozen models. They are private, so `pack` checks the
    results.
    """

    def __init__(self, linear: torch.nn.Linear | Linear) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        reorder = torch.ops.mkldnn._reorder_linear_weight  # noqa: SLF001 - no public operator packs
        self.weight = torch.nn.Buffer(reorder(linear.weight.detach()))
        self.bias = linear.bias

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Map `(..., in_features)` to `(..., out_features)`, in the type of the weights."""
        return self._multiply(inputs, "none", "")

    def forward_gelu(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the GELU of the product."""
        return self._multiply(inputs, "gelu", _EXACT_GELU)

    def forward_add(self, inputs: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return the sum of the product and `other`."""
        multiply = torch.ops.mkldnn._linear_pointwise.binary  # noqa: SLF001 - no public operator packs
        total: torch.Tensor = multiply(inputs, other, self.weight, self.bias, "add")
        return total

    def _multiply(self, inputs: torch.Tensor, activation: str, algorithm: str) -> torch.Tensor:
        multiply = torch.ops.mkldnn._linear_pointwise  # noqa: SLF001 - no public operator packs
        product: torch.Tensor = multiply(inputs, self.weight, self.bias, activation, [], algorithm)
        return product


def pack(network: torch.nn.Module, probe: Callable[[], torch.Tensor]) -> bool:
    """Pack a model's linear layers; undo it if that changes the model's vectors.

    Otherwise oneDNN repacks the weights for every product, which takes three quarters as long as the products of one
    question. Done on x86 only, where it was measured, and not to subclasses of linear layers.

    Args:
        network: the model, on the CPU.
        probe: encodes a few texts with it, `(n, dimension)`.

    Returns:
        Whether the model is packed.
    """
    if not torch.backends.cpu.get_cpu_capability().startswith("AVX"):
        return False
    linears = layers_of(network, lambda layer: isinstance(layer, Linear) or type(layer) is torch.nn.Linear)
    return replace_layers(linears, PackedLinear, probe, probe(), _LEAST_COSINE)


def layers_of(network: torch.nn.Module, is_wanted: Callable[[torch.nn.Module], bool]) -> list[Layer]:
    """Return the layers of a network that are wanted."""
    return [
        (parent, name, child)
        for parent in network.modules()
        for name, child in parent.named_children()
        if is_wanted(child)
    ]


def replace_layers(
    layers: Sequence[Layer],
    make: Callable[[Any], torch.nn.Module],
    probe: Callable[[], torch.Tensor],
    before: torch.Tensor,
    least_cosine: float,
) -> bool:
    """Replace layers of a network; put them back if they can't be made, or change what the network says.

    Args:
        layers: as `layers_of` returns them.
        make: makes a layer from the one that it replaces.
        probe: what the network says of some texts, `(texts, outputs)`.
        before: what it said before.
        least_cosine: of each text's outputs to those before.

    Returns:
        Whether they are replaced.
    """
    try:
        for parent, name, child in layers:
            setattr(parent, name, make(child))
        cosines = torch.nn.functional.cosine_similarity(before, probe(), dim=1)
        same = bool((cosines >= least_cosine).all())
    except (AttributeError, KeyError, NotImplementedError, RuntimeError, TypeError, ValueError):
        # The model reads its layers' weights itself, a layer was never used, or this torch can't do it.
        same = False
    if not same:
        for parent, name, child in layers:
            setattr(parent, name, child)
    return same
