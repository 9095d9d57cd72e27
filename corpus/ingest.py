"""Ingests articles: parses, cleans and stores them in batches, and reports what became of each."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from sqlite_utils import Database

from corpus.article import SHARED_COLLECTION, Draft, Rejection, SourceItem
from corpus.articles import Articles, Outcome, StoreResult
from corpus.collection_names import check_collection
from corpus.copies import Copies
from corpus.dates import is_ahead
from corpus.errors import UnreadableSource
from corpus.export.restore_articles import restore_article
from corpus.formats import PARSER_ERRORS, find_files, read_path, unsupported_files
from corpus.formats.fields import StatedFields
from corpus.formats.sidecar import Sidecars
from corpus.prepare import PrepareAhead, Prepared, Preparer, Ready, clean_field, unparsable
from corpus.publishers.cleaner import ArticleCleaner
from corpus.signatures import copied_share, sign
from corpus.starter import stored_origin, upload_origin
from corpus.timestamps import utc_now

# Increase it when a change to parsing or cleaning changes what is stored: articles are then parsed again.
PARSING_VERSION = "10"
# Articles in one transaction: large enough to make commits cheap, small enough that a kill loses little.
BATCH_SIZE = 64
DEFAULT_MAX_BYTES = 20 * 1024 * 1024
# Versions of an article share more of their text; two articles of one site share notices.
_MIN_SHARED = 0.1


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How to ingest articles.

    `publisher`, `title` and `published_at` are used for articles that state none. `max_bytes` bounds one article, after
    decompression. Origins within `base` are stored relative to it, for temporary folders such as an upload's. `columns`
    maps a table's fields to column names. With `restore_exports`, exported articles go back into their own collection
    with their former versions. Use it only for the operator's files, because their author chooses the collection.
    Without `is_vouched`, files come from somebody else, and the publishers that they name are only claimed.
    """

    collection: str = SHARED_COLLECTION
    publisher: str | None = None
    max_bytes: int = DEFAULT_MAX_BYTES
    base: Path | None = None
    columns: Mapping[str, str] | None = None
    restore_exports: bool = False
    title: str | None = None
    published_at: str | None = None
    is_vouched: bool = True

    def __post_init__(self) -> None:
        """Refuse a collection that nothing can be stored in, before anything is fetched or parsed.

        Raises:
            BadInput: the collection can't have this name.
        """
        check_collection(self.collection)


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far ingest is; `total_bytes` is an estimate for compressed files.

    `changed` are the articles added or updated since the last report, all of them committed.
    """

    articles: int
    done_bytes: int
    total_bytes: int
    changed: tuple[StoreResult, ...] = ()


@dataclass(slots=True)
class IngestReport:
    """What became of every item.

    `languages` counts the added and updated articles by ISO 639-1 code, where the language is known.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    unsupported_files: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    warnings: list[Rejection] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)

    @property
    def articles(self) -> int:
        """Return the number of given articles that are stored, whether new or not."""
        return self.added + self.updated + self.unchanged


def ingest_paths(
    db: Database,
    paths: Sequence[Path],
    options: IngestOptions,
    on_progress: Callable[[IngestProgress], None] = lambda _progress: None,
    *,
    fetched: Sequence[SourceItem | Rejection] = (),
    origins: dict[int, str] | None = None,
    prepare_ahead: PrepareAhead | None = None,
) -> IngestReport:
    """Ingest files and folders; unreadable ones are reported and skipped.

    Each batch of articles is one transaction, so a killed process leaves no article half stored. Items `fetched` from
    links go in first. `origins` is given to each call where one file is ingested in several. `prepare_ahead` parses and
    cleans new articles in other processes; what is stored, and in which order, is the same.

    Raises:
        BadInput: a path does not exist.
        StorageFailure: the database can't be written.
    """
    files = list(find_files(paths))
    report = IngestReport(unsupported_files=sum(1 for _ in unsupported_files(paths)))
    total = sum(_expected_bytes(path) for path in files)
    total += sum(len(item.raw) for item in fetched if isinstance(item, SourceItem))
    # For databases from before signatures; newer articles are signed when they are stored.
    Copies(db).sign_missing()
    run = _IngestRun(db, options, report, origins)
    done_bytes = 0
    given = {"columns": options.columns} if options.columns else {}
    sidecars = Sidecars(paths)
    read = (
        item for path in files for item in sidecars.apply(path, read_path(path, max_bytes=options.max_bytes, **given))
    )
    for batch in _batches(run.ready(chain(fetched, read), prepare_ahead)):
        with db.atomic():
            for item, prepared in batch:
                done_bytes += run.process(item, prepared)
        on_progress(IngestProgress(report.articles, min(done_bytes, total), total, run.pop_changed()))
    for problem, _ in run.ready(sidecars.unused(paths), None):
        run.process(problem)
    return report


