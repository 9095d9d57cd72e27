"""Splits a cleaned body into headings, prose that may be quoted, and asides that may not."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from corpus.boilerplate import biography_start, is_biography, is_boilerplate, is_table_row
from corpus.line_ends import CLOSERS, STOPS, is_finished
from corpus.source_lists import source_lines
from corpus.word_count import count_letters, count_words

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
# These headings often precede a few links in the middle of an article, so prose after the links is prose again.
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
_NAMED_HEADING = re.compile(
    "|".join(each.pattern for each in (_FAQ, _REFERENCES, _LINKS, _AUTHOR, _TAKEAWAYS)), re.IGNORECASE
)
_HASH_HEADING = re.compile(r"#{1,6}\s+\S")
_BOLD_LINE = re.compile(r"(?:\*\*[^*]+\*\*|__[^_]+__):?")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_QUESTION_LINE = re.compile(r"(?:\*\*|__)?Q(?:uestion)? ?\d{1,3} ?[:.)]|(?:\*\*|__)?A(?:nswer)? ?\d{1,3} ?:")
# "10. Dezember" is a list item in Markdown, but a date in German.
_BULLET = re.compile(
    r"(?:[-*+•‣◦▪●►·–—]|--|\(?[a-z]\)|"
    r"\d{1,3}[.)](?!\s+(?:Jan|Feb|M[aä]r|Apr|Ma[iy]|Ju[nl]|Aug|Sep|O[ck]t|Nov|De[cz])))\s+"
)
_URL = re.compile(r"https?://|www\.")
_SAYING = re.compile(
    r"\b(?:said|says|added|adds|wrote|writes|replied|tweeted|continued|asked|told\b.*|reads?|reports?|concluded|stated"
    r"|warned):$"
)
# A quotation with who said it behind a dash; where the sentence goes on behind it, it begins a headline.
_SIGNED_QUOTATION = re.compile(r"[“\"„«‘「『].*[”\"“»’」』]\s*[—–-]{1,2}\s*(?P<signer>\S)")
# Letters of scripts without capitals: a Chinese or Arabic line that names NATO is not in capitals.
_UNCASED = re.compile("[^\\W\\d_\u0000-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1c80-\u1fff\u2c00-\u2dff]")
_DANGLING = frozenset({
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "had", "has", "have", "in", "into", "is", "its",
    "of", "on", "or", "said", "that", "the", "their", "to", "was", "were", "who", "will", "with",
})  # fmt: skip
_LONG = 250
# The length of a wrapped line as a part of the next one's: a long word or address may not have fitted.
_MIN_WRAPPED = 0.6


@dataclass(frozen=True, slots=True)
class Block:
    """Half-open character offsets `[start, end)` of one heading, paragraph or aside in a cleaned body."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    """One line that is not blank; `apart` is True if a blank line precedes it."""

    start: int
    text: str
    apart: bool

    @property
    def end(self) -> int:
        """Return the offset one past its last character in the body."""
        return self.start + len(self.text)


def outline(body: str) -> list[Block]:
    """Return the blocks of `body` in order, trimmed and without overlaps: a line or wrapped paragraph each.

    Only white space and bullets lie between blocks. Takes linear time.
    """
    lines = list(_lines(body))
    kinds = [_kind_alone(line.text) for line in lines]
    _mark_headings(lines, kinds)
    _mark_sections(lines, kinds)
    _mark_link_lists(lines, kinds)
    for i in source_lines([line.text for line in lines], [line.apart for line in lines]):
        kinds[i] = "aside"
    last_prose = _mark_biographies(lines, kinds)
    return _blocks(lines, kinds, last_prose)


def _lines(body: str) -> Iterator[_Line]:
    at, apart = 0, False
    for raw in body.split("\n"):
        text = raw.strip()
        if text:
            yield _Line(at + len(raw) - len(raw.lstrip()), text, apart)
        apart = not text
        at += len(raw) + 1


def _kind_alone(text: str) -> Kind:
    """Classify a line without its neighbours."""
    if len(text) <= 2 * _LONG and _is_marked_heading(text):
        return "heading"
    if is_table_row(text) or _QUESTION_LINE.match(text) or _ABOUT_AUTHOR.match(text) or is_boilerplate(text):
        return "aside"
    return "heading" if _is_uppercase_heading(text) or _is_label(text) else "prose"


def _is_marked_heading(text: str) -> bool:
    if _HASH_HEADING.match(text):
        return True
    if _BOLD_LINE.fullmatch(text):
        return not (text.rstrip(CLOSERS).endswith(tuple(STOPS)) and count_words(text) > 5)
    return _NAMED_HEADING.fullmatch(text) is not None


def _is_uppercase_heading(text: str) -> bool:
    """Recognize a line in capitals, except the sentences of old wire stories, which end with a full stop."""
    return (
        len(text) <= 150
        and text.isupper()
        and not _UNCASED.search(text)
        and not (text.endswith(".") and len(text.split()) > 3)
    )


def _is_label(text: str) -> bool:
    """Recognize a short line that announces what follows, unless it introduces a quotation."""
    return text.endswith(":") and count_words(text) <= 6 and len(text) <= 60 and not _SAYING.search(text)


def _mark_headings(lines: list[_Line], kinds: list[Kind]) -> None:
    """Mark headings recognizable by their position: a short unfinished line before a longer paragraph."""
    for i in range(len(lines) - 2, -1, -1):
        line, below = lines[i], lines[i + 1]
        if kinds[i] != "prose" or len(line.text) > 120:
            continue
        underlined = not below.apart and _UNDERLINE.fullmatch(below.text) and not is_finished(line.text)
        is_title = _is_titlelike(line.text) and not _continues(lines, kinds, i)
        if underlined or (is_title and _can_head(line, below, kinds[i + 1])):
            kinds[i] = "heading"


def _is_titlelike(text: str) -> bool:
    words = text.split()
    core = _BULLET.sub("", text, count=1) if text[0].isdigit() else text
    first = core.lstrip("\"'“‘«¿¡(")[:1]
    return (
        count_words(text) <= 12
        and count_letters(text) <= 100
        and (first.isalnum() and not first.islower())
        and not is_finished(text)
        and not (_BULLET.match(text) and not text[0].isdigit())
        and not ((signed := _SIGNED_QUOTATION.match(text)) and not signed["signer"].islower())
        and words[-1].lower() not in _DANGLING
    )


def _continues(lines: list[_Line], kinds: list[Kind], i: int) -> bool:
    """Return whether line `i` continues the sentence of a wrapped line above it."""
    above = lines[i - 1]
    if i == 0 or lines[i].apart or kinds[i - 1] != "prose":
        return False
    return 45 <= len(above.text) <= 140 and not is_finished(above.text) and not is_apart(above.text, lines[i].text)


def is_apart(above: str, below: str) -> bool:
    """Return whether a line begins a sentence although the line above is unfinished, such as a headline.

    A line that is wrapped at the margin is about as long as the next one.
    """
    if is_finished(above):
        return False
    if _BULLET.match(below):
        return True
    return not below[:1].islower() and count_letters(above) < _MIN_WRAPPED * count_letters(below)


def _can_head(line: _Line, below: _Line, kind_below: Kind) -> bool:
    """Return whether the line below could follow `line` as its heading."""
    if kind_below == "heading":
        return below.apart or len(line.text) < 45
    if kind_below == "aside" or _BULLET.match(below.text):
        return kind_below == "prose" and count_words(line.text) <= 8
    if not below.apart and (below.text[0].islower() or len(below.text) < 1.5 * len(line.text)):
        return False
    return count_letters(below.text) > max(60, count_letters(line.text))


def _mark_sections(lines: list[_Line], kinds: list[Kind]) -> None:
    """Make asides of everything under headings of questions, references, links and authors."""
    section = None
    for i, line in enumerate(lines):
        started = None
        if kinds[i] == "heading" and len(line.text) <= _LONG:
            started = next((each for each in _SECTIONS if each.heading.fullmatch(line.text)), None)
        if started:
            section = started
        elif section and section.ends(lines, kinds, i):
            section = None
        elif section:
            kinds[i] = "aside"


@dataclass(frozen=True, slots=True)
class _Section:
    """A kind of section to leave out; `ends(lines, kinds, i)` returns whether line `i` is the first after it."""

    heading: re.Pattern[str]
    ends: Callable[[list[_Line], list[Kind], int], bool]


def _questions_end(lines: list[_Line], kinds: list[Kind], i: int) -> bool:
    """End at a heading that is neither a question nor, without heading markup, the answer to the one above."""
    text = lines[i].text
    if kinds[i] != "heading" or text.rstrip(CLOSERS + ":").endswith("?"):
        return False
    return bool(_is_marked_heading(text)) or not lines[i - 1].text.rstrip(CLOSERS).endswith("?")


def _references_end(lines: list[_Line], kinds: list[Kind], i: int) -> bool:
    """End at a heading over prose, because references can look like headings too."""
    if kinds[i] != "heading":
        return False
    return _is_marked_heading(lines[i].text) or (i + 1 < len(lines) and _is_paragraph(lines[i + 1].text))


def _links_end(lines: list[_Line], kinds: list[Kind], i: int) -> bool:
    return kinds[i] == "heading" or _is_paragraph(lines[i].text)


def _is_paragraph(text: str) -> bool:
    """Recognize a paragraph of prose, as opposed to an entry in a list of references."""
    return count_letters(text) >= 100 and is_finished(text) and not _URL.search(text[:2000]) and not _BULLET.match(text)


_SECTIONS = (
    _Section(_FAQ, _questions_end),
    _Section(_REFERENCES, _references_end),
    _Section(_LINKS, _links_end),
    _Section(_AUTHOR, _references_end),
)


def _mark_link_lists(lines: list[_Line], kinds: list[Kind]) -> None:
    """Make asides of three or more list items in a row that each have a url."""

    def is_link_item(text: str) -> bool:
        return len(text) <= 2 * _LONG and bool(_BULLET.match(text) and _URL.search(text))

    for is_link, group in groupby(range(len(lines)), key=lambda i: is_link_item(lines[i].text)):
        run = list(group)
        if is_link and len(run) >= 3:
            for i in run:
                kinds[i] = "aside"


def _mark_biographies(lines: list[_Line], kinds: list[Kind]) -> int:
    """Make asides of closing paragraphs about the author; return the index of the last line of prose, or -1."""
    for i in range(len(lines) - 1, -1, -1):
        if kinds[i] == "prose":
            if i == 0 or not is_biography(lines[i].text):
                return i
            kinds[i] = "aside"
    return -1


def _blocks(lines: list[_Line], kinds: list[Kind], last_prose: int) -> list[Block]:
    blocks: list[Block] = []
    for i, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        mark = _BULLET.match(line.text) if kind == "prose" else None
        start = line.start + (mark.end() if mark else 0)
        if blocks and kind == "prose" and not mark and _continues(lines, kinds, i):
            start = blocks.pop().start
        cut = biography_start(line.text) if i == last_prose else len(line.text)
        end = line.start + len(line.text[:cut].rstrip())
        # Nothing is left of a list item that is a biography as a whole.
        if end > start:
            blocks.append(Block(kind, start, end))
        if cut < len(line.text):
            blocks.append(Block("aside", line.start + cut, line.end))
    return blocks
