"""Articles about made-up towns, what taking them in did, and what must hold of all that is stored."""

import json
from pathlib import Path

from sqlite_utils import Database

from corpus.article import Article, Span
from corpus.articles import Articles
from corpus.checks import integrity_problems, misplaced_passages
from corpus.ingest import IngestOptions, IngestReport, ingest_paths
from corpus.passages import cut_passages

TOWNS = "Arnheim Belmar Castine Dorvale Elmstad Fairhaven Glenmoor Hartwell".split()


def text_about(town: str) -> str:
    return f"The council of {town} met on Monday to talk about the ferry. It put the vote off until the autumn."


def record(town: str, **fields: object) -> str:
    return json.dumps(
        {"url": f"https://example.org/{town}", "title": f"{town} waits", "body": text_about(town)} | fields
    )


def feed(db: Database, *paths: Path, options: IngestOptions | None = None) -> IngestReport:
    return ingest_paths(db, paths, options or IngestOptions())


def counts(report: IngestReport) -> tuple[int, int, int]:
    return report.added, report.updated, report.unchanged


def articles(db: Database) -> list[Article]:
    kept = Articles(db)
    return [article for article in map(kept.get, kept.ids()) if article]


def everything(db: Database) -> list[list[tuple[object, ...]]]:
    """All that is stored, to compare before and after."""
    return [
        db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
        for table in ("articles", "versions", "passages", "state")
    ]


def found(db: Database, words: str) -> int:
    """How many passages hold all of these words."""
    wanted = set(words.lower().split())
    return sum(wanted <= set(text.lower().rstrip(".").split()) for (text,) in db.execute("SELECT text FROM passages"))


def assert_sound(db: Database) -> None:
    """Every article is there with all its passages, verbatim."""
    assert integrity_problems(db) == []
    assert misplaced_passages(db) == []
    for article in articles(db):
        rows = db.execute('SELECT start, "end" FROM passages WHERE article_id = ? ORDER BY ordinal', (article.id,))
        assert [Span(*row) for row in rows] == cut_passages(article.body, article.language)