def ingest_item(db: Database, item: SourceItem, options: IngestOptions) -> StoreResult:
    """Ingest one article; the caller groups changes with `db.atomic()`.

    Raises:
        UnreadableSource: it can't be parsed, or has no text.
    """
    report = IngestReport()
    stored = _IngestRun(db, options, report).store(item)
    if stored is None:
        raise UnreadableSource(report.rejected[0].reason, report.rejected[0].hint)
    return stored


class _IngestRun:
    """One run of ingest; remembers each article's origin, to warn of two articles with one address."""

    def __init__(
        self, db: Database, options: IngestOptions, report: IngestReport, origins: dict[int, str] | None = None
    ) -> None:
        self._db, self._articles, self._cleaner = db, Articles(db), ArticleCleaner(db)
        self._options = options
        self._report = report
        self._origins: dict[int, str] = {} if origins is None else origins
        self._fetched_from: dict[int, str] = {}
        # Addresses that several pages state which have addresses of their own.
        self._contested: set[str] = set()
        self._changed: list[StoreResult] = []
        stated_fields = StatedFields(title=options.title, published_at=options.published_at)
        self._preparer = Preparer(options.publisher, stated_fields, options.restore_exports)
        # What the operator states counts as part of the source: if it changes, articles are parsed again.
        stated = f"{options.publisher or ''}\n"
        if options.title or options.published_at:
            stated += f"{options.title or ''}\n{options.published_at or ''}\n"
        if not options.is_vouched:
            stated += "claimed\n"
        self._hash_prefix = f"{PARSING_VERSION}\n{stated}".encode("utf-8", "surrogatepass")

    def ready(self, items: Iterator[SourceItem | Rejection], prepare_ahead: PrepareAhead | None) -> Iterator[Ready]:
        """Yield every item in order, with its preparation where that is done ahead."""
        items = map(self._with_origin, items)
        if prepare_ahead is None:
            return ((item, None) for item in items)
        return prepare_ahead(items, self._preparer, lambda item: self._find(item)[0] is None)

    def process(self, item: SourceItem | Rejection, prepared: Prepared | UnreadableSource | None = None) -> int:
        """Store one item, or report why not; return its size in bytes."""
        if isinstance(item, Rejection):
            self._report.rejected.append(item)
            return 0
        self.store(item, prepared)
        return len(item.raw)

    def store(self, item: SourceItem, prepared: Prepared | UnreadableSource | None = None) -> StoreResult | None:
        """Store one article; if it can't be parsed, report that and return None."""
        origin = self._stored_origin(item)
        known, source = self._find(item)
        collection = self._options.collection
        if known is not None:
            self._articles.update_origin(known, source, origin)
            self._report.unchanged += 1
            self._origins.setdefault(known, origin)
            return StoreResult(known, Outcome.UNCHANGED)
        now = utc_now()
        try:
            if isinstance(prepared, UnreadableSource):
                raise prepared
            prepared = prepared or self._preparer.prepare(item)
            draft = prepared.draft
            if self._preparer.is_restored(draft) and draft.export_fields:
                restored = restore_article(self._db, draft, draft.export_fields)
                self._count(restored, draft, draft.export_fields.origin)
                return restored
            given = clean_field(self._options.publisher)
            draft = self._cleaner.clean_draft(
                draft, collection, origin, is_vouched=self._options.is_vouched, given=given
            )
            draft = without_future_date(draft, now)
        except UnreadableSource as error:
            self._report.rejected.append(Rejection(item.origin, error.message, error.hint))
            return None
        except PARSER_ERRORS as error:
            failed = unparsable(error)
            self._report.rejected.append(Rejection(item.origin, failed.message, failed.hint))
            return None
        if draft.url in self._contested and draft.fetched_from:
            draft = replace(draft, url=draft.fetched_from)
        match = self._articles.match(draft, collection, origin)
        if match.known and match.known.id in self._origins and self._is_another(draft, match.known.id):
            draft = self._with_own_address(draft, match.known.id)
            match = self._articles.match(draft, collection, origin)
        if match.known:
            self._cleaner.align_stored(match.known.id, draft, collection)
        derived = prepared.derived_of(draft)
        stored = self._articles.store(
            draft,
            collection=collection,
            origin=origin,
            source_sha256=source,
            now=now,
            derived=derived,
            match=None if match.known else match,
        )
        self._cleaner.learn(stored, draft, collection)
        if draft.fetched_from:
            self._fetched_from[stored.article_id] = draft.fetched_from
        self._count(stored, draft, origin)
        return stored

    def _find(self, item: SourceItem) -> tuple[int | None, str]:
        """Return the id of the article that an item's bytes are stored as, if they are, and the hash of its source."""
        source = hashlib.sha256(self._hash_prefix + item.raw).hexdigest()
        return self._articles.find_by_source(self._options.collection, source, self._stored_origin(item)), source

    def _stored_origin(self, item: SourceItem) -> str:
        return upload_origin(item.origin) if self._options.base else stored_origin(item.origin)

    def _with_origin(self, item: SourceItem | Rejection) -> SourceItem | Rejection:
        """Return an item whose origin is relative to the base of the options, if there is one."""
        base = self._options.base
        return replace(item, origin=item.origin.removeprefix(f"{base}/")) if base else item

    def _is_another(self, draft: Draft, match: int) -> bool:
        """Return whether a draft is another article than the one of this run that states the same address."""
        stored = self._articles.get(match)
        if stored is None or draft.url is None or draft.url == draft.fetched_from == self._fetched_from.get(match):
            return False
        is_titled = bool(draft.title and stored.title) and draft.title != stored.title
        return is_titled and copied_share(sign(draft.body), sign(stored.body)) < _MIN_SHARED

    def _with_own_address(self, draft: Draft, match: int) -> Draft:
        """Return a draft with the address that it was fetched from, if any, instead of one that two articles state."""
        stated, fetched = draft.url or "", self._fetched_from.get(match)
        if fetched and fetched != stated:
            self._contested.add(stated)
        if fetched and self._articles.find_by_url(self._options.collection, fetched) is None:
            self._articles.change_url(match, fetched)
        if draft.fetched_from and draft.fetched_from != stated:
            return replace(draft, url=draft.fetched_from)
        warning = f"It states the address of another article ({self._origins[match]}), so it was stored without one."
        key = draft.external_id or f"{stated} {draft.title}"
        return replace(draft, url=None, external_id=key, warnings=(*draft.warnings, warning))

    def pop_changed(self) -> tuple[StoreResult, ...]:
        """Return the articles added or updated since the last call, one entry per change."""
        changed, self._changed = tuple(self._changed), []
        return changed

    def _count(self, stored: StoreResult, draft: Draft, origin: str) -> None:
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
                    reason = f"It has the same address or id as {earlier}, so it was stored as a newer version of that."
                    report.warnings.append(Rejection(origin, reason))
            case Outcome.UNCHANGED:
                report.unchanged += 1


def without_future_date(draft: Draft, now: str) -> Draft:
    """Return a draft that counts as undated, with a warning, if it states a date after `now` (ISO 8601, UTC)."""
    stated = draft.published_at
    if stated is None or not is_ahead(stated, now):
        return draft
    warning = f"It states a date in the future ({stated[:10]}), so it counts as undated."
    return replace(draft, published_at=None, is_dated_ahead=True, warnings=(*draft.warnings, warning))


def _batches(items: Iterable[Ready]) -> Iterator[list[Ready]]:
    batch: list[Ready] = []
    size = 0
    for item, prepared in items:
        batch.append((item, prepared))
        size += len(item.raw) if isinstance(item, SourceItem) else 0
        # The size bound limits memory: articles can have 20 MB each.
        if len(batch) >= BATCH_SIZE or size >= DEFAULT_MAX_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _expected_bytes(path: Path) -> int:
    """Return a file's size after decompression; gzip states it in its last four bytes, modulo 4 GiB (RFC 1952)."""
    try:
        size = path.stat().st_size
        if path.suffix == ".gz" and size >= 4:
            with path.open("rb") as file:
                file.seek(-4, 2)
                size = max(size, int.from_bytes(file.read(4), "little"))
    except OSError:
        return 0
    return size
