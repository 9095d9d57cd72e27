"""Reads newsletters: single letters (.eml) and mailboxes (.mbox), an article a letter."""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr
from functools import partial
from pathlib import Path

from corpus.article import Draft, Rejection, SourceItem
from corpus.charset import decode
from corpus.errors import UnreadableSource
from corpus.formats.fields import checked_date
from corpus.formats.files import shown
from corpus.formats.html_text import known_charset, markup_text
from corpus.formats.single_file import megabytes, too_large

# A newsletter has two or three parts; forwarded ones nest.
_MOST_PARTS = 100
_MOST_DEPTH = 20
_MOST_HEADER_LINES = 5_000
_LINE = 1 << 16
_FROM = b"From "
# The first line of a letter in a mailbox (RFC 4155): "From jane@example.org Mon Sep  9 08:00:00 2024".
_FROM_LINE = re.compile(rb"From \S{1,300} .{10,60}\d{4}\s*$")
_HEADER = re.compile(rb"^[!-9;-~]{1,76}:", re.MULTILINE)
_HINT = "Save the newsletter as .eml, or as a web page."
# Shorter text beside HTML says "this letter has pictures, read it online".
_SHORTEST = 400


def read_mailbox(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the letters of one mailbox, as a stream."""
    origin = shown(path)
    number = 0
    with path.open("rb") as file:
        for raw in _letters(file.readline, max_bytes):
            number += 1
            if len(raw) > max_bytes:
                yield too_large(f"{origin}:{number}", f"more than {megabytes(max_bytes)}", max_bytes)
            else:
                yield SourceItem(f"{origin}:{number}", raw, partial(parse_letter, raw))
    if not number:
        yield Rejection(origin, "This is no mailbox with letters in it.", _HINT)


def _letters(readline: object, max_bytes: int) -> Iterator[bytes]:
    """Yield each letter, cut off soon after its limit; lines in front of the first one are passed over."""
    assert callable(readline)
    lines: list[bytes] = []
    size = 0
    is_inside = False
    is_start = is_after_blank = True
    while line := readline(_LINE):
        if is_start and is_after_blank and line.startswith(_FROM) and _FROM_LINE.match(line):
            if is_inside:
                yield b"".join(lines)
            lines, size, is_inside = [], 0, True
        elif is_inside and size <= max_bytes:
            # Quoted by the mailbox (mboxrd): ">From" at the start of a line.
            lines.append(line[1:] if is_start and line.startswith(b">From ") else line)
            size += len(line)
        is_after_blank = is_start and not line.strip()
        is_start = line.endswith(b"\n")
    if is_inside:
        yield b"".join(lines)


def parse_letter(raw: bytes) -> Draft:
    """Return the draft of one letter: subject, sender, date, and its text without pictures and attachments.

    Raises:
        UnreadableSource: no letter, or none with text.
    """
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if head.count(b"\n") > _MOST_HEADER_LINES or not _HEADER.match(head.lstrip()):
        raise UnreadableSource("This is no letter: it has no head.", _HINT)
    letter = BytesParser(policy=policy.compat32).parsebytes(raw.lstrip())
    plain, markup = _texts(letter)
    body = plain
    heading = None
    if markup and len(plain) < _SHORTEST:
        heading, body = markup_text(markup)
    if not body.strip():
        raise UnreadableSource("The letter holds no text.", _HINT)
    warnings: list[str] = []
    name, address = parseaddr(_header(letter, "From"))
    return Draft(
        body=body,
        title=_header(letter, "Subject") or heading,
        publisher=name or address.rpartition("@")[2] or None,
        published_at=checked_date(_header(letter, "Date"), warnings),
        language=_header(letter, "Content-Language").split(",")[0].split("-")[0].strip().lower() or None,
        external_id=_header(letter, "Message-ID").strip("<> ") or None,
        warnings=tuple(warnings),
    )


def _texts(letter: Message) -> tuple[str, str]:
    """The first plain text and the first HTML of a letter, attachments aside."""
    found = {"text/plain": "", "text/html": ""}
    waiting: list[tuple[Message, int]] = [(letter, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop(0)
        seen += 1
        if seen > _MOST_PARTS or depth > _MOST_DEPTH:
            raise UnreadableSource("The letter has more parts than a newsletter has.", _HINT)
        if part.is_multipart():
            waiting.extend((each, depth + 1) for each in part.get_payload() if isinstance(each, Message))
            continue
        kind = part.get_content_type()
        if kind in found and not found[kind] and part.get_content_disposition() != "attachment":
            found[kind] = _content(part)
    return found["text/plain"], found["text/html"]


def _content(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        charset = known_charset(str(part.get_content_charset("") or ""))
        return raw.decode(charset, "replace").replace("\0", "") if charset else decode(raw)


def _header(letter: Message, name: str) -> str:
    """A header decoded and on one line; "" where there is none."""
    stated = letter.get(name)
    if stated is None:
        return ""
    parsed = EmailMessage(policy=policy.default)
    try:
        parsed["Subject"] = " ".join(str(stated).split())[:2000]
        return str(parsed["Subject"]).strip()
    except (ValueError, LookupError, IndexError, TypeError, AttributeError):
        return " ".join(str(stated).split())[:2000]
