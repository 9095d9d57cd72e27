"""The articles, passages and rejections that cross this package's border."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

SHARED_COLLECTION = "shared"


@dataclass(frozen=True, slots=True)
class FormerText:
    """A text that an article had before, with everything that is stored of it."""

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
class Kept:
    """What an exported article has beside the fields of a draft: where it stood, whence and when, and former texts."""

    collection: str
    origin: str
    fetched_at: str
    source_sha256: str
    versions: tuple[FormerText, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a reader found it, not yet cleaned or stored.

    Fields that the source does not state are None: nothing is guessed. `published_at` is an ISO 8601 date
    (`2024-09-09`) or a UTC time (`2024-09-09T12:30:00Z`). `warnings` are sentences for the user about what
    was given but could not be used, such as a date that is none. `kept` is what an export of ours adds; who stores the
    draft decides whether to believe it. `is_excerpt` where the body is not known to be whole.
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
    kept: Kept | None = None
    is_excerpt: bool = False


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One article of a file or a link, before the work of parsing it.

    `origin` names it for people (`news.jsonl.gz:17`). `raw` is its bytes as they stand in the file, or what was read of
    the page: equal bytes need no second parse. `parse` returns the draft, or raises UnreadableSource.
    """

    origin: str
    raw: bytes
    parse: Callable[[], Draft]


@dataclass(frozen=True, slots=True)
class Rejection:
    """One thing that was not taken in: where it stands, why, and what to do about it."""

    origin: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """A stored article without its text. What the source does not state is None.

    `is_excerpt`: its text is what a feed carried of it, since the whole could not be read.
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
    """SHA-256, in hex, of everything in a draft that a reader could be shown."""
    fields = (draft.title, draft.body, draft.publisher, draft.author, draft.published_at, draft.language)
    digest = hashlib.sha256()
    for text in fields:
        # The length in front keeps ("ab", "c") and ("a", "bc") apart.
        encoded = (text or "").encode("utf-8", "surrogatepass")
        digest.update(f"{len(encoded)}:".encode())
        digest.update(encoded)
    return digest.hexdigest()
