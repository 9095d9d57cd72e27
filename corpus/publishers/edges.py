"""The lines at the head and the tail of an article, where footers are found and removed."""

import hashlib
from collections.abc import Callable

from corpus.normalize import clean_body

# Lines at either end to search for footers; longer footers are found as their outer lines are dropped.
HEAD_LINES = 2
TAIL_LINES = 5
# The share of an article's words that may be dropped; if more would be, none are.
MAX_DROPPED_SHARE = 0.25
_SENTENCE_ENDS = (".", "!", "?", ":", "”", '"', "…", ")")


def line_hash(line: str) -> int:
    """Return the first eight bytes of a line's SHA-256 as a signed number, never 0."""
    return int.from_bytes(hashlib.sha256(line.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True) or 1


def edge_lines(body: str) -> list[str]:
    """Return the distinct lines at both ends that are paragraphs of their own."""
    lines = body.split("\n")
    return list(dict.fromkeys(lines[place] for place in _edge_places(lines)))


def inner_text(body: str) -> str:
    """Return the body without the lines at both ends."""
    filled = [line for line in body.split("\n") if line]
    return "\n".join(filled[HEAD_LINES:-TAIL_LINES])


def drop_edge_lines(body: str, is_dropped: Callable[[str], bool], max_share: float = MAX_DROPPED_SHARE) -> str:
    """Return the body without certain lines at its ends, from the outside in; unchanged if that would be too much.

    Args:
        body: a cleaned body.
        is_dropped: decides for each line whether to drop it.
        max_share: the share of the body's words that may be dropped, 0 to 1.
    """
    lines, dropped = body.split("\n"), 0
    while gone := {place for place in _edge_places(lines) if is_dropped(lines[place])}:
        dropped += sum(len(lines[place].split()) for place in gone)
        # Removing a line can leave two blank lines together.
        lines = clean_body("\n".join(line for place, line in enumerate(lines) if place not in gone)).split("\n")
    if not dropped or dropped > max_share * len(body.split()):
        return body
    return "\n".join(lines)


def _edge_places(lines: list[str]) -> list[int]:
    filled = [place for place, line in enumerate(lines) if line]
    edges = dict.fromkeys((*filled[:HEAD_LINES], *filled[-TAIL_LINES:]))
    return [place for place in edges if _is_paragraph(lines, place)]


def _is_paragraph(lines: list[str], place: int) -> bool:
    """Return whether a line is a paragraph of its own, not part of one wrapped at the margin."""
    above = lines[place - 1] if place else ""
    below = lines[place + 1] if place + 1 < len(lines) else ""
    return (not above or above.endswith(_SENTENCE_ENDS)) and (not below or lines[place].endswith(_SENTENCE_ENDS))
