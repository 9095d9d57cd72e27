"""Joins the lines of printed pages into paragraphs, without running heads, page numbers and broken words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.broken_words import BrokenWords
from corpus.formats.pdf_lines import Line

# Running heads and feet are within this many lines of a page's top and bottom.
_EDGE_LINES = 3
# A line on this share of the pages, and on at least three, is a running head or foot.
_MIN_SHARE = 0.4
_MIN_PAGES = 3
# Margins, as a share of the page's height. What stands in them at one height on two pages is running, too.
_MARGIN = 0.12
_MIN_PAGES_OF_MARGIN = 2
_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*[-–—|]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–—|]?(?:\s*(?:of|von|/)\s*\d{1,4})?", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_ENDS = (".", "!", "?", ":", ";", "”", '"', "…", ")", "]")
_HYPHENATED = re.compile(r"([^\W\d_]{2,})[-\u00ad\u2010]$")
_MAX_WORD = 60
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_BULLET = re.compile(r"[•▪◦‣–—*-]\s|\(?\d{1,2}[.)]\s")


def reflow(pages: Sequence[Sequence[Line]]) -> str:
    """Return the text of pages as paragraphs separated by blank lines; an empty line is a blank one."""
    split = [[line.text for line in page] for page in _without_margins(pages)]
    kept = _without_edges([[line for line in lines if line] if _is_dense(lines) else lines for lines in split])
    if not any(map(any, kept)):
        # Forms of one and the same text.
        kept = [[line.text for line in page] for page in pages]
    broken = BrokenWords((line.text for page in pages for line in page), is_typeset=True)
    lines = [line for page in kept for line in page]
    # The length of a full line: the 80th percentile.
    lengths = sorted(len(line) for line in lines if line)
    full = lengths[int(len(lengths) * 0.8)] if lengths else 0
    # Each paragraph is a list of pieces, joined once at the end to stay linear.
    paragraphs: list[list[str]] = []
    is_open = False
    for line in lines:
        if not line:
            # A blank line ends a paragraph, unless its sentence is unfinished.
            is_open = is_open and not paragraphs[-1][-1].endswith(_ENDS)
            continue
        if is_open and _continues(paragraphs[-1], line):
            _append(paragraphs[-1], line, broken)
        else:
            paragraphs.append([line])
        is_heading = len(paragraphs[-1]) == 1 and len(line) < 0.5 * full and not line.endswith(("-", ","))
        is_open = not is_heading and (len(line) >= 0.7 * full or not line.endswith(_ENDS))
    return "\n\n".join("".join(pieces) for pieces in paragraphs)


def _is_dense(lines: Sequence[str]) -> bool:
    """Return whether there is a blank line after every line, so that blank lines mean nothing."""
    filled = sum(1 for line in lines if line)
    return len(lines) - filled >= filled - 1


def _continues(pieces: Sequence[str], line: str) -> bool:
    if _BULLET.match(line):
        return False
    return not pieces[-1].endswith(_ENDS) or line[0].islower() or len(pieces) > 1 or len(pieces[0]) > 40


def _append(pieces: list[str], line: str, words: BrokenWords) -> None:
    """Add a line to a paragraph, and join a word broken between the two."""
    broken = _HYPHENATED.search(pieces[-1][-_MAX_WORD:])
    rest = _FIRST_WORD.match(line)
    if broken is None or rest is None or not line[0].islower():
        pieces.append(f" {line}")
        return
    # A soft hyphen is always the typesetter's.
    glue = "" if pieces[-1].endswith("\u00ad") else words.glue(pieces[-1][-_MAX_WORD:-1], rest[0])
    pieces[-1] = pieces[-1][:-1] + glue
    pieces.append(line)


def _without_margins(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Drop page numbers in the margins, and lines that stand there at one height on several pages."""
    places = Counter(place for page in pages for place in set(_places(page)))
    min_count = max(_MIN_PAGES_OF_MARGIN, _MIN_SHARE * len(pages))
    running = {place for place, count in places.items() if count >= min_count}

    def is_dropped(line: Line) -> bool:
        is_numbered = len(pages) > 1 and _is_number(line.text)
        return _is_in_margin(line) and (is_numbered or (_key(line.text), _rounded(line)) in running)

    return [[line for line in page if not is_dropped(line)] for page in pages]


def _places(page: Sequence[Line]) -> Iterator[tuple[str, float]]:
    return ((_key(line.text), _rounded(line)) for line in page if line.text and _is_in_margin(line))


def _is_in_margin(line: Line) -> bool:
    return line.height is not None and not _MARGIN < line.height < 1 - _MARGIN


def _rounded(line: Line) -> float:
    return round(line.height or 0.0, 2)


def _without_edges(pages: list[list[str]]) -> list[list[str]]:
    """Drop page numbers, and lines at page edges that recur on many pages (ignoring digits)."""
    filled = [[line for line in page if line] for page in pages]
    seen = Counter(
        key for page in filled for key in {_key(line) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])}
    )
    min_count = max(_MIN_PAGES, _MIN_SHARE * len(pages))
    running = {key for key, count in seen.items() if count >= min_count}
    return [_cut_edges(page, running, numbered=len(pages) > 1) for page in pages]


def _cut_edges(page: list[str], running: set[str], *, numbered: bool) -> list[str]:
    page = list(page)
    for step in (1, -1):
        for _ in range(_EDGE_LINES):
            at = next((i for i in (range(len(page)) if step == 1 else range(len(page) - 1, -1, -1)) if page[i]), None)
            if at is None or not (_key(page[at]) in running or (numbered and _is_number(page[at]))):
                break
            del page[at]
    return page


def _is_number(line: str) -> bool:
    return len(line) <= _MAX_WORD and _NUMBER.fullmatch(line) is not None


def _key(line: str) -> str:
    return _DIGITS.sub("#", line.lower())
