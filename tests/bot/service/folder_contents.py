"""What is moved from one data folder to another, and everything that a folder holds, to compare."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from corpus.database import DATABASE_NAME

ARTICLES = (
    "collection, url, external_id, title, body, publisher, author, published_at, language, sha256, title_sha256,"
    " source_sha256, fetched_at, is_excerpt, origin"
)
VERSIONS = (
    "versions.title, versions.body, versions.publisher, versions.author, versions.published_at, versions.sha256,"
    " versions.source_sha256, versions.origin, versions.fetched_at, replaced_at, articles.url"
)
FORMER = "versions JOIN articles ON articles.id = article_id ORDER BY versions.id"


def contents(data_dir: Path) -> list[list[tuple[object, ...]]]:
    """Every field of every article and former text, and the texts of the passages."""
    with closing(sqlite3.connect(data_dir / DATABASE_NAME)) as db:
        return [
            db.execute(f"SELECT {ARTICLES} FROM articles ORDER BY id").fetchall(),
            db.execute(f"SELECT {VERSIONS} FROM {FORMER}").fetchall(),
            db.execute("SELECT ordinal, start, text FROM passages ORDER BY article_id, ordinal").fetchall(),
        ]  # fmt: skip


def news(folder: Path, body: str, **fields: str) -> Path:
    """A file with one article."""
    path = folder / "news.jsonl"
    path.write_text(json.dumps({"url": "https://example.org/pier", "title": "Pier", "body": body} | fields))
    return path
