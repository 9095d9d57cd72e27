"""Add articles to the corpus, remove them, and keep the index up to date; one writer at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from bot.cluster.ray_cluster import RayCluster
from bot.service.index_place import index_of
from bot.service.ingest_progress import ProgressCallbacks
from bot.service.links import fetch_links, is_link
from bot.service.sessions import writing
from bot.settings import Settings
from corpus.article import SHARED_COLLECTION
from corpus.articles import Articles, Outcome, StoreResult
from corpus.dates import parse_published
from corpus.errors import BadInput
from corpus.formats import factbook
from corpus.formats.table import parse_columns
from corpus.ingest import IngestOptions, IngestReport, ingest_paths
from corpus.starter import starter_files
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.maintenance import RefreshReport, quarantine_damaged, recut_all, refresh, update_index


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of the articles, and of the index after them."""

    ingest: IngestReport
    index: RefreshReport


@dataclass(frozen=True, slots=True)
class Addition:
    """The articles that one ingest added to a collection, and those it updated, once per update."""

    collection: str
    added: tuple[int, ...]
    updated: tuple[int, ...]

    @classmethod
    def of(cls, collection: str, results: Iterable[StoreResult]) -> Self:
        """Build it from the results of storing articles."""
        ids: dict[Outcome, list[int]] = {outcome: [] for outcome in Outcome}
        for result in results:
            ids[result.outcome].append(result.article_id)
        return cls(collection, tuple(ids[Outcome.ADDED]), tuple(ids[Outcome.UPDATED]))


@dataclass(frozen=True, slots=True)
class UndoResult:
    """How many articles were removed, got their previous text back, or were left because they changed afterwards."""

    removed: int
    restored: int
    left: int


def parse_source(text: str) -> Path | str:
    """Return a link or the name of a package of articles (`factbook`) as it is, and anything else as a path."""
    return text if is_link(text) or text == factbook.NAME else Path(text)


def ingest_options(
    settings: Settings,
    *,
    collection: str | None,
    publisher: str | None,
    columns: str | None,
    title: str | None = None,
    date: str | None = None,
) -> IngestOptions:
    """Return the options of an ingest; without a collection, exported articles go back to their own.

    Raises:
        BadInput: `columns` is not of the form `title=headline,body=text`, or `date` is no single day.
    """
    published_at = parse_published(date) if date else None
    if date and published_at is None:
        raise BadInput(f"The date “{date[:60]}” isn't a day I understand.", "Try 2024-09-09.")
    return IngestOptions(
        collection or SHARED_COLLECTION,
        publisher,
        settings.max_article_mb * 1024 * 1024,
        columns=parse_columns(columns) if columns else None,
        restore_exports=collection is None,
        title=title,
        published_at=published_at,
    )


def ingest(
    settings: Settings,
    embedder: Embedder,
    sources: Sequence[Path | str],
    options: IngestOptions,
    *,
    wait_s: float = 0.0,
    progress: ProgressCallbacks | None = None,
    cluster: RayCluster | None = None,
) -> IngestResult:
    """Add the articles of files, folders, links and `factbook`, and make them searchable.

    Links are fetched before the lock is taken, so a slow site blocks no other writer. With a `cluster`, its workers
    parse and embed; what is stored is the same.

    Raises:
        BadInput: a path does not exist.
        CorpusBusy: another program is writing, and still is after `wait_s` seconds.
        StorageFailure: the data folder can't be written; what was stored before stays.
    """
    progress = progress or ProgressCallbacks()
    paths = [source for source in sources if isinstance(source, Path)]
    if options.title and (len(sources) > 1 or any(path.is_dir() for path in paths)):
        hint = "Give one file or link. For many, write NAME.meta.json beside each."
        raise BadInput("A title holds for one article, but there may be several.", hint)
    texts = [source for source in sources if isinstance(source, str)]
    fetched = fetch_links(settings, [text for text in texts if text != factbook.NAME], progress.fetching)
    if factbook.NAME in texts:
        fetched.extend(factbook.read_factbook())
    with writing(settings, "attache ingest", wait_s=wait_s) as db:
        prepare_ahead = cluster.prepare_ahead if cluster else None
        report = ingest_paths(db, paths, options, progress.reading, fetched=fetched, prepare_ahead=prepare_ahead)
        embedded = cluster.embed_missing(db, embedder, progress.embedding) if cluster else 0
        refreshed = refresh(db, index_of(settings), embedder, on_progress=progress.embedding)
    return IngestResult(report, replace(refreshed, embedded=embedded + refreshed.embedded))


