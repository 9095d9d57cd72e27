"""Reads newsletters from single emails (.eml) and mailboxes (.mbox): one article per email."""

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from functools import partial
from itertools import islice
from pathlib import Path

from corpus.article import Draft, Rejection, SourceItem
from corpus.charset import decode_stated
from corpus.errors import UnreadableSource
from corpus.formats.fields import checked_date
from corpus.formats.files import display_path
from corpus.formats.forwarded import forwarded, without_quotations
from corpus.formats.html_text import extract_text
from corpus.formats.mailbox import FROM_LINE, split_mailbox
from corpus.formats.single_file import check_lines, format_size, too_large

# A newsletter has two or three MIME parts; forwarded ones nest.
_MAX_PARTS = 100
_MAX_DEPTH = 20
_MAX_HEADER_LINES = 5_000
# Longer subjects and names are cut.
_MAX_HEADER_CHARACTERS = 2_000
# The library takes quadratic time for the parameters of those that describe a part; real ones have some hundred.
_MAX_CONTENT_CHARACTERS = 1_000
_HEADER = re.compile(rb"^[!-9;-~]{1,76}:", re.MULTILINE)
# Of encodings with escape codes.
_SHIFT = re.compile(rb"[\x0e\x0f\x1b]")
# The first address of a list, or one whose name has an unquoted comma.
_NAME_AND_ADDRESS = re.compile(r"([^<>]*)<([^<>@\s]+@[^<>\s]+)>")
_QUOTED = re.compile(r'"[^"]*"')
_ESCAPED_BYTE = re.compile(rb"\\udc([89a-f][0-9a-f])")
# A longer text is a letter of its own, whatever is attached.
_MAX_NOTE = 300
_HINT = "Save the newsletter as .eml, or as a web page."
# A shorter plain-text part beside HTML only says "read this newsletter online".
_MIN_PLAIN_CHARACTERS = 400


