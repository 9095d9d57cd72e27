"""Parses plain text whose first and last lines may state title, author, publisher and date."""

import re

from corpus.article import Draft
from corpus.charset import decode
from corpus.dates import parse_published
from corpus.formats.fields import checked_date, checked_url
from corpus.formats.press_database import database_article
from corpus.formats.single_file import check_lines

_HEAD_LINES = 10
_TAIL_LINES = 5
# Metadata lines are short, unlike a paragraph that happens to begin with "Source:".
_MAX_LINE = 200
_MAX_VALUE = 80

_LABELS = {
    "title": "title", "headline": "title",
    "by": "author", "author": "author", "byline": "author",
    "published": "date", "published on": "date", "published at": "date", "date": "date", "posted": "date",
    "posted on": "date", "publication date": "date",
    "updated": "updated", "last updated": "updated", "updated on": "updated",
    "source": "publisher", "publisher": "publisher", "publication": "publisher",
    "url": "url", "link": "url",
    "language": "language", "lang": "language",
}  # fmt: skip
_LABELLED = re.compile(r"([A-Za-z][A-Za-z ]{1,20}?)\s*:\s*(\S.*)")
_NAME = r"[^\W\d_a-z][\w.'’-]*"
_BYLINE = re.compile(rf"(?:By|BY) ({_NAME}(?:(?:,? and |, | ){_NAME}){{1,7}})")
_STAMP = re.compile(
    r"(?:(?P<updated>(?:last )?(?:updated|modified))|first published|published|posted) (?:on |at )?(?P<date>.*)",
    re.IGNORECASE,
)
_LINK = re.compile(r"<?(https?://\S+?)>?")
_DATELINE = re.compile(r"[A-Z][\w .,'/-]{1,60}\((Reuters|AP|AFP|UPI|Xinhua|TASS|dpa|Bloomberg|CNN)\)\s*[-–—]")
_AGENCIES = {"AP": "Associated Press"}


def parse_plain(raw: bytes) -> Draft:
    """Return the draft of one text file; move metadata lines from the body into fields.

    Raises:
        UnreadableSource: binary data, or too many lines.
    """
    warnings: list[str] = []
    text = decode(raw, warnings).replace("\r\n", "\n").replace("\r", "\n")
    check_lines(text, "text")
    if (found := database_article(text)) is not None and found.body:
        return Draft(
            body=found.body,
            title=found.title,
            publisher=found.publisher,
            author=found.author or None,
            published_at=checked_date(found.date or None, warnings),
            warnings=tuple(warnings),
        )
    lines = text.split("\n")
    filled = [i for i, line in enumerate(lines) if line.strip()]
    stated: dict[str, str] = {}
    for i in dict.fromkeys(filled[:_HEAD_LINES] + filled[-_TAIL_LINES:]):
        statement = _metadata(lines[i].strip())
        if statement and statement[0] not in stated:
            stated[statement[0]] = statement[1]
            lines[i] = ""
    return _draft(lines, stated, warnings)


def _metadata(line: str) -> tuple[str, str] | None:
    """Return the field and value of a metadata line; None for a line of the article."""
    if len(line) > _MAX_LINE:
        return None
    if match := _LINK.fullmatch(line):
        return "url", match[1]
    if match := _BYLINE.fullmatch(line):
        return "author", match[1]
    if (match := _LABELLED.fullmatch(line)) and (field := _LABELS.get(match[1].lower())):
        return (field, match[2].strip()) if _is_value(field, match[2]) else None
    return _date(line)


def _date(line: str) -> tuple[str, str] | None:
    """Return field and value of a line that is only a date, perhaps after "published" or "updated"."""
    if (match := _STAMP.fullmatch(line)) and parse_published(match["date"]):
        return "updated" if match["updated"] else "date", match["date"]
    if len(line.split()) <= 6 and line.count(".") <= 2 and parse_published(line):
        return "date", line
    return None


def _is_value(field: str, value: str) -> bool:
    """Tell a metadata value from a sentence that happens to follow the same word."""
    if field == "title":
        return True
    return len(value) <= _MAX_VALUE and not (field in {"author", "publisher"} and value.endswith((".", "?", "!")))


def _draft(lines: list[str], found: dict[str, str], warnings: list[str]) -> Draft:
    body = "\n".join(lines)
    return Draft(
        body=body,
        title=found.get("title") or _headline(lines),
        url=checked_url(found.get("url"), warnings),
        publisher=found.get("publisher") or _agency(body),
        author=found.get("author"),
        published_at=checked_date(found.get("date") or found.get("updated"), warnings),
        language=found.get("language"),
        warnings=tuple(warnings),
    )


def _headline(lines: list[str]) -> str | None:
    """Return the first line if it looks like a headline over longer text; it also stays in the body."""
    filled = [i for i, line in enumerate(lines) if line.strip()][:2]
    if len(filled) < 2:
        return None
    first, second = (lines[i].strip() for i in filled)
    title = first.lstrip("# ")
    if not title or len(title) > 150 or len(title.split()) > 20 or title[0].islower():
        return None
    if title.rstrip("\"'”’)").endswith((".", "!", ":", ";", ",", "—", "–", "-")) or _DATELINE.match(title):
        return None
    # In text wrapped at a margin all lines have one length, so the first one is no headline.
    apart = filled[1] > filled[0] + 1
    return title if len(second) > (max(60, len(first)) if apart else 1.5 * len(first) + 40) else None


def _agency(body: str) -> str | None:
    """Return the news agency named in a dateline among the first lines."""
    for line in body.lstrip().split("\n", 6)[:6]:
        if match := _DATELINE.match(line.strip()):
            return _AGENCIES.get(match[1], match[1])
    return None
