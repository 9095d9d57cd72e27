"""Reads JSON Lines, plain or gzipped: one article per line."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from corpus.article import Draft, Rejection, SourceItem
from corpus.charset import decode
from corpus.errors import UnreadableSource
from corpus.export.extra_fields import FORMAT_KEY, parse_export_fields
from corpus.formats.column_text import column_line, column_text
from corpus.formats.decompress import DECOMPRESSION_ERRORS, open_decompressed
from corpus.formats.fields import checked_date, checked_url, split_link, stated_text, warn_if_unread, without_by
from corpus.formats.files import display_path
from corpus.formats.single_file import EMPTY, format_size, too_large
from corpus.json_text import parse_json, without_surrogates

_TEXT_FIELDS = ("url", "title", "publisher", "author", "language")
_CHUNK = 1 << 20
# Stops a file of nothing but line breaks.
_MAX_BLANK_LINES = 1_000_000


def read_lines(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the article of each line of a plain or gzip file; skip blank lines."""
    origin = display_path(path)
    try:
        with open_decompressed(path) as file:
            yield from _items(file, origin, max_bytes)
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)
    except DECOMPRESSION_ERRORS:
        hint = "The lines before were read. Download or compress the file again."
        yield Rejection(origin, "The gzip file is damaged or truncated.", hint)


def _items(file: BinaryIO, name: str, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    number = blank = 0
    # Two more bytes for the line break.
    while line := file.readline(max_bytes + 2):
        number += 1
        origin = f"{name}:{number}"
        if len(line.rstrip(b"\r\n")) > max_bytes:
            yield too_large(origin, f"more than {format_size(max_bytes)}", max_bytes)
            _skip_rest(file, line)
            continue
        line = line.strip()
        blank = 0 if line else blank + 1
        if line:
            yield SourceItem(origin, line, partial(parse_record, line))
        elif blank > _MAX_BLANK_LINES:
            raise UnreadableSource(f"The file has over {_MAX_BLANK_LINES:,} blank lines in a row.", "Check the file.")
    if number == 0:
        yield Rejection(name, EMPTY)


def _skip_rest(file: BinaryIO, line: bytes) -> None:
    """Read to the end of an oversized line without keeping it."""
    while line and not line.endswith(b"\n"):
        line = file.readline(_CHUNK)


def parse_record(raw: bytes) -> Draft:
    """Return the draft of one JSON object with `body` (or `text`) and optionally the other fields of a draft.

    Raises:
        UnreadableSource: invalid JSON, not an object, or no text.
    """
    warnings: list[str] = []
    record = _object(raw, warnings)
    # Exported texts are clean: another pass could change them.
    is_export = FORMAT_KEY in record
    body = _text(record, "body") or _text(record, "text") or ""
    body = body if is_export else column_text(body)
    if not body.strip():
        raise UnreadableSource("The field “body” is missing or empty.", "Each line needs the article's text.")
    fields = {name: _stated(record, name, warnings) for name in _TEXT_FIELDS}
    source = None
    if not is_export:
        fields |= {name: column_line(fields[name]) for name in ("title", "publisher", "author")}
        fields["publisher"], source = split_link(fields["publisher"])
        fields["author"] = without_by(fields["author"]) if fields["author"] else None
    return Draft(
        body=body,
        title=fields["title"],
        url=checked_url(fields["url"] or source, warnings),
        publisher=fields["publisher"],
        author=fields["author"],
        published_at=checked_date(record.get("published_at"), warnings),
        language=fields["language"],
        external_id=_stated(record, "id", warnings),
        warnings=tuple(warnings),
        export_fields=parse_export_fields(record),
        # Trusted in our own exports only.
        is_excerpt=is_export and bool(record.get("is_excerpt")),
    )


def _object(raw: bytes, warnings: list[str]) -> dict[str, object]:
    hint = "Write one JSON object per line, without line breaks inside."
    try:
        record = parse_json(decode(raw, warnings))
    except json.JSONDecodeError as error:
        message = f"This line isn't valid JSON: {error.msg} at character {error.pos + 1}."
        raise UnreadableSource(message, hint) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableSource("This line is too deep, or has too many or too long values.", hint) from error
    if not isinstance(record, dict):
        raise UnreadableSource("This line isn't a JSON object.", hint)
    return record


def _text(record: dict[str, object], name: str) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnreadableSource(f"The field “{name}” isn't text.", "Put its value in quotation marks.")
    return _storable(value)


def _stated(record: dict[str, object], name: str, warnings: list[str]) -> str | None:
    """Return what a field states; of a text as it stands, since ours are exported so."""
    value = record.get(name)
    text = value if isinstance(value, str) else stated_text(name, value)
    if text is None:
        warn_if_unread(name, value, warnings)
    return _storable(text) if text else None


def _storable(text: str) -> str | None:
    return without_surrogates(text).replace("\0", "") or None
