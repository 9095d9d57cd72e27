"""The stored articles: added, updated with their former versions kept, removed, read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

from sqlite_utils import Database

from corpus.article import Article, ArticleFacts, Draft, ExportFields, Passage, PublisherBasis, Span, content_hash
from corpus.collection_names import check_collection
from corpus.copies import Copies
from corpus.derived import Derived
from corpus.language import detect_language
from corpus.passages import cut_passages, text_hash
from corpus.publishers.publisher import is_one_site, owns_url
from corpus.signatures import sign
from corpus.urls import url_spellings

_FACTS = (
    "is_excerpt, publisher_basis, served_by, is_dated_ahead, id, collection, url, external_id, title, publisher,"
    " author, published_at, language, sha256, fetched_at, origin"
)
_PASSAGE = 'id, article_id, ordinal, start, "end", text, sha256'
# SQLite takes at most 32,766 bound values; smaller batches keep statements readable in a trace.
_MAX_BOUND_VALUES = 900
_EDGE_BYTES = 400


class Outcome(StrEnum):
    """What storing an article did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class StoreResult:
    """An article's id, what storing it did, and the language of a text that was added or updated."""

    article_id: int
    outcome: Outcome
    language: str | None = field(default=None, compare=False)


class Match(NamedTuple):
    """A draft as it is to be stored, and the article that it is a version of; None if it is a new one."""

    draft: Draft
    known: ArticleFacts | None


class Edges(NamedTuple):
    """The first and the last characters of an article's text, for a short one the same."""

    opening: str
    ending: str


@dataclass(frozen=True, slots=True)
class Version:
    """A former text of an article, with its date and the time it was current (ISO 8601, UTC)."""

    title: str | None
    body: str
    sha256: str
    fetched_at: str
    replaced_at: str
    published_at: str | None