def ingest_starter(settings: Settings, embedder: Embedder, progress: ProgressCallbacks | None = None) -> IngestResult:
    """Add the background briefs that come with the project."""
    return ingest(settings, embedder, starter_files(), IngestOptions(), wait_s=60.0, progress=progress)


def reindex(
    settings: Settings,
    embedder: Embedder,
    *,
    full: bool = False,
    wait_s: float = 0.0,
    progress: ProgressCallbacks | None = None,
    cluster: RayCluster | None = None,
) -> RefreshReport:
    """Embed every text without a vector, and build the next generation unless the live one has exactly these passages.

    Checks everything, not only what is new. `full` also cuts all passages again, and always builds. With a `cluster`,
    its workers embed.

    Raises:
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    progress = progress or ProgressCallbacks()
    with writing(settings, "attache reindex", wait_s=wait_s) as db:
        index = index_of(settings)
        quarantine_damaged(index)
        if full:
            recut_all(db, progress.cutting)
        embedded = 0
        if cluster is not None:
            Embeddings(db, embedder.fingerprint).recheck_all()
            embedded = cluster.embed_missing(db, embedder, progress.embedding)
        report = refresh(db, index, embedder, full=full, max_stale=0, on_progress=progress.embedding)
    return replace(report, embedded=embedded + report.embedded)


def remove_article(
    settings: Settings, embedder: Embedder, article_id: int, *, collection: str | None = None, wait_s: float = 10.0
) -> None:
    """Remove an article from the corpus and from all answers; with `collection`, only one of that collection.

    Raises:
        BadInput: there is no such article.
        CorpusBusy: another program is writing.
    """
    with writing(settings, "attache remove", wait_s=wait_s) as db:
        with db.atomic():
            articles = Articles(db)
            facts = articles.facts([article_id]).get(article_id)
            is_removed = facts is not None and collection in {None, facts.collection} and articles.remove(article_id)
        if not is_removed:
            raise BadInput(f"There is no article {article_id}.", "`attache search WORDS` shows the numbers.")
        update_index(db, index_of(settings), embedder)


def undo_addition(
    settings: Settings,
    embedder: Embedder,
    addition: Addition,
    *,
    until: str,
    wait_s: float = 10.0,
    progress: ProgressCallbacks | None = None,
) -> UndoResult:
    """Undo an addition: remove the added articles and restore the previous text of the updated ones.

    Articles updated after `until` (ISO 8601, UTC), when the addition ended, keep their text. Articles that have left
    the collection are skipped.

    Raises:
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    progress = progress or ProgressCallbacks()
    with writing(settings, "undoing an addition", wait_s=wait_s) as db:
        embeddings = Embeddings(db, embedder.fingerprint)
        before = embeddings.newest()
        with db.atomic():
            result = _undo(Articles(db), addition, until)
        # Only the restored texts: those of others, who may be adding them right now, can take long.
        embeddings.embed_missing(embedder, progress.embedding, after=before)
        update_index(db, index_of(settings), embedder)
    return result


def _undo(articles: Articles, addition: Addition, until: str) -> UndoResult:
    facts = articles.facts((*addition.added, *addition.updated))
    present = {key for key, each in facts.items() if each.collection == addition.collection}
    removed = sum(articles.remove(article_id) for article_id in addition.added if article_id in present)
    updated = [each for each in addition.updated if each in present and each not in addition.added]
    later = {article_id for article_id in updated if facts[article_id].fetched_at > until}
    restored = {each for each in updated if each not in later and articles.restore_previous(each)}
    return UndoResult(removed, len(restored), len(later))
