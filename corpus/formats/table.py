"""Reads CSV and TSV tables: one article per row, with columns named by the header or by the user."""

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from corpus.article import Draft, Rejection, SourceItem
from corpus.charset import Encoding, detect_encoding, guess_warning
from corpus.errors import BadInput, UnreadableSource
from corpus.formats.files import display_path
from corpus.formats.jsonl import parse_record
from corpus.formats.single_file import EMPTY, SIZE_HINT, format_size, too_large

# Common column names of each field, in lower case with underscores.
_COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "body": (
        "body", "text", "content", "article", "article_text", "full_text", "fulltext", "article_body", "story",
        "inhalt", "artikel", "texte", "contenu", "texto", "contenido", "testo", "tekst", "treść", "metin", "текст",
        "النص", "نص", "متن", "正文", "内容", "內容", "本文", "본문",
    ),
    "title": (
        "title", "headline", "heading", "article_title", "subject", "titel", "überschrift", "titre", "título", "titulo",
        "titolo", "tytuł", "başlık", "заголовок", "العنوان", "عنوان", "标题", "標題", "タイトル", "見出し", "제목",
    ),
    "url": ("url", "link", "article_url", "web_url", "address", "permalink"),
    "publisher": ("publisher", "source", "publication", "newspaper", "outlet", "source_name", "news_source",
                  "quelle", "zeitung", "fuente", "medio", "fonte", "źródło", "kaynak", "источник", "المصدر", "منبع",
                  "来源", "來源", "媒体", "출처"),
    "author": ("author", "authors", "byline", "writer", "by", "autor", "auteur", "autore", "yazar", "автор",
               "الكاتب", "نویسنده", "作者", "著者", "기자"),
    "published_at": (
        "published_at", "published", "date", "publication_date", "publish_date", "pub_date", "pubdate",
        "date_published", "published_date", "publishedat", "datepublished", "created_at", "createdat",
        "datetime", "timestamp", "datum", "fecha", "data", "tarih",
        "дата", "التاريخ", "تاريخ", "日期", "发布时间", "日付", "날짜",
    ),
    "language": ("language", "lang"),
    "id": ("id", "article_id", "guid", "uuid"),
}  # fmt: skip
_KNOWN_NAMES = {name for names in _COLUMN_NAMES.values() for name in names}
_DELIMITERS = ",;\t|"
_MAX_COLUMNS = 1_000
# In a line: the library makes all of them at once. A text of 20 MB has as many commas.
_MAX_CELLS = 500_000
# Bytes before and after the first one that isn't UTF-8: enough to tell an encoding.
_SAMPLE = 1 << 15
# Bytes searched for lines in the same encoding.
_MAX_SEARCHED = 1 << 22
_CHUNK = 1 << 20
# Before the header.
_MAX_BLANK_LINES = 100
# In a row; a sheet that was saved with all its rows has 1,048,576.
_MAX_BLANK_ROWS = 1_100_000
# Excel writes the delimiter into a line before the header.
_DELIMITER_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)

Columns = Mapping[str, str]


@dataclass(slots=True)
class _Table:
    """What the rows of one table have in common; its warnings go to the first article."""

    origin: str
    max_bytes: int
    columns: Columns
    warnings: list[str]


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
    table = _Table(display_path(path), max_bytes, columns or {}, [])
    try:
        with path.open("rb") as file:
            encoding = _encoding(file)
        if encoding.is_guess:
            table.warnings.append(guess_warning("The table", encoding))
        with path.open("r", encoding=encoding.name, errors=encoding.errors, newline="") as lines:
            yield from _rows(_bounded_lines(lines.readline, max_bytes), table)
    except UnreadableSource as error:
        yield Rejection(table.origin, error.message, error.hint)


def _rows(lines: Iterator[str], table: _Table) -> Iterator[SourceItem | Rejection]:
    header = next(lines, "").removeprefix("\ufeff")
    number, delimiter = 1, ""
    while header and not header.strip() and number <= _MAX_BLANK_LINES:
        header, number = next(lines, ""), number + 1
    if (stated := _DELIMITER_LINE.fullmatch(header)) is not None:
        header, number, delimiter = next(lines, ""), number + 1, stated[1]
    if not header.strip():
        yield Rejection(table.origin, EMPTY)
        return
    delimiter = delimiter or max(_DELIMITERS, key=lambda each: (_known_names(header, each), header.count(each)))
    if header.count(delimiter) > _MAX_COLUMNS:
        raise UnreadableSource(f"The table has more than {_MAX_COLUMNS:,} columns.", "Check the file.")
    # A process-wide setting, but nothing else reads CSV.
    csv.field_size_limit(table.max_bytes)
    indexes = _column_indexes(next(csv.reader([header], delimiter=delimiter)), table.columns)
    rows = csv.reader(_sound_lines(lines, delimiter), delimiter=delimiter)
    blank = 0
    try:
        for number, row in enumerate(rows, start=number + 1):  # noqa: B020 - counts on from the header
            if any(cell.strip() for cell in row):
                blank = 0
                yield _item(row, indexes, f"{table.origin}:{number}", table)
            elif (blank := blank + 1) > _MAX_BLANK_ROWS:
                message = f"The table has over {_MAX_BLANK_ROWS:,} blank rows in a row."
                raise UnreadableSource(message, "Check the file.")
    except csv.Error:
        hint = "Check that every quotation mark is closed."
        yield Rejection(f"{table.origin}:{number + 1}", "The table is malformed here; the rest was not read.", hint)


