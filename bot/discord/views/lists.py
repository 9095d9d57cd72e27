"""Pagination of long lists."""

from collections.abc import Sequence

# Characters of a page; with a title and a foot it fits a plain message (2,000).
_ROOM = 1400


def paginate(lines: Sequence[str], room: int = _ROOM, most: int = 10) -> list[list[str]]:
    """Split lines or blocks into pages of at most `room` characters and `most` lines; returns at least one page.

    A line longer than `room` gets a page of its own; the caller must make sure that it fits a message.
    """
    pages: list[list[str]] = [[]]
    left = room
    for line in lines:
        if pages[-1] and (len(line) > left or len(pages[-1]) >= most):
            pages.append([])
            left = room
        pages[-1].append(line)
        # Blocks are joined by an empty line.
        left -= len(line) + 2
    return pages
