"""The lines at the head and the tail of an article, and an article without some of them."""

import hashlib
from collections.abc import Callable

from corpus.normalize import clean_body

# Lines at either end among which a footer is looked for; longer ones come to light as their outer lines are dropped.
HEAD = 2
TAIL = 5
# The share of an article's words that may be dropped; where more would go, none of it does.
MOST_DROPPED = 0.25
_SENTENCE_ENDS = (".", "!", "?", ":", "”", '"', "…", ")")


def block_hash(line: str) -> int:
    """The first eight bytes of a line's SHA-256 as a signed number, never 0."""
    return int.from_bytes(hashlib.sha256(line.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True) or 1


def edge_lines(body: str) -> list[str]:
    """The lines at both ends that are paragraphs of their own, each once."""
    lines = body.split("\n")
    return list(dict.fromkeys(lines[place] for place in _edge_places(lines)))


def between_edges(body: str) -> str:
    """The body without its lines at both ends."""
    filled = [line for line in body.split("\n") if line]
    return "\n".join(filled[HEAD:-TAIL])


def without_edges(body: str, is_dropped: Callable[[str], bool], most: float = MOST_DROPPED) -> str:
    """The body without those lines at its ends, from outside inwards; the body itself where that would be too much.

    Args:
        body: a cleaned body.
        is_dropped: tells the lines to drop.
        most: the share of its words that may go, 0 to 1.
    """
    lines, dropped = body.split("\n"), 0
    while gone := {place for place in _edge_places(lines) if is_dropped(lines[place])}:
        dropped += sum(len(lines[place].split()) for place in gone)
        # Cleaned again, since two blank lines can meet where a line stood.
        lines = clean_body("\n".join(line for place, line in enumerate(lines) if place not in gone)).split("\n")
    if not dropped or dropped > most * len(body.split()):
        return body
    return "\n".join(lines)


def _edge_places(lines: list[str]) -> list[int]:
    filled = [place for place, line in enumerate(lines) if line]
    return [place for place in dict.fromkeys((*filled[:HEAD], *filled[-TAIL:])) if _stands_apart(lines, place)]


def _stands_apart(lines: list[str], place: int) -> bool:
    """Whether a line is no part of a paragraph that was wrapped at the margin."""
    above = lines[place - 1] if place else ""
    below = lines[place + 1] if place + 1 < len(lines) else ""
    return (not above or above.endswith(_SENTENCE_ENDS)) and (not below or lines[place].endswith(_SENTENCE_ENDS))
