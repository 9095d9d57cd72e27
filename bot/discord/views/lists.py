"""Long lists cut into pages that every message can hold."""

from collections.abc import Sequence

# Characters of a page's lines: with a title and a foot they stay under the 2,000 of a message in plain text.
ROOM = 1400


def in_pages(lines: Sequence[str], room: int = ROOM, most: int = 10) -> list[list[str]]:
    """Lines or blocks in pages of at most so many characters and lines; at least one page, which may be empty.

    A line that is longer than the room fills a page of its own: whoever calls sees to it that it fits a message.
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
