"""Exports articles as JSON Lines that `ingest` restores: one article per line with its former texts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields

from sqlite_utils import Database

from corpus.article import FormerVersion
from corpus.export.restore_articles import FORMAT_KEY, FORMAT_VERSION

# `stated_language`, since ingest detects the language from the text again.
_COLUMNS = (
    "external_id", "url", "title", "publisher", "author", "published_at", "stated_language", "collection", "origin",
    "fetched_at", "source_sha256", "is_excerpt", "body",
)  # fmt: skip
_FORMER = ", ".join(each.name for each in fields(FormerVersion))
_BATCH_SIZE = 64


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """A line without its line break, and the number of former texts in it."""

    line: str
    versions: int


def export_lines(db: Database, collections: Sequence[str] | None = None) -> Iterator[ExportedLine]:
    """Yield a line for each article, oldest first, from one read transaction."""
    condition = f"collection IN ({','.join('?' * len(collections))})" if collections is not None else "1"
    db.conn.execute("BEGIN")
    try:
        last = 0
        sql = f"""SELECT id, {", ".join(_COLUMNS)} FROM articles WHERE id > ? AND {condition}
            ORDER BY id LIMIT {_BATCH_SIZE}"""
        while rows := db.execute(sql, [last, *(collections or ())]).fetchall():
            last = rows[-1][0]
            for row in rows:
                yield _line(db, row[0], dict(zip(_COLUMNS, row[1:], strict=True)))
    finally:
        db.conn.rollback()


def _line(db: Database, article_id: int, columns: dict[str, str | int | None]) -> ExportedLine:
    sql = f"SELECT {_FORMER} FROM versions WHERE article_id = ? ORDER BY id"
    versions = [asdict(FormerVersion(*row)) for row in db.execute(sql, (article_id,))]
    columns["language"] = columns.pop("stated_language")
    columns["is_excerpt"] = bool(columns["is_excerpt"])
    record: dict[str, object] = {FORMAT_KEY: FORMAT_VERSION, "id": columns.pop("external_id"), **columns}
    return ExportedLine(json.dumps({**record, "versions": versions}, ensure_ascii=False), len(versions))
