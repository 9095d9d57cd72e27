"""Makes paragraphs of the lines of printed pages: no running heads, no page numbers, no words broken at line ends."""

import re
from collections import Counter
from collections.abc import Sequence

# Running heads and feet stand within these first and last lines of a page.
_EDGE_LINES = 3
# On this share of the pages, and on three of them at least, the same line is no part of the text.
_SHARE = 0.4
_LEAST_PAGES = 3
_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*[-–—|]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–—|]?(?:\s*(?:of|von|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_ENDS = (".", "!", "?", ":", ";", "”", '"', "…", ")", "]")
_BROKEN = re.compile(r"([^\W\d_]{2,})[-\u00ad\u2010]$")
_LONGEST_WORD = 60
_FIRST = re.compile(r"[^\W\d_]+")
_BULLET = re.compile(r"[•▪◦‣–—*-]\s|\(?\d{1,2}[.)]\s")


def reflow(pages: Sequence[str]) -> str:
    """Return the text of pages, each given as its lines, as paragraphs with a blank line between."""
    split = [[line.strip() for line in page.split("\n")] for page in pages]
    kept = _without_edges([[line for line in lines if line] if _is_dense(lines) else lines for lines in split])
    text = "\n".join(pages)
    # "state-" at a line's end is "state-owned" where the text has that elsewhere.
    hyphenated = {word.lower() for word in re.findall(r"\b[^\W\d_]{1,40}-[^\W\d_]{1,40}", text)}
    lines = [line for page in kept for line in page]
    full = _full_length([line for line in lines if line])
    # Each paragraph in pieces, joined once at the end: one of a million lines must not be copied a million times.
    paragraphs: list[list[str]] = []
    is_open = False
    for line in (line for page in kept for line in page):
        if not line:
            # A blank line within a page ends a paragraph, unless the sentence plainly goes on.
            is_open = is_open and not paragraphs[-1][-1].endswith(_ENDS)
            continue
        if is_open and _goes_on(paragraphs[-1], line):
            _append(paragraphs[-1], line, hyphenated)
        else:
            paragraphs.append([line])
        is_heading = len(paragraphs[-1]) == 1 and len(line) < 0.5 * full and not line.endswith(("-", ","))
        is_open = not is_heading and (len(line) >= 0.7 * full or not line.endswith(_ENDS))
    return "\n\n".join("".join(pieces) for pieces in paragraphs)


def _is_dense(lines: Sequence[str]) -> bool:
    """Tell whether blank lines stand between all lines, so that they mean nothing."""
    filled = sum(1 for line in lines if line)
    return len(lines) - filled >= filled - 1


def _goes_on(pieces: Sequence[str], line: str) -> bool:
    if _BULLET.match(line):
        return False
    return not pieces[-1].endswith(_ENDS) or line[0].islower() or len(pieces) > 1 or len(pieces[0]) > 40


def _append(pieces: list[str], line: str, hyphenated: set[str]) -> None:
    """Add a line to a paragraph; a word that was broken before it is mended."""
    broken = _BROKEN.search(pieces[-1][-_LONGEST_WORD:])
    rest = _FIRST.match(line)
    if broken is None or rest is None or not line[0].islower():
        pieces.append(f" {line}")
        return
    if f"{broken[1]}-{rest[0]}".lower() not in hyphenated:
        pieces[-1] = pieces[-1][:-1]
    pieces.append(line)


def _full_length(lines: Sequence[str]) -> int:
    """The length of a full line: that of the longer ones."""
    lengths = sorted(map(len, lines))
    return lengths[int(len(lengths) * 0.8)] if lengths else 0


def _without_edges(pages: list[list[str]]) -> list[list[str]]:
    """Drop lines at the edges of pages that come back on many, numbers aside, and page numbers."""
    filled = [[line for line in page if line] for page in pages]
    seen = Counter(key for page in filled for key in {_key(line) for line in _edges(page)})
    least = max(_LEAST_PAGES, _SHARE * len(pages))
    running = {key for key, count in seen.items() if count >= least}
    return [_cut(page, running, numbered=len(pages) > 1) for page in pages]


def _cut(page: list[str], running: set[str], *, numbered: bool) -> list[str]:
    page = list(page)
    for step in (1, -1):
        for _ in range(_EDGE_LINES):
            at = next((i for i in (range(len(page)) if step == 1 else range(len(page) - 1, -1, -1)) if page[i]), None)
            if at is None or not (_key(page[at]) in running or (numbered and _is_number(page[at]))):
                break
            del page[at]
    return page


def _is_number(line: str) -> bool:
    return len(line) <= _LONGEST_WORD and _NUMBER.fullmatch(line) is not None


def _edges(page: list[str]) -> list[str]:
    return [*page[:_EDGE_LINES], *page[-_EDGE_LINES:]]


def _key(line: str) -> str:
    return _DIGITS.sub("#", line.lower())
