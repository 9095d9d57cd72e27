"""Which parts of a cleaned body are headings, prose that may be quoted, and asides that never may."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.boilerplate import biography_start, is_biography, is_boilerplate, is_table_row

Kind = Literal["heading", "prose", "aside"]

_MARK = r"(?:#{1,6}\s+|\*\*|__)?"
_FAQ = re.compile(
    _MARK + r"(?:faqs?|frequently[- ]asked questions|common questions|questions (?:and|&) answers|q ?& ?a)"
    r"\b[^.!?]{0,60}$",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    _MARK + r"(?:references?|bibliography|works cited|further reading|external links|citations|footnotes|endnotes)"
    r"(?: (?:and|&) (?:sources|notes|links|further reading|references))?\s*:?(?:\*\*|__)?\s*:?",
    re.IGNORECASE,
)
# Headings that as often stand over a few links in the middle of an article: prose after them is prose again.
_LINKS = re.compile(
    _MARK + r"(?:(?:our )?(?:fact[- ]check )?sources?|notes|see also"
    r"|related(?: (?:articles|stories|links|reading))?"
    r"|more on this(?: story)?|recommended(?: reading)?)\s*:?(?:\*\*|__)?\s*:?",
    re.IGNORECASE,
)
_AUTHOR = re.compile(_MARK + r"about the (?:authors?|writers?|contributors?)\s*:?(?:\*\*|__)?\s*:?", re.IGNORECASE)
_ABOUT_AUTHOR = re.compile(_MARK + r"about the (?:authors?|writers?|contributors?)\s*:\s*\S", re.IGNORECASE)
_TAKEAWAYS = re.compile(
    _MARK + r"(?:bottom line|(?:the )?key (?:takeaways?|points?|learning points?)|synopsis|summary|tl;?dr)"
    r"\s*:?(?:\*\*|__)?\s*:?",
    re.IGNORECASE,
)
_HASH_HEADING = re.compile(r"#{1,6}\s+\S")
_BOLD_LINE = re.compile(r"(?:\*\*[^*]+\*\*|__[^_]+__):?")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_QUESTION_LINE = re.compile(r"(?:\*\*|__)?Q(?:uestion)? ?\d{1,3} ?[:.)]|(?:\*\*|__)?A(?:nswer)? ?\d{1,3} ?:")
# Ten to December in Markdown is a list item; in German it is a date.
_BULLET = re.compile(
    r"(?:[-*+•‣◦▪●►·–—]|--|\(?[a-z]\)|"
    r"\d{1,3}[.)](?!\s+(?:Jan|Feb|M[aä]r|Apr|Ma[iy]|Ju[nl]|Aug|Sep|O[ck]t|Nov|De[cz])))\s+"
)
_URL = re.compile(r"https?://|www\.")
_SAYING = re.compile(
    r"\b(?:said|says|added|adds|wrote|writes|replied|tweeted|continued|asked|told\b.*|reads?|reports?|concluded|stated"
    r"|warned):$"
)
_CLOSERS = "\"'”’»)]*_ "
_ENDS = ".!?…。！？؟।:;,"
_DANGLING = frozenset({
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "had", "has", "have", "in", "into", "is", "its",
    "of", "on", "or", "said", "that", "the", "their", "to", "was", "were", "who", "will", "with",
})  # fmt: skip
_LONG = 250


@dataclass(frozen=True, slots=True)
class Block:
    """Half-open character offsets `[start, end)` of one heading, paragraph or aside in a cleaned body."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    """One line that is not blank; `apart` tells whether a blank line stands before it."""

    start: int
    text: str
    apart: bool

    @property
    def end(self) -> int:
        """One past its last character in the body."""
        return self.start + len(self.text)


def outline(body: str) -> list[Block]:
    """Return the blocks of `body` in order, trimmed, without overlaps: a line or wrapped paragraph each.

    Only white space and the marks of list items stand between blocks. Takes time linear in the length.
    """
    lines = list(_lines(body))
    kinds = [_kind_alone(line.text) for line in lines]
    _mark_headings(lines, kinds)
    _mark_sections(lines, kinds)
    _mark_link_runs(lines, kinds)
    last = _mark_biographies(lines, kinds)
    return _blocks(lines, kinds, last)


def _lines(body: str) -> Iterator[_Line]:
    at, apart = 0, False
    for raw in body.split("\n"):
        text = raw.strip()
        if text:
            yield _Line(at + len(raw) - len(raw.lstrip()), text, apart)
        apart = not text
        at += len(raw) + 1


def _kind_alone(text: str) -> Kind:
    """Judge a line without its neighbours."""
    if len(text) <= 2 * _LONG and _is_marked_heading(text):
        return "heading"
    if is_table_row(text) or _QUESTION_LINE.match(text) or _ABOUT_AUTHOR.match(text) or is_boilerplate(text):
        return "aside"
    return "heading" if _is_loud(text) or _is_label(text) else "prose"


def _is_marked_heading(text: str) -> bool:
    if _HASH_HEADING.match(text):
        return True
    if _BOLD_LINE.fullmatch(text):
        return not (text.rstrip(_CLOSERS).endswith((".", "!")) and len(text.split()) > 5)
    return any(pattern.fullmatch(text) for pattern in (_FAQ, _REFERENCES, _LINKS, _AUTHOR, _TAKEAWAYS))


def _is_loud(text: str) -> bool:
    """Tell a line in capitals; old wire stories have sentences in them, which end as sentences do."""
    return len(text) <= 150 and text.isupper() and not (text.endswith(".") and len(text.split()) > 3)


def _is_label(text: str) -> bool:
    """Tell a short line that announces what follows, unless it tells who says it."""
    return text.endswith(":") and len(text.split()) <= 6 and len(text) <= 60 and not _SAYING.search(text)


def _mark_headings(lines: list[_Line], kinds: list[Kind]) -> None:
    """Mark headings that only their place shows: a short open line over a longer paragraph."""
    for i in range(len(lines) - 2, -1, -1):
        line, below = lines[i], lines[i + 1]
        if kinds[i] != "prose" or len(line.text) > 120:
            continue
        underlined = not below.apart and _UNDERLINE.fullmatch(below.text) and not _is_finished(line.text)
        over = _is_titlelike(line.text) and not _continues(lines, kinds, i)
        if underlined or (over and _stands_over(line, below, kinds[i + 1])):
            kinds[i] = "heading"


def _is_titlelike(text: str) -> bool:
    words = text.split()
    core = _BULLET.sub("", text, count=1) if text[0].isdigit() else text
    first = core.lstrip("\"'“‘«¿¡(")[:1]
    return (
        len(words) <= 12
        and len(text) <= 100
        and (first.isalnum() and not first.islower())
        and not _is_finished(text)
        and not (_BULLET.match(text) and not text[0].isdigit())
        and words[-1].lower() not in _DANGLING
    )


def _is_finished(text: str) -> bool:
    """Tell whether a line ends as a sentence or clause does."""
    return text.rstrip(_CLOSERS)[-1:] in _ENDS


def _continues(lines: list[_Line], kinds: list[Kind], i: int) -> bool:
    """Tell whether line `i` goes on with the sentence of a wrapped line above it."""
    above = lines[i - 1]
    return i > 0 and not lines[i].apart and _is_wrapped(above.text) and kinds[i - 1] == "prose"


def _is_wrapped(text: str) -> bool:
    """Tell a line that an editor broke at the margin: about as long as margins are, and not finished."""
    return 45 <= len(text) <= 140 and not _is_finished(text)


def _stands_over(line: _Line, below: _Line, kind_below: Kind) -> bool:
    if kind_below == "heading":
        return below.apart or len(line.text) < 45
    if kind_below == "aside" or _BULLET.match(below.text):
        return kind_below == "prose" and len(line.text.split()) <= 8
    if not below.apart and (below.text[0].islower() or len(below.text) < 1.5 * len(line.text)):
        return False
    return len(below.text) > max(60, len(line.text))


def _mark_sections(lines: list[_Line], kinds: list[Kind]) -> None:
    """Make asides of all that stands under the headings of questions, references and authors."""
    section = None
    for i, line in enumerate(lines):
        opened = _section_of(line.text) if kinds[i] == "heading" else None
        if opened:
            section = opened
        elif section and section.ends(lines, kinds, i):
            section = None
        elif section:
            kinds[i] = "aside"


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the body to leave out; `ends` tells whether line `i` is the first after it."""

    heading: re.Pattern[str]
    ends: Callable[[list[_Line], list[Kind], int], bool]


