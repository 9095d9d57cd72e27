"""Runs the reader's network with torch: an encoder with heads for relation, relevance and answer span."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import safe_open
from torch.nn import functional

from bot.answering.reader.pairs import WINDOW, Pair
from index.embedding.bert import BertNetwork, Shape, Weights, padding_of, word_embeddings


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the network says of one pair: log odds of the relations, `(6,)`, and of relevance; scores of span ends.

    `start` and `end`, `(1 + tokens of the text,)`, begin with the score of "no answer".
    """

    relation: torch.Tensor
    relevance: torch.Tensor
    start: torch.Tensor
    end: torch.Tensor


class ReaderNetwork(torch.nn.Module):
    """A BERT encoder over pairs (`pairs.Pair`) with linear heads, these in float32.

    Args:
        base: folder of the model whose word embeddings it shares.
        path: its other weights.
        shape: its sizes; the window is that of pairs.
        dtype: the type of the encoder's weights.
        device: what it runs on.
    """

    def __init__(self, base: Path, path: Path, shape: Shape, dtype: torch.dtype, device: torch.device) -> None:
        super().__init__()
        self._device = device
        with safe_open(path, framework="pt") as file:
            self.encoder = BertNetwork(
                word_embeddings(base, dtype), Weights(file, dtype), replace(shape, window=WINDOW)
            )
            heads = Weights(file, torch.float32)
            self.pool, self.relation, self.relevance, self.span = map(
                heads.linear, ("pool", "relation", "relevance", "span")
            )
        self.to(device)

    def forward(self, pairs: Sequence[Pair]) -> list[Outputs]:
        """Read pairs, in order; what is returned is on the processor."""
        lengths = [len(pair.ids) for pair in pairs]
        padding = padding_of(sum(lengths))
        tokens = torch.tensor([token for pair in pairs for token in pair.ids] + [0] * padding)
        positions = torch.tensor([place for length in lengths for place in range(length)] + [0] * padding)
        is_second = torch.tensor(
            [float(place >= pair.second) for pair in pairs for place in range(len(pair.ids))] + [0.0] * padding,
            dtype=self.encoder.words.dtype,
        )
        starts = torch.tensor([0, *lengths]).cumsum(0)[:-1]
        given = (each.to(self._device) for each in (tokens, positions))
        states = self.encoder(*given, lengths, is_second.to(self._device)).float()
        first = functional.gelu(self.pool(states[starts.to(self._device)]))
        relations, relevance, spans = (
            each.cpu() for each in (self.relation(first), self.relevance(first)[:, 0], self.span(states))
        )
        found = []
        for at, (pair, begin) in enumerate(zip(pairs, starts.tolist(), strict=True)):
            text = spans[begin + pair.first : begin + pair.first + len(pair.offsets)]
            start, end = torch.cat([spans[begin : begin + 1], text]).unbind(1)
            found.append(Outputs(relations[at], relevance[at], start, end))
        return found
