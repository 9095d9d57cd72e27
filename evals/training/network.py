"""The attribution tagger's network in torch, for training; `Tagger` computes the same in numpy."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import relu

from bot.answering.attribution.tagger import (
    DILATIONS,
    DISTANCES,
    ROLE_DILATIONS,
    SENTENCE_DISTANCES,
    SHAPES,
    Floats,
    distance_rows,
)
from bot.answering.attribution.tokens import CAPITALISED, UPPER
from evals.training.examples import Batch
from evals.training.vocabulary import COMPONENTS, Vocabulary

WORD_WIDTH, SUFFIX_WIDTH, SHAPE_WIDTH = 64, 16, 16
WIDTH, PAIR_WIDTH = 96, 64
CUE_TAGS, ROLES = 3, 5
DROPOUT = 0.25
# Shares of words replaced by the unknown word in training, so that the tagger doesn't rely on known names.
HIDDEN_NAMES, HIDDEN_WORDS = 0.3, 0.04
_TABLE_SPREAD = 0.3


class Network(nn.Module):
    """Dilated convolutions over tokens (Strubell et al. 2017), then two more over each cue and the tokens around it.

    A word's vector is a learned projection of the packaged model's plus a learned difference that starts at zero, so
    words missing from the training articles are near similar ones.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        unknown = np.zeros((1, COMPONENTS), dtype=np.float32)
        self.start = nn.Buffer(torch.tensor(np.concatenate([unknown, vocabulary.vectors])))
        self.projection = nn.Linear(COMPONENTS, WORD_WIDTH, bias=False)
        self.difference = nn.Embedding(len(vocabulary.words) + 1, WORD_WIDTH)
        self.suffix = nn.Embedding(len(vocabulary.suffixes) + 1, SUFFIX_WIDTH)
        self.shape = nn.Embedding(SHAPES, SHAPE_WIDTH)
        self.inward = nn.Linear(WORD_WIDTH + SUFFIX_WIDTH + SHAPE_WIDTH, WIDTH)
        self.layers = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in DILATIONS)
        self.cue = nn.Linear(WIDTH, CUE_TAGS)
        self.token = nn.Linear(WIDTH, PAIR_WIDTH)
        self.of_cue = nn.Linear(WIDTH, PAIR_WIDTH)
        self.distance = nn.Embedding(DISTANCES, PAIR_WIDTH)
        self.sentence = nn.Embedding(SENTENCE_DISTANCES, PAIR_WIDTH)
        self.role_layers = nn.ModuleList(nn.Linear(3 * PAIR_WIDTH, PAIR_WIDTH) for _ in ROLE_DILATIONS)
        self.role = nn.Linear(PAIR_WIDTH, ROLES)
        self.drop = nn.Dropout(DROPOUT)
        nn.init.zeros_(self.difference.weight)
        for table in (self.suffix, self.shape, self.distance, self.sentence):
            nn.init.normal_(table.weight, std=_TABLE_SPREAD)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Score each token as a cue `(pieces, tokens, 3)`, and the tokens of each cue's window `(cues, tokens, 5)`."""
        words, suffixes, shapes, sentences = batch.inputs
        words = _hide_some(words, shapes)
        word = self.projection(self.start[words]) + self.difference(words)
        tables = (word, self.suffix(suffixes), self.shape(shapes))
        mask = batch.mask.unsqueeze(-1)
        hidden = relu(self.inward(self.drop(torch.cat(tables, dim=-1))))
        for layer, reach in zip(self.layers, DILATIONS, strict=True):
            hidden = (hidden + self.drop(relu(layer(_with_neighbours(hidden * mask, reach))))) * mask
        hidden = self.drop(hidden)
        return self.cue(hidden), self._roles(hidden, sentences, batch)

    def _roles(self, hidden: Tensor, sentences: Tensor, batch: Batch) -> Tensor:
        piece, firsts, lasts = batch.piece[:, None], batch.firsts[:, None], batch.lasts[:, None]
        spans = zip(batch.piece.tolist(), batch.firsts.tolist(), batch.lasts.tolist(), strict=True)
        cue = torch.stack([hidden[at, first:last].mean(dim=0) for at, first, last in spans])
        distance = (batch.around - firsts).clamp(max=0) + (batch.around - lasts + 1).clamp(min=0)
        apart = sentences[piece, batch.around] - sentences[batch.piece, batch.firsts][:, None]
        inside = batch.inside.unsqueeze(-1)
        pair = self.token(hidden)[piece, batch.around] + self.of_cue(cue)[:, None]
        pair = pair + self.distance(torch.as_tensor(distance_rows(distance.numpy())))
        pair = pair + self.sentence(apart.clamp(-2, 2) + SENTENCE_DISTANCES // 2)
        pair = relu(pair) * inside
        for layer, reach in zip(self.role_layers, ROLE_DILATIONS, strict=True):
            pair = (pair + relu(layer(_with_neighbours(self.drop(pair), reach)))) * inside
        scores: Tensor = self.role(pair)
        return scores

    def export(self) -> dict[str, NDArray[np.float16]]:
        """Return the weights for `Tagger`: tables `(rows, width)`, matrices `(in, out)`, half precision."""
        with torch.no_grad():
            weights = {"word": (self.projection(self.start) + self.difference.weight).numpy()}
        for name in ("suffix", "shape", "distance", "sentence"):
            weights[name] = _to_numpy(getattr(self, name).weight)
        linear: dict[str, nn.Module] = {
            "in": self.inward,
            "cue": self.cue,
            "token": self.token,
            "of_cue": self.of_cue,
            "role": self.role,
        }
        linear |= {f"layer{at}": layer for at, layer in enumerate(self.layers)}
        linear |= {f"role{at}": layer for at, layer in enumerate(self.role_layers)}
        for name, layer in linear.items():
            weights[f"{name}.weight"] = _to_numpy(layer.weight).T  # type: ignore[arg-type]
            weights[f"{name}.bias"] = _to_numpy(layer.bias)  # type: ignore[arg-type]
        return {name: values.astype(np.float16) for name, values in weights.items()}


def _hide_some(words: Tensor, shapes: Tensor) -> Tensor:
    chance = torch.rand(words.shape)
    kinds = shapes // 4
    is_name = (kinds == CAPITALISED) | (kinds == UPPER)
    return words.masked_fill((is_name & (chance < HIDDEN_NAMES)) | (chance < HIDDEN_WORDS), 0)


def _with_neighbours(values: Tensor, reach: int) -> Tensor:
    """Concatenate each row with the ones `reach` before and after it, zeros beyond the ends."""
    if values.shape[1] <= reach:
        zeros = torch.zeros_like(values)
        return torch.cat([zeros, values, zeros], dim=-1)
    edge = values.new_zeros(values.shape[0], reach, values.shape[2])
    before = torch.cat([edge, values[:, :-reach]], dim=1)
    after = torch.cat([values[:, reach:], edge], dim=1)
    return torch.cat([before, values, after], dim=-1)


def _to_numpy(values: Tensor) -> Floats:
    return np.asarray(values.detach().numpy())
