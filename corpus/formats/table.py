"""Reads tables, CSV and TSV: an article a row, by the names in the first row or by a mapping that the user gives."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from corpus.article import Rejection, SourceItem
from corpus.charset import decode
from corpus.errors import BadInput, UnreadableSource
from corpus.formats.files import shown
from corpus.formats.jsonl import parse_record
from corpus.formats.single_file import megabytes, too_large

# Column names, in lower case with single underscores, by which each field is known.
_KNOWN: dict[str, tuple[str, ...]] = {
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
FIELDS = tuple(_KNOWN)
_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 1_000
_SAMPLE = 1 << 16

Columns = Mapping[str, str]


def parse_columns(text: str) -> dict[str, str]:
    """Return the column for each field, from `title=headline,body=text`.

    Raises:
        BadInput: it is no such list, or names a field that articles don't have.
    """
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    columns = {name.strip(): column.strip() for name, _, column in pairs}
    hint = f"Write for example title=headline,body=text; the fields are {', '.join(FIELDS)}."
    if not pairs or any(not column for column in columns.values()):
        raise BadInput("The list of columns can't be read.", hint)
    if (unknown := next((name for name in columns if name not in _KNOWN), None)) is not None:
        raise BadInput(f"There is no field “{unknown[:60]}”.", hint)
    return columns


def read_table(path: Path, max_bytes: int, columns: Columns | None = None) -> Iterator[SourceItem | Rejection]:
    """Yield the article of each row; the first row names the columns."""
    origin = shown(path)
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
        yield Rejection(origin, "It is empty.")
        return
    delimiter = max(_DELIMITERS, key=header.count)
    if header.count(delimiter) > _MOST_COLUMNS:
        raise UnreadableSource(f"The table has more than {_MOST_COLUMNS:,} columns.", "Check the file.")
    # One setting for the whole process, which nothing else here reads tables with.
    csv.field_size_limit(max_bytes)
    names = next(csv.reader([header], delimiter=delimiter))
    places = _places(names, columns)
    rows = csv.reader(lines, delimiter=delimiter)
    number = 1
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            hint = "Check that every quotation mark is closed."
            yield Rejection(f"{origin}:{number}", "The table is broken here; what follows is not read.", hint)
            return
        if any(cell.strip() for cell in row):
            yield _item(row, places, f"{origin}:{number}", max_bytes)


def _item(row: Sequence[str], places: Mapping[str, int], origin: str, max_bytes: int) -> SourceItem | Rejection:
    # What was mapped, not the row: another mapping makes another article of it.
    cells = {name: row[place].strip() for name, place in places.items() if place < len(row) and row[place].strip()}
    raw = json.dumps(cells, ensure_ascii=False).encode("utf-8", "replace")
    if len(raw) > max_bytes:
        return too_large(origin, megabytes(len(raw)), max_bytes)
    return SourceItem(origin, raw, partial(parse_record, raw))


def _places(names: Sequence[str], columns: Columns) -> dict[str, int]:
    """The place of each field's column."""
    plain = ["_".join(name.lower().replace("-", " ").replace("_", " ").split()) for name in names]
    exact = [name.strip() for name in names]
    found = {}
    for field, known in _KNOWN.items():
        if field in columns:
            if columns[field] not in exact:
                raise UnreadableSource(
                    f"The table has no column “{columns[field][:60]}”.", f"Its columns are {_listed(exact)}."
                )
            found[field] = exact.index(columns[field])
        elif place := next((plain.index(name) + 1 for name in known if name in plain), 0):
            found[field] = place - 1
    if "body" not in found:
        hint = f"Name it with --columns body=NAME. The columns are {_listed(exact)}."
        raise UnreadableSource("No column of the table is known to hold the text.", hint)
    return found


def _listed(names: Sequence[str]) -> str:
    shown_names = ", ".join(name[:40] for name in names[:20])
    return shown_names + (" and more" if len(names) > 20 else "")


def _bounded_lines(readline: object, max_bytes: int) -> Iterator[str]:
    assert callable(readline)
    while line := readline(max_bytes + 2):
        if len(line) > max_bytes:
            raise UnreadableSource(
                f"A line of the table has more than {megabytes(max_bytes)}.",
                "Raise ATTACHE_MAX_ARTICLE_MB to take it in.",
            )
        yield line.replace("\0", "")


def _encoding(sample: bytes) -> str:
    """The encoding of a table, by its beginning.

    Raises:
        UnreadableSource: binary data.
    """
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Refuses what is no text; a letter may be cut at the sample's end.
    decode(sample)
    try:
        sample[: len(sample) - 3 if len(sample) == _SAMPLE else None].decode("utf-8")
    except UnicodeDecodeError as error:
        return "cp1252" if error.start < len(sample) - 8 else "utf-8-sig"
    return "utf-8-sig"