def _known_names(header: str, delimiter: str) -> int:
    """Return how many known names of columns a header has between these delimiters."""
    cells = {" ".join(cell.split()).replace(" ", "_").lower() for cell in header.replace('"', "").split(delimiter)}
    return len(cells & _KNOWN_NAMES)


def _item(row: Sequence[str], indexes: Mapping[str, int], origin: str, table: _Table) -> SourceItem | Rejection:
    # The mapped fields, not the row: another mapping makes another article.
    cells = {field: row[index].strip() for field, index in indexes.items() if index < len(row) and row[index].strip()}
    raw = json.dumps(cells, ensure_ascii=False).encode("utf-8", "replace")
    if len(raw) > table.max_bytes:
        return too_large(origin, format_size(len(raw)), table.max_bytes)
    return SourceItem(origin, raw, partial(_parse_row, raw, table))


def _parse_row(raw: bytes, table: _Table) -> Draft:
    draft = parse_record(raw)
    warnings = (*table.warnings, *draft.warnings)
    table.warnings.clear()
    return replace(draft, warnings=warnings)


def field_names(columns: Sequence[str]) -> dict[str, str]:
    """Return each field of an article with the name of its column, of those that a table or a record has."""
    normalized = {_normalized(name): name for name in reversed(columns)}
    found = {}
    for field, known_names in _COLUMN_NAMES.items():
        if name := next((name for name in known_names if name in normalized), None):
            found[field] = normalized[name]
    return found


def _normalized(name: str) -> str:
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())


def _column_indexes(header: Sequence[str], columns: Columns) -> dict[str, int]:
    """Return the index of each field's column."""
    exact = [name.strip() for name in header]
    normalized = [_normalized(name) for name in header]
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


def _sound_lines(lines: Iterator[str], delimiter: str) -> Iterator[str]:
    for line in lines:
        if line.count(delimiter) > _MAX_CELLS:
            raise UnreadableSource(f"A line of the table has more than {_MAX_CELLS:,} cells.", "Check the file.")
        yield line


def _encoding(file: BinaryIO) -> Encoding:
    """Return the encoding of a table, from its beginning or the surroundings of the first byte that isn't UTF-8.

    Raises:
        UnreadableSource: binary data.
    """
    beginning = file.read(2 * _SAMPLE)
    # Cut at a line, so not within a character. UTF-16 has marks or NULs, and is recognised with half a character, too.
    found = detect_encoding(beginning if len(beginning) < 2 * _SAMPLE else _whole_lines(beginning))
    if found.name != "utf-8" and not found.is_guess:
        return found
    file.seek(0)
    bad = _first_bad_byte(file)
    if bad is None:
        return found
    file.seek(max(0, bad - _SAMPLE))
    if bad > _SAMPLE:
        file.readline(_SAMPLE)
    return detect_encoding(_telling_lines(file.read(_MAX_SEARCHED)))


def _telling_lines(raw: bytes) -> bytes:
    """Return some of the lines that aren't ASCII; the others tell nothing, and make foreign letters look rare."""
    found: list[bytes] = []
    size = 0
    for line in raw.splitlines(keepends=True):
        if not line.isascii():
            found.append(line)
            size += len(line)
        if size > 2 * _SAMPLE:
            break
    return b"".join(found)


def _whole_lines(sample: bytes) -> bytes:
    """Return a sample without its last, unfinished line; all of it if it is one line."""
    return sample[: sample.rfind(b"\n") + 1] or sample


def _first_bad_byte(file: BinaryIO) -> int | None:
    """Return the place of the first byte that isn't UTF-8, reading the whole file once; None if there is none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    at = 0
    while chunk := file.read(_CHUNK):
        # Bytes of a character that the last chunk cut.
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return at - held + error.start
        at += len(chunk)
    return None
