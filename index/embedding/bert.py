"""Runs the packaged BERT model with torch alone: its own library takes seconds to import, and much memory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors import safe_open
from tokenizers import Tokenizer
from torch.nn import functional

from index.embedding.device import CPU
from index.embedding.encoder import Attention, Tokenized
from index.embedding.models import REINSTALL
from index.embedding.packed_linear import Linear
from index.errors import ModelUnavailable

WEIGHTS_FILE = "model.safetensors"
# Up to this many tokens, and always in float32, attention uses torch's fused kernel. For longer texts in bfloat16 the
# separate steps are faster: the scores of one text stay in the processor's cache.
MAX_FUSED_TOKENS = 64
# oneDNN keeps code and buffers for every shape it has met: with every length its own shape, a long run held hundreds of
# megabytes more. So a batch is padded to a multiple of ROWS_STEP tokens and the attention of a longer text to one of
# WIDTH_STEP; a small batch only to one of SMALL_ROWS_STEP, since padding costs as much as real tokens.
ROWS_STEP = 64
WIDTH_STEP = 16
SMALL_ROWS, SMALL_ROWS_STEP = 256, 8


@dataclass(frozen=True, slots=True)
class Shape:
    """A model's sizes; `window` is in tokens, `epsilon` belongs to its norms."""

    layers: int
    heads: int
    width: int
    window: int
    epsilon: float


class _Layer(torch.nn.Module):
    """One layer of the encoder (Devlin et al. 2019), over the concatenated tokens of several texts."""

    def __init__(self, weights: "Weights", name: str, shape: Shape) -> None:
        super().__init__()
        self._heads = shape.heads
        # Queries, keys and values, in one product.
        self.qkv = weights.linear(*(f"{name}.attention.self.{part}" for part in ("query", "key", "value")))
        self.out = weights.linear(f"{name}.attention.output.dense")
        self.attention_norm = weights.norm(f"{name}.attention.output.LayerNorm", shape.epsilon)
        self.up = weights.linear(f"{name}.intermediate.dense")
        self.down = weights.linear(f"{name}.output.dense")
        self.norm = weights.norm(f"{name}.output.LayerNorm", shape.epsilon)

    def forward(self, states: torch.Tensor, texts: "Texts", wanted: torch.Tensor | None = None) -> torch.Tensor:
        """Map `(tokens, width)` to the same, or to the states of the tokens that are wanted."""
        attended = texts.attend(self.qkv(states), self._heads)
        if wanted is not None:
            attended, states = attended[wanted], states[wanted]
        states = self.attention_norm(self.out.forward_add(attended, states))
        output: torch.Tensor = self.norm(self.down.forward_add(self.up.forward_gelu(states), states))
        return output


class Texts(Protocol):
    """Where texts are among concatenated tokens; what follows the last one is padding."""

    def attend(self, qkv: torch.Tensor, heads: int) -> torch.Tensor:
        """Compute each text's attention: `(tokens, 3 width)` to `(tokens, width)`."""


