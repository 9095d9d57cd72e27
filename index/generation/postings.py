"""An inverted index over the passages of a generation: which of them hold a stem, and what each gains by it in BM25."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.terms import Terms, words

# Robertson, Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; the constants are SQLite's.
K1 = 1.2
B = 0.75
# How often a word in the title counts.
TITLE_WEIGHT = 2
# Passages whose words are counted in one pass: some 2 million words, 100 MB.
PASSAGES_AT_ONCE = 20_000

STEMS_FILE = "stems.npz"
ROWS_FILE = "rows.npy"
GAINS_FILE = "gains.npy"

# What an array's file holds before its numbers, where their shape is simple.
NPY_HEADER_BYTES = 128

Rows = NDArray[np.int32]
Gains = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows and gains of every stem. A row is the place of a passage in its generation.

    Args:
        stems: `(s,)` uint64, ascending: the stems' hashes.
        starts: `(s + 1,)` int64: where the postings of each stem begin and end.
        rows: `(p,)` int32, ascending for each stem.
        gains: `(p,)` float16: the part of BM25 that depends on the passage, to be multiplied by the stem's rarity.
        passages: how many there are.
        average_length: words of a passage with its title, on average.
    """

    stems: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: Rows
    gains: Gains
    passages: int
    average_length: float

    @classmethod
    def build(cls, texts: Iterable[tuple[str, str]], average_length: float | None = None) -> Self:
        """Counts the words of passages, given as title and text in the order of their rows.

        `average_length` is that of the passages which they are searched beside; by default their own.
        """
        counting = _Counting(average_length)
        remaining = iter(texts)
        while some := list(islice(remaining, PASSAGES_AT_ONCE)):
            counting.add(some)
        return cls(*counting.finish())

    @classmethod
    def merged(cls, parts: Sequence[tuple[Self, NDArray[np.int64]]]) -> Self:
        """One of several that were built with one average length; with each go the rows that its rows become."""
        stems = np.concatenate([np.repeat(part.stems, np.diff(part.starts)) for part, _ in parts])
        rows = np.concatenate([moved[part.rows] for part, moved in parts]).astype(np.int32)
        order = np.lexsort((rows, stems))
        found, counts = np.unique(stems, return_counts=True)
        return cls(
            stems=found,
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            rows=rows[order],
            gains=np.concatenate([part.gains for part, _ in parts])[order],
            passages=sum(part.passages for part, _ in parts),
            average_length=parts[0][0].average_length,
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Reads what `write` wrote; rows and gains stay on disk, mapped into memory."""
        with np.load(folder / STEMS_FILE) as held:
            stems, starts, passages, average = held["stems"], held["starts"], held["passages"], held["average_length"]
        rows, gains = (_mapped(folder / name) for name in (ROWS_FILE, GAINS_FILE))
        return cls(stems, starts, rows, gains, int(passages), float(average))

    def write(self, folder: Path) -> None:
        """Writes the files into a folder that exists."""
        np.savez(
            folder / STEMS_FILE,
            stems=self.stems,
            starts=self.starts,
            passages=np.int64(self.passages),
            average_length=np.float64(self.average_length),
        )
        np.save(folder / ROWS_FILE, self.rows)
        np.save(folder / GAINS_FILE, self.gains)

    def frequency(self, stem: str) -> int:
        """How many passages hold a stem."""
        start, end = self._range(stem)
        return end - start

    def of(self, stem: str) -> tuple[Rows, Gains]:
        """The rows of the passages that hold a stem, and their gains."""
        start, end = self._range(stem)
        return self.rows[start:end], self.gains[start:end]

    def _range(self, stem: str) -> tuple[int, int]:
        key = _key(stem)
        place = int(np.searchsorted(self.stems, key))
        if place == len(self.stems) or self.stems[place] != key:
            return 0, 0
        return int(self.starts[place]), int(self.starts[place + 1])


def gain(count: NDArray[np.float32], length: NDArray[np.float32], average_length: float) -> NDArray[np.float32]:
    """What passages of these lengths gain in BM25 by holding a stem so often, before its rarity is counted."""
    penalty = K1 * (1 - B + B * length / max(average_length, 1.0))
    return (count * (K1 + 1) / (count + penalty)).astype(np.float32)


class StemNumbers(dict[str, int]):
    """The number of each word's stem, in order of first use; a new word is stemmed once."""

    def __init__(self) -> None:
        super().__init__()
        self._terms = Terms()
        self.stems: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        number = self[word] = self.stems.setdefault(self._terms.stem([word])[0], len(self.stems))
        return number


class _Counting:
    """Counts words by stem and passage, some passages at a time."""

    def __init__(self, average_length: float | None) -> None:
        self._average_length = average_length
        self._numbers = StemNumbers()
        self._lengths: list[NDArray[np.float32]] = []
        self._blocks: list[tuple[NDArray[np.int32], Rows, NDArray[np.float32]]] = []
        self._passages = 0

    def add(self, texts: list[tuple[str, str]]) -> None:
        numbers = self._numbers
        found, weighted, lengths = array("i"), array("i"), array("i")
        for title, text in texts:
            titled = [numbers[word] for word in words(title)]
            begun = len(found)
            found.extend(titled * TITLE_WEIGHT)
            found.extend([numbers[word] for word in words(text)])
            weighted.append(len(found) - begun)
            lengths.append(len(found) - begun - len(titled) * (TITLE_WEIGHT - 1))
        rows = np.repeat(np.arange(len(texts), dtype=np.int64), np.frombuffer(weighted, dtype=np.int32))
        pairs = np.frombuffer(found, dtype=np.int32).astype(np.int64) * len(texts) + rows
        pairs, counts = np.unique(pairs, return_counts=True)
        stems, rows = np.divmod(pairs, len(texts))
        block = stems.astype(np.int32), (rows + self._passages).astype(np.int32), counts.astype(np.float32)
        self._blocks.append(block)
        self._lengths.append(np.frombuffer(lengths, dtype=np.int32).astype(np.float32))
        self._passages += len(texts)

    def finish(self) -> tuple[NDArray[np.uint64], NDArray[np.int64], Rows, Gains, int, float]:
        """The fields of the postings, stems in order of their hashes; a stem's rows stay in order."""
        keys = np.array([_key(stem) for stem in self._numbers.stems], dtype=np.uint64)
        order = np.argsort(keys)
        places = np.empty(len(keys), dtype=np.int64)
        places[order] = np.arange(len(keys))
        lengths = np.concatenate([np.empty(0, dtype=np.float32), *self._lengths])
        average = self._average_length or (float(lengths.mean()) if len(lengths) else 0.0)
        sizes = np.zeros(len(keys), dtype=np.int64)
        for stems, _, _ in self._blocks:
            sizes += np.bincount(places[stems], minlength=len(keys))
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        rows, gains = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1], dtype=np.float16)
        filled = starts[:-1].copy()
        # Each block is let go as soon as it is written out, or both would be in memory at once.
        while self._blocks:
            stems, block_rows, counts = self._blocks.pop(0)
            # Pairs are in order of stem, then row: how far each is from the first of its stem.
            firsts = np.flatnonzero(np.r_[True, stems[1:] != stems[:-1]])
            within = np.arange(len(stems)) - np.repeat(firsts, np.diff(np.r_[firsts, len(stems)]))
            targets = filled[places[stems]] + within
            rows[targets] = block_rows
            gains[targets] = gain(counts, lengths[block_rows], average)
            filled += np.bincount(places[stems], minlength=len(keys))
        return keys[order], starts, rows, gains, self._passages, average


def _key(stem: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(stem.encode(errors="surrogatepass"), digest_size=8).digest(), "little"))


def _mapped(path: Path) -> Any:  # noqa: ANN401 - what the file says
    # Nothing can't be mapped.
    return np.load(path, mmap_mode="r" if path.stat().st_size > NPY_HEADER_BYTES else None)
