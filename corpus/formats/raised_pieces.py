"""Joins pieces of text of which some are raised or lowered."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

from corpus.formats.raised_text import CONTEXT, lowered_text, raised_text

Height = Literal["", "sup", "sub"]
# Longer raised text is no mark or exponent but words.
_MAX_RAISED = 40


def join_pieces(pieces: Iterable[tuple[str, Height]]) -> str:
    """Return one text, with exponents apart and footnote marks left out; equal neighbours are one piece."""
    merged: Sequence[tuple[str, Height]] = [
        ("".join(text for text, _ in group), height) for height, group in groupby(pieces, key=lambda piece: piece[1])
    ]
    texts: list[str] = []
    before = ""
    for i, (piece, height) in enumerate(merged):
        text = piece
        if height and piece.strip() and len(piece) <= _MAX_RAISED:
            after = merged[i + 1][0][:CONTEXT] if i + 1 < len(merged) else ""
            text = raised_text(before, piece, after) if height == "sup" else lowered_text(before, piece)
        texts.append(text)
        before = (before + text[-CONTEXT:])[-CONTEXT:]
    return "".join(texts)
