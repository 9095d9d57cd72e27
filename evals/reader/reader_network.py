"""The reader's network in torch: the packaged encoder with heads for relation, relevance and span."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from bot.answering.reader.inference import Outputs
from bot.answering.reader.pairs import Pair
from bot.answering.reader.relations import RELATIONS

if TYPE_CHECKING:
    from transformers import BertModel


# The word embeddings are the packaged model's, unchanged.
_UNSAVED = {"encoder.embeddings.word_embeddings.weight", "encoder.embeddings.position_ids"}
_ENCODER = "encoder."


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

    def forward(self, ids: torch.Tensor, segments: torch.Tensor, mask: torch.Tensor) -> Outputs:
        """Read a batch as `pad` returns it; every output has the pairs as its first axis."""
        states = self.encoder(input_ids=ids, token_type_ids=segments, attention_mask=mask).last_hidden_state
        first = functional.gelu(self.pool(states[:, 0]))
        spans = self.span(states).float()
        # An answer stands in the passage, or at the first position, which means that there is none.
        allowed = (segments * mask).bool()
        allowed[:, 0] = True
        spans = spans.masked_fill(~allowed[..., None], -1e4)
        return Outputs(self.relation(first).float(), self.relevance(first).float()[:, 0], spans[..., 0], spans[..., 1])


def load_network(folder: Path) -> ReaderNetwork:
    """Return an untrained network over the packaged encoder, without dropout."""
    from transformers import BertConfig, BertModel  # noqa: PLC0415 - takes seconds to import

    config = BertConfig.from_pretrained(folder)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    return ReaderNetwork(
        BertModel.from_pretrained(
            folder, config=config, add_pooling_layer=False, attn_implementation="eager", dtype=torch.float32
        )
    )


def save_weights(network: ReaderNetwork, path: Path) -> None:
    """Write all but the word embeddings, the encoder in bfloat16; its names go without `encoder.` in front."""
    weights = {
        name.removeprefix(_ENCODER): tensor.to(torch.bfloat16 if name.startswith(_ENCODER) else torch.float32)
        for name, tensor in network.state_dict().items()
        if name not in _UNSAVED
    }
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, path)


def load_weights(network: ReaderNetwork, path: Path) -> None:
    """Read what `save_weights` wrote, to go on from it."""
    heads = {name for name in network.state_dict() if not name.startswith(_ENCODER)}
    saved = {name if name in heads else _ENCODER + name: tensor for name, tensor in load_file(path).items()}
    known = {name: tensor for name, tensor in network.state_dict().items() if name in _UNSAVED}
    network.load_state_dict({**known, **saved})


def pad(pairs: Sequence[Pair]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pad pairs to a multiple of eight tokens: ids, 1 for the second segment, 1 for what is no padding."""
    width = -(-max(len(each.ids) for each in pairs) // 8) * 8
    ids, segments, mask = (torch.zeros(len(pairs), width, dtype=torch.long) for _ in range(3))
    for at, pair in enumerate(pairs):
        ids[at, : len(pair.ids)] = torch.tensor(pair.ids)
        segments[at, pair.second : len(pair.ids)] = 1
        mask[at, : len(pair.ids)] = 1
    return ids, segments, mask
