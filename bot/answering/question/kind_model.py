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
from bot.answering.question.clauses import AUXILIARIES, IRREGULAR, WH_WORDS, strip_openers, verb_stem
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
# Words that ask about how things stand even where no verb does: "truce holding yet?", "any survivors?".
_STANDING = frozenset("yet still already now again today over any".split())
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\w)")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class KindModel:
    """A multinomial logistic regression over hashed features and, unless `dense` is empty, a vector.

    `weights` are `(BUCKETS, kinds)`, `dense` `(dimension, kinds)`, `biases` `(kinds,)`. With `reads_form` its features
    are `features_with_form`, else `features`.
    """

    weights: NDArray[np.float32]
    dense: NDArray[np.float32]
    biases: NDArray[np.float32]
    kinds: tuple[str, ...]
    reads_form: bool = False

    @classmethod
    @cache
    def load(cls, path: Path = WEIGHTS_FILE) -> Self:
        """Read the weights, once per process."""
        with np.load(path) as file:
            weights = file["weights"].astype(np.float32) * file["scale"].astype(np.float32)
            kinds = tuple(bytes(file["kinds"]).decode().split("\n"))
            dense, biases = file["dense"].astype(np.float32), file["biases"].astype(np.float32)
            return cls(weights, dense, biases, kinds, reads_form="reads_form" in file)

    def probabilities(self, question: str, vector: NDArray[np.float32] | None = None) -> dict[str, float]:
        """Return the probability of each kind; `vector` is the question's, of the packaged embedding model."""
        rows = features_with_form(question) if self.reads_form else features(question)
        scores = self.weights[rows].sum(axis=0) / np.sqrt(max(1, len(rows))) + self.biases
        if vector is not None:
            scores = scores + vector @ self.dense
        odds = np.exp(scores - scores.max())
        return dict(zip(self.kinds, (odds / odds.sum()).tolist(), strict=True))


def features(question: str) -> list[int]:
    """Return the buckets of a question's features, each once: words, pairs of words, its ends, letters of its words."""
    return _buckets(_words(_normalise(question), question))


def features_with_form(question: str) -> list[int]:
    """Return the buckets of `features` and of a question's form, which the kinds of terse questions hang on."""
    text = _normalise(question)
    return _buckets([*_words(text, question), *_form(text)])


def _normalise(question: str) -> str:
    return normalize_unicode("NFKC", question).replace("’", "'").lower()


def _buckets(found: list[str]) -> list[int]:
    return sorted({zlib.crc32(each.encode(errors="replace")) % BUCKETS for each in found})


def _words(text: str, question: str) -> list[str]:
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
    return found


def _form(text: str) -> list[str]:
    """Return what tells terse questions from topics: the mark, how the text begins, its verb, question words later."""
    # Of several sentences the last one asks.
    last = _SENTENCE_END.split(text.strip())[-1]
    words = [token for token in _TOKEN.findall(strip_openers(last) or last) if token[0].isalpha()][:_ENDS]
    first, *rest = words or [""]
    mark = text.rstrip().rstrip("\"'”)»*_ ").endswith("?")
    begins = "wh" if first.split("'")[0] in WH_WORDS else "aux" if first in AUXILIARIES else ""
    asks_later = any(word.split("'")[0] in WH_WORDS for word in rest)
    verb, stands = _verb(rest), not _STANDING.isdisjoint(words)
    return [
        f"m {mark} {begins}",
        f"mb {mark} {begins} {verb} {asks_later}",
        f"mv {mark} {verb} {stands}",
        f"ml {mark} {words[-1][-2:] if words else ''}",
        f"mn {mark} {begins} {min(len(words), 8)}",
        f"ms {mark} {stands}",
        f"mw {begins} {asks_later}",
    ]


def _verb(words: list[str]) -> str:
    """Return in which form words have a verb: an auxiliary, a past form, another form of a known verb, or none."""
    if any(word in AUXILIARIES for word in words):
        return "auxiliary"
    known = [word for word in words if verb_stem(word)]
    if any(word.endswith("ed") or word in IRREGULAR for word in known):
        return "past"
    return "other" if known else ""
