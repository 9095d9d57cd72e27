"""Repair a data folder without losing anything: rebuild what can be made from the stored articles."""

from collections.abc import Callable

from bot.service.sessions import writing
from bot.settings import Settings
from corpus.articles import Articles
from corpus.checks import integrity_problems, misplaced_passages
from corpus.errors import StorageFailure
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generations
from index.maintenance import quarantine_damaged, refresh


def repair(settings: Settings, embedder: Embedder, notify: Callable[[str], None]) -> None:
    """Rebuild passages, vectors and the index where they are damaged or missing.

    Raises:
        StorageFailure: the database file is damaged; only a backup helps.
        CorpusBusy: another program is writing.
    """
    with writing(settings, "attache doctor --repair", wait_s=10.0) as db:
        if problems := integrity_problems(db):
            raise StorageFailure(
                f"The database is damaged ({problems[0]}).",
                "Restore the data folder from a backup, or move it away and ingest again.",
            )
        for article_id in misplaced_passages(db):
            with db.atomic():
                Articles(db).recut(article_id)
            notify(f"The passages of article {article_id} were cut again.")
        generations = Generations(settings.data_dir)
        if damage := quarantine_damaged(generations):
            notify(f"{damage} It was set aside.")
        Embeddings(db, embedder.fingerprint).recheck_all()
        report = refresh(db, generations, embedder)
        if report.embedded:
            notify(f"{report.embedded:,} texts had no vectors and were embedded.")
        if report.built:
            notify(f"The vector index was built again: {report.vectors:,} passages.")
