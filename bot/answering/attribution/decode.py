"""Decodes the tagger's probabilities into token ranges: cues, and the source and contents of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answering.attribution.tagger import (
    FIRST_OF_CONTENT,
    FIRST_OF_CUE,
    FIRST_OF_SOURCE,
    MORE_OF_CONTENT,
    MORE_OF_CUE,
    MORE_OF_SOURCE,
    TOKENS_BEFORE,
    Floats,
)

# Minimum probability of a cue, near the best F1 on held-out training articles. A strong cue of the lexicon needs less:
# that costs half a point of F1 and finds one denial in ten more, and a missed denial can reverse an answer.
MIN_PROBABILITY = 0.55
MIN_PROBABILITY_STRONG = 0.20
# Gaps of up to this many tokens inside a span are treated as tagger errors and closed.
_MAX_GAP = 8
# Further pieces of content that are shorter or less certain than this are treated as tagger errors and dropped.
_MIN_PIECE_TOKENS = 3
_MIN_PIECE_PROBABILITY = 0.7

Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """A cue with its source and contents, each as a token range `[first, last)`; contents in order."""

    source: Run | None
    cue: Run
    contents: tuple[Run, ...]


def decode_cues(probabilities: Floats, is_strong_cue: Callable[[int], bool]) -> list[Run]:
    """Return the cues of a text.

    Args:
        probabilities: from `Tagger.cues`.
        is_strong_cue: whether the lexicon has the word of a token as a strong cue.
    """
    likely = probabilities[:, FIRST_OF_CUE] + probabilities[:, MORE_OF_CUE]
    begins = probabilities[:, FIRST_OF_CUE] >= probabilities[:, MORE_OF_CUE]
    candidates = [
        int(token)
        for token in np.flatnonzero(likely > MIN_PROBABILITY_STRONG)
        if likely[token] > MIN_PROBABILITY or is_strong_cue(int(token))
    ]
    return list(_runs(candidates, lambda previous, token: token == previous + 1 and not begins[token]))


def add_certain(cues: Sequence[Run], certain: Sequence[Run]) -> list[Run]:
    """Return the cues and those certain ones that overlap none of them, in order."""
    used = {token for cue in cues for token in range(*cue)}
    return sorted([*cues, *(cue for cue in certain if used.isdisjoint(range(*cue)))])


def decode_roles(cue: Run, probabilities: Floats, length: int) -> Frame:
    """Return the source and contents of a cue; no contents where the tagger sees none.

    Args:
        cue: its tokens.
        probabilities: the cue's row of `Tagger.roles`.
        length: tokens in the text.
    """
    first_column = cue[0] - TOKENS_BEFORE
    begin = max(0, -first_column)
    labels = probabilities[begin : length - first_column].argmax(axis=1)
    tokens = np.arange(begin, begin + len(labels)) + first_column
    free = (tokens < cue[0]) | (tokens >= cue[1])
    sources = tokens[free & ((labels == FIRST_OF_SOURCE) | (labels == MORE_OF_SOURCE))].tolist()
    contents = tokens[free & ((labels == FIRST_OF_CONTENT) | (labels == MORE_OF_CONTENT))].tolist()

    def mass(run: Run, label: int) -> float:
        columns = slice(run[0] - first_column, run[1] - first_column)
        return float(probabilities[columns, label : label + 2].sum())

    def is_certain(run: Run) -> bool:
        size = run[1] - run[0]
        return size >= _MIN_PIECE_TOKENS and mass(run, FIRST_OF_CONTENT) >= _MIN_PIECE_PROBABILITY * size

    candidates = _join_over_gaps(sources, {*range(*cue), *contents})
    source = max(candidates, key=lambda run: mass(run, FIRST_OF_SOURCE), default=None)
    pieces = list(_join_over_gaps(contents, {*range(*cue), *(range(*source) if source else ())}))
    best = max(pieces, key=lambda run: mass(run, FIRST_OF_CONTENT), default=None)
    return Frame(source, cue, tuple(run for run in pieces if run == best or is_certain(run)))


def _join_over_gaps(tokens: Sequence[int], used: set[int]) -> Iterator[Run]:
    """Yield runs of tokens, joined over small gaps that hold no used token."""
    return _runs(
        tokens, lambda previous, token: token - previous - 1 <= _MAX_GAP and used.isdisjoint(range(previous + 1, token))
    )


def _runs(tokens: Sequence[int], continues: Callable[[int, int], bool]) -> Iterator[Run]:
    if not tokens:
        return
    first = previous = tokens[0]
    for token in tokens[1:]:
        if not continues(previous, token):
            yield first, previous + 1
            first = token
        previous = token
    yield first, previous + 1
