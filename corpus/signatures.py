"""Computes MinHash signatures of texts, the share of text that two have in common, and buckets for similar ones."""

import re
import zlib
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

# Words in a shingle: reports of one event share three by chance, and five break at every edit.
SHINGLE_WORDS = 4
# The estimate's standard error is 1 / sqrt(PERMUTATIONS) at most (Broder 1997).
PERMUTATIONS = 128
# Bands and rows of the buckets: `python -m evals quality copies` prints what other choices find and cost.
BANDS = 32
ROWS = 2

_WORD = re.compile(r"\w+")
# This many shingles times PERMUTATIONS numbers of 4 bytes fit into a processor's second cache.
_BATCH = 512
# Odd, so that no bit of a word's hash is lost.
_WORD_FACTORS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], dtype=np.uint32)
_BUCKET_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)

Hashes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Signature:
    """MinHash of a text's shingles, `(PERMUTATIONS,)` uint32, and the number of distinct shingles."""

    hashes: Hashes
    shingles: int


def sign(text: str) -> Signature:
    """Return a text's MinHash signature (Broder 1997); case and punctuation don't count."""
    # Encoding all words at once is faster, and no word has a space.
    words = " ".join(_WORD.findall(text.casefold())).encode("utf-8", "surrogatepass").split(b" ")
    # A text with fewer words than a shingle is one shingle, padded with zeros.
    codes = np.zeros(max(len(words), SHINGLE_WORDS), dtype=np.uint32)
    codes[: len(words)] = np.fromiter(map(zlib.crc32, words), dtype=np.uint32, count=len(words))
    count = len(codes) - SHINGLE_WORDS + 1
    shingles = codes[:count] * _WORD_FACTORS[0]
    for place in range(1, SHINGLE_WORDS):
        shingles = shingles + codes[place : place + count] * _WORD_FACTORS[place]
    shingles = np.unique(_mix(shingles))
    factors, terms = _permutations()
    least = np.full(PERMUTATIONS, np.iinfo(np.uint32).max, dtype=np.uint32)
    for first in range(0, len(shingles), _BATCH):
        permuted = factors * shingles[first : first + _BATCH] + terms
        np.minimum(least, permuted.min(axis=1), out=least)
    return Signature(least, len(shingles))


def copied_share(one: Signature, other: Signature) -> float:
    """Estimate the share of the shorter text's shingles that the longer one has too, from 0 to 1."""
    mine, others = ((each.hashes[None, :], np.array([each.shingles])) for each in (one, other))
    return float(copied_shares(*mine, *others)[0, 0])


def copied_shares(
    hashes: Hashes, shingles: NDArray[np.int64], other_hashes: Hashes, other_shingles: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the copied shares `(m, n)` of m texts with n others; hashes are `(m, PERMUTATIONS)`, shingles `(m,)`."""
    same = (hashes[:, None, :] == other_hashes).sum(axis=2, dtype=np.uint8)
    jaccard = same / PERMUTATIONS
    common = jaccard / (1 + jaccard) * (shingles[:, None] + other_shingles)
    shares: NDArray[np.float64] = np.minimum(1.0, common / np.minimum(shingles[:, None], other_shingles))
    return shares


def buckets(signature: Signature, bands: int = BANDS, rows: int = ROWS) -> list[int]:
    """Return the bucket of each band, as signed 64-bit integers: texts that share one may be copies.

    Locality-sensitive hashing by banding (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4). The band's
    number is mixed in, so that one column identifies band and bucket.
    """
    values = signature.hashes[: bands * rows].reshape(bands, rows).astype(np.uint64)
    mixed = np.arange(bands, dtype=np.uint64) * _BUCKET_FACTORS[0]
    for row in range(rows):
        mixed = (mixed ^ values[:, row]) * _BUCKET_FACTORS[1]
        mixed ^= mixed >> np.uint64(29)
    return [int(bucket) for bucket in (mixed * _BUCKET_FACTORS[2]).view(np.int64)]


def _mix(numbers: Hashes) -> Hashes:
    """Spread every bit over the whole number (MurmurHash3's finaliser): sums of hashes are too evenly distributed."""
    numbers = (numbers ^ (numbers >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    numbers = (numbers ^ (numbers >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return numbers ^ (numbers >> np.uint32(16))


@cache
def _permutations() -> tuple[Hashes, Hashes]:
    """Return factors and terms of the maps h -> a * h + b modulo 2^32, each `(PERMUTATIONS, 1)`, factors odd.

    They come from a counter instead of a random generator, because stored signatures must stay comparable.
    """
    counter = np.arange(1, 2 * PERMUTATIONS + 1, dtype=np.uint32) * _WORD_FACTORS[0]
    numbers = _mix(counter)
    factors, terms = numbers[:PERMUTATIONS] | np.uint32(1), numbers[PERMUTATIONS:]
    return factors[:, None], terms[:, None]