def read_mailbox(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the emails of one mailbox."""
    origin = display_path(path)
    number = 0
    try:
        with path.open("rb") as file:
            for raw in split_mailbox(file, max_bytes):
                number += 1
                if len(raw) > max_bytes:
                    yield too_large(f"{origin}:{number}", f"more than {format_size(max_bytes)}", max_bytes)
                else:
                    yield SourceItem(f"{origin}:{number}", raw, partial(parse_message, raw))
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)
        return
    if not number:
        yield Rejection(origin, "This mailbox has no emails.", _HINT)


def parse_message(raw: bytes) -> Draft:
    """Return the draft of one email: subject, sender, date, and text without attachments.

    Of a forwarded letter these are its own, not those of who forwards it.

    Raises:
        UnreadableSource: not an email, or one without text.
    """
    message = message_of(raw)
    heading, body, charset = _body(message)
    attached = _attached_letter(message) if len(body.strip()) <= _MAX_NOTE else None
    if attached is not None and (letter := _body(attached))[1].strip():
        message, (heading, body, charset) = attached, letter
    if not body.strip():
        has_files = any(part.get_content_disposition() == "attachment" for part in islice(message.walk(), _MAX_PARTS))
        hint = "Save what is attached to it, and ingest that." if has_files else _HINT
        raise UnreadableSource("The email has no text.", hint)
    warnings: list[str] = []
    title, sender = _decoded(_header(message, "Subject"), charset), _sender(_header(message, "From"), charset)
    date = _decoded(_header(message, "Date"), charset)
    if (inner := forwarded(body)) is not None and inner.body.strip():
        title, sender, date, body = inner.subject, _sender(inner.sender, charset), inner.date, inner.body
    return Draft(
        body=without_quotations(body),
        title=title or heading,
        publisher=sender,
        published_at=checked_date(date, warnings),
        language=_header(message, "Content-Language").split(",")[0].split("-")[0].strip().lower() or None,
        external_id=_decoded(_header(message, "Message-ID"), charset).strip("<> ") or None,
        warnings=tuple(warnings),
    )


def message_of(raw: bytes) -> Message:
    """Return a message with its parts.

    Raises:
        UnreadableSource: not an email, or too long.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if FROM_LINE.match(first := raw.partition(b"\n")[0]):
        # As programs save one email of a mailbox.
        raw = raw[len(first) + 1 :]
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if head.count(b"\n") > _MAX_HEADER_LINES or not _HEADER.match(head):
        raise UnreadableSource("This isn't an email: it has no header.", _HINT)
    check_lines(raw, "email")
    return BytesParser(policy=_BoundedHeaders()).parsebytes(raw)


def first_page(message: Message) -> tuple[bytes, str, str] | None:
    """Return the bytes of the first HTML of a message, its stated encoding and its address, if there is one."""
    for part in _parts(message):
        raw = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(raw, bytes):
            return raw, _charset(part), _header(part, "Content-Location")
    return None


def _body(message: Message) -> tuple[str | None, str, str]:
    """Return the heading of an email's HTML, its text, and its stated encoding."""
    plain, markup, charset = _texts(message)
    if markup and len(plain) < _MIN_PLAIN_CHARACTERS:
        return (*extract_text(markup), charset)
    return None, plain, charset


def _attached_letter(message: Message) -> Message | None:
    """Return the first email that is attached to another one."""
    for part in _parts(message, into_letters=False):
        if part.get_content_type() == "message/rfc822" and isinstance(letters := part.get_payload(), list) and letters:
            return letters[0] if isinstance(letters[0], Message) else None
    return None


class _BoundedHeaders(policy.Compat32):
    """Cuts headers that are too long before the library looks into them, those of every part."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a header."""
        name, value = super().header_source_parse(sourcelines)
        is_of_content = name.lower().startswith("content-")
        return name, value[: _MAX_CONTENT_CHARACTERS if is_of_content else 4 * _MAX_HEADER_CHARACTERS]


def _texts(message: Message) -> tuple[str, str, str]:
    """Return the first plain text and the first HTML of an email, without attachments, and the stated encoding."""
    found = {"text/plain": "", "text/html": ""}
    charset = _charset(message)
    for part in _parts(message, into_letters=False):
        kind = part.get_content_type()
        if kind in found and not found[kind] and part.get_content_disposition() != "attachment":
            found[kind] = _content(part)
            charset = charset or _charset(part)
    return found["text/plain"], found["text/html"], charset


def _parts(message: Message, *, into_letters: bool = True) -> Iterator[Message]:
    """Yield the parts of an email that have no parts themselves, and the emails attached to it or their parts."""
    queue: list[tuple[Message, int]] = [(message, 0)]
    count = 0
    while queue:
        part, depth = queue.pop(0)
        count += 1
        if count > _MAX_PARTS or depth > _MAX_DEPTH:
            raise UnreadableSource("The email has too many parts for a newsletter.", _HINT)
        if part.is_multipart() and (into_letters or part.get_content_type() != "message/rfc822"):
            queue.extend((each, depth + 1) for each in part.get_payload() if isinstance(each, Message))
        else:
            yield part


def _content(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    text = decode_stated(raw, _charset(part))
    is_flowed = part.get_content_type() == "text/plain" and str(part.get_param("format", "")).lower() == "flowed"
    return _unflowed(text, is_joined=str(part.get_param("delsp", "")).lower() == "yes") if is_flowed else text


def _unflowed(text: str, *, is_joined: bool) -> str:
    """Join the lines that end with a space (RFC 3676), which goes too if `is_joined`."""
    pieces: list[str] = []
    for stuffed in text.replace("\r\n", "\n").split("\n"):
        line = stuffed.removeprefix(" ")
        is_soft = line.endswith(" ") and line != "-- "
        pieces.append((line[:-1] if is_joined else line) if is_soft else f"{line}\n")
    return "".join(pieces)


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset("") or "")
    except (LookupError, ValueError):
        return ""


def _header(message: Message, name: str) -> str:
    """Return a header on one line, not decoded: with surrogates for bytes that aren't ASCII; "" if it is missing."""
    stated = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(str(stated)[: 4 * _MAX_HEADER_CHARACTERS].split())[:_MAX_HEADER_CHARACTERS]


def _sender(header: str, charset: str) -> str | None:
    """Return the sender's name, else the host of the address; encoded commas are not those between addresses."""
    name, address = parseaddr(header)
    if "@" not in address and (first := _NAME_AND_ADDRESS.match(header)):
        name, address = first[1], first[2]
    name = _decoded(name, charset)
    name = name[1:-1] if _QUOTED.fullmatch(name) else name
    is_address = "@" in name and " " not in name
    return (name if not is_address else "") or _decoded(address, charset).rpartition("@")[2] or None


def _decoded(header: str, charset: str) -> str:
    """Decode a header: its encoded words, and the rest as UTF-8, else in the email's stated encoding."""
    try:
        parts = decode_header(header)
    except (MessageError, ValueError, LookupError):
        parts = [(header, None)]
    texts = []
    for part, stated in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        if stated is None:
            # The library writes surrogates between encoded words as escapes.
            raw = _ESCAPED_BYTE.sub(lambda escaped: bytes.fromhex(escaped[1].decode()), raw)
            if raw.isascii() and not _SHIFT.search(raw):
                # In UTF-7 and HZ the "+" of a time zone or a tilde would begin something else.
                texts.append(raw.decode("ascii"))
                continue
        try:
            # A label may have a language behind a star (RFC 2231).
            texts.append(decode_stated(raw, stated.partition("*")[0] if stated else charset))
        except UnreadableSource:
            texts.append(raw.decode("utf-8", "replace"))
    return " ".join("".join(texts).split()).replace("\0", "")
