"""The trained classifiers of short messages: linear models over a message's words and, for kinds, its vector."""

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.answering.question.aliases import entity_ids
from corpus.normalize import normalize_unicode

WEIGHTS_FILE = Path(__file__).with_name("kinds.npz")
# The same model for what follow-ups want (`follow_up_acts`), without vectors: most are of one to five words.
ACTS_FILE = Path(__file__).with_name("acts.npz")
# And for what is asked about the bot itself (`about_bot`).
ABOUT_FILE = Path(__file__).with_name("about_bot.npz")
# Rows of the weight matrix that features are hashed to.
BUCKETS = 1 << 14
# Longer questions are read at both ends, where what is asked stands.
_ENDS = 40
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class KindModel:
    """A multinomial logistic regression over hashed features and, unless `dense` is empty, a vector.

    `weights` are `(BUCKETS, kinds)`, `dense` `(dimension, kinds)`, `biases` `(kinds,)`.
    """

    weights: NDArray[np.float32]
    dense: NDArray[np.float32]
    biases: NDArray[np.float32]
    kinds: tuple[str, ...]

    @classmethod
    @cache
    def load(cls, path: Path = WEIGHTS_FILE) -> Self:
        """Read the weights, once per process."""
        with np.load(path) as file:
            weights = file["weights"].astype(np.float32) * file["scale"].astype(np.float32)
            kinds = tuple(bytes(file["kinds"]).decode().split("\n"))
            return cls(weights, file["dense"].astype(np.float32), file["biases"].astype(np.float32), kinds)

    def probabilities(self, question: str, vector: NDArray[np.float32] | None = None) -> dict[str, float]:
        """Return the probability of each kind; `vector` is the question's, of the packaged embedding model."""
        rows = features(question)
        scores = self.weights[rows].sum(axis=0) / np.sqrt(max(1, len(rows))) + self.biases
        if vector is not None:
            scores = scores + vector @ self.dense
        odds = np.exp(scores - scores.max())
        return dict(zip(self.kinds, (odds / odds.sum()).tolist(), strict=True))


def features(question: str) -> list[int]:
    """Return the buckets of a question's features, each once: words, pairs of words, its ends, letters of its words."""
    text = normalize_unicode("NFKC", question).replace("’", "'").lower()
    tokens = _TOKEN.findall(text)
    if len(tokens) > 2 * _ENDS:
        tokens = [*tokens[:_ENDS], *tokens[-_ENDS:]]
    found = [f"w {token}" for token in tokens]
    found += [f"p {one} {two}" for one, two in pairwise(tokens)]
    found += [f"f{count} {' '.join(tokens[:count])}" for count in (1, 2, 3)]
    found += [f"l{count} {' '.join(tokens[-count:])}" for count in (1, 2)]
    found.append(f"n {min(len(tokens), 12)}")
    found += [f"s {script}" for script in {unicodedata.name(char, "?").split()[0] for char in text if char.isalpha()}]
    found += [f"e {bool(entity_ids(question))} {min(len(tokens), 4)}"]
    for token in tokens:
        padded = f"<{token[:20]}>"
        found += [f"c {padded[at : at + 3]}" for at in range(len(padded) - 2)]
    return sorted({zlib.crc32(each.encode(errors="replace")) % BUCKETS for each in found})
