"""Takes articles in and brings the index up to date, one writer at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.links import fetch_links
from bot.settings import Settings
from bot.writing import writing
from corpus.articles import Articles
from corpus.errors import BadInput
from corpus.ingest import IngestOptions, IngestProgress, IngestReport, ingest_paths
from corpus.starter import starter_files
from index.embedder import Embedder
from index.embeddings import EmbeddingProgress
from index.generations import Generations
from index.maintenance import RefreshReport, refresh


@dataclass(frozen=True, slots=True)
class FeedProgress:
    """Who is told how far the work is; `fetching` is told how many links are done."""

    reading: Callable[[IngestProgress], None] = lambda _progress: None
    embedding: Callable[[EmbeddingProgress], None] = lambda _progress: None
    fetching: Callable[[int], None] = lambda _done: None


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What became of the articles, and of the index after them."""

    ingest: IngestReport
    index: RefreshReport


def ingest(
    settings: Settings,
    embedder: Embedder,
    sources: Sequence[Path | str],
    options: IngestOptions,
    *,
    wait_s: float = 0.0,
    progress: FeedProgress | None = None,
) -> FeedReport:
    """Takes files and folders (paths) and links (texts) in, then makes them searchable.

    Links are fetched before the data folder is opened for writing, so that a slow site holds up no other writer.

    Raises:
        BadInput: a path does not exist.
        CorpusBusy: somebody else is writing, and `wait_s` seconds did not help.
        StorageFailure: the data folder can't be written; what was stored before stays.
    """
    progress = progress or FeedProgress()
    paths = [source for source in sources if isinstance(source, Path)]
    links = [source for source in sources if isinstance(source, str)]
    fetched = fetch_links(settings, links, progress.fetching)
    with writing(settings, "attache ingest", wait_s=wait_s) as db:
        taken = ingest_paths(db, paths, options, progress.reading, fetched=fetched)
        refreshed = refresh(db, Generations(settings.data_dir), embedder, on_progress=progress.embedding)
    return FeedReport(taken, refreshed)


def ingest_starter(settings: Settings, embedder: Embedder, progress: FeedProgress | None = None) -> FeedReport:
    """Takes in the background briefs that come with the project."""
    return ingest(settings, embedder, starter_files(), IngestOptions(), wait_s=60.0, progress=progress)


def reindex(
    settings: Settings,
    embedder: Embedder,
    *,
    full: bool = False,
    wait_s: float = 0.0,
    progress: FeedProgress | None = None,
) -> RefreshReport:
    """Embeds what has no vector yet and builds the next generation; `full` also cuts all passages again.

    Raises:
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    progress = progress or FeedProgress()
    with writing(settings, "attache reindex", wait_s=wait_s) as db:
        return refresh(db, Generations(settings.data_dir), embedder, full=full, on_progress=progress.embedding)


def remove(settings: Settings, embedder: Embedder, article_id: int, *, wait_s: float = 10.0) -> None:
    """Removes an article; it is in no answer from then on.

    Raises:
        BadInput: there is no such article.
        CorpusBusy: somebody else is writing.
    """
    with writing(settings, "attache remove", wait_s=wait_s) as db:
        with db.atomic():
            removed = Articles(db).remove(article_id)
        if not removed:
            raise BadInput(f"There is no article {article_id}.", "`attache search WORDS` shows the numbers.")
        refresh(db, Generations(settings.data_dir), embedder)
