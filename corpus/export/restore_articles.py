"""Restores exported articles with their collection, origin, times and former texts."""

from dataclasses import astuple, replace

from sqlite_utils import Database

from corpus.article import Draft, ExportFields, FormerVersion, content_hash
from corpus.articles import Articles, Outcome, StoreResult
from corpus.dates import is_ahead
from corpus.publishers.basis import basis_of_old
from corpus.publishers.directory import Publishers
from corpus.settle_old import is_link, old_site

# Finds the exported article by its URL, else by its id (with its publisher or file), else by its text.
_SAME_ARTICLE = """collection = :collection AND url IS :url AND (url IS NOT NULL OR (external_id IS :external_id AND (
    (external_id IS NOT NULL AND publisher IS :publisher AND (publisher IS NOT NULL OR origin = :origin))
    OR (external_id IS NULL AND sha256 = :sha256))))"""


def restore_article(db: Database, draft: Draft, exported: ExportFields) -> StoreResult:
    """Store one exported article, unless a newer text of it is stored already.

    The text is stored byte for byte: it was cleaned before the export.
    """
    draft = _with_marks(db, draft, exported)
    sha256 = content_hash(draft)
    row = db.execute(
        f"SELECT id, sha256, fetched_at FROM articles WHERE {_SAME_ARTICLE} ORDER BY id LIMIT 1",
        {
            "collection": exported.collection, "url": draft.url, "external_id": draft.external_id,
            "publisher": draft.publisher, "origin": exported.origin, "sha256": sha256,
        },
    ).fetchone()  # fmt: skip
    articles = Articles(db)
    if row is None:
        article_id, outcome = articles.insert(draft, exported), Outcome.ADDED
    elif row[1] == sha256 or row[2] >= exported.fetched_at:
        article_id, outcome = int(row[0]), Outcome.UNCHANGED
    else:
        # The stored text becomes a former text.
        stored = articles.store(
            draft,
            collection=exported.collection,
            origin=exported.origin,
            source_sha256=exported.source_sha256,
            now=exported.fetched_at,
        )
        article_id, outcome = stored.article_id, stored.outcome
    _add_versions(db, article_id, exported.versions)
    return StoreResult(article_id, outcome)


def _with_marks(db: Database, draft: Draft, exported: ExportFields) -> Draft:
    """Return a draft with how its publisher and date are known, worked out for exports that don't say so."""
    basis, served_by = exported.publisher_basis, exported.served_by
    if basis is None:
        served_by = old_site(draft.url, exported.origin, None, is_excerpt=draft.is_excerpt)
        is_upload = served_by is None and is_link(exported.origin)
        basis = basis_of_old(
            draft.publisher, draft.url, exported.origin, served_by, Publishers(db), is_upload=is_upload
        )
    draft = replace(draft, publisher_basis=basis, served_by=served_by, is_dated_ahead=exported.is_dated_ahead)
    if draft.published_at and is_ahead(draft.published_at, exported.fetched_at):
        draft = replace(draft, published_at=None, is_dated_ahead=True)
    return draft


def _add_versions(db: Database, article_id: int, versions: tuple[FormerVersion, ...]) -> None:
    """Store the former texts that are missing."""
    rows = db.execute("SELECT sha256, replaced_at FROM versions WHERE article_id = ?", (article_id,))
    known = set(rows.fetchall())
    db.conn.executemany(
        """INSERT INTO versions (article_id, title, body, publisher, author, published_at, sha256, source_sha256,
            origin, fetched_at, replaced_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [(article_id, *astuple(each)) for each in versions if (each.sha256, each.replaced_at) not in known],
    )
