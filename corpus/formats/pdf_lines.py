"""Joins the runs of text of a PDF's pages into lines: raised marks, words placed apart, large first letters, notes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from corpus.formats.raised_pieces import Height, join_pieces

# Raised and lowered text is smaller than this share of the text beside it, and this long at most.
_SMALL = 0.82
_MAX_RAISED = 12
# Text at one height, as a share of its size.
_LEVEL = 0.12
_RAISED = 0.7
# Widths in sizes of the letters: of most letters, and of the widest gap between words. Longer runs may be columns.
_LETTER_WIDTHS = (0.2, 0.65)
_GAP = 0.9
_MAX_JOINED = 24
_LARGE_LETTER = 1.8
# Notes at the foot of a page have smaller letters than its text.
_NOTE = 0.92
_NOTE_MARK = re.compile(r"\(?(?:\d{1,3}|[*†‡§]{1,3})(?=[\s.)]|[^\W\d_])")


class Line(NamedTuple):
    """A line of text; its height as a share of the page's, and the size of its letters, where they are known."""

    text: str
    height: float | None = None
    size: float | None = None


class _Run(NamedTuple):
    text: str
    left: float
    base: float
    size: float
    height: float | None


def page_lines(runs: Iterable[Sequence[object]]) -> list[Line]:
    """Return the lines of one page, from the runs that `pdf_child` tells."""
    page = _Page()
    for text, run in _pieces(runs):
        if run is not None:
            page.add(run)
        elif text == "\n":
            page.end_line()
        else:
            page.add_unplaced(text)
    return _with_large_letters(page.finish())


class _Page:
    """The lines of a page so far, and the runs of the line that is being read."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._parts: list[_Run] = []
        # What the others of the line are raised above or lowered below: the largest run, the longest of these.
        self._base: _Run | None = None
        self._is_open = self._is_after_blank = False

    def add(self, run: _Run) -> None:
        """Add a run to the line, or begin another one with it if a line break was before it."""
        if not run.text.strip() and not self._is_open:
            return
        if self._base is not None and not self._is_open:
            gap = _gap(self._parts[-1], self._base, run)
            if gap is None:
                self._close()
            elif gap:
                self._parts.append(self._parts[-1]._replace(text=gap))
        self._parts.append(run)
        if self._base is None or (run.size, len(run.text)) > (self._base.size, len(self._base.text)):
            self._base = run
        self._is_open = True

    def add_unplaced(self, text: str) -> None:
        """Add a line whose place is not known."""
        self._close()
        self._lines.append(Line(text.strip()))

    def end_line(self) -> None:
        """Note a line break; the second in a row is a blank line."""
        self._is_after_blank = not self._is_open
        self._is_open = False

    def finish(self) -> list[Line]:
        """Return all lines."""
        self._close()
        return self._lines

    def _close(self) -> None:
        if self._base is not None:
            base = self._base
            text = join_pieces((run.text, _height(run, base)) for run in self._parts)
            self._lines.append(Line(text.strip(), base.height, base.size))
        if self._is_after_blank:
            self._lines.append(Line(""))
        self._parts, self._base = [], None
        self._is_open = self._is_after_blank = False


def split_notes(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[list[Line]]]:
    """Return pages without the notes at their feet, which have smaller letters, and these notes."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size or 0.0] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    notes = [_notes(page, body) if body else [] for page in pages]
    known = {id(line) for page in notes for line in page}
    return [[line for line in page if id(line) not in known] for page in pages], notes


def _notes(page: Sequence[Line], body: float) -> list[Line]:
    floor = min((line.height for line in page if line.height and (line.size or 0.0) > _NOTE * body), default=0.0)
    small = [line for line in page if line.height and line.height < floor and line.text]
    first = next((i for i, line in enumerate(small) if _NOTE_MARK.match(line.text)), len(small))
    return small[first:]


def _pieces(runs: Iterable[Sequence[object]]) -> Iterator[tuple[str, _Run | None]]:
    """Yield each run without line breaks, and each line break."""
    for text, left, base, size, height in runs:
        place = [each for each in (left, base, size) if isinstance(each, float | int)]
        for i, part in enumerate(
            re.split(r"(\n)", str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        ):
            if part == "\n" or (part and (len(place) < 3 or i)):
                yield part, None
            elif part:
                yield part, _Run(part, place[0], place[1], place[2], height if isinstance(height, float) else None)


def _gap(last: _Run, base: _Run, run: _Run) -> str | None:
    """Return what stands between a line and a run behind a line break: "", a space, or None for another line."""
    size = max(base.size, run.size)
    if run.left <= last.left or len(last.text) > _MAX_JOINED < len(run.text):
        return None
    distance = abs(run.base - base.base)
    is_beside_small = _is_small(run, base) or _is_small(last, run)
    if distance > (_RAISED if _is_small(run, base) else _LEVEL) * size:
        return None
    least, most = (last.left + width * last.size * len(last.text) for width in _LETTER_WIDTHS)
    if not least <= run.left <= most + _GAP * size:
        return None
    return "" if is_beside_small or last.text[-1:].isspace() or run.text[:1].isspace() else " "


def _is_small(run: _Run, base: _Run) -> bool:
    return run.size <= _SMALL * base.size and len(run.text.strip()) <= _MAX_RAISED


def _height(run: _Run, base: _Run) -> Height:
    if not _is_small(run, base) or abs(run.base - base.base) <= _LEVEL * base.size:
        return ""
    return "sup" if run.base > base.base else "sub"


def _with_large_letters(lines: Sequence[Line]) -> list[Line]:
    """Join a large first letter that goes over several lines with the rest of its word."""
    joined: list[Line] = []
    for line in lines:
        letter = joined[-1] if joined else None
        is_large = letter is not None and len(letter.text) == 1 and letter.text.isupper()
        if letter and is_large and line.size and (letter.size or 0.0) >= _LARGE_LETTER * line.size:
            # "A" and "I" may be words.
            is_word = letter.text in "AI" and not line.text[:1].islower()
            joined[-1] = line._replace(text=f"{letter.text}{' ' if is_word else ''}{line.text}")
        else:
            joined.append(line)
    return joined
