"""Takes articles in and brings the index up to date, one writer at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.service.ingest_progress import FeedProgress
from bot.service.links import fetch_links
from bot.service.sessions import writing
from bot.settings import Settings
from corpus.articles import Articles
from corpus.catalog import list_articles
from corpus.errors import BadInput
from corpus.feeds.feed_store import Feeds
from corpus.formats import factbook
from corpus.ingest import IngestOptions, IngestReport, ingest_paths
from corpus.starter import starter_files
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generations
from index.maintenance import RefreshReport, refresh, set_damaged_aside

# Articles that are removed in one transaction.
_REMOVED_AT_ONCE = 64


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
    """Takes files and folders (paths), links and `factbook` (texts) in, then makes them searchable.

    Links are fetched before the data folder is opened for writing, so that a slow site holds up no other writer.

    Raises:
        BadInput: a path does not exist.
        CorpusBusy: somebody else is writing, and `wait_s` seconds did not help.
        StorageFailure: the data folder can't be written; what was stored before stays.
    """
    progress = progress or FeedProgress()
    paths = [source for source in sources if isinstance(source, Path)]
    links = [source for source in sources if isinstance(source, str) and not is_package(source)]
    fetched = fetch_links(settings, links, progress.fetching)
    if any(isinstance(source, str) and is_package(source) for source in sources):
        fetched.extend(factbook.read_factbook())
    with writing(settings, "attache ingest", wait_s=wait_s) as db:
        taken = ingest_paths(db, paths, options, progress.reading, fetched=fetched)
        refreshed = refresh(db, Generations(settings.data_dir), embedder, on_progress=progress.embedding)
    return FeedReport(taken, refreshed)


def is_package(source: str) -> bool:
    """Whether a source is the name of articles that an installed package holds."""
    return source == factbook.NAME


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
    """Embeds what has no vector yet, and builds the next generation if the live one does not hold just what is there.

    Whoever asks for it has everything looked at, not only what came since the last time. `full` also cuts all passages
    again, and builds in any case.

    Raises:
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    progress = progress or FeedProgress()
    with writing(settings, "attache reindex", wait_s=wait_s) as db:
        generations = Generations(settings.data_dir)
        set_damaged_aside(generations)
        return refresh(
            db,
            generations,
            embedder,
            full=full,
            most_stale=0,
            on_progress=progress.embedding,
            on_cut=progress.cutting,
        )


def remove(
    settings: Settings, embedder: Embedder, article_id: int, *, within: str | None = None, wait_s: float = 10.0
) -> None:
    """Removes an article, which must be of the collection `within` if one is given; it is in no answer from then on.

    Raises:
        BadInput: there is no such article.
        CorpusBusy: somebody else is writing.
    """
    with writing(settings, "attache remove", wait_s=wait_s) as db:
        with db.atomic():
            articles = Articles(db)
            facts = articles.facts([article_id]).get(article_id)
            removed = facts is not None and within in {None, facts.collection} and articles.remove(article_id)
        if not removed:
            raise BadInput(f"There is no article {article_id}.", "`attache search WORDS` shows the numbers.")
        refresh(db, Generations(settings.data_dir), embedder)


@dataclass(frozen=True, slots=True)
class Addition:
    """What one addition to a collection did: articles that it added, and those that it updated, once for each time."""

    collection: str
    added: tuple[int, ...]
    updated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many articles were removed, got their former text back, or were left since they changed afterwards."""

    removed: int
    restored: int
    left: int


def take_back(
    settings: Settings,
    embedder: Embedder,
    addition: Addition,
    *,
    until: str,
    wait_s: float = 10.0,
    progress: FeedProgress | None = None,
) -> TakenBack:
    """Undoes an addition: added articles are removed, updated ones get back the text that they had before.

    Args:
        settings: they name the data folder.
        embedder: the model.
        addition: what to undo; articles that are no longer in its collection are passed over.
        until: when the addition ended (ISO 8601, UTC); an article that was updated after that keeps its text.
        wait_s: seconds to wait for another writer.
        progress: told of embeddings, which are rarely needed.

    Raises:
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    progress = progress or FeedProgress()
    with writing(settings, "undoing an addition", wait_s=wait_s) as db:
        with db.atomic():
            taken = _take_back(Articles(db), addition, until)
        refresh(db, Generations(settings.data_dir), embedder, on_progress=progress.embedding)
    return taken


def remove_collection(settings: Settings, embedder: Embedder, collection: str, *, wait_s: float = 10.0) -> int:
    """Removes a collection's feeds, and every article with passages, versions and vectors; returns how many there were.

    Raises:
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    with writing(settings, "removing a collection", wait_s=wait_s) as db:
        articles, removed = Articles(db), 0
        with db.atomic():
            Feeds(db).remove_all(collection)
        while ids := list_articles(db, (collection,), limit=_REMOVED_AT_ONCE):
            with db.atomic():
                removed += sum(articles.remove(article_id) for article_id in ids)
        if removed:
            Embeddings(db, embedder.fingerprint).drop_orphans()
            refresh(db, Generations(settings.data_dir), embedder)
    return removed


def _take_back(articles: Articles, addition: Addition, until: str) -> TakenBack:
    facts = articles.facts((*addition.added, *addition.updated))
    present = {key for key, each in facts.items() if each.collection == addition.collection}
    removed = sum(articles.remove(article_id) for article_id in addition.added if article_id in present)
    changes = [each for each in addition.updated if each in present and each not in addition.added]
    later = {article_id for article_id in changes if facts[article_id].fetched_at > until}
    restored = {each for each in changes if each not in later and articles.restore_former(each)}
    return TakenBack(removed, len(restored), len(later))
