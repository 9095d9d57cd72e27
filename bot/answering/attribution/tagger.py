"""The learned tagger: a small convolutional network that says which tokens are cues, and what belongs to each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.answering.attribution.tokens import MARK, NUMBER, Tokens

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

WEIGHTS_FILE = Path(__file__).with_name("tagger.npz")
# Tokens before and after the first token of a cue that may belong to its source or content.
TOKENS_BEFORE, TOKENS_AFTER = 48, 72
# How far each layer of the encoder looks to either side.
DILATIONS = (1, 2, 4, 8, 1)
# The same for the layers that look at a cue and the tokens around it together.
ROLE_DILATIONS = (1, 2)
# What a token can be: for cues, and for a given cue. "First" begins a span, "more" goes on with it.
OUTSIDE, FIRST_OF_CUE, MORE_OF_CUE = range(3)
FIRST_OF_SOURCE, MORE_OF_SOURCE, FIRST_OF_CONTENT, MORE_OF_CONTENT = range(1, 5)
SUFFIX_LETTERS = 3
SHAPES = (MARK + 1) * 4
# Distances to the cue that the network tells apart: single tokens up to ten, then thirds of a power of two.
_SINGLE, _FARTHEST = 10, 20
DISTANCES = 2 * _FARTHEST + 1
SENTENCE_DISTANCES = 5
_CUES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the network sees of a text: for each token the rows of its tables, and the number of its sentence."""

    words: Ints
    suffixes: Ints
    shapes: Ints
    sentences: Ints


@dataclass(frozen=True, slots=True)
class Tagger:
    """The network's weights; docs/attribution-model.md describes them.

    `words` and `suffixes` give the row of a table for what stands in a text; row 0 is for all others.
    """

    words: Mapping[str, int]
    suffixes: Mapping[str, int]
    weights: Mapping[str, Floats]

    @classmethod
    @cache
    def load(cls, path: Path = WEIGHTS_FILE) -> Self:
        """Reads the weights, once in a process."""
        with np.load(path, allow_pickle=False) as file:
            words, suffixes = (_rows(file[name].tobytes().decode("utf-8")) for name in ("words", "suffixes"))
            weights = {name: file[name].astype(np.float32) for name in file.files if name not in {"words", "suffixes"}}
        return cls(words, suffixes, weights)

    def inputs(self, tokens: Tokens) -> Inputs:
        """Looks a text's tokens up."""
        kinds = np.array(tokens.kinds, dtype=np.int64)
        suffixes = [self.suffixes.get(word[-SUFFIX_LETTERS:], 0) for word in tokens.words]
        return Inputs(
            words=np.array([self.words.get(word, 0) for word in tokens.words], dtype=np.int64),
            suffixes=np.where(kinds < NUMBER, np.array(suffixes, dtype=np.int64), 0),
            shapes=kinds * 4 + np.array(tokens.opens_line, dtype=np.int64) * 2 + np.array(tokens.quoted),
            sentences=np.array(tokens.sentences, dtype=np.int64),
        )

    def encode(self, inputs: Inputs) -> Floats:
        """What the network makes of each token in its surroundings: `(tokens, width)`."""
        weights = self.weights
        rows = (
            weights["word"][inputs.words],
            weights["suffix"][inputs.suffixes],
            weights["shape"][inputs.shapes],
        )
        hidden = _relu(np.concatenate(rows, axis=1) @ weights["in.weight"] + weights["in.bias"])
        for layer, reach in enumerate(DILATIONS):
            hidden += _relu(_beside(hidden, reach) @ weights[f"layer{layer}.weight"] + weights[f"layer{layer}.bias"])
        return hidden

    def cues(self, hidden: Floats) -> Floats:
        """The probability of each token to be no cue, the first token of one, or a later one: `(tokens, 3)`."""
        return _softmax(hidden @ self.weights["cue.weight"] + self.weights["cue.bias"])

    def roles(self, hidden: Floats, inputs: Inputs, cues: list[tuple[int, int]]) -> Floats:
        """What the tokens around each cue are to it: `(cues, TOKENS_BEFORE + TOKENS_AFTER, 5)` probabilities.

        Column `j` is for the token `TOKENS_BEFORE` before the cue's first, plus `j`; outside the text it means nothing.
        """
        starts = range(0, len(cues), _CUES_AT_ONCE)
        return np.concatenate([self._roles(hidden, inputs, cues[at : at + _CUES_AT_ONCE]) for at in starts])

    def _roles(self, hidden: Floats, inputs: Inputs, cues: list[tuple[int, int]]) -> Floats:
        weights = self.weights
        firsts, lasts = np.array(cues, dtype=np.int64).T[:, :, np.newaxis]
        around = firsts + np.arange(-TOKENS_BEFORE, TOKENS_AFTER)
        inside = ((around >= 0) & (around < len(hidden)))[:, :, np.newaxis].astype(np.float32)
        around = around.clip(0, len(hidden) - 1)
        cue = np.stack([hidden[first:last].mean(axis=0) for first, last in cues])
        distance = np.minimum(around - firsts, 0) + np.maximum(around - lasts + 1, 0)
        apart = (inputs.sentences[around] - inputs.sentences[firsts]).clip(-2, 2) + SENTENCE_DISTANCES // 2
        pair = (hidden @ weights["token.weight"] + weights["token.bias"])[around]
        pair += (cue @ weights["of_cue.weight"] + weights["of_cue.bias"])[:, np.newaxis]
        pair += weights["distance"][distance_rows(distance)]
        pair += weights["sentence"][apart]
        pair = _relu(pair) * inside
        for layer, reach in enumerate(ROLE_DILATIONS):
            pair += _relu(_beside(pair, reach) @ weights[f"role{layer}.weight"] + weights[f"role{layer}.bias"])
            pair *= inside
        return _softmax(pair @ weights["role.weight"] + weights["role.bias"])


def distance_rows(distances: Ints) -> Ints:
    """The rows of the table of distances for signed distances in tokens; 0 is the cue itself."""
    size = np.abs(distances)
    far = _SINGLE + (3 * np.log2(np.maximum(size, 1) / _SINGLE)).astype(np.int64)
    return _FARTHEST + np.sign(distances) * np.where(size <= _SINGLE, size, np.minimum(far, _FARTHEST))


def _rows(joined: str) -> dict[str, int]:
    return {word: row for row, word in enumerate(joined.split("\n"), start=1)}


def _relu(values: Floats) -> Floats:
    return np.maximum(values, 0, out=values)


def _softmax(values: Floats) -> Floats:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _beside(values: Floats, reach: int) -> Floats:
    """Each row with the ones `reach` before and after it, zeros beyond the ends: the input of a dilated convolution."""
    width = values.shape[-1]
    beside = np.zeros((*values.shape[:-1], 3 * width), dtype=np.float32)
    beside[..., reach:, :width] = values[..., :-reach, :]
    beside[..., width : 2 * width] = values
    beside[..., :-reach, 2 * width :] = values[..., reach:, :]
    return beside
