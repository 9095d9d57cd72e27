"""The reader's network in torch, for training: the packaged encoder with heads for relation, relevance and span."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from bot.answering.reader.reading import RELATIONS

if TYPE_CHECKING:
    from transformers import BertModel


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the network says of a batch, before any softmax: `(n, 6)`, `(n,)`, and `(n, pieces)` twice.

    Position 0 of the spans stands for "no answer".
    """

    relation: torch.Tensor
    relevance: torch.Tensor
    start: torch.Tensor
    end: torch.Tensor


class ReaderNetwork(torch.nn.Module):
    """A BERT encoder over `[CLS] question [SEP] heading . passage [SEP]` with linear heads.

    Args:
        encoder: the encoder; its word embeddings stay as they are, so that they need not be stored again.
    """

    def __init__(self, encoder: "BertModel") -> None:
        super().__init__()
        self.encoder = encoder
        encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        width = encoder.config.hidden_size
        self.pool = torch.nn.Linear(width, width)
        self.relation = torch.nn.Linear(width, len(RELATIONS))
        self.relevance = torch.nn.Linear(width, 1)
        self.span = torch.nn.Linear(width, 2)

    def forward(self, ids: torch.Tensor, kinds: torch.Tensor, mask: torch.Tensor) -> Outputs:
        """Read a batch: piece ids, 0 for the question and 1 for the passage, 1 for what is no padding."""
        states = self.encoder(input_ids=ids, token_type_ids=kinds, attention_mask=mask).last_hidden_state
        first = functional.gelu(self.pool(states[:, 0]))
        spans = self.span(states).float()
        # An answer stands in the passage, or at the first position, which means that there is none.
        allowed = (kinds * mask).bool()
        allowed[:, 0] = True
        spans = spans.masked_fill(~allowed[..., None], -1e4)
        return Outputs(self.relation(first).float(), self.relevance(first).float()[:, 0], spans[..., 0], spans[..., 1])


def load_encoder(folder: Path, layers: int | None = None) -> "BertModel":
    """Load the packaged encoder for training, without dropout."""
    from transformers import BertConfig, BertModel  # noqa: PLC0415 - takes seconds to import

    config = BertConfig.from_pretrained(folder)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    if layers:
        config.num_hidden_layers = layers
    found: BertModel = BertModel.from_pretrained(
        folder, config=config, add_pooling_layer=False, attn_implementation="eager", dtype=torch.float32
    )
    return found