def _questions_end(lines: list[_Line], kinds: list[Kind], i: int) -> bool:
    """End at a heading that neither asks nor, being unmarked, answers the question above it."""
    text = lines[i].text
    if kinds[i] != "heading" or text.rstrip(_CLOSERS + ":").endswith("?"):
        return False
    return bool(_is_marked_heading(text)) or not lines[i - 1].text.rstrip(_CLOSERS).endswith("?")


def _references_end(lines: list[_Line], kinds: list[Kind], i: int) -> bool:
    """End at a heading over prose: references, too, can look like headings over one another."""
    if kinds[i] != "heading":
        return False
    return _is_marked_heading(lines[i].text) or (i + 1 < len(lines) and _is_paragraph(lines[i + 1].text))


def _links_end(lines: list[_Line], kinds: list[Kind], i: int) -> bool:
    return kinds[i] == "heading" or _is_paragraph(lines[i].text)


def _is_paragraph(text: str) -> bool:
    """Tell prose of some length from an entry in a list of references."""
    return len(text) >= 100 and _is_finished(text) and not _URL.search(text[:2000]) and not _BULLET.match(text)


_SECTIONS = (
    _Section(_FAQ, _questions_end),
    _Section(_REFERENCES, _references_end),
    _Section(_LINKS, _links_end),
    _Section(_AUTHOR, _references_end),
)


