"""Linear layers that multiply whole numbers of 8 bits, for processors without bfloat16; imports torch."""

import warnings
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager

import torch

from index.embedding.packed_linear import Linear, layers_of, replace_layers

# How much of the size of the largest channels of an input moves into the weights; 0 is none and 1 all of it.
_SMOOTHING = 0.75
# Inputs may be so many times as large as those of the probe; what is larger still is cut off.
_MARGIN = 1.2
# Processors without VNNI add two products in 16 bits: with weights up to 63 they can't overflow.
_LARGEST_WEIGHT, _INPUT_STEPS = 63, 255
_LEAST = 1e-5
# Rounding leaves the cosine of a probe's outputs at 0.997 and more.
_LEAST_COSINE = 0.98


class EightBitLinear(torch.nn.Module):
    """A linear layer of 8-bit inputs and 7-bit weights; same operations as `packed_linear.Linear`.

    Some channels of the inputs are far larger than the others, which would share few steps. So part of that size is
    moved from the inputs to the weights (SmoothQuant, Xiao et al. 2023). All inputs have one fixed scale: what is said
    of a text must not depend on the texts beside it.

    Args:
        linear: the layer.
        low, high: the smallest and largest input of each channel, `(in_features,)`.
    """

    def __init__(self, linear: Linear, low: torch.Tensor, high: torch.Tensor) -> None:
        super().__init__()
        self.out_features, self.in_features = linear.out_features, linear.in_features
        weight = linear.weight.detach()
        largest = torch.maximum(low.abs(), high.abs()).clamp(min=_LEAST)
        smoothing = largest**_SMOOTHING / weight.abs().amax(0).clamp(min=_LEAST) ** (1 - _SMOOTHING)
        self._smooth = torch.nn.Buffer(1 / smoothing)
        least, most = _MARGIN * float((low / smoothing).min()), _MARGIN * float((high / smoothing).max())
        self._scale = max(most - least, _LEAST) / _INPUT_STEPS
        self._zero = min(max(round(-least / self._scale), 0), _INPUT_STEPS)
        weight = weight * smoothing
        scales = (weight.abs().amax(1) / _LARGEST_WEIGHT).clamp(min=_LEAST**2).double()
        with warnings.catch_warnings():
            # Torch will drop this one day; what can't be had then is done in float32, as elsewhere.
            warnings.filterwarnings("ignore", "torch.quantize_per_tensor", UserWarning)
            zeros = torch.zeros(len(scales), dtype=torch.long)
            whole = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
        self._packed = torch.ops.quantized.linear_prepack(whole, linear.bias.detach())

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Map `(..., in_features)` to `(..., out_features)`, in float32."""
        multiply = torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32
        product: torch.Tensor = multiply(inputs * self._smooth, self._scale, self._zero, self._packed)
        return product

    def forward_gelu(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the GELU of the product."""
        return torch.nn.functional.gelu(self(inputs))

    def forward_add(self, inputs: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return the sum of the product and `other`."""
        total: torch.Tensor = self(inputs) + other
        return total


def to_eight_bits(network: torch.nn.Module, probe: Callable[[], torch.Tensor], others: Container[str] = ()) -> None:
    """Round a network's linear layers to 8 bits; undo it if that changes what it says.

    Args:
        network: in float32, on the CPU.
        probe: what the network says of texts like those that it will read, `(texts, outputs)`. The range of each
            layer's inputs is taken from these.
        others: the names of layers that stay as they are.
    """
    if not torch.backends.cpu.get_cpu_capability().startswith("AVX"):
        return
    names = {layer: name for name, layer in network.named_modules()}
    linears = layers_of(network, lambda layer: isinstance(layer, Linear) and names[layer] not in others)
    ranges: dict[torch.nn.Module, tuple[torch.Tensor, torch.Tensor]] = {}
    with _watched([child for _, _, child in linears], ranges):
        before = probe()
    replace_layers(linears, lambda layer: EightBitLinear(layer, *ranges[layer]), probe, before, _LEAST_COSINE)


@contextmanager
def _watched(
    linears: Sequence[torch.nn.Module], ranges: dict[torch.nn.Module, tuple[torch.Tensor, torch.Tensor]]
) -> Iterator[None]:
    """Note the smallest and largest input of each channel of layers."""

    def note(linear: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        rows = inputs[0].detach().flatten(0, -2)
        low, high = ranges.get(linear, (rows[0], rows[0]))
        ranges[linear] = torch.minimum(low, rows.amin(0)), torch.maximum(high, rows.amax(0))

    hooks = [each.register_forward_pre_hook(note) for each in linears]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
