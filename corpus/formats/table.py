"""Reads CSV and TSV tables: one article per row, with columns named by the header or by the user."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from corpus.article import Rejection, SourceItem
from corpus.charset import decode
from corpus.errors import BadInput, UnreadableSource
from corpus.formats.files import display_path
from corpus.formats.jsonl import parse_record
from corpus.formats.single_file import EMPTY, SIZE_HINT, format_size, too_large

# Common column names of each field, in lower case with underscores.
_COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "body": ("body", "text", "content", "article", "article_text", "full_text", "fulltext", "article_body", "story"),
    "title": ("title", "headline", "heading", "article_title", "subject"),
    "url": ("url", "link", "article_url", "web_url", "address", "permalink"),
    "publisher": ("publisher", "source", "publication", "newspaper", "outlet", "source_name", "news_source"),
    "author": ("author", "authors", "byline", "writer", "by"),
    "published_at": (
        "published_at", "published", "date", "publication_date", "publish_date", "pub_date", "pubdate",
        "date_published", "published_date", "publishedat", "datetime", "timestamp",
    ),
    "language": ("language", "lang"),
    "id": ("id", "article_id", "guid", "uuid"),
}  # fmt: skip
_DELIMITERS = ",;\t|"
_MAX_COLUMNS = 1_000
_SAMPLE = 1 << 16

Columns = Mapping[str, str]


def parse_columns(text: str) -> dict[str, str]:
    """Return field name to column name, from `title=headline,body=text`.

    Raises:
        BadInput: malformed, or a field that articles don't have.
    """
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    columns = {name.strip(): column.strip() for name, _, column in pairs}
    hint = f"Write for example title=headline,body=text; the fields are {', '.join(_COLUMN_NAMES)}."
    if not pairs or any(not column for column in columns.values()):
        raise BadInput("I can't understand this list of columns.", hint)
    if (unknown := next((name for name in columns if name not in _COLUMN_NAMES), None)) is not None:
        raise BadInput(f"There is no field “{unknown[:60]}”.", hint)
    return columns


def read_table(path: Path, max_bytes: int, columns: Columns | None = None) -> Iterator[SourceItem | Rejection]:
    """Yield the article of each row after the header."""
    origin = display_path(path)
    try:
        with path.open("rb") as file:
            encoding = _encoding(file.read(_SAMPLE))
        with path.open("r", encoding=encoding, errors="replace", newline="") as lines:
            yield from _rows(_bounded_lines(lines.readline, max_bytes), origin, max_bytes, columns or {})
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)


def _rows(lines: Iterator[str], origin: str, max_bytes: int, columns: Columns) -> Iterator[SourceItem | Rejection]:
    header = next(lines, "")
    if not header.strip():
        yield Rejection(origin, EMPTY)
        return
    delimiter = max(_DELIMITERS, key=header.count)
    if header.count(delimiter) > _MAX_COLUMNS:
        raise UnreadableSource(f"The table has more than {_MAX_COLUMNS:,} columns.", "Check the file.")
    # A process-wide setting, but nothing else reads CSV.
    csv.field_size_limit(max_bytes)
    indexes = _column_indexes(next(csv.reader([header], delimiter=delimiter)), columns)
    rows = csv.reader(lines, delimiter=delimiter)
    number = 1
    try:
        for number, row in enumerate(rows, start=2):
            if any(cell.strip() for cell in row):
                yield _item(row, indexes, f"{origin}:{number}", max_bytes)
    except csv.Error:
        hint = "Check that every quotation mark is closed."
        yield Rejection(f"{origin}:{number + 1}", "The table is malformed here; the rest was not read.", hint)


def _item(row: Sequence[str], indexes: Mapping[str, int], origin: str, max_bytes: int) -> SourceItem | Rejection:
    # The mapped fields, not the row: another mapping makes another article.
    cells = {field: row[index].strip() for field, index in indexes.items() if index < len(row) and row[index].strip()}
    raw = json.dumps(cells, ensure_ascii=False).encode("utf-8", "replace")
    if len(raw) > max_bytes:
        return too_large(origin, format_size(len(raw)), max_bytes)
    return SourceItem(origin, raw, partial(parse_record, raw))


def _column_indexes(header: Sequence[str], columns: Columns) -> dict[str, int]:
    """Return the index of each field's column."""
    exact = [name.strip() for name in header]
    normalized = ["_".join(name.lower().replace("-", " ").replace("_", " ").split()) for name in header]
    listed = ", ".join(name[:40] for name in exact[:20]) + (" and more" if len(exact) > 20 else "")
    indexes = {}
    for field, known_names in _COLUMN_NAMES.items():
        if field in columns:
            if columns[field] not in exact:
                raise UnreadableSource(f"There is no column “{columns[field][:60]}”.", f"The columns are {listed}.")
            indexes[field] = exact.index(columns[field])
        elif name := next((name for name in known_names if name in normalized), None):
            indexes[field] = normalized.index(name)
    if "body" not in indexes:
        hint = f"Name it with --columns body=NAME. The columns are {listed}."
        raise UnreadableSource("I can't tell which column of the table has the text.", hint)
    return indexes


def _bounded_lines(readline: Callable[[int], str], max_bytes: int) -> Iterator[str]:
    while line := readline(max_bytes + 2):
        if len(line) > max_bytes:
            raise UnreadableSource(f"A line of the table has more than {format_size(max_bytes)}.", SIZE_HINT)
        yield line.replace("\0", "")


def _encoding(sample: bytes) -> str:
    """Return the encoding of a table, guessed from its first bytes.

    Raises:
        UnreadableSource: binary data.
    """
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Raises for binary data.
    decode(sample)
    try:
        # The sample may end within a character.
        sample[: len(sample) - 3 if len(sample) == _SAMPLE else None].decode("utf-8")
    except UnicodeDecodeError as error:
        return "cp1252" if error.start < len(sample) - 8 else "utf-8-sig"
    return "utf-8-sig"
