"""Repair a data folder without losing anything: rebuild what can be made from the stored articles."""

from collections.abc import Callable

from sqlite_utils import Database

from bot.service.folder_checks import newer_parts, path_errors, printable
from bot.service.index_place import index_of
from bot.service.leftovers import delete_leftovers
from bot.service.sessions import open_to_write
from bot.settings import Settings
from corpus.articles import Articles
from corpus.checks import integrity_problems, misplaced_passages
from corpus.data_folder import delete_unfinished_copy, finish_restore
from corpus.database import storage_errors
from corpus.errors import StorageFailure
from corpus.lock import writer_lock
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.maintenance import quarantine_damaged, refresh


def repair(settings: Settings, embedder: Embedder, notify: Callable[[str], None]) -> None:
    """Rebuild passages, vectors and the index where they are damaged or missing, and finish a restore that was killed.

    Does nothing where there is no data folder. What killed commands left is cleared away whatever else is damaged.

    Raises:
        StorageFailure: the database file is damaged, and only a backup helps; or a newer version of Attaché wrote part
            of the folder, and nothing was changed.
        CorpusBusy: another program is writing.
    """
    data_dir = settings.data_dir
    with path_errors(data_dir), storage_errors(data_dir):
        former = [] if data_dir.exists() else finish_restore(data_dir)
        if not data_dir.exists():
            delete_unfinished_copy(data_dir)
            return
    for newer in newer_parts(data_dir):
        raise newer
    with writer_lock(data_dir, "attache doctor --repair", wait_s=10.0):
        # A running restore has the lock, so what lies beside the folder now was left by one that was killed.
        for folder in (*former, *finish_restore(data_dir)):
            notify(f"A restore was cut short; the former data folder is now {folder}.")
        delete_unfinished_copy(data_dir)
        for left in delete_leftovers(data_dir):
            notify(f"A backup or export was killed and left {printable(str(left))}; delete it, or make it again.")
        with open_to_write(data_dir) as db:
            _rebuild(settings, db, embedder, notify)


def _rebuild(settings: Settings, db: Database, embedder: Embedder, notify: Callable[[str], None]) -> None:
    """Rebuild passages, vectors and the index."""
    if problems := integrity_problems(db):
        raise StorageFailure(
            f"The database is damaged ({problems[0]}).",
            "Restore the data folder from a backup, or move it away and ingest again.",
        )
    for article_id in misplaced_passages(db):
        with db.atomic():
            Articles(db).recut(article_id)
        notify(f"The passages of article {article_id} were cut again.")
    index = index_of(settings)
    if damage := quarantine_damaged(index):
        notify(f"{damage} It was set aside.")
    Embeddings(db, embedder.fingerprint).recheck_all()
    report = refresh(db, index, embedder)
    if report.embedded:
        notify(f"{report.embedded:,} texts had no vectors and were embedded.")
    if report.built:
        notify(f"The vector index was built again: {report.vectors:,} passages.")
