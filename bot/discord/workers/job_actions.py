"""The work of each kind of job: add, reindex, undo, remove. Each reports progress and cleans up if it fails."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.discord.workers.jobs import Job, Steps
from bot.service.ingest import Addition, UndoResult, remove_article, undo_addition
from bot.service.ingest_progress import ProgressCallbacks
from bot.service.steps import reindex_in_steps
from bot.service.uploads import add_upload
from bot.settings import Settings
from corpus.article import ArticleFacts
from corpus.ingest import IngestOptions, IngestProgress, IngestReport
from corpus.timestamps import utc_now

if TYPE_CHECKING:
    from corpus.articles import StoreResult
    from index.embedding.embedder import Embedder
    from index.embedding.vector_store import EmbeddingProgress
    from index.maintenance import RefreshReport

# Seconds to wait for another writer, such as `attache ingest`; the admin waits in front of the screen.
WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Added:
    """The report of an addition, what undoing it needs, and when it finished (ISO 8601, UTC)."""

    report: IngestReport
    addition: Addition
    finished_at: str


def run_add(
    settings: Settings, embedder: "Embedder", source: Path | str, options: IngestOptions, job: Job
) -> Steps[Added]:
    """Add a file (a path) or a link (a string) in steps; undo what was stored if anything fails.

    Raises:
        JobCancelled: the job was cancelled; the collection is as it was.
        QuotaReached: the upload, or the collection with it, holds more than is allowed; the collection is as it was.
        AttacheError: the corpus can't be written, or the model can't be loaded.
    """
    stored: list[StoreResult] = []

    def report_reading(progress: IngestProgress) -> None:
        stored.extend(progress.changed)
        job.report("reading", progress.done_bytes, progress.total_bytes)

    progress = ProgressCallbacks(report_reading, _embedding_callback(job))
    job.report("fetching" if isinstance(source, str) else "reading", 0, 0)
    try:
        report = yield from add_upload(settings, embedder, source, options, progress, wait_s=WAIT_S)
    except Exception:
        if stored:
            addition = Addition.of(options.collection, stored)
            undo_addition(settings, embedder, addition, until=utc_now(), wait_s=3 * WAIT_S, progress=progress)
        raise
    return Added(report, Addition.of(options.collection, stored), utc_now())


def run_reindex_in_steps(settings: Settings, embedder: "Embedder", job: Job, *, full: bool) -> "Steps[RefreshReport]":
    """Embed missing texts and build the next index, in steps; vectors stay stored if the job is cancelled.

    Raises:
        JobCancelled: the job was cancelled; the index before stays live.
        AttacheError: the corpus can't be written, or the model can't be loaded.
    """
    job.report("starting", 0, 0)
    progress = ProgressCallbacks(
        embedding=_embedding_callback(job), cutting=lambda done, total: job.report("cutting", done, total)
    )
    return (yield from reindex_in_steps(settings, embedder, progress, full=full, wait_s=WAIT_S))


def run_undo(settings: Settings, embedder: "Embedder", addition: Addition, until: str, job: Job) -> UndoResult:
    """Undo an addition that finished at `until`.

    Raises:
        AttacheError: the corpus can't be written.
    """
    progress = ProgressCallbacks(embedding=_embedding_callback(job))
    return undo_addition(settings, embedder, addition, until=until, wait_s=WAIT_S, progress=progress)


def run_remove(settings: Settings, embedder: "Embedder", facts: ArticleFacts) -> None:
    """Remove an article, if it is still in the same collection.

    Raises:
        BadInput: it is not.
        AttacheError: the corpus can't be written.
    """
    remove_article(settings, embedder, facts.id, collection=facts.collection, wait_s=WAIT_S)


def _embedding_callback(job: Job) -> "Callable[[EmbeddingProgress], None]":
    return lambda progress: job.report("embedding", progress.done, progress.total)
