"""Repairs that lose nothing: everything in the index can be made again from the stored articles."""

from collections.abc import Callable

from bot.service.sessions import writing
from bot.settings import Settings
from corpus.articles import Articles
from corpus.checks import integrity_problems, misplaced_passages
from corpus.errors import StorageFailure
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generations
from index.maintenance import refresh, set_damaged_aside


def repair(settings: Settings, embedder: Embedder, notify: Callable[[str], None]) -> None:
    """Puts right what can be made again: passages, vectors, the generation.

    Raises:
        StorageFailure: the database file itself is damaged; only a backup helps then.
        CorpusBusy: somebody else is writing.
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
        if damage := set_damaged_aside(generations):
            notify(f"{damage} It was set aside.")
        Embeddings(db, embedder.fingerprint).look_again()
        report = refresh(db, generations, embedder)
        if report.embedded:
            notify(f"{report.embedded:,} texts had no vector and were embedded.")
        if report.built:
            notify(f"The vector index was built again: {report.vectors:,} passages.")
