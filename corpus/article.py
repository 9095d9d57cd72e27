"""The data classes that other packages see: articles, drafts, passages and rejections."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.timestamps import instant

SHARED_COLLECTION = "shared"


class PublisherBasis(StrEnum):
    """How an article's publisher is known (docs/decisions/0021-claimed-publishers.md).

    `served`: the address that served the text is the publisher's. `vouched`: an operator gave the text with this name.
    `claimed`: only the text, its feed or whoever handed it in says so.
    """

    SERVED = "served"
    VOUCHED = "vouched"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class FormerVersion:
    """A former version of an article, with every stored field."""

    title: str | None
    body: str
    publisher: str | None
    author: str | None
    published_at: str | None
    sha256: str
    source_sha256: str
    origin: str
    fetched_at: str
    replaced_at: str


@dataclass(frozen=True, slots=True)
class ExportFields:
    """The fields that an exported article has beyond those of a draft."""

    collection: str
    origin: str
    fetched_at: str
    source_sha256: str
    versions: tuple[FormerVersion, ...]
    publisher_basis: PublisherBasis | None = None
    served_by: str | None = None
    is_dated_ahead: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A parsed article, not yet cleaned or stored.

    Fields that the source does not state are None: nothing is guessed. `published_at` is an ISO 8601 date
    (`2024-09-09`), or a time with the offset that the source states (`2024-09-09T08:30:00+09:00`, for UTC `Z`): its
    first ten characters are the publisher's own day. `warnings` are sentences for the user about values that
    could not be used, such as an invalid date. `export_fields` come from our own exports; the caller decides whether to
    trust them. `is_excerpt` is True if the body may be incomplete, `is_file_date` if `published_at` is only the day on
    which the file was made. `served_by` is the site (host, and port if unusual) that the text comes from, None for
    files. `fetched_from` is the address of the page that it comes from, if known; the page may state another
    one. `is_second_hand` is True if another site than that names the publisher. Ingest sets `publisher_basis`, and
    `is_dated_ahead` for an article that states a date in the future.
    """

    body: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_at: str | None = None
    language: str | None = None
    external_id: str | None = None
    warnings: tuple[str, ...] = ()
    export_fields: ExportFields | None = None
    is_excerpt: bool = False
    is_file_date: bool = False
    served_by: str | None = None
    fetched_from: str | None = None
    is_second_hand: bool = False
    publisher_basis: PublisherBasis = PublisherBasis.VOUCHED
    is_dated_ahead: bool = False


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One article of a file or a link, not yet parsed.

    `origin` names it for people (`news.jsonl.gz:17`). `raw` is its bytes in the file or page: equal bytes need no
    second parse. `parse` returns the draft, or raises UnreadableSource.
    """

    origin: str
    raw: bytes
    parse: Callable[[], Draft]


@dataclass(frozen=True, slots=True)
class Rejection:
    """An item that was not ingested: where it is, why, and what to do about it."""

    origin: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """A stored article without its text. Fields that the source does not state are None.

    `is_excerpt`: the text is only what a feed carried, because the page could not be read. `served_by` is the site that
    the text was fetched from, None for files. `is_dated_ahead`: it states a date in the future, so it has none here.
    """

    id: int
    collection: str
    url: str | None
    external_id: str | None
    title: str | None
    publisher: str | None
    author: str | None
    published_at: str | None
    language: str | None
    sha256: str
    fetched_at: str
    origin: str
    is_excerpt: bool = field(default=False, kw_only=True)
    publisher_basis: PublisherBasis = field(default=PublisherBasis.VOUCHED, kw_only=True)
    served_by: str | None = field(default=None, kw_only=True)
    is_dated_ahead: bool = field(default=False, kw_only=True)

    @property
    def is_claimed(self) -> bool:
        """Return whether the publisher's name is only claimed."""
        return self.publisher is not None and self.publisher_basis is PublisherBasis.CLAIMED


@dataclass(frozen=True, slots=True)
class Article(ArticleFacts):
    """A stored article. `body` is the cleaned text that every offset refers to."""

    body: str


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character offsets `[start, end)` into an article's body."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim slice of one article, on sentence boundaries; the unit of retrieval.

    `article.body[start:end] == text`. `sha256` is the hash of the text.
    """

    id: int
    article_id: int
    ordinal: int
    start: int
    end: int
    text: str
    sha256: str


def content_hash(draft: Draft) -> str:
    """Return the SHA-256, in hex, of every field of a draft that can be shown; one moment counts once in any offset."""
    published_at = draft.published_at and instant(draft.published_at)
    return hash_fields(draft.title, draft.body, draft.publisher, draft.author, published_at, draft.language)


def hash_fields(*fields: str | None) -> str:
    """Return the SHA-256, in hex, of several texts."""
    digest = hashlib.sha256()
    for text in fields:
        # The length prefix keeps ("ab", "c") and ("a", "bc") apart.
        encoded = (text or "").encode("utf-8", "surrogatepass")
        digest.update(f"{len(encoded)}:".encode())
        digest.update(encoded)
    return digest.hexdigest()
