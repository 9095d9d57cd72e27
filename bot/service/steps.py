"""Long work on the corpus in steps: between two of them nothing is locked, so other work can have a turn."""

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

from sqlite_utils import Database

from bot.service.index_place import index_of
from bot.service.ingest_progress import ProgressCallbacks
from bot.service.sessions import writing
from bot.settings import Settings
from corpus.articles import Articles
from corpus.catalog import list_articles
from corpus.feeds.feed_store import FeedStore
from index.embedding.embedder import Embedder, Vectors
from index.embedding.vector_store import EmbeddingProgress, Embeddings
from index.maintenance import ARTICLES_AT_ONCE, RefreshReport, quarantine_damaged, refresh, update_index

# Articles cut again, or removed, in one step: a second or two.
STEP_ARTICLES = 16 * ARTICLES_AT_ONCE


class EmbeddingSteps:
    """Embeds texts without a vector in steps; each stores one batch.

    Args:
        embedder: the model.
        on_progress: called with the progress over all steps.
        after: only passages with a higher id.
        until: only passages up to this id.
    """

    def __init__(
        self,
        embedder: Embedder,
        on_progress: Callable[[EmbeddingProgress], None],
        *,
        after: int = 0,
        until: int | None = None,
    ) -> None:
        self._embedder = embedder
        self._on_progress = on_progress
        self._after, self._until = after, until
        # Texts that had no vector at the first step.
        self.total = 0

    def run(self, db: Database) -> bool:
        """Do one step; return whether every text has its vector."""
        one_batch = _OneBatch(self._embedder, db, db.conn.total_changes)
        with suppress(_Stored):
            embeddings = Embeddings(db, self._embedder.fingerprint)
            embeddings.embed_missing(one_batch, self._report, after=self._after, until=self._until)
            return True
        return False

    def _report(self, progress: EmbeddingProgress) -> None:
        self.total = self.total or progress.total
        self._on_progress(EmbeddingProgress(max(0, self.total - progress.total + progress.done), self.total))


class _Stored(Exception):
    """A batch of vectors is stored."""


class _OneBatch:
    """A model that takes no more texts once something has been stored since the connection had made `changes`."""

    def __init__(self, embedder: Embedder, db: Database, changes: int) -> None:
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension
        self._embedder, self._db, self._changes = embedder, db, changes

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        """Embed texts.

        Raises:
            _Stored: a batch is stored.
        """
        if self._db.conn.total_changes > self._changes:
            raise _Stored
        return self._embedder.encode(texts, on_done)


def reindex_in_steps(
    settings: Settings, embedder: Embedder, progress: ProgressCallbacks, *, full: bool, wait_s: float
) -> Generator[None, None, RefreshReport]:
    """Do what `reindex` does in steps, the last of which builds the index; what earlier steps stored stays.

    Raises:
        CorpusBusy: another program is writing, and still is after `wait_s` seconds.
        StorageFailure: the data folder can't be written.
    """
    if full:
        yield from _recut(settings, progress, wait_s)
    with _reindexing(settings, wait_s) as db:
        Embeddings(db, embedder.fingerprint).recheck_all()
    steps, is_done = EmbeddingSteps(embedder, progress.embedding), False
    while not is_done:
        with _reindexing(settings, wait_s) as db:
            is_done = steps.run(db)
        yield
    index = index_of(settings)
    with _reindexing(settings, wait_s) as db:
        quarantine_damaged(index)
        report = refresh(db, index, embedder, full=full, max_stale=0, on_progress=progress.embedding)
        return replace(report, embedded=steps.total + report.embedded)


def remove_collection_in_steps(
    settings: Settings, embedder: Embedder, collection: str, *, wait_s: float = 10.0
) -> Generator[None, None, int]:
    """Remove a collection's feeds and articles with passages, versions and vectors; return how many articles it had.

    Raises:
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    removed = 0
    while True:
        with writing(settings, "removing a collection", wait_s=wait_s) as db:
            with db.atomic():
                # In every step: the server's admins could have added one since the last.
                FeedStore(db).remove_all(collection)
            found = _remove_some(db, collection)
            removed += found
            if found < STEP_ARTICLES:
                if removed:
                    Embeddings(db, embedder.fingerprint).delete_orphans()
                    update_index(db, index_of(settings), embedder)
                return removed
        yield


def _remove_some(db: Database, collection: str) -> int:
    articles, removed = Articles(db), 0
    while removed < STEP_ARTICLES and (ids := list_articles(db, (collection,), limit=ARTICLES_AT_ONCE)):
        with db.atomic():
            removed += sum(articles.remove(article_id) for article_id in ids)
    return removed


def _recut(settings: Settings, progress: ProgressCallbacks, wait_s: float) -> Generator[None, None, None]:
    """Cut every article into passages again; those added since the first step are cut by the same rules."""
    with _reindexing(settings, wait_s) as db:
        ids = list(Articles(db).ids())
    for first in range(0, len(ids), STEP_ARTICLES):
        with _reindexing(settings, wait_s) as db:
            for begin in range(first, min(first + STEP_ARTICLES, len(ids)), ARTICLES_AT_ONCE):
                with db.atomic():
                    for article_id in ids[begin : begin + ARTICLES_AT_ONCE]:
                        Articles(db).recut(article_id)
                progress.cutting(min(begin + ARTICLES_AT_ONCE, len(ids)), len(ids))
        yield


def _reindexing(settings: Settings, wait_s: float) -> AbstractContextManager[Database]:
    return writing(settings, "attache reindex", wait_s=wait_s)
