"""Takes articles into the corpus: read, clean, store, batch by batch, and tells what became of each."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from sqlite_utils import Database

from corpus.article import SHARED_COLLECTION, Draft, Rejection, SourceItem
from corpus.articles import Articles, Outcome, Stored
from corpus.boilerplate import is_boilerplate
from corpus.copies import Copies
from corpus.errors import UnreadableSource
from corpus.export.restore_articles import put_back
from corpus.formats import HOSTILE, find_files, read_path, unsupported_files
from corpus.normalize import clean_body, clean_line
from corpus.publishers.cleaner import Sifter
from corpus.starter import stored_origin
from corpus.timestamps import utc_now

# Counts up when reading or cleaning changes what is stored: then equal bytes no longer mean an equal article.
READING_RULES = "1"
# Articles in one transaction: large enough that the commits don't show, small enough that a kill loses little.
ARTICLES_AT_ONCE = 64
_SENTENCE_ENDS = (".", "!", "?", ":", "”", '"', "…", ")")
DEFAULT_MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How to take articles in.

    `publisher` is used for articles that state none. `max_bytes` bounds one article, after decompression. What lies in
    `base` is named relative to it, for files whose folder is only passing, such as an upload's. `columns` names
    the column of each field of tables. With `restores`, articles of an export go back into their own
    collection with their former texts; only for files of the operator, since whoever wrote them then chooses it.
    """

    collection: str = SHARED_COLLECTION
    publisher: str | None = None
    max_bytes: int = DEFAULT_MAX_BYTES
    base: Path | None = None
    columns: Mapping[str, str] | None = None
    restores: bool = False


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far reading is; `total_bytes` is an estimate for compressed files.

    `changed` are the articles that were added or updated since the last report, all of them committed.
    """

    articles: int
    done_bytes: int
    total_bytes: int
    changed: tuple[Stored, ...] = ()


@dataclass(slots=True)
class IngestReport:
    """What became of everything that was given."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    unsupported_files: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    warnings: list[Rejection] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    """How many of the added and updated articles are in each language that is known, by ISO 639-1 code."""

    @property
    def articles(self) -> int:
        """Articles that are in the corpus now because of this run, or were before."""
        return self.added + self.updated + self.unchanged


def ingest_paths(
    db: Database,
    paths: Sequence[Path],
    options: IngestOptions,
    on_progress: Callable[[IngestProgress], None] = lambda _progress: None,
    *,
    fetched: Sequence[SourceItem | Rejection] = (),
) -> IngestReport:
    """Takes files and folders in; what can't be read is reported and skipped, and the rest goes in.

    Each batch of articles is one transaction: whatever kills the process, no article is half there. What was `fetched`
    before, from links, goes in first.

    Raises:
        BadInput: a path does not exist.
        StorageFailure: the database can't be written.
    """
    files = list(find_files(paths))
    report = IngestReport(unsupported_files=sum(1 for _ in unsupported_files(paths)))
    total = sum(_expected_bytes(path) for path in files)
    total += sum(len(item.raw) for item in fetched if isinstance(item, SourceItem))
    # Articles of a time before signatures; later ones are signed when they are stored.
    Copies(db).sign_missing()
    run = _Run(db, options, report)
    done_bytes = 0
    given = {"columns": options.columns} if options.columns else {}
    read = (item for path in files for item in read_path(path, max_bytes=options.max_bytes, **given))
    for batch in _batches(chain(fetched, read)):
        with db.atomic():
            for item in batch:
                done_bytes += run.take(item)
        on_progress(IngestProgress(report.articles, min(done_bytes, total), total, run.take_changed()))
    return report


def ingest_item(db: Database, item: SourceItem, options: IngestOptions) -> Stored:
    """Takes one article in; the caller groups changes with `db.atomic()`.

    Raises:
        UnreadableSource: it can't be read, or nothing is left of it.
    """
    report = IngestReport()
    stored = _Run(db, options, report).store(item)
    if stored is None:
        raise UnreadableSource(report.rejected[0].reason, report.rejected[0].hint)
    return stored


class _Run:
    """One run of ingest: remembers where each article came from, to tell of two with one address."""

    def __init__(self, db: Database, options: IngestOptions, report: IngestReport) -> None:
        self._db, self._articles, self._sifter = db, Articles(db), Sifter(db)
        self._options = options
        self._report = report
        self._origins: dict[int, str] = {}
        self._changed: list[Stored] = []
        self._rules = f"{READING_RULES}\n{options.publisher or ''}\n".encode("utf-8", "surrogatepass")

    def take(self, item: SourceItem | Rejection) -> int:
        """Stores one item, or reports why not; returns its size in bytes."""
        item = replace(item, origin=self._named(item.origin))
        if isinstance(item, Rejection):
            self._report.rejected.append(item)
            return 0
        self.store(item)
        return len(item.raw)

    def store(self, item: SourceItem) -> Stored | None:
        """Stores one article; None where it can't be read, which the report tells."""
        origin = item.origin if self._options.base else stored_origin(item.origin)
        source = hashlib.sha256(self._rules + item.raw).hexdigest()
        known = self._articles.find_source(self._options.collection, source, origin)
        if known is not None:
            self._articles.moved(known, source, origin)
            self._report.unchanged += 1
            self._origins.setdefault(known, origin)
            return Stored(known, Outcome.UNCHANGED)
        try:
            draft = item.parse()
            if self._options.restores and draft.kept:
                restored = put_back(self._db, draft, draft.kept)
                self._count(restored, draft, draft.kept.origin)
                return restored
            draft = self._sifter.sift(normalise(draft, self._options.publisher), self._options.collection)
        except UnreadableSource as error:
            self._report.rejected.append(Rejection(item.origin, error.message, error.hint))
            return None
        except HOSTILE as error:
            reason = f"It can't be read ({type(error).__name__})."
            self._report.rejected.append(Rejection(item.origin, reason, "Check that the file is an article."))
            return None
        now = utc_now()
        collection = self._options.collection
        if (former := self._articles.known(draft, collection, origin)) is not None:
            self._sifter.settle(former, draft, collection)
        stored = self._articles.store(draft, collection=collection, origin=origin, source_sha256=source, now=now)
        self._sifter.learn(stored, draft, collection)
        self._count(stored, draft, origin)
        return stored

    def take_changed(self) -> tuple[Stored, ...]:
        """The articles that were added or updated since the last call, one entry a change."""
        changed, self._changed = tuple(self._changed), []
        return changed

    def _named(self, origin: str) -> str:
        return origin.removeprefix(f"{self._options.base}/") if self._options.base else origin

    def _count(self, stored: Stored, draft: Draft, origin: str) -> None:
        report = self._report
        if stored.outcome is not Outcome.UNCHANGED:
            self._changed.append(stored)
            if stored.language:
                report.languages[stored.language[:2].lower()] += 1
        report.warnings.extend(Rejection(origin, warning) for warning in draft.warnings)
        earlier = self._origins.get(stored.article_id)
        self._origins[stored.article_id] = origin
        match stored.outcome:
            case Outcome.ADDED:
                report.added += 1
            case Outcome.UPDATED:
                report.updated += 1
                if earlier is not None:
                    reason = f"It has the same address or id as {earlier}, so it was kept as the newer version of that."
                    report.warnings.append(Rejection(origin, reason))
            case Outcome.UNCHANGED:
                report.unchanged += 1


