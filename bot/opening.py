"""Opens the live vector index, and heals it where it is damaged or missing."""

from collections.abc import Callable

from sqlite_utils import Database

from bot.settings import Settings
from corpus.catalog import revision
from corpus.database import open_database
from corpus.errors import CorpusBusy, StorageFailure
from corpus.lock import writer_lock
from index.embedder import Embedder
from index.embeddings import Embeddings
from index.embeddings import migrations as index_migrations
from index.errors import DamagedGeneration
from index.generations import Generation, Generations, Manifest
from index.maintenance import rebuild
from index.vector_index import VectorIndex


def open_index(settings: Settings, db: Database, embedder: Embedder, notify: Callable[[str], None]) -> Generation:
    """The live generation, verified; one that is damaged or missing is rebuilt from the stored vectors.

    Raises:
        DamagedGeneration: the index was made by another model than the settings name.
    """
    generations = Generations(settings.data_dir)
    try:
        generation = generations.open_live(embedder.fingerprint)
    except DamagedGeneration as error:
        if error.hint:
            raise
        notify(f"{error.message} It was set aside and is rebuilt from the stored vectors.")
        return _heal(settings, db, embedder, generations)
    if generation is None:
        notify("There is no vector index yet, so it is built from the stored vectors.")
        return _heal(settings, db, embedder, generations)
    if generation.manifest.revision != revision(db):
        missing = Embeddings(db, embedder.fingerprint).missing()
        if missing:
            notify(f"{missing:,} passages are not in the vector index yet; `attache reindex` brings them in.")
    return generation


def _heal(settings: Settings, db: Database, embedder: Embedder, generations: Generations) -> Generation:
    try:
        with writer_lock(settings.data_dir, "rebuilding the vector index", wait_s=5.0):
            # Somebody else may have healed it while we waited for the lock.
            if (healed := _open_whole(generations, embedder.fingerprint)) is not None:
                return healed
            name = generations.live_name()
            if name is not None:
                generations.set_aside(name)
            writable = open_database(settings.data_dir, (index_migrations,))
            try:
                return rebuild(writable, generations, embedder)
            finally:
                writable.close()
    except (CorpusBusy, StorageFailure):
        # The folder can't be written now: the same index, built in memory, serves this process.
        stored = Embeddings(db, embedder.fingerprint).load(embedder.dimension)
        index = VectorIndex.build(stored.ids, stored.vectors)
        manifest = Manifest(1, embedder.fingerprint, embedder.dimension, len(index), index.kind, 0, "", {})
        return Generation("in memory", manifest, index)


def _open_whole(generations: Generations, fingerprint: str) -> Generation | None:
    try:
        return generations.open_live(fingerprint)
    except DamagedGeneration:
        return None