class Articles:
    """The articles of one database. Callers group changes with `db.atomic()`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find_by_source(self, collection: str, source_sha256: str, origin: str) -> int | None:
        """Return the id of the article that these source bytes produced, if parsing them again would change nothing.

        That is so if they produced the article's current text, or a former text from the same origin while the current
        text came from elsewhere: two records with one url in one file do not replace each other at every ingest.
        """
        row = self._db.execute(
            """SELECT id FROM articles WHERE collection = :collection AND source_sha256 = :source
            UNION ALL
            SELECT articles.id FROM versions JOIN articles ON articles.id = versions.article_id
            WHERE versions.source_sha256 = :source AND versions.origin = :origin
                AND articles.collection = :collection AND articles.origin <> :origin
            LIMIT 1""",
            {"collection": collection, "source": source_sha256, "origin": origin},
        ).fetchone()
        return int(row[0]) if row else None

    def match(self, draft: Draft, collection: str, origin: str) -> Match:
        """Return a draft as it is to be stored, and the article that it is a version of, if any.

        What another site served or somebody only handed in is no version of an article: it is stored beside it, without
        the address.
        """
        found = self._find(draft, collection, origin)
        if found is None or may_replace(draft, found) or content_hash(draft) == found.sha256:
            return Match(draft, found)
        if draft.is_excerpt and not found.is_excerpt and owns_url(found.served_by, found.url):
            return Match(draft, found)
        draft = replace(draft, url=None, external_id=f"{draft.served_by or 'given'} {draft.url or draft.external_id}")
        found = self._find(draft, collection, origin)
        return Match(draft, found if found is not None and may_replace(draft, found) else None)

    def update_origin(self, article_id: int, source_sha256: str, origin: str) -> None:
        """Record that the bytes of an article's current text were found in another place."""
        self._db.execute(
            "UPDATE articles SET origin = :origin WHERE id = :id AND source_sha256 = :source AND origin <> :origin",
            {"id": article_id, "source": source_sha256, "origin": origin},
        )

    def change_url(self, article_id: int, url: str) -> None:
        """Give an article another address."""
        self._db.execute("UPDATE articles SET url = ? WHERE id = ?", (url, article_id))
        self._bump_revision()

    def store(
        self,
        draft: Draft,
        *,
        collection: str,
        origin: str,
        source_sha256: str,
        now: str,
        derived: Derived | None = None,
        match: Match | None = None,
    ) -> StoreResult:
        """Add an article, or update the one with the same url, else the same id, else the same content.

        Args:
            draft: the cleaned article; its body is what every offset refers to.
            collection: the collection it goes into.
            origin: where it was read, for people.
            source_sha256: hash of the bytes that it was parsed from.
            now: the time of reading, ISO 8601 in UTC.
            derived: what follows from the draft's text, if that was computed before.
            match: what `match` found for it, if nothing has changed since: it looks up dozens of spellings.

        Raises:
            BadInput: the collection can't have this name.
        """
        draft, known = match or self.match(draft, collection, origin)
        sha256 = content_hash(draft)
        language = derived.language if derived else detect_language(draft.body, draft.language)
        source = {"sha256": sha256, "source_sha256": source_sha256, "fetched_at": now, "origin": origin}
        columns = _columns(draft, language) | source
        if known is None:
            article_id, outcome = self._insert(collection, draft.url, columns), Outcome.ADDED
        elif known.sha256 == sha256:
            article_id, outcome = known.id, Outcome.UNCHANGED
            if may_replace(draft, known):
                self._db.execute(
                    """UPDATE articles SET source_sha256 = ?, origin = ?, is_excerpt = min(is_excerpt, ?),
                        publisher_basis = ?, served_by = ?, is_dated_ahead = ?, published_at = ? WHERE id = ?""",
                    (source_sha256, origin, draft.is_excerpt, draft.publisher_basis, draft.served_by,
                     draft.is_dated_ahead, draft.published_at, article_id),
                )  # fmt: skip
        elif draft.is_excerpt and not known.is_excerpt:
            # A feed's excerpt is no newer version of the whole article.
            return StoreResult(known.id, Outcome.UNCHANGED)
        else:
            article_id, outcome = known.id, Outcome.UPDATED
            # Replacing an excerpt by the whole article, or another's words by its own, is no edit of the article.
            if (draft.is_excerpt or not known.is_excerpt) and is_one_voice(draft, known):
                self._keep_version(article_id, now)
            self._replace(article_id, columns)
        if outcome is not Outcome.UNCHANGED:
            self._update_derived(article_id, draft.body, language, derived)
        return StoreResult(article_id, outcome, language)

    def insert(self, draft: Draft, export_fields: ExportFields) -> int:
        """Add an exported article unchanged, even if another has the same text; return its id.

        Raises:
            BadInput: its collection can't have this name.
        """
        language = detect_language(draft.body, draft.language)
        columns = _columns(draft, language) | {
            "sha256": content_hash(draft),
            "source_sha256": export_fields.source_sha256,
            "fetched_at": export_fields.fetched_at,
            "origin": export_fields.origin,
        }
        article_id = self._insert(export_fields.collection, draft.url, columns)
        self._update_derived(article_id, draft.body, language)
        return article_id

    def remove(self, article_id: int) -> bool:
        """Remove an article with its passages and versions; return False if there is none."""
        removed = self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount > 0
        if removed:
            self._bump_revision()
        return removed

    def restore_previous(self, article_id: int) -> bool:
        """Replace an article's current text by its last former version; return False if there is none.

        The stated language stays as it is: versions don't keep it.
        """
        row = self._db.execute(
            """SELECT versions.id, versions.title, versions.body, versions.publisher, versions.author,
                versions.published_at, versions.source_sha256, versions.origin, versions.fetched_at,
                articles.stated_language, articles.external_id, articles.publisher_basis, articles.served_by
            FROM versions JOIN articles ON articles.id = versions.article_id
            WHERE article_id = ? ORDER BY versions.id DESC LIMIT 1""",
            (article_id,),
        ).fetchone()
        if row is None:
            return False
        version_id, title, body, publisher, author, published_at, source, origin, fetched_at, *kept = row
        stated, external_id, basis, served_by = kept
        draft = Draft(
            body=body,
            title=title,
            publisher=publisher,
            author=author,
            published_at=published_at,
            language=stated,
            external_id=external_id,
            publisher_basis=PublisherBasis(basis),
            served_by=served_by,
        )
        stored = {"source_sha256": source, "origin": origin, "fetched_at": fetched_at, "sha256": content_hash(draft)}
        language = detect_language(body, stated)
        self._replace(article_id, _columns(draft, language) | stored)
        self._update_derived(article_id, body, language)
        self._db.execute("DELETE FROM versions WHERE id = ?", (version_id,))
        return True

    def recut(self, article_id: int) -> None:
        """Detect an article's language and cut its passages again; passages that come out the same stay."""
        row = self._db.execute("SELECT body, stated_language, language FROM articles WHERE id = ?", (article_id,))
        body, stated, before = row.fetchone() or ("", None, None)
        language = detect_language(body, stated)
        if language != before:
            self._db.execute("UPDATE articles SET language = ? WHERE id = ?", (language, article_id))
        if not body:
            return
        sql = 'SELECT start, "end", text FROM passages WHERE article_id = ? ORDER BY ordinal'
        stored = self._db.execute(sql, (article_id,)).fetchall()
        spans = cut_passages(body, language)
        if stored == [(span.start, span.end, body[span.start : span.end]) for span in spans]:
            return
        self._db.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
        self._insert_passages(article_id, body, spans)
        self._bump_revision()

    def get(self, article_id: int) -> Article | None:
        """Return one article with its text."""
        row = self._db.execute(f"SELECT {_FACTS}, body FROM articles WHERE id = ?", (article_id,)).fetchone()
        return Article(*row[4:], **_marks(row)) if row else None

    def find_by_url(self, collection: str, url: str) -> ArticleFacts | None:
        """Return the article of a collection with a canonical url or another spelling of it, without its text."""
        urls = url_spellings(url)
        marks = ",".join("?" * len(urls))
        sql = f"SELECT {_FACTS} FROM articles WHERE collection = ? AND url IN ({marks}) ORDER BY url <> ?, id LIMIT 1"
        row = self._db.execute(sql, (collection, *urls, url)).fetchone()
        return _facts(row) if row else None

    def facts(self, article_ids: Sequence[int]) -> dict[int, ArticleFacts]:
        """Return articles without their text, by id; unknown ids are left out."""
        found: dict[int, ArticleFacts] = {}
        for batch in _batches(article_ids):
            marks = ",".join("?" * len(batch))
            # Without the hint, SQLite reads the table's rows and so the text of each article.
            sql = f"SELECT {_FACTS} FROM articles INDEXED BY article_facts WHERE id IN ({marks})"
            found.update({row[4]: _facts(row) for row in self._db.execute(sql, batch)})
        return found

    def edges(self, article_ids: Iterable[int]) -> dict[int, Edges]:
        """Return where the texts of articles begin and end, by id, up to 400 bytes each; they are not read whole."""
        found: dict[int, Edges] = {}
        for article_id in article_ids:
            with self._db.conn.blobopen("articles", "body", article_id, readonly=True) as body:
                opening = body.read(_EDGE_BYTES)
                body.seek(max(0, len(body) - _EDGE_BYTES))
                ending = body.read(_EDGE_BYTES)
            found[article_id] = Edges(*(raw.decode("utf-8", "ignore") for raw in (opening, ending)))
        return found

    def ids(self) -> Iterator[int]:
        """Yield every article's id, in order."""
        yield from [int(row[0]) for row in self._db.execute("SELECT id FROM articles ORDER BY id")]

    def versions(self, article_id: int) -> list[Version]:
        """Return an article's former versions, oldest first."""
        sql = """SELECT title, body, sha256, fetched_at, replaced_at, published_at FROM versions
            WHERE article_id = ? ORDER BY id"""
        return [Version(*row) for row in self._db.execute(sql, (article_id,))]

    def passages(self, passage_ids: Sequence[int]) -> dict[int, Passage]:
        """Return passages by id; unknown ids are left out."""
        found: dict[int, Passage] = {}
        for batch in _batches(passage_ids):
            sql = f"SELECT {_PASSAGE} FROM passages WHERE id IN ({','.join('?' * len(batch))})"
            found.update({row[0]: Passage(*row) for row in self._db.execute(sql, batch)})
        return found

    def passages_around(self, article_id: int, start: int, end: int) -> list[Passage]:
        """Return the passages of an article that hold all characters of its body from start to end."""
        sql = f'SELECT {_PASSAGE} FROM passages WHERE article_id = ? AND start <= ? AND "end" >= ? ORDER BY ordinal'
        return [Passage(*row) for row in self._db.execute(sql, (article_id, start, end))]

    def neighbours(self, passages: Sequence[Passage]) -> dict[int, Passage]:
        """Return the passages next to the given ones in their articles, by id, without the given ones."""
        places = {(each.article_id, each.ordinal + step) for each in passages for step in (-1, 1)}
        places -= {(each.article_id, each.ordinal) for each in passages}
        if not places:
            return {}
        marks = ",".join(["(?,?)"] * len(places))
        # SQLite uses the index for a join, but not for a comparison of row values.
        sql = f"""WITH wanted (article, place) AS (VALUES {marks})
            SELECT {_PASSAGE} FROM wanted JOIN passages ON article_id = article AND ordinal = place"""
        values = [number for place in sorted(places) for number in place]
        return {row[0]: Passage(*row) for row in self._db.execute(sql, values)}

    def _find(self, draft: Draft, collection: str, origin: str) -> ArticleFacts | None:
        """Return the article with the same address, id or content as a draft."""
        if draft.url:
            return self.find_by_url(collection, draft.url)
        if draft.external_id:
            # Many sources number their articles from one: an id is unique only per publisher, or within one file.
            condition = """external_id = :external_id AND publisher IS :publisher
                AND (publisher IS NOT NULL OR origin = :file OR origin LIKE :file_lines ESCAPE '!')"""
        else:
            condition = "sha256 = :sha256"
        file = re.sub(r":\d+$", "", origin)
        row = self._db.execute(
            f"""SELECT {_FACTS} FROM articles
            WHERE collection = :collection AND {condition} ORDER BY id LIMIT 1""",
            {
                "collection": collection,
                "external_id": draft.external_id,
                "publisher": draft.publisher,
                "file": file,
                "file_lines": re.sub(r"([!%_])", r"!\1", file) + ":%",
                "sha256": content_hash(draft),
            },
        ).fetchone()
        return _facts(row) if row else None

    def _insert(self, collection: str, url: str | None, columns: dict[str, str | bool | None]) -> int:
        row = {"collection": check_collection(collection), "url": url, **columns}
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        cursor = self._db.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", row)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _keep_version(self, article_id: int, now: str) -> None:
        self._db.execute(
            """INSERT INTO versions (article_id, title, body, publisher, author, published_at, sha256, source_sha256,
                origin, fetched_at, replaced_at)
            SELECT id, title, body, publisher, author, published_at, sha256, source_sha256, origin, fetched_at, ?
            FROM articles WHERE id = ?""",
            (now, article_id),
        )

    def _replace(self, article_id: int, columns: dict[str, str | bool | None]) -> None:
        # Keep an id that the source no longer states.
        kept = {name: value for name, value in columns.items() if name != "external_id" or value}
        assignments = ", ".join(f"{name} = :{name}" for name in kept)
        self._db.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
        self._db.execute(f"UPDATE articles SET {assignments} WHERE id = :id", {**kept, "id": article_id})

    def _update_derived(self, article_id: int, body: str, language: str | None, derived: Derived | None = None) -> None:
        """Store what follows from a new text: its passages, its signature and the next revision."""
        self._insert_passages(article_id, body, derived.passages if derived else cut_passages(body, language))
        Copies(self._db).store(article_id, derived.signature if derived else sign(body))
        self._bump_revision()

    def _insert_passages(self, article_id: int, body: str, spans: Iterable[Span]) -> None:
        rows = []
        for ordinal, span in enumerate(spans):
            text = body[span.start : span.end]
            rows.append((article_id, ordinal, span.start, span.end, text, text_hash(text)))
        self._db.conn.executemany(
            'INSERT INTO passages (article_id, ordinal, start, "end", text, sha256) VALUES (?, ?, ?, ?, ?, ?)', rows
        )

    def _bump_revision(self) -> None:
        self._db.execute("UPDATE state SET revision = revision + 1 WHERE id = 1")


