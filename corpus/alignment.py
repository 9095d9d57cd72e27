"""Aligns two sequences of words or sentences: which runs stayed, and which gave way to which."""

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel


class Run(NamedTuple):
    """Items `before_start` to `before_end` of one sequence, and what stands for them in the other; ends exclusive."""

    is_equal: bool
    before_start: int
    before_end: int
    after_start: int
    after_end: int


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> Iterator[Run]:
    """Yield the runs of a longest common subsequence, and the differing runs between them, in order.

    The time grows with the product of both lengths and does not depend on what repeats in them: difflib needs its cube
    for "a a a a" against "a b a b".
    """
    opened: Run | None = None
    for code in Indel.opcodes(before, after):
        run = Run(code.tag == "equal", code.src_start, code.src_end, code.dest_start, code.dest_end)
        if opened is not None and not opened.is_equal and not run.is_equal:
            # Something that went and something that came in one place.
            opened = opened._replace(before_end=run.before_end, after_end=run.after_end)
            continue
        if opened is not None:
            yield opened
        opened = run
    if opened is not None:
        yield opened
