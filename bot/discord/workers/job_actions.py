"""What jobs do to the corpus, in the jobs' thread: each reports how far it is, and leaves no half state behind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.discord.workers.jobs import Job
from bot.service.ingest import Addition, FeedReport, TakenBack, ingest, reindex, remove, take_back
from bot.service.ingest_progress import FeedProgress
from bot.settings import Settings
from corpus.article import ArticleFacts
from corpus.articles import Outcome, Stored
from corpus.ingest import IngestOptions, IngestProgress, IngestReport
from corpus.timestamps import utc_now
from index.embedding.embedder import Embedder
from index.embedding.vector_store import EmbeddingProgress
from index.maintenance import RefreshReport

# Seconds to wait for another program, such as `attache ingest`; people wait in front of the screen.
WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Added:
    """What an addition came to, what undoing it needs, and when it ended (ISO 8601, UTC)."""

    report: IngestReport
    addition: Addition
    at: str


@dataclass
class _Changes:
    """The articles that were added and updated so far, all of them committed."""

    stored: list[Stored] = field(default_factory=list)

    def addition(self, collection: str) -> Addition:
        """The same, as undoing needs it."""
        of = {outcome: tuple(each.article_id for each in self.stored if each.outcome is outcome) for outcome in Outcome}
        return Addition(collection, of[Outcome.ADDED], of[Outcome.UPDATED])


def add(settings: Settings, embedder: Embedder, source: Path | str, options: IngestOptions, job: Job) -> Added:
    """Takes a file (a path) or a link (a text) in; whatever ends it early, what it took in is taken back.

    Raises:
        JobCancelled: somebody cancelled it; the collection is as it was.
        AttacheError: the corpus can't be written, or the model can't be loaded.
    """
    changes = _Changes()

    def reading(progress: IngestProgress) -> None:
        changes.stored += progress.changed
        job.report("reading", progress.done_bytes, progress.total_bytes)

    progress = FeedProgress(reading, _embedding(job))
    job.report("fetching" if isinstance(source, str) else "reading", 0, 0)
    try:
        report = _ingest(settings, embedder, source, options, progress)
    except Exception:
        if changes.stored:
            take_back(
                settings,
                embedder,
                changes.addition(options.collection),
                until=utc_now(),
                wait_s=3 * WAIT_S,
                progress=progress,
            )
        raise
    return Added(report.ingest, changes.addition(options.collection), utc_now())


def bring_up_to_date(settings: Settings, embedder: Embedder, *, full: bool, job: Job) -> RefreshReport:
    """Embeds what lacks a vector and builds the next index; what is embedded when it is cancelled stays embedded.

    Raises:
        JobCancelled: somebody cancelled it; the index before is in use.
        AttacheError: the corpus can't be written, or the model can't be loaded.
    """
    job.report("starting", 0, 0)
    progress = FeedProgress(embedding=_embedding(job), cutting=lambda done, total: job.report("cutting", done, total))
    return reindex(settings, embedder, full=full, wait_s=WAIT_S, progress=progress)


def undo(settings: Settings, embedder: Embedder, addition: Addition, until: str, job: Job) -> TakenBack:
    """Takes an addition back.

    Raises:
        AttacheError: the corpus can't be written.
    """
    progress = FeedProgress(embedding=_embedding(job))
    return take_back(settings, embedder, addition, until=until, wait_s=WAIT_S, progress=progress)


def take_out(settings: Settings, embedder: Embedder, facts: ArticleFacts) -> None:
    """Removes an article, if it is still in the collection that it was found in.

    Raises:
        BadInput: it is not.
        AttacheError: the corpus can't be written.
    """
    remove(settings, embedder, facts.id, within=facts.collection, wait_s=WAIT_S)


def _embedding(job: Job) -> Callable[[EmbeddingProgress], None]:
    return lambda progress: job.report("embedding", progress.done, progress.total)


def _ingest(
    settings: Settings, embedder: Embedder, source: Path | str, options: IngestOptions, progress: FeedProgress
) -> FeedReport:
    """The one place that hands files and links to the feeding of the corpus, which takes both in one list."""
    return ingest(settings, embedder, [source], options, wait_s=WAIT_S, progress=progress)