def normalise(draft: Draft, default_publisher: str | None = None) -> Draft:
    """Cleans a draft's text; the body that comes out is the one that every offset refers to.

    Raises:
        UnreadableSource: nothing is left of the body.
    """
    body = _without_boilerplate(clean_body(draft.body))
    if not body:
        raise UnreadableSource("It holds no text.", "Check that the file is an article, saved whole.")
    return replace(
        draft,
        body=body,
        title=_clean(draft.title),
        publisher=_clean(draft.publisher) or _clean(default_publisher),
        author=_clean(draft.author),
        language=_clean(draft.language),
        external_id=_clean(draft.external_id),
    )


def _without_boilerplate(body: str) -> str:
    """The body without lines of boilerplate that stand by themselves; within a wrapped paragraph every line is kept."""
    kept: list[str] = []
    for line in body.split("\n"):
        is_apart = not kept or not kept[-1] or kept[-1].endswith(_SENTENCE_ENDS)
        if not (line and is_apart and is_boilerplate(line)):
            kept.append(line)
    # Cleaned again, since two blank lines can meet where a line stood.
    return clean_body("\n".join(kept))


def _clean(text: str | None) -> str | None:
    return (clean_line(text) or None) if text else None


def _batches(items: Iterable[SourceItem | Rejection]) -> Iterator[list[SourceItem | Rejection]]:
    batch: list[SourceItem | Rejection] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.raw) if isinstance(item, SourceItem) else 0
        # Also bounded by size: 64 articles of 20 MB each would not fit the memory we promise.
        if len(batch) >= ARTICLES_AT_ONCE or size >= DEFAULT_MAX_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _expected_bytes(path: Path) -> int:
    """A file's size as it will be read; for gzip its last four bytes tell it, modulo 4 GiB (RFC 1952, ISIZE)."""
    try:
        size = path.stat().st_size
        if path.suffix == ".gz" and size >= 4:
            with path.open("rb") as file:
                file.seek(-4, 2)
                size = max(size, int.from_bytes(file.read(4), "little"))
    except OSError:
        return 0
    return size
