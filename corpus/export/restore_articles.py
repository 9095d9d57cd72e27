"""Puts exported articles back as they were: in their collection, with origin, times and former texts."""

from dataclasses import astuple

from sqlite_utils import Database

from corpus.article import Draft, FormerText, Kept, content_hash
from corpus.articles import Articles, Outcome, Stored

# The same article as when it was exported: by its address, else its id at its publisher or in its file, else its text.
_SAME = """collection = :collection AND url IS :url AND (url IS NOT NULL OR (external_id IS :external_id AND (
    (external_id IS NOT NULL AND publisher IS :publisher AND (publisher IS NOT NULL OR origin = :origin))
    OR (external_id IS NULL AND sha256 = :sha256))))"""


def put_back(db: Database, draft: Draft, kept: Kept) -> Stored:
    """Stores one exported article; where a newer text of it is stored already, that one stays.

    The text is not cleaned again: it was when it was first stored, and every byte of it comes back.
    """
    sha256 = content_hash(draft)
    row = db.execute(
        f"SELECT id, sha256, fetched_at FROM articles WHERE {_SAME} ORDER BY id LIMIT 1",
        {
            "collection": kept.collection, "url": draft.url, "external_id": draft.external_id,
            "publisher": draft.publisher, "origin": kept.origin, "sha256": sha256,
        },
    ).fetchone()  # fmt: skip
    articles = Articles(db)
    if row is None:
        article_id, outcome = articles.insert(draft, kept), Outcome.ADDED
    elif row[1] == sha256 or row[2] >= kept.fetched_at:
        article_id, outcome = int(row[0]), Outcome.UNCHANGED
    else:
        # Stored as any newer text is: the present one becomes a former one.
        stored = articles.store(
            draft,
            collection=kept.collection,
            origin=kept.origin,
            source_sha256=kept.source_sha256,
            now=kept.fetched_at,
        )
        article_id, outcome = stored.article_id, stored.outcome
    _add_versions(db, article_id, kept.versions)
    return Stored(article_id, outcome)


def _add_versions(db: Database, article_id: int, versions: tuple[FormerText, ...]) -> None:
    """Adds the former texts that are not there yet."""
    rows = db.execute("SELECT sha256, replaced_at FROM versions WHERE article_id = ?", (article_id,))
    known = set(rows.fetchall())
    db.conn.executemany(
        """INSERT INTO versions (article_id, title, body, publisher, author, published_at, sha256, source_sha256,
            origin, fetched_at, replaced_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [(article_id, *astuple(each)) for each in versions if (each.sha256, each.replaced_at) not in known],
    )
