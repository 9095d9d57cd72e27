"""Splits mailboxes (mbox) into emails: by the line before each, and by the lengths that some programs state."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.errors import UnreadableSource

_LINE_BYTES = 1 << 16
# Of one email, or of what is none; the largest that programs send have 700,000.
MAX_LINES = 1_000_000
_FROM_LINE_BYTES = 1 << 10
# The line before each email (RFC 4155, appendix A): "From jane@example.org Mon Sep  9 08:00:00 2024". Programs differ
# on the sender, the time zone and its place, and some write nothing but "From "; a sentence that begins with "From" has
# no such time.
_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? "
_DATE = rb"(?:[A-Z][a-z]{2} {1,2}\d{1,2}|\d{1,2} {1,2}[A-Z][a-z]{2})"
_CLOCK = rb"\d{1,2}:\d\d(?::\d\d)?"
_ZONE = rb"(?: (?:[A-Z]{1,5}|[+-]\d{4}))?"
FROM_LINE = re.compile(
    rb"From (?:\s*$|(?:\S[^\r\n]{0,300}? {1,2})?" + _DAY + _DATE + rb" (?:\d{4} )?" + _CLOCK + _ZONE
    + rb"(?: \d{4})?" + _ZONE + rb"\s*$)"
)  # fmt: skip
_HEADER_LINE = re.compile(rb"(?:[!-9;-~]{1,76}:|>From )")
# The first header of an email, behind a line that follows text without a blank line, as some programs write it.
_FIRST_HEADER = re.compile(
    rb"(?:Return-Path|Received|Delivered-To|Envelope-To|X-[A-Za-z0-9-]{1,60}|From|To|Date|Subject|Message-ID|MIME-Version"
    rb"|Content-Type|Reply-To|Status|DKIM-Signature|ARC-[A-Za-z-]{1,40}|List-[A-Za-z-]{1,40}|Authentication-Results):",
    re.IGNORECASE,
)
_LENGTH = re.compile(rb"Content-Length:[ \t]{0,10}(\d{1,12})\s*$", re.IGNORECASE)
# "From" at the start of a line of text is written with one more ">" than it has (mboxrd).
_QUOTED = re.compile(rb">{1,100}From ")


def split_mailbox(file: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """Yield each email of a mailbox, cut off soon after `max_bytes`; skip lines before the first one.

    Raises:
        UnreadableSource: MAX_LINES follow each other without the start of an email.
    """
    reader = _Mailbox(file, max_bytes)
    since_email = 0
    while (line := file.readline(_LINE_BYTES)) or reader.has_waiting:
        since_email += 1
        for email in reader.read(line):
            since_email = 0
            yield email
        if since_email > MAX_LINES:
            message = f"The mailbox has more than {MAX_LINES:,} lines without the start of an email."
            raise UnreadableSource(message, "The emails before were read. Check the file, or split it.")
    yield from reader.finish()


class _Mailbox:
    """The state between two lines of a mailbox.

    A line counts as the start of an email if it looks like one and is followed by a header; without a blank line before
    it, it must state a time, and the header must be one that emails begin with.
    """

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self._file, self._max_bytes = file, max_bytes
        # A list of short lines would take many times their bytes.
        self._kept = bytearray()
        self._is_inside = self._is_header = False
        self._is_start = self._is_after_blank = True
        self._waiting = b""
        self._is_waiting_after_blank = True
        self._length: int | None = None
        # Up to here, in bytes of the file, the text is the email's own whatever it looks like.
        self._protected = 0

    @property
    def has_waiting(self) -> bool:
        """Return whether a line waits for the next one to tell what it is."""
        return bool(self._waiting)

    def read(self, line: bytes) -> Iterator[bytes]:
        """Read the next line; yield the email that it ends. An empty line is the end of the file."""
        if self._waiting:
            waiting, self._waiting = self._waiting, b""
            if (_HEADER_LINE if self._is_waiting_after_blank else _FIRST_HEADER).match(line):
                if self._is_inside:
                    yield bytes(self._kept)
                self._kept, self._length = bytearray(), None
                self._is_inside = self._is_header = True
            else:
                self._keep(waiting)
        if not line:
            return
        if self._is_candidate(line):
            self._waiting, self._is_waiting_after_blank = line, self._is_after_blank
        else:
            self._keep(line)
            if self._is_header and self._is_start:
                self._read_header(line)
        self._is_after_blank = self._is_start and not line.strip()
        self._is_start = line.endswith(b"\n")

    def finish(self) -> Iterator[bytes]:
        """Yield the last email."""
        if self._is_inside:
            yield bytes(self._kept)

    def _is_candidate(self, line: bytes) -> bool:
        """Return whether an email may start here, depending on the next line."""
        if not self._is_start or not line.startswith(b"From ") or self._file.tell() - len(line) < self._protected:
            return False
        if not self._is_after_blank and (self._is_header or not line[len(b"From ") :].strip()):
            return False
        return FROM_LINE.match(line) is not None

    def _keep(self, line: bytes) -> None:
        if self._is_inside and len(self._kept) <= self._max_bytes:
            is_quoted = self._is_start and not self._is_header and _QUOTED.match(line) is not None
            self._kept += line[1:] if is_quoted else line

    def _read_header(self, line: bytes) -> None:
        """Note the length of the text that the header states (mboxcl), if another email or the file's end follows."""
        if line.strip():
            stated = _LENGTH.match(line)
            self._length = int(stated[1]) if stated else self._length
            return
        self._is_header = False
        if self._length is None:
            return
        here = self._file.tell()
        self._file.seek(here + self._length)
        after = self._file.read(_FROM_LINE_BYTES)
        at_end = not after.strip() and self._file.seek(0, 2) >= here + self._length
        if at_end or FROM_LINE.match(after.lstrip(b"\r\n").partition(b"\n")[0]):
            self._protected = here + self._length
        self._file.seek(here)
