"""Writes articles as JSON Lines that `ingest` takes back without loss: one article a line, with its former texts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields

from sqlite_utils import Database

from corpus.article import FormerText
from corpus.export.extra_fields import FORMAT, MARK

# The language as the article states it: what its text tells is told again wherever it is put back.
_COLUMNS = (
    "external_id", "url", "title", "publisher", "author", "published_at", "stated_language", "collection", "origin",
    "fetched_at", "source_sha256", "is_excerpt", "body",
)  # fmt: skip
_FORMER = ", ".join(each.name for each in fields(FormerText))
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """One line without its break, and how many former texts are in it."""

    line: str
    versions: int


def export_lines(db: Database, collections: Sequence[str] | None = None) -> Iterator[ExportedLine]:
    """Yield a line for each article, in the order in which they were first stored.

    Read as one transaction: what is written meanwhile is in none of the lines.
    """
    marks = f"collection IN ({','.join('?' * len(collections))})" if collections is not None else "1"
    db.conn.execute("BEGIN")
    try:
        last = 0
        sql = f"SELECT id, {', '.join(_COLUMNS)} FROM articles WHERE id > ? AND {marks} ORDER BY id LIMIT {_AT_ONCE}"
        while rows := db.execute(sql, [last, *(collections or ())]).fetchall():
            last = rows[-1][0]
            for row in rows:
                yield _line(db, row[0], dict(zip(_COLUMNS, row[1:], strict=True)))
    finally:
        db.conn.rollback()


def _line(db: Database, article_id: int, columns: dict[str, str | int | None]) -> ExportedLine:
    sql = f"SELECT {_FORMER} FROM versions WHERE article_id = ? ORDER BY id"
    versions = [asdict(FormerText(*row)) for row in db.execute(sql, (article_id,))]
    columns["language"] = columns.pop("stated_language")
    columns["is_excerpt"] = bool(columns["is_excerpt"])
    record: dict[str, object] = {MARK: FORMAT, "id": columns.pop("external_id"), **columns}
    return ExportedLine(json.dumps({**record, "versions": versions}, ensure_ascii=False), len(versions))
