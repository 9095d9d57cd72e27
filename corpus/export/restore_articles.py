"""Restores exported articles with their collection, origin, times and former texts."""

from collections.abc import Mapping
from dataclasses import astuple, fields

from sqlite_utils import Database

from corpus.article import Draft, ExportFields, FormerVersion, content_hash
from corpus.articles import Articles, Outcome, StoreResult
from corpus.errors import UnreadableSource

# Finds the exported article by its URL, else by its id (with its publisher or file), else by its text.
_SAME_ARTICLE = """collection = :collection AND url IS :url AND (url IS NOT NULL OR (external_id IS :external_id AND (
    (external_id IS NOT NULL AND publisher IS :publisher AND (publisher IS NOT NULL OR origin = :origin))
    OR (external_id IS NULL AND sha256 = :sha256))))"""


def restore_article(db: Database, draft: Draft, exported: ExportFields) -> StoreResult:
    """Store one exported article, unless a newer text of it is stored already.

    The text is stored byte for byte: it was cleaned before the export.
    """
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


def _add_versions(db: Database, article_id: int, versions: tuple[FormerVersion, ...]) -> None:
    """Store the former texts that are missing."""
    rows = db.execute("SELECT sha256, replaced_at FROM versions WHERE article_id = ?", (article_id,))
    known = set(rows.fetchall())
    db.conn.executemany(
        """INSERT INTO versions (article_id, title, body, publisher, author, published_at, sha256, source_sha256,
            origin, fetched_at, replaced_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [(article_id, *astuple(each)) for each in versions if (each.sha256, each.replaced_at) not in known],
    )


# The key that marks a line of an export, and its value.
FORMAT_KEY, FORMAT_VERSION = "attache_export", 1
_REQUIRED = frozenset({"body", "sha256", "source_sha256", "origin", "fetched_at", "replaced_at"})
_HINT = f"Export the articles again; in other files leave out “{FORMAT_KEY}”."


def parse_export_fields(record: Mapping[str, object]) -> ExportFields | None:
    """Return the extra fields of a line of an export; None for any other line.

    Raises:
        UnreadableSource: the export has another format version, or a field is missing or invalid.
    """
    if FORMAT_KEY not in record:
        return None
    if record[FORMAT_KEY] != FORMAT_VERSION:
        raise UnreadableSource("This line is from an export of another version.", _HINT)
    former = record.get("versions") or []
    if not isinstance(former, list):
        raise UnreadableSource("The former texts in this line aren't a list.", _HINT)
    return ExportFields(
        collection=_text(record, "collection"),
        origin=_text(record, "origin"),
        fetched_at=_text(record, "fetched_at"),
        source_sha256=_text(record, "source_sha256"),
        versions=tuple(map(_parse_former_version, former)),
    )


def _parse_former_version(record: object) -> FormerVersion:
    if not isinstance(record, dict):
        raise UnreadableSource("A former text in this line isn't an object.", _HINT)
    values = {
        each.name: _text(record, each.name) if each.name in _REQUIRED else _text_or_none(record, each.name)
        for each in fields(FormerVersion)
    }
    return FormerVersion(**values)  # type: ignore[arg-type]


def _text(record: Mapping[str, object], name: str) -> str:
    value = _text_or_none(record, name)
    if value is None:
        raise UnreadableSource(f"The field “{name}” is missing in this line of an export.", _HINT)
    return value


def _text_or_none(record: Mapping[str, object], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise UnreadableSource(f"The field “{name}” isn't text.", _HINT)
    # Lone surrogates can't be stored.
    return value.encode("utf-8", "replace").decode() if value else value