def _section_of(text: str) -> _Section | None:
    short = text if len(text) <= _LONG else ""
    return next((section for section in _SECTIONS if section.heading.fullmatch(short)), None)


def _mark_link_runs(lines: list[_Line], kinds: list[Kind]) -> None:
    """Make asides of three or more list items in a row that each hold an address."""
    run: list[int] = []
    for i, line in enumerate(lines):
        if len(line.text) <= 2 * _LONG and _BULLET.match(line.text) and _URL.search(line.text):
            run.append(i)
            continue
        _set_aside(kinds, run)
        run = []
    _set_aside(kinds, run)


def _set_aside(kinds: list[Kind], run: list[int]) -> None:
    if len(run) >= 3:
        for i in run:
            kinds[i] = "aside"


def _mark_biographies(lines: list[_Line], kinds: list[Kind]) -> int:
    """Make asides of closing paragraphs about the author; return the last line that is still prose, or -1."""
    for i in range(len(lines) - 1, -1, -1):
        if kinds[i] == "prose":
            if i == 0 or not is_biography(lines[i].text):
                return i
            kinds[i] = "aside"
    return -1


def _blocks(lines: list[_Line], kinds: list[Kind], last: int) -> list[Block]:
    blocks: list[Block] = []
    for i, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        mark = _BULLET.match(line.text) if kind == "prose" else None
        start = line.start + (mark.end() if mark else 0)
        if blocks and kind == "prose" and not mark and _continues(lines, kinds, i):
            start = blocks.pop().start
        cut = biography_start(line.text) if i == last else len(line.text)
        end = line.start + len(line.text[:cut].rstrip())
        # Of an item whose mark stands right before such words nothing else is left.
        if end > start:
            blocks.append(Block(kind, start, end))
        if cut < len(line.text):
            blocks.append(Block("aside", line.start + cut, line.end))
    return blocks
