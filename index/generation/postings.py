"""An inverted index over the passages of a generation: which of them contain a stem, and how much it adds to BM25."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.generation.file_sizes import check_array, read_arrays
from index.terms import Terms, words

# Robertson, Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; the constants are SQLite's.
K1 = 1.2
B = 0.75
# Words of an average passage with its title: 120.6 over 65,000 passages of news. A constant, since a mean over the
# whole index would let one server's articles move another server's scores.
AVERAGE_LENGTH = 120.0
# A word in the title counts this many times.
TITLE_WEIGHT = 2
# Passages counted in one block: some 2 million words, 100 MB.
PASSAGES_PER_BLOCK = 20_000
# Postings checked at a time: 24 MB.
ROWS_AT_ONCE = 4_000_000

STEMS_FILE = "stems.npz"
ROWS_FILE = "rows.npy"
GAINS_FILE = "gains.npy"

Rows = NDArray[np.int32]
Gains = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows and gains of every stem; a row is the position of a passage in its generation.

    Args:
        stems: `(s,)` uint64, ascending: the stems' hashes.
        starts: `(s + 1,)` int64: where the postings of each stem begin and end.
        rows: `(p,)` int32, ascending for each stem.
        gains: `(p,)` float16: the part of BM25 that depends on the passage, to be multiplied by the stem's IDF.
        passages: the number of passages.
    """

    stems: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: Rows
    gains: Gains
    passages: int

    @classmethod
    def build(cls, texts: Iterable[tuple[str, str]]) -> Self:
        """Build postings of passages, given as title and text in the order of their rows."""
        builder = _Builder()
        remaining = iter(texts)
        while block := list(islice(remaining, PASSAGES_PER_BLOCK)):
            builder.add(block)
        return cls(*builder.finish())

    @classmethod
    def merge(cls, parts: Sequence[tuple[Self, NDArray[np.int64]]]) -> Self:
        """Merge postings; each comes with the new row numbers of its rows."""
        stems = np.concatenate([np.repeat(part.stems, np.diff(part.starts)) for part, _ in parts])
        rows = np.concatenate([new_rows[part.rows] for part, new_rows in parts]).astype(np.int32)
        order = np.lexsort((rows, stems))
        unique, counts = np.unique(stems, return_counts=True)
        return cls(
            stems=unique,
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            rows=rows[order],
            gains=np.concatenate([part.gains for part, _ in parts])[order],
            passages=sum(part.passages for part, _ in parts),
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what `write` wrote; rows and gains are memory-mapped, and only `has_valid_rows` looks at them.

        Raises:
            ValueError, BadZipFile: the files are not what `write` writes.
        """
        kinds = {"stems": ("<u8", (None,)), "starts": ("<i8", (None,)), "passages": ("<i8", ())}
        stems, starts, passages = read_arrays(folder / STEMS_FILE, kinds)
        is_ordered = len(starts) > 0 and starts[0] == 0 and (np.diff(starts) >= 0).all()
        if not is_ordered or len(starts) != len(stems) + 1 or not (stems[1:] > stems[:-1]).all() or passages < 0:
            raise ValueError(f"the stems of {STEMS_FILE} are out of order")
        count = int(starts[-1])
        rows = _map(folder / ROWS_FILE, "<i4", count)
        return cls(stems, starts, rows, _map(folder / GAINS_FILE, "<f2", count), int(passages))

    def write(self, folder: Path) -> None:
        """Write the files into an existing folder."""
        np.savez(folder / STEMS_FILE, stems=self.stems, starts=self.starts, passages=np.int64(self.passages))
        np.save(folder / ROWS_FILE, self.rows)
        np.save(folder / GAINS_FILE, self.gains)

    def has_valid_rows(self) -> bool:
        """Return whether every row is one of the passages and every gain a number; reads both files."""
        return all(
            self.rows[first:end].min() >= 0
            and self.rows[first:end].max() < self.passages
            and np.isfinite(self.gains[first:end]).all()
            for first, end in pairwise((*range(0, len(self.rows), ROWS_AT_ONCE), len(self.rows)))
        )

    def frequency(self, stem: str) -> int:
        """Return how many passages contain a stem."""
        start, end = self._range(stem)
        return end - start

    def contained(self, stems: Sequence[str]) -> list[str]:
        """Return those of many stems that any passage contains, in order."""
        keys = np.array([stem_hash(stem) for stem in stems], dtype=np.uint64)
        if not len(self.stems):
            return []
        positions = np.minimum(np.searchsorted(self.stems, keys), len(self.stems) - 1)
        return [stems[at] for at in np.flatnonzero(self.stems[positions] == keys).tolist()]

    def of(self, stem: str) -> tuple[Rows, Gains]:
        """Return the rows of the passages that contain a stem, and their gains."""
        start, end = self._range(stem)
        return self.rows[start:end], self.gains[start:end]

    def _range(self, stem: str) -> tuple[int, int]:
        key = stem_hash(stem)
        position = int(np.searchsorted(self.stems, key))
        if position == len(self.stems) or self.stems[position] != key:
            return 0, 0
        return int(self.starts[position]), int(self.starts[position + 1])


def gain(count: NDArray[np.float32], length: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return BM25 without its IDF for stems that occur `count` times in passages of `length` words."""
    penalty = K1 * (1 - B + B * length / AVERAGE_LENGTH)
    return (count * (K1 + 1) / (count + penalty)).astype(np.float32)


class StemIds(dict[str, int]):
    """Maps words to the numbers of their stems, in order of first use; stems each word once."""

    def __init__(self) -> None:
        super().__init__()
        self._terms = Terms()
        self.stems: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        number = self[word] = self.stems.setdefault(self._terms.stem([word])[0], len(self.stems))
        return number


class _Builder:
    """Counts words by stem and passage, block by block."""

    def __init__(self) -> None:
        self._stem_ids = StemIds()
        self._lengths: list[NDArray[np.float32]] = []
        self._blocks: list[tuple[NDArray[np.int32], Rows, NDArray[np.float32]]] = []
        self._passages = 0

    def add(self, texts: list[tuple[str, str]]) -> None:
        stem_ids = self._stem_ids
        occurrences, weighted, lengths = array("i"), array("i"), array("i")
        for title, text in texts:
            title_stems = [stem_ids[word] for word in words(title)]
            before = len(occurrences)
            occurrences.extend(title_stems * TITLE_WEIGHT)
            occurrences.extend([stem_ids[word] for word in words(text)])
            weighted.append(len(occurrences) - before)
            lengths.append(len(occurrences) - before - len(title_stems) * (TITLE_WEIGHT - 1))
        rows = np.repeat(np.arange(len(texts), dtype=np.int64), np.frombuffer(weighted, dtype=np.int32))
        pairs = np.frombuffer(occurrences, dtype=np.int32).astype(np.int64) * len(texts) + rows
        pairs, counts = np.unique(pairs, return_counts=True)
        stems, rows = np.divmod(pairs, len(texts))
        block = stems.astype(np.int32), (rows + self._passages).astype(np.int32), counts.astype(np.float32)
        self._blocks.append(block)
        self._lengths.append(np.frombuffer(lengths, dtype=np.int32).astype(np.float32))
        self._passages += len(texts)

    def finish(self) -> tuple[NDArray[np.uint64], NDArray[np.int64], Rows, Gains, int]:
        """Return the fields of the postings, stems by ascending hash, each with ascending rows."""
        keys = np.array([stem_hash(stem) for stem in self._stem_ids.stems], dtype=np.uint64)
        order = np.argsort(keys)
        positions = np.empty(len(keys), dtype=np.int64)
        positions[order] = np.arange(len(keys))
        lengths = np.concatenate([np.empty(0, dtype=np.float32), *self._lengths])
        sizes = np.zeros(len(keys), dtype=np.int64)
        for stems, _, _ in self._blocks:
            sizes += np.bincount(positions[stems], minlength=len(keys))
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        rows, gains = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1], dtype=np.float16)
        filled = starts[:-1].copy()
        # Frees each block once it is copied, to keep only one copy in memory.
        while self._blocks:
            stems, block_rows, counts = self._blocks.pop(0)
            # A block is ordered by stem, then row; `offsets` count from the first row of each stem.
            firsts = np.flatnonzero(np.r_[True, stems[1:] != stems[:-1]])
            offsets = np.arange(len(stems)) - np.repeat(firsts, np.diff(np.r_[firsts, len(stems)]))
            targets = filled[positions[stems]] + offsets
            rows[targets] = block_rows
            gains[targets] = gain(counts, lengths[block_rows])
            filled += np.bincount(positions[stems], minlength=len(keys))
        return keys[order], starts, rows, gains, self._passages


def stem_hash(stem: str) -> np.uint64:
    """Return the key of a stem in `Postings.stems`."""
    return np.uint64(int.from_bytes(blake2b(stem.encode(errors="surrogatepass"), digest_size=8).digest(), "little"))


def _map(path: Path, kind: str, count: int) -> Any:  # noqa: ANN401 - the file states the type
    check_array(path, (kind,), (count,))
    # An empty array can't be mapped.
    return np.load(path, mmap_mode="r" if count else None)