def may_replace(draft: Draft, stored: ArticleFacts) -> bool:
    """Return whether a draft may become the text of a stored article that has the same address, id or content.

    It may if the operator gives it, if the article's own address served it, or if it comes from where the stored text
    came from.
    """
    if draft.publisher_basis is PublisherBasis.VOUCHED:
        return True
    if draft.served_by and (owns_url(draft.served_by, draft.url) or is_one_site(draft.served_by, stored.served_by)):
        return True
    return not draft.served_by and not stored.served_by and stored.publisher_basis is PublisherBasis.CLAIMED


def is_one_voice(draft: Draft, stored: ArticleFacts) -> bool:
    """Return whether a stored text was the publisher's own, so that it is kept as a former version."""
    if stored.is_claimed and draft.publisher_basis is not PublisherBasis.CLAIMED:
        return False
    return not (draft.served_by and stored.served_by) or is_one_site(draft.served_by, stored.served_by)


def _facts(row: Sequence[Any]) -> ArticleFacts:
    return ArticleFacts(*row[4:], **_marks(row))


def _marks(row: Sequence[Any]) -> dict[str, Any]:
    return {
        "is_excerpt": bool(row[0]),
        "publisher_basis": PublisherBasis(row[1]),
        "served_by": row[2],
        "is_dated_ahead": bool(row[3]),
    }


def _columns(draft: Draft, language: str | None) -> dict[str, str | bool | None]:
    return {
        "external_id": draft.external_id,
        "title": draft.title,
        "title_sha256": text_hash(draft.title) if draft.title else None,
        "body": draft.body,
        "publisher": draft.publisher,
        "author": draft.author,
        "published_at": draft.published_at,
        "language": language,
        "stated_language": draft.language,
        "is_excerpt": draft.is_excerpt,
        "publisher_basis": draft.publisher_basis,
        "served_by": draft.served_by,
        "is_dated_ahead": draft.is_dated_ahead,
    }


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    unique = list(dict.fromkeys(ids))
    for first in range(0, len(unique), _MAX_BOUND_VALUES):
        yield unique[first : first + _MAX_BOUND_VALUES]
