"""Add an upload in steps, within its quotas; between two steps nothing is locked, so other work can have a turn."""

import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from bot.service.index_place import index_of
from bot.service.ingest_progress import ProgressCallbacks
from bot.service.links import fetch_links
from bot.service.quotas import Load, QuotaReached, articles_load, check_collection, check_upload, collection_load
from bot.service.sessions import writing
from bot.service.steps import EmbeddingSteps
from bot.settings import Settings
from corpus.article import Rejection, SourceItem
from corpus.formats import can_read, read_path, unread_kinds
from corpus.formats.registry import READERS, find_reader, supported_suffixes
from corpus.ingest import IngestOptions, IngestProgress, IngestReport, ingest_paths
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.maintenance import update_index

# Articles and bytes of one turn: a few seconds of reading and embedding.
TURN_ARTICLES = 200
TURN_BYTES = 500_000
# Seconds: archives may hold much that is no article.
TURN_SECONDS = 2.0

# The kind of a file that nothing reads and whose name says nothing.
UNKNOWN_KIND = "unknown"

Items = list[SourceItem | Rejection]


def upload_suffixes() -> list[str]:
    """Return the suffixes of all files that can be added, sorted."""
    return supported_suffixes()


def upload_suffix(name: str) -> str:
    """Return the suffix of a file name that selects its reader, such as `.jsonl.gz`; empty where nothing reads it."""
    lowered = name.lower()
    known = [suffix for suffix in READERS if lowered.endswith(suffix)]
    return max(known, key=len) if known else Path(lowered).suffix if find_reader(Path(lowered)) else ""


def unread_kind(path: Path) -> str | None:
    """Return the kind of a file that nothing reads, one of `UNREAD_KINDS` or `UNKNOWN_KIND`; None if it can be read."""
    try:
        is_read = can_read(path)
    except OSError:
        # Its reader says why it can't be opened.
        is_read = True
    return None if is_read else unread_kinds.unread_kind(path.name) or UNKNOWN_KIND


def add_upload(
    settings: Settings,
    embedder: Embedder,
    source: Path | str,
    options: IngestOptions,
    progress: ProgressCallbacks,
    *,
    wait_s: float,
) -> Generator[None, None, IngestReport]:
    """Add a file (a path) or a link (a string), and make it searchable; yields between two steps, outside the lock.

    What was stored in earlier steps stays if a later one fails; `progress` reports it, for an undo.

    Raises:
        QuotaReached: the upload, or the collection with it, holds more than is allowed.
        CorpusBusy: another program is writing, and still is after `wait_s` seconds.
        StorageFailure: the data folder can't be written.
    """
    report, added, origins = IngestReport(), Load(), dict[int, str]()
    before: Load | None = None
    total = source.stat().st_size if isinstance(source, Path) else 0
    done_bytes = 0
    steps = _steps(_bounded(_items(settings, source, options, progress), settings.articles_per_upload))
    step = next(steps, None)
    while step is not None:
        changed: list[int] = []

        def report_reading(found: IngestProgress, base: int = done_bytes, changed: list[int] = changed) -> None:
            changed.extend(each.article_id for each in found.changed)
            done = base + found.done_bytes
            progress.reading(replace(found, done_bytes=done, total_bytes=max(total, done)))

        with writing(settings, "attache ingest", wait_s=wait_s) as db:
            if before is None:
                before = collection_load(db, options.collection)
            newest = Embeddings(db, embedder.fingerprint).newest
            first = newest()
            part = ingest_paths(db, [], options, report_reading, fetched=step, origins=origins)
            # Before the vectors are computed, which takes the longest.
            added = added.plus(articles_load(db, changed))
            check_upload(settings, added)
            # A version of a stored article is no article more, though both texts are kept.
            new = replace(added, articles=report.added + part.added)
            check_collection(settings, options.collection, before.plus(new))
            # Texts of others, who may have added thousands, are their jobs' work.
            embedding = EmbeddingSteps(embedder, progress.embedding, after=first, until=newest())
            is_searchable = _make_searchable(settings, db, embedder, embedding)
        while not is_searchable:
            # One article may be a book of thousands of passages.
            yield
            with writing(settings, "attache ingest", wait_s=wait_s) as db:
                is_searchable = _make_searchable(settings, db, embedder, embedding)
        _add(report, part)
        done_bytes += sum(_size(item) for item in step)
        step = next(steps, None)
        if step is not None:
            yield
    return report


def _make_searchable(settings: Settings, db: Database, embedder: Embedder, embedding: EmbeddingSteps) -> bool:
    """Embed a batch of the step's texts; once all have their vectors, bring the index up to date and return True."""
    is_embedded = embedding.run(db)
    if is_embedded:
        update_index(db, index_of(settings), embedder)
    return is_embedded


def _items(
    settings: Settings, source: Path | str, options: IngestOptions, progress: ProgressCallbacks
) -> Iterable[SourceItem | Rejection]:
    if isinstance(source, str):
        return fetch_links(settings, [source], progress.fetching)
    return read_path(source, max_bytes=options.max_bytes)


def _bounded(items: Iterable[SourceItem | Rejection], most: int) -> Iterator[SourceItem | Rejection]:
    """Yield the items of an upload, those that can't be read included: an archive may hold millions.

    Raises:
        QuotaReached: there are more than `most`.
    """
    for number, item in enumerate(items, start=1):
        if number > most:
            raise QuotaReached("upload-articles", number, most)
        yield item


def _steps(items: Iterable[SourceItem | Rejection]) -> Iterator[Items]:
    step: Items = []
    size, begun = 0, time.monotonic()
    for item in items:
        step.append(item)
        size += _size(item)
        if len(step) >= TURN_ARTICLES or size >= TURN_BYTES or time.monotonic() - begun > TURN_SECONDS:
            yield step
            step, size, begun = [], 0, time.monotonic()
    if step:
        yield step


def _size(item: SourceItem | Rejection) -> int:
    return len(item.raw) if isinstance(item, SourceItem) else 0


def _add(report: IngestReport, part: IngestReport) -> None:
    report.added += part.added
    report.updated += part.updated
    report.unchanged += part.unchanged
    report.rejected += part.rejected
    report.warnings += part.warnings
    report.languages += part.languages
