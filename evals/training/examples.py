"""Converts annotated articles to training batches of the attribution tagger."""

import bisect
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from bot.answering.attribution.tagger import (
    FIRST_OF_CONTENT,
    FIRST_OF_CUE,
    FIRST_OF_SOURCE,
    MORE_OF_CUE,
    TOKENS_AFTER,
    TOKENS_BEFORE,
    Inputs,
    Ints,
    Tagger,
)
from bot.answering.attribution.tokens import Tokens
from corpus.article import Span
from evals.quality.attributions import AnnotatedArticle

# Tokens of a piece: from a passage to a few paragraphs.
MIN_PIECE, MAX_PIECE = 100, 350
BATCH_TOKENS = 3000
# The label that `torch.nn.functional.cross_entropy` ignores.
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Example:
    """A text's inputs, the tag of each token, its lines' first tokens, and each cue `[first, last)` with roles."""

    inputs: Inputs
    cue_tags: Ints
    line_starts: Sequence[int]
    cues: Sequence[tuple[int, int, Ints]]

    def __len__(self) -> int:
        return len(self.cue_tags)

    def cut(self, first: int, last: int) -> "Example":
        """Return the part from token `first` up to, not including, `last`."""
        parts = (self.inputs.words, self.inputs.suffixes, self.inputs.shapes, self.inputs.sentences)
        inside = [each for each in self.cues if first <= each[0] and each[1] <= last]
        return Example(
            Inputs(*(part[first:last] for part in parts)),
            self.cue_tags[first:last],
            [],
            [(begin - first, end - first, roles[first:last]) for begin, end, roles in inside],
        )

    def pieces(self, chance: random.Random) -> Iterator["Example"]:
        """Cut it at line breaks into pieces of random lengths, different in each epoch."""
        begin, wanted = 0, chance.randint(MIN_PIECE, MAX_PIECE)
        for end in (*self.line_starts[1:], len(self)):
            if end - begin >= wanted or end == len(self):
                for first in range(begin, end, 2 * MAX_PIECE):
                    yield self.cut(first, min(end, first + 2 * MAX_PIECE))
                begin, wanted = end, chance.randint(MIN_PIECE, MAX_PIECE)


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces padded to one length: `(pieces, tokens)`, and their cues `(cues,)` with windows `(cues, window)`.

    `inputs` are words, suffixes, shapes and sentences. `piece` is the piece that a cue belongs to, `around` the tokens
    of its window, `inside` whether these are within the piece.
    """

    inputs: tuple[torch.Tensor, ...]
    mask: torch.Tensor
    cue_tags: torch.Tensor
    piece: torch.Tensor
    firsts: torch.Tensor
    lasts: torch.Tensor
    around: torch.Tensor
    inside: torch.Tensor
    roles: torch.Tensor


def make_example(tagger: Tagger, tokens: Tokens, row: AnnotatedArticle) -> Example:
    """Return the example of one annotated article; attributions without a cue are left out."""
    cue_tags = np.zeros(len(tokens), dtype=np.int64)
    cues = []
    for each in row.attributions:
        cue = _tokens_in(tokens, each.cue)
        if not cue:
            continue
        cue_tags[cue] = MORE_OF_CUE
        cue_tags[cue[0]] = FIRST_OF_CUE
        roles = np.zeros(len(tokens), dtype=np.int64)
        for spans, first_tag in ((each.content, FIRST_OF_CONTENT), (each.source, FIRST_OF_SOURCE)):
            before = -2
            for at in _tokens_in(tokens, spans):
                roles[at] = first_tag if at != before + 1 else first_tag + 1
                before = at
        cues.append((cue[0], cue[-1] + 1, roles))
    starts = [at for at, opens in enumerate(tokens.opens_line) if opens]
    return Example(tagger.inputs(tokens), cue_tags, starts, cues)


def batches(examples: Sequence[Example], chance: random.Random) -> list[Batch]:
    """Return the pieces of all examples in batches of similar lengths, in random order."""
    pieces = [piece for example in examples for piece in example.pieces(chance)]
    pieces.sort(key=lambda piece: len(piece) + 30 * chance.random())
    grouped: list[list[Example]] = [[]]
    for piece in pieces:
        grouped[-1].append(piece)
        if len(grouped[-1]) * len(piece) > BATCH_TOKENS:
            grouped.append([])
    result = [_batch(group) for group in grouped if any(piece.cues for piece in group)]
    chance.shuffle(result)
    return result


def _batch(pieces: Sequence[Example]) -> Batch:
    longest = max(map(len, pieces))

    def padded(rows: Sequence[Ints], value: int = 0) -> torch.Tensor:
        return torch.tensor(np.stack([np.pad(row, (0, longest - len(row)), constant_values=value) for row in rows]))

    inputs = [(each.inputs.words, each.inputs.suffixes, each.inputs.shapes, each.inputs.sentences) for each in pieces]
    cues = [(piece, *cue) for piece, example in enumerate(pieces) for cue in example.cues]
    firsts = torch.tensor([first for _, first, _, _ in cues])
    lengths = torch.tensor([len(pieces[piece]) for piece, *_ in cues])
    around = firsts[:, None] + torch.arange(-TOKENS_BEFORE, TOKENS_AFTER)
    inside = (around >= 0) & (around < lengths[:, None])
    around = around.clamp(min=0).minimum(lengths[:, None] - 1)
    roles = padded([roles for _, _, _, roles in cues]).gather(1, around)
    return Batch(
        inputs=tuple(padded(part) for part in zip(*inputs, strict=True)),
        mask=padded([np.ones(len(each), dtype=np.int64) for each in pieces]).float(),
        cue_tags=padded([each.cue_tags for each in pieces], IGNORED),
        piece=torch.tensor([piece for piece, *_ in cues]),
        firsts=firsts,
        lasts=torch.tensor([last for _, _, last, _ in cues]),
        around=around,
        inside=inside,
        roles=roles.masked_fill(~inside, IGNORED),
    )


def _tokens_in(tokens: Tokens, spans: Sequence[Span]) -> list[int]:
    """Return the tokens that share a character with one of the spans."""
    found: set[int] = set()
    for span in spans:
        at = bisect.bisect_right(tokens.ends, span.start)
        while at < len(tokens) and tokens.starts[at] < span.end:
            found.add(at)
            at += 1
    return sorted(found)
