"""Reads JSON Lines, plain or gzipped: one article a line, whatever is wrong with the other lines."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from corpus.article import Draft, Rejection, SourceItem
from corpus.charset import decode
from corpus.errors import UnreadableSource
from corpus.export.extra_fields import MARK, kept_of
from corpus.formats.decompress import DAMAGE, unpacked
from corpus.formats.fields import checked_date, checked_url
from corpus.formats.files import shown
from corpus.formats.single_file import megabytes, too_large

_TEXT_FIELDS = ("url", "title", "publisher", "author", "language", "published_at")
_CHUNK = 1 << 20
# Between two articles; more are a stream of nothing.
_MOST_BLANK = 1_000_000


class _Lines(Protocol):
    """What a binary file and a gzip file share."""

    def readline(self, size: int, /) -> bytes:
        """The next line, or so many bytes of it; empty at the end."""


def read_lines(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the article of each line; blank lines are skipped."""
    with path.open("rb") as file:
        yield from _items(file, shown(path), max_bytes)


def read_gzip_lines(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the article of each line of a gzip file; damage ends it with one rejection."""
    try:
        with unpacked(path) as file:
            yield from _items(file, shown(path), max_bytes)
    except UnreadableSource as error:
        yield Rejection(shown(path), error.message, error.hint)
    except DAMAGE:
        hint = "What came before was read. Download or compress the file again."
        yield Rejection(shown(path), "The gzip file is damaged or cut off.", hint)


def _items(file: _Lines, name: str, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    number = blank = 0
    # Two bytes more than an article may have: its line break.
    while line := file.readline(max_bytes + 2):
        number += 1
        origin = f"{name}:{number}"
        if len(line.rstrip(b"\r\n")) > max_bytes:
            yield too_large(origin, f"more than {megabytes(max_bytes)}", max_bytes)
            _skip_rest(file, line)
            continue
        line = line.strip()
        blank = 0 if line else blank + 1
        if line:
            yield SourceItem(origin, line, partial(parse_record, line))
        elif blank > _MOST_BLANK:
            raise UnreadableSource(f"It has {_MOST_BLANK:,} blank lines in a row.", "Check the file.")
    if number == 0:
        yield Rejection(name, "It is empty.")


def _skip_rest(file: _Lines, line: bytes) -> None:
    """Read on to the end of an oversized line without keeping it."""
    while line and not line.endswith(b"\n"):
        line = file.readline(_CHUNK)


def parse_record(raw: bytes) -> Draft:
    """Return the draft of one JSON object with `body` (or `text`) and, where known, the fields of a draft.

    Raises:
        UnreadableSource: no JSON, no object, a field of the wrong type, or no text.
    """
    record = _object(raw)
    body = _text(record, "body") or _text(record, "text")
    if not body or not body.strip():
        raise UnreadableSource("The field “body” is missing or empty.", "Each line needs the article's text in it.")
    fields = {name: _text(record, name) for name in _TEXT_FIELDS}
    warnings: list[str] = []
    return Draft(
        body=body,
        title=fields["title"],
        url=checked_url(fields["url"], warnings),
        publisher=fields["publisher"],
        author=fields["author"],
        published_at=checked_date(fields["published_at"], warnings),
        language=fields["language"],
        external_id=_identifier(record),
        warnings=tuple(warnings),
        kept=kept_of(record),
        # Only a line of our own export knows.
        is_excerpt=MARK in record and bool(record.get("is_excerpt")),
    )


def _object(raw: bytes) -> dict[str, object]:
    hint = "Write one JSON object a line, without line breaks inside."
    try:
        record = json.loads(decode(raw))
    except json.JSONDecodeError as error:
        raise UnreadableSource(
            f"This line is no valid JSON: {error.msg} at character {error.pos + 1}.", hint
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableSource("This line is no JSON that can be read.", hint) from error
    if not isinstance(record, dict):
        raise UnreadableSource("This line is no JSON object.", hint)
    return record


def _text(record: dict[str, object], name: str) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnreadableSource(f"The field “{name}” is no text.", "Put its value in quotation marks.")
    # JSON can escape half of a pair of UTF-16 units; such a character can't be stored or printed.
    joined = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.replace("\0", "") or None


def _identifier(record: dict[str, object]) -> str | None:
    value = record.get("id")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(record, "id")