class SeparateTexts:
    """Attends to one text after the other, which is fastest on a processor.

    Args:
        lengths: tokens of each text.
    """

    def __init__(self, lengths: Sequence[int]) -> None:
        self._lengths = lengths

    def attend(self, qkv: torch.Tensor, heads: int) -> torch.Tensor:
        """Compute each text's attention: `(tokens, 3 width)` to `(tokens, width)`."""
        *texts, padding = qkv.split_with_sizes([*self._lengths, len(qkv) - sum(self._lengths)])
        return torch.cat([*(_attend(each, heads) for each in texts), padding[:, : qkv.shape[1] // 3]])


class PaddedTexts:
    """Attends to all texts at once, each padded to the longest one: an accelerator has cores for all of them.

    Args:
        lengths: tokens of each text.
        tokens: how many there are with the padding after the last text.
        device: where the tokens are.
    """

    def __init__(self, lengths: Sequence[int], tokens: int, device: torch.device) -> None:
        of_text, longest = torch.tensor(lengths), max(lengths)
        places = torch.arange(longest)
        is_token = places < of_text[:, None]
        starts = of_text.cumsum(0) - of_text
        # Which token stands where among the padded texts, and the other way round; padding stands for the first token.
        self._tokens = torch.where(is_token, starts[:, None] + places, 0).to(device)
        places_of_tokens = is_token.flatten().nonzero()[:, 0]
        self._places = functional.pad(places_of_tokens, (0, tokens - len(places_of_tokens))).to(device)
        self._is_token = is_token[:, None, None, :].to(device)

    def attend(self, qkv: torch.Tensor, heads: int) -> torch.Tensor:
        """Compute each text's attention: `(tokens, 3 width)` to `(tokens, width)`."""
        padded = qkv[self._tokens]
        query, key, value = padded.view(*padded.shape[:2], 3, heads, -1).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=self._is_token)
        return attended.transpose(1, 2).flatten(2).flatten(0, 1)[self._places]


def lay_out(lengths: Sequence[int], tokens: int, device: torch.device) -> Texts:
    """Return the way to attend to texts that suits a device; the arguments are those of `PaddedTexts`."""
    return SeparateTexts(lengths) if device.type == CPU else PaddedTexts(lengths, tokens, device)


def _attend(qkv: torch.Tensor, heads: int) -> torch.Tensor:
    """Compute one text's attention: `(tokens, 3 width)` to `(tokens, width)`."""
    tokens = len(qkv)
    parts = qkv.view(tokens, 3, heads, -1).permute(1, 2, 0, 3)
    size = parts.shape[-1]
    if _is_fused(tokens, qkv.dtype):
        query, key, value = parts.unsqueeze(1)
        attended = functional.scaled_dot_product_attention(query, key, value)[0]
    else:
        padded = qkv.new_zeros(3, heads, _attention_width(tokens, qkv.dtype), size)
        padded[:, :, :tokens] = parts
        query, key, value = padded
        scores = torch.baddbmm(query.new_empty(1), query, key.mT, beta=0, alpha=size**-0.5)
        scores[:, :, tokens:] = float("-inf")
        attended = torch.bmm(scores.softmax(-1), value)[:, :tokens]
    return attended.transpose(0, 1).reshape(tokens, -1)


def padding_of(tokens: int) -> int:
    """Return how many tokens of padding a batch needs, so that few shapes of it exist."""
    return -tokens % (ROWS_STEP if tokens > SMALL_ROWS else SMALL_ROWS_STEP)


def _attention_width(tokens: int, dtype: torch.dtype) -> int:
    """Return how many tokens a text's attention is computed over, padding included."""
    return tokens if _is_fused(tokens, dtype) else -(-tokens // WIDTH_STEP) * WIDTH_STEP


def _is_fused(tokens: int, dtype: torch.dtype) -> bool:
    return tokens <= MAX_FUSED_TOKENS or dtype == torch.float32


class BertNetwork(torch.nn.Module):
    """Embeddings and encoder layers.

    Texts are concatenated rather than padded to one length: every product but those of the attention is over the tokens
    of all texts.
    """

    def __init__(self, words: torch.Tensor, weights: "Weights", shape: Shape) -> None:
        super().__init__()
        self.words = torch.nn.Buffer(words)
        positions = weights.get("embeddings.position_embeddings.weight")[: shape.window]
        first, second = weights.get("embeddings.token_type_embeddings.weight")
        # Every token of a single text is of the first segment.
        self.positions = torch.nn.Buffer(positions + first)
        self.second_segment = torch.nn.Buffer(second - first)
        self.norm = weights.norm("embeddings.LayerNorm", shape.epsilon)
        names = [f"encoder.layer.{number}" for number in range(shape.layers)]
        self.layers = torch.nn.ModuleList(_Layer(weights, name, shape) for name in names)

    def forward(
        self,
        tokens: torch.Tensor,
        positions: torch.Tensor,
        lengths: Sequence[int],
        is_second: torch.Tensor | None = None,
        wanted: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the last hidden states, `(tokens, width)`, or those of the tokens that are wanted.

        Args:
            tokens: the token ids of all texts.
            positions: the position of each token in its text, from 0.
            lengths: tokens of each text; what follows them is padding.
            is_second: where texts are pairs, 1 for each token of the second part and 0 for the others.
            wanted: the tokens whose states are wanted; None for all.
        """
        embedded = self.words[tokens] + self.positions[positions]
        if is_second is not None:
            embedded = embedded + is_second[:, None] * self.second_segment
        states: torch.Tensor = self.norm(embedded)
        texts = lay_out(lengths, len(tokens), states.device)
        *layers, last = self.layers
        for layer in layers:
            states = layer(states, texts)
        output: torch.Tensor = last(states, texts, wanted)
        return output


class BertEncoder:
    """An `Encoder` whose vectors are the mean of a text's token states."""

    def __init__(self, network: BertNetwork, tokenizer: Tokenizer, shape: Shape) -> None:
        self.network = network
        self.dimension = shape.width
        self.attention = Attention(shape.layers, shape.heads, shape.width // shape.heads)
        self.device = torch.device(CPU)
        # Configured once here: several threads use it at the same time.
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.enable_truncation(shape.window)

    @property
    def dtype(self) -> torch.dtype:
        """The type of its weights."""
        return self.network.words.dtype

    def tokenize(self, texts: Sequence[str]) -> list[Tokenized]:
        """Tokenize texts, in order."""
        encodings = self._tokenizer.encode_batch(texts)
        return [Tokenized(text, each.ids) for text, each in zip(texts, encodings, strict=True)]

    def encode(self, batch: Sequence[Tokenized]) -> torch.Tensor:
        """Encode a batch, in order."""
        lengths = [len(each.ids) for each in batch]
        padding = padding_of(sum(lengths))
        tokens = torch.tensor([token for each in batch for token in each.ids] + [0] * padding)
        positions = torch.tensor([position for length in lengths for position in range(length)] + [0] * padding)
        *texts, _ = self.network(tokens, positions, lengths).split([*lengths, padding])
        return torch.stack([each.float().mean(dim=0) for each in texts])

    def shapes(self, batch: Sequence[Tokenized]) -> list[tuple[int, int]]:
        """Return a shape for each text."""
        return [(1, _attention_width(len(each.ids), self.dtype)) for each in batch]


def load_bert(folder: Path, dtype: torch.dtype) -> BertEncoder:
    """Load the packaged model.

    Not for other models: dozens of settings, some known only to a library of a certain release, change a model's
    vectors.

    Raises:
        ModelUnavailable: a file of it is missing or damaged.
    """
    try:
        shape = read_shape(folder)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        with safe_open(folder / WEIGHTS_FILE, framework="pt") as file:
            network = BertNetwork(word_embeddings(folder, dtype), Weights(file, dtype), shape).eval()
    except MemoryError:
        raise
    # `tokenizers` raises plain `Exception` for a malformed file.
    except Exception as error:
        raise ModelUnavailable(
            f"The packaged embedding model can't be read: {str(error) or type(error).__name__}.", REINSTALL
        ) from error
    return BertEncoder(network, tokenizer, shape)


def read_shape(folder: Path) -> Shape:
    """Read the sizes of a model from its folder."""
    config, sentence = _read_json(folder / "config.json"), _read_json(folder / "sentence_bert_config.json")
    return Shape(
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        width=config["hidden_size"],
        window=sentence["max_seq_length"],
        epsilon=config["layer_norm_eps"],
    )


@cache
def word_embeddings(folder: Path, dtype: torch.dtype) -> torch.Tensor:
    """Return a model's word embeddings, `(words, width)`, shared by the networks that start from them."""
    with safe_open(folder / WEIGHTS_FILE, framework="pt") as file:
        return Weights(file, dtype).get("embeddings.word_embeddings.weight")


class Weights:
    """The weights of an open file, converted to one type.

    Modules are constructed from them rather than filled afterwards: torch's meta device would import eight hundred
    Python modules.
    """

    # ANN401: the library states no type for an open file.
    def __init__(self, file: Any, dtype: torch.dtype) -> None:  # noqa: ANN401
        self._file, self._dtype = file, dtype

    def get(self, name: str) -> torch.Tensor:
        """Return a tensor."""
        tensor: torch.Tensor = self._file.get_tensor(name).to(self._dtype)
        return tensor

    def linear(self, *names: str) -> Linear:
        """Return a linear layer, or several with the same input as one."""
        return Linear(*(torch.cat([self.get(f"{name}.{kind}") for name in names]) for kind in ("weight", "bias")))

    def norm(self, name: str, epsilon: float) -> torch.nn.LayerNorm:
        """Return a norm over the last axis."""
        weight, bias = self.get(f"{name}.weight"), self.get(f"{name}.bias")
        norm = torch.nn.LayerNorm(len(weight), epsilon)
        norm.weight, norm.bias = (torch.nn.Parameter(each, requires_grad=False) for each in (weight, bias))
        return norm


def _read_json(path: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(path.read_text(encoding="utf-8"))
