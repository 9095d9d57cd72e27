"""Builds the attribution tagger's vocabulary and initial word vectors."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from bot.answering.attribution.tagger import SUFFIX_LETTERS, Floats
from bot.answering.attribution.tokens import CAPITALISED, NUMBER, UPPER, Tokens
from index.embedding.models import packaged_weights

# A word seen less often says more about the training articles than about English.
MIN_COUNT = 2
MAX_SUFFIXES = 700
# Principal components of the packaged model's vectors: two thirds of their variance.
COMPONENTS = 128
_EMBEDDINGS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and suffixes, in the order of their rows from 1, and the words' initial vectors `(words, COMPONENTS)`."""

    words: Sequence[str]
    suffixes: Sequence[str]
    vectors: Floats


def build_vocabulary(texts: Iterable[Tokens]) -> Vocabulary:
    """Collect the uncapitalised words of the texts, and all whole words of the packaged model's tokenizer.

    Capitalised words are left out unless the packaged model knows them: names in the training articles would teach the
    tagger who spoke, not how speech is reported.
    """
    counts: Counter[str] = Counter()
    suffixes: Counter[str] = Counter()
    for tokens in texts:
        for word, kind in zip(tokens.words, tokens.kinds, strict=True):
            if kind not in {CAPITALISED, UPPER}:
                counts[word] += 1
            if kind < NUMBER:
                suffixes[word[-SUFFIX_LETTERS:]] += 1
    folder = packaged_weights().parent
    pieces = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    whole = {piece for piece in pieces if piece.isascii() and piece.isalpha() and len(piece) > 1}
    words = sorted(whole | {word for word, count in counts.items() if count >= MIN_COUNT})
    return Vocabulary(words, [suffix for suffix, _ in suffixes.most_common(MAX_SUFFIXES)], _vectors(words))


def _vectors(words: Sequence[str]) -> Floats:
    """Return principal components of the mean of each word's tokens in the packaged model, with unit variance."""
    weights = packaged_weights()
    table = load_file(weights)[_EMBEDDINGS].astype(np.float32)
    tokenizer = Tokenizer.from_file(str(weights.with_name("tokenizer.json")))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    straight = [word.replace("“", '"').replace("”", '"') for word in words]
    pieces = [each.ids for each in tokenizer.encode_batch(straight, add_special_tokens=False)]
    means = np.stack([table[ids].mean(axis=0) if ids else np.zeros(table.shape[1]) for ids in pieces])
    means -= means.mean(axis=0)
    _, directions = np.linalg.eigh(means.T @ means)
    vectors = means @ directions[:, ::-1][:, :COMPONENTS]
    return np.asarray(vectors / vectors.std(), dtype=np.float32)
