"""Turns the tagger's probabilities into spans of tokens: cues, and the source and contents of each."""

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

# Least probability of a cue, near the best F1 on held-out training articles. A word that the lexicon takes for a cue
# needs less: it costs half a point of F1 and finds one denial in ten more; a missed denial turns an answer round.
LEAST_PROBABLE = 0.55
LEAST_PROBABLE_KNOWN = 0.20
# Tokens missing in the middle of a span that are taken as the tagger's slip.
_LARGEST_GAP = 8
# A further piece of content that is shorter than this, or this much less certain, is taken as one, too.
_SHORTEST_PIECE = 3
_LEAST_CERTAIN = 0.7

Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """A cue with its source and contents, each as token numbers `[first, last)`; contents in order."""

    source: Run | None
    cue: Run
    contents: tuple[Run, ...]


def decode_cues(probabilities: Floats, is_known: Callable[[int], bool]) -> list[Run]:
    """The cues of a text.

    Args:
        probabilities: of `Tagger.cues`.
        is_known: whether the lexicon takes the word of a token for a cue.
    """
    likely = probabilities[:, FIRST_OF_CUE] + probabilities[:, MORE_OF_CUE]
    begins = probabilities[:, FIRST_OF_CUE] >= probabilities[:, MORE_OF_CUE]
    candidates = [
        int(at)
        for at in np.flatnonzero(likely > LEAST_PROBABLE_KNOWN)
        if likely[at] > LEAST_PROBABLE or is_known(int(at))
    ]
    return list(_runs(candidates, lambda before, at: at == before + 1 and not begins[at]))


def add_certain(cues: Sequence[Run], certain: Sequence[Run]) -> list[Run]:
    """The cues and those certain ones that share no token with any, in order."""
    taken = {at for cue in cues for at in range(*cue)}
    return sorted([*cues, *(cue for cue in certain if taken.isdisjoint(range(*cue)))])


def decode_roles(cue: Run, probabilities: Floats, length: int) -> Frame:
    """The source and contents of a cue; no contents where the tagger sees none.

    Args:
        cue: its tokens.
        probabilities: the cue's part of `Tagger.roles`.
        length: tokens of the text.
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

    candidates = _closed(sources, {*range(*cue), *contents})
    source = max(candidates, key=lambda run: mass(run, FIRST_OF_SOURCE), default=None)
    pieces = list(_closed(contents, {*range(*cue), *(range(*source) if source else ())}))
    best = max(pieces, key=lambda run: mass(run, FIRST_OF_CONTENT), default=None)
    return Frame(source, cue, tuple(run for run in pieces if run == best or _is_sure(run, mass(run, FIRST_OF_CONTENT))))


def _is_sure(run: Run, mass: float) -> bool:
    size = run[1] - run[0]
    return size >= _SHORTEST_PIECE and mass >= _LEAST_CERTAIN * size


def _closed(tokens: Sequence[int], taken: set[int]) -> Iterator[Run]:
    """Runs of tokens, joined over small gaps in which nothing else stands."""
    return _runs(
        tokens,
        lambda before, at: at - before - 1 <= _LARGEST_GAP and taken.isdisjoint(range(before + 1, at)),
    )


def _runs(tokens: Sequence[int], goes_on: Callable[[int, int], bool]) -> Iterator[Run]:
    if not tokens:
        return
    first = before = tokens[0]
    for at in tokens[1:]:
        if not goes_on(before, at):
            yield first, before + 1
            first = at
        before = at
    yield first, before + 1
