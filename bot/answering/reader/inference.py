"""Runs the reader's network with torch: an encoder with heads for relation, relevance and answer span."""

from collections.abc import Iterator, Sequence
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

    `start` and `end`, `(1 + tokens of the text,)`, begin with the score of "no answer"; without spans that is all.
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

    @property
    def is_bfloat16(self) -> bool:
        """Whether its encoder runs in bfloat16."""
        return self.encoder.words.dtype == torch.bfloat16

    def forward(self, pairs: Sequence[Pair], *, with_spans: bool = True) -> list[Outputs]:
        """Read pairs, in order; what is returned is on the processor.

        The last layer is computed for the tokens that are needed: without spans for each pair's first one only.
        """
        lengths = [len(pair.ids) for pair in pairs]
        padding = padding_of(sum(lengths))
        tokens = torch.tensor([token for pair in pairs for token in pair.ids] + [0] * padding)
        positions = torch.tensor([place for length in lengths for place in range(length)] + [0] * padding)
        is_second = torch.tensor(
            [float(place >= pair.second) for pair in pairs for place in range(len(pair.ids))] + [0.0] * padding,
            dtype=self.encoder.words.dtype,
        )
        wanted = list(_wanted(pairs, with_spans=with_spans))
        sizes = [len(each) for each in wanted]
        rows = torch.tensor([row for each in wanted for row in each] + [0] * padding_of(sum(sizes)))
        tokens, positions, is_second, rows = (each.to(self._device) for each in (tokens, positions, is_second, rows))
        states = self.encoder(tokens, positions, lengths, is_second, rows)[: sum(sizes)].float()
        first = states[torch.tensor([0, *sizes[:-1]], device=self._device).cumsum(0)]
        pooled = functional.gelu(self.pool(first))
        relations, relevance = self.relation(pooled).cpu(), self.relevance(pooled)[:, 0].cpu()
        spans = self.span(states).cpu().split(sizes)
        return [Outputs(relations[at], relevance[at], *spans[at].unbind(1)) for at in range(len(pairs))]


def _wanted(pairs: Sequence[Pair], *, with_spans: bool) -> Iterator[list[int]]:
    """Yield the places of each pair's tokens whose states are wanted: the first one and, for spans, its text's."""
    begin = 0
    for pair in pairs:
        text = range(pair.first, pair.first + len(pair.offsets)) if with_spans else ()
        yield [begin, *(begin + place for place in text)]
        begin += len(pair.ids)
