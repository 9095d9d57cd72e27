"""Reads newsletters from single emails (.eml) and mailboxes (.mbox): one article per email."""

import re
from collections.abc import Callable, Iterator
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
from corpus.formats.files import display_path
from corpus.formats.html_text import extract_text, known_charset
from corpus.formats.single_file import format_size, too_large

# A newsletter has two or three MIME parts; forwarded ones nest.
_MAX_PARTS = 100
_MAX_DEPTH = 20
_MAX_HEADER_LINES = 5_000
_LINE_BYTES = 1 << 16
# The line before each email in a mailbox (RFC 4155): "From jane@example.org Mon Sep  9 08:00:00 2024".
_FROM_LINE = re.compile(rb"From \S{1,300} .{10,60}\d{4}\s*$")
_HEADER = re.compile(rb"^[!-9;-~]{1,76}:", re.MULTILINE)
_HINT = "Save the newsletter as .eml, or as a web page."
# A shorter plain-text part beside HTML only says "read this newsletter online".
_MIN_PLAIN_CHARACTERS = 400


def read_mailbox(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the emails of one mailbox."""
    origin = display_path(path)
    number = 0
    with path.open("rb") as file:
        for raw in _split_mailbox(file.readline, max_bytes):
            number += 1
            if len(raw) > max_bytes:
                yield too_large(f"{origin}:{number}", f"more than {format_size(max_bytes)}", max_bytes)
            else:
                yield SourceItem(f"{origin}:{number}", raw, partial(parse_message, raw))
    if not number:
        yield Rejection(origin, "This mailbox has no emails.", _HINT)


def _split_mailbox(readline: Callable[[int], bytes], max_bytes: int) -> Iterator[bytes]:
    """Yield each email, cut off soon after `max_bytes`; skip lines before the first one."""
    lines: list[bytes] = []
    size = 0
    is_inside = False
    is_start = is_after_blank = True
    while line := readline(_LINE_BYTES):
        if is_start and is_after_blank and line.startswith(b"From ") and _FROM_LINE.match(line):
            if is_inside:
                yield b"".join(lines)
            lines, size, is_inside = [], 0, True
        elif is_inside and size <= max_bytes:
            # Undo the quoting of "From" at the start of a line (mboxrd).
            lines.append(line[1:] if is_start and line.startswith(b">From ") else line)
            size += len(line)
        is_after_blank = is_start and not line.strip()
        is_start = line.endswith(b"\n")
    if is_inside:
        yield b"".join(lines)


def parse_message(raw: bytes) -> Draft:
    """Return the draft of one email: subject, sender, date, and text without attachments.

    Raises:
        UnreadableSource: not an email, or one without text.
    """
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if head.count(b"\n") > _MAX_HEADER_LINES or not _HEADER.match(head.lstrip()):
        raise UnreadableSource("This isn't an email: it has no header.", _HINT)
    message = BytesParser(policy=policy.compat32).parsebytes(raw.lstrip())
    plain, markup = _texts(message)
    heading, body = None, plain
    if markup and len(plain) < _MIN_PLAIN_CHARACTERS:
        heading, body = extract_text(markup)
    if not body.strip():
        raise UnreadableSource("The email has no text.", _HINT)
    warnings: list[str] = []
    name, address = parseaddr(_header(message, "From"))
    return Draft(
        body=body,
        title=_header(message, "Subject") or heading,
        publisher=name or address.rpartition("@")[2] or None,
        published_at=checked_date(_header(message, "Date"), warnings),
        language=_header(message, "Content-Language").split(",")[0].split("-")[0].strip().lower() or None,
        external_id=_header(message, "Message-ID").strip("<> ") or None,
        warnings=tuple(warnings),
    )


def _texts(message: Message) -> tuple[str, str]:
    """Return the first plain text and the first HTML of an email, without attachments."""
    found = {"text/plain": "", "text/html": ""}
    queue: list[tuple[Message, int]] = [(message, 0)]
    count = 0
    while queue:
        part, depth = queue.pop(0)
        count += 1
        if count > _MAX_PARTS or depth > _MAX_DEPTH:
            raise UnreadableSource("The email has too many parts for a newsletter.", _HINT)
        if part.is_multipart():
            queue.extend((each, depth + 1) for each in part.get_payload() if isinstance(each, Message))
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


def _header(message: Message, name: str) -> str:
    """Return a decoded header on one line, "" if it is missing."""
    stated = message.get(name)
    if stated is None:
        return ""
    parsed = EmailMessage(policy=policy.default)
    try:
        parsed["Subject"] = " ".join(str(stated).split())[:2000]
        return str(parsed["Subject"]).strip()
    except (ValueError, LookupError, IndexError, TypeError, AttributeError):
        return " ".join(str(stated).split())[:2000]
