"""The trained tagger: a small convolutional network that finds cues, and the source and content of each."""

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
# The window around the first token of a cue in which its source and content are looked for.
TOKENS_BEFORE, TOKENS_AFTER = 48, 72
# Of the encoder's layers, in tokens.
DILATIONS = (1, 2, 4, 8, 1)
# Of the layers over a cue and its window.
ROLE_DILATIONS = (1, 2)
# Labels of a token, in BIO form: for cues, and for the roles of a given cue.
OUTSIDE, FIRST_OF_CUE, MORE_OF_CUE = range(3)
FIRST_OF_SOURCE, MORE_OF_SOURCE, FIRST_OF_CONTENT, MORE_OF_CONTENT = range(1, 5)
SUFFIX_LETTERS = 3
SHAPES = (MARK + 1) * 4
# Buckets of the distance to a cue: single tokens up to ten, then thirds of a power of two.
_SINGLE, _LAST_BUCKET = 10, 20
DISTANCES = 2 * _LAST_BUCKET + 1
SENTENCE_DISTANCES = 5
_CUES_PER_BATCH = 64


@dataclass(frozen=True, slots=True)
class Inputs:
    """The network's input: for each token its rows in the embedding tables, and the number of its sentence."""

    words: Ints
    suffixes: Ints
    shapes: Ints
    sentences: Ints


@dataclass(frozen=True, slots=True)
class Tagger:
    """The network's weights; docs/attribution-model.md describes them.

    `words` and `suffixes` map to rows of the embedding tables; row 0 is for unknown ones.
    """

    words: Mapping[str, int]
    suffixes: Mapping[str, int]
    weights: Mapping[str, Floats]

    @classmethod
    @cache
    def load(cls, path: Path = WEIGHTS_FILE) -> Self:
        """Read the weights, once per process."""
        with np.load(path, allow_pickle=False) as file:
            words, suffixes = (_rows(file[name].tobytes().decode("utf-8")) for name in ("words", "suffixes"))
            weights = {name: file[name].astype(np.float32) for name in file.files if name not in {"words", "suffixes"}}
        return cls(words, suffixes, weights)

    def inputs(self, tokens: Tokens) -> Inputs:
        """Look up a text's tokens in the embedding tables."""
        kinds = np.array(tokens.kinds, dtype=np.int64)
        suffixes = [self.suffixes.get(word[-SUFFIX_LETTERS:], 0) for word in tokens.words]
        return Inputs(
            words=np.array([self.words.get(word, 0) for word in tokens.words], dtype=np.int64),
            suffixes=np.where(kinds < NUMBER, np.array(suffixes, dtype=np.int64), 0),
            shapes=kinds * 4 + np.array(tokens.opens_line, dtype=np.int64) * 2 + np.array(tokens.quoted),
            sentences=np.array(tokens.sentences, dtype=np.int64),
        )

    def encode(self, inputs: Inputs) -> Floats:
        """Return a contextual vector for each token: `(tokens, width)`."""
        weights = self.weights
        rows = (weights["word"][inputs.words], weights["suffix"][inputs.suffixes], weights["shape"][inputs.shapes])
        hidden = _relu(np.concatenate(rows, axis=1) @ weights["in.weight"] + weights["in.bias"])
        for layer, dilation in enumerate(DILATIONS):
            hidden += _relu(
                _with_neighbours(hidden, dilation) @ weights[f"layer{layer}.weight"] + weights[f"layer{layer}.bias"]
            )
        return hidden

    def cues(self, hidden: Floats) -> Floats:
        """Return each token's probabilities of being outside a cue, its first token, or a later one: `(tokens, 3)`."""
        return _softmax(hidden @ self.weights["cue.weight"] + self.weights["cue.bias"])

    def roles(self, hidden: Floats, inputs: Inputs, cues: list[tuple[int, int]]) -> Floats:
        """Return role probabilities in the window of each cue: `(cues, TOKENS_BEFORE + TOKENS_AFTER, 5)`.

        Column `j` is the token at the cue's first minus `TOKENS_BEFORE` plus `j`; columns outside the text are noise.
        """
        starts = range(0, len(cues), _CUES_PER_BATCH)
        return np.concatenate([self._roles(hidden, inputs, cues[i : i + _CUES_PER_BATCH]) for i in starts])

    def _roles(self, hidden: Floats, inputs: Inputs, cues: list[tuple[int, int]]) -> Floats:
        weights = self.weights
        firsts, lasts = np.array(cues, dtype=np.int64).T[:, :, np.newaxis]
        window = firsts + np.arange(-TOKENS_BEFORE, TOKENS_AFTER)
        inside = ((window >= 0) & (window < len(hidden)))[:, :, np.newaxis].astype(np.float32)
        window = window.clip(0, len(hidden) - 1)
        cue = np.stack([hidden[first:last].mean(axis=0) for first, last in cues])
        distance = np.minimum(window - firsts, 0) + np.maximum(window - lasts + 1, 0)
        sentence = (inputs.sentences[window] - inputs.sentences[firsts]).clip(-2, 2) + SENTENCE_DISTANCES // 2
        pair = (hidden @ weights["token.weight"] + weights["token.bias"])[window]
        pair += (cue @ weights["of_cue.weight"] + weights["of_cue.bias"])[:, np.newaxis]
        pair += weights["distance"][distance_rows(distance)]
        pair += weights["sentence"][sentence]
        pair = _relu(pair) * inside
        for layer, dilation in enumerate(ROLE_DILATIONS):
            pair += _relu(
                _with_neighbours(pair, dilation) @ weights[f"role{layer}.weight"] + weights[f"role{layer}.bias"]
            )
            pair *= inside
        return _softmax(pair @ weights["role.weight"] + weights["role.bias"])


def distance_rows(distances: Ints) -> Ints:
    """Return the embedding rows of signed distances in tokens; 0 is the cue itself."""
    size = np.abs(distances)
    far = _SINGLE + (3 * np.log2(np.maximum(size, 1) / _SINGLE)).astype(np.int64)
    return _LAST_BUCKET + np.sign(distances) * np.where(size <= _SINGLE, size, np.minimum(far, _LAST_BUCKET))


def _rows(joined: str) -> dict[str, int]:
    return {word: row for row, word in enumerate(joined.split("\n"), start=1)}


def _relu(values: Floats) -> Floats:
    return np.maximum(values, 0, out=values)


def _softmax(values: Floats) -> Floats:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _with_neighbours(values: Floats, dilation: int) -> Floats:
    """Concatenate each row with the rows `dilation` before and after it, zero-padded: a dilated convolution's input."""
    width = values.shape[-1]
    joined = np.zeros((*values.shape[:-1], 3 * width), dtype=np.float32)
    joined[..., dilation:, :width] = values[..., :-dilation, :]
    joined[..., width : 2 * width] = values
    joined[..., :-dilation, 2 * width :] = values[..., dilation:, :]
    return joined
