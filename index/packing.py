"""Keeps the weights of a model's linear layers as the processor's library multiplies them; imports torch."""

import torch
from sentence_transformers import SentenceTransformer

from index.spreading import torch_threads

# What a model is asked before and after: texts of unlike lengths, so that one is padded.
_PROBES = ["The ministry denied on Monday that any vessel had left the port.", "Sanctions?"]
# Packed products may add in another order, no more.
_LEAST_COSINE = 0.9999


class PackedLinear(torch.nn.Module):
    """A linear layer whose weights oneDNN has laid out once, under the names that a linear layer has.

    The operators are those by which torch's own compiler multiplies the weights of frozen models; no public name has
    them, so `pack` tries what they give.
    """

    def __init__(self, linear: torch.nn.Linear) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        reorder, weight = torch.ops.mkldnn._reorder_linear_weight, linear.weight.detach()  # noqa: SLF001 - see above
        self.weight = torch.nn.Buffer(reorder(weight))
        self.bias = linear.bias

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """`(..., in_features)` to `(..., out_features)`, in the type of the weights."""
        multiply = torch.ops.mkldnn._linear_pointwise  # noqa: SLF001 - see above
        product: torch.Tensor = multiply(given, self.weight, self.bias, "none", [], "")
        return product


def pack(model: SentenceTransformer) -> bool:
    """Packs a model's linear layers, where it says the same afterwards; else leaves it as it was.

    Left alone, oneDNN turns a layer's weights around at every product, which for one question takes three quarters
    as long as the products. Done on x86 only, where it was measured, and to layers that are `torch.nn.Linear` itself.

    Returns:
        Whether the model is packed now.
    """
    if model.device.type != "cpu" or not torch.backends.cpu.get_cpu_capability().startswith("AVX"):
        return False
    linears = [
        (parent, name, child)
        for parent in model.modules()
        for name, child in parent.named_children()
        if type(child) is torch.nn.Linear
    ]
    before = _probe(model)
    try:
        for parent, name, child in linears:
            setattr(parent, name, PackedLinear(child))
        cosines = torch.nn.functional.cosine_similarity(before, _probe(model), dim=1)
        same = bool((cosines >= _LEAST_COSINE).all())
    except (AttributeError, NotImplementedError, RuntimeError, TypeError, ValueError):
        # A model that reads its layers' weights itself, or a torch that can't pack.
        same = False
    if not same:
        for parent, name, child in linears:
            setattr(parent, name, child)
    return same


def _probe(model: SentenceTransformer) -> torch.Tensor:
    # More threads would wait for one another over so short a text.
    with torch_threads(1, torch.get_num_threads()):
        return model.encode(_PROBES, convert_to_tensor=True, show_progress_bar=False).float()
