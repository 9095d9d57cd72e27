"""Open the live vector index, healing it where it is damaged or missing."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlite_utils import Database

from bot.service.sessions import reading
from bot.settings import Settings
from corpus.database import open_database, storage_errors
from corpus.errors import CorpusBusy, StorageFailure
from corpus.lock import writer_lock
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.errors import DamagedGeneration
from index.generation.generations import MANIFEST_VERSION, Generation, Generations, Manifest
from index.generation.vector_index import VectorIndex
from index.maintenance import is_newer, load_vectors_and_postings, rebuild
from index.schema import migrations as index_migrations

# Seconds to wait for another writer, which may be healing the same damage; a first answer should not take longer.
LOCK_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class MemoryGeneration(Generation):
    """An index in this process's memory, used while the folder can't be written.

    Args:
        replaces: the unusable generation on disk; None where there was none.
    """

    replaces: str | None


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause garbage collection while libraries are imported: it takes a fifth of that time and frees nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def open_index(
    settings: Settings,
    generations: Generations,
    db: Database,
    embedder: Embedder,
    notify: Callable[[str], None],
    wait_s: float = LOCK_WAIT_S,
) -> Generation:
    """Open and verify the live generation; rebuild it from the stored vectors if it is damaged or missing.

    If the folder can't be written within `wait_s` seconds, the rebuilt index is a `MemoryGeneration`; `heal` retries.

    Raises:
        DamagedGeneration: the index was made by another model than that of the settings.
        StorageFailure: a file of the index can't be read; it may be intact, so it is left alone.
    """
    try:
        generation = _open_fitting(db, generations, embedder.fingerprint)
    except DamagedGeneration as error:
        if error.hint:
            raise
        notify(f"{error.message} It is set aside and rebuilt from the stored vectors.")
    else:
        if generation is not None:
            return generation
        notify("There is no vector index yet; it is built from the stored vectors.")
    return _heal(settings, db, embedder, generations, notify, wait_s)


def _open_fitting(db: Database, generations: Generations, model: str) -> Generation | None:
    """Open and verify the live generation; return None if there is none.

    Raises:
        DamagedGeneration: as `Generations.open_live`, or it can't be of this database.
        StorageFailure: a file of the index can't be read.
    """
    name, manifest = generations.live_name(), generations.live_manifest()
    # Before any of its vectors are read; an index of another model fails below, with what to do about it.
    if name is not None and manifest is not None and manifest.model == model:
        _check_fits(db, name, manifest)
    generation = generations.open_live(model)
    if generation is not None:
        # It may have been replaced since.
        _check_fits(db, generation.name, generation.manifest)
    return generation


def _check_fits(db: Database, name: str, manifest: Manifest) -> None:
    """Check that a generation can be of this database.

    Raises:
        DamagedGeneration: it can't.
    """
    if is_newer(db, manifest):
        raise DamagedGeneration(f"The vector index {name} is newer than the database.")
    # A salvaged database may have lost its id counter.
    counter = "SELECT max(seq) FROM sqlite_sequence WHERE name = 'passages'"
    newest = db.execute(f"SELECT coalesce(({counter}), 0), coalesce((SELECT max(id) FROM passages), 0)").fetchone()
    if manifest.last > max(newest):
        raise DamagedGeneration(f"The vector index {name} has passages that the database never had.")


def heal(
    settings: Settings, generations: Generations, embedder: Embedder, notify: Callable[[str], None], wait_s: float
) -> Generation | None:
    """Return the live generation, rebuilt if damaged or missing; None if the folder can't be written now."""
    data_dir = settings.data_dir
    try:
        with writer_lock(data_dir, "rebuilding the vector index", wait_s=wait_s), storage_errors(data_dir):
            # Another process may have healed it while we waited for the lock.
            healed = _open_intact(settings, generations, embedder.fingerprint)
            return healed or _rebuild(settings, embedder, generations, notify)
    except (CorpusBusy, StorageFailure):
        return None


def _heal(
    settings: Settings,
    db: Database,
    embedder: Embedder,
    generations: Generations,
    notify: Callable[[str], None],
    wait_s: float,
) -> Generation:
    # Read before healing, so that a later switch to another generation is noticed.
    live = generations.live_name()
    if healed := heal(settings, generations, embedder, notify, wait_s):
        return healed
    notify("It can't be stored now (disk full, no permission, or another program is writing); it is held in memory.")
    return _in_memory(db, embedder, live)


def _rebuild(
    settings: Settings, embedder: Embedder, generations: Generations, notify: Callable[[str], None]
) -> Generation:
    name = generations.live_name()
    if name is not None:
        generations.quarantine(name)
    db = open_database(settings.data_dir, (index_migrations,))
    try:
        embeddings = Embeddings(db, embedder.fingerprint)
        embeddings.recheck_all()
        if missing := embeddings.count_missing():
            notify(f"{missing:,} texts have no vectors yet and are embedded first; this can take a while.")
            embeddings.embed_missing(embedder)
        return rebuild(db, generations, embedder)
    finally:
        db.close()


def _in_memory(db: Database, embedder: Embedder, replaces: str | None) -> MemoryGeneration:
    stored, postings = load_vectors_and_postings(db, embedder)
    index = VectorIndex.build(stored.ids, stored.vectors)
    manifest = Manifest(
        MANIFEST_VERSION, embedder.fingerprint, embedder.dimension, len(index), index.kind, 0, "", 0, {}
    )
    return MemoryGeneration("in memory", manifest, index, postings, replaces)


def _open_intact(settings: Settings, generations: Generations, fingerprint: str) -> Generation | None:
    with reading(settings.data_dir) as db, suppress(DamagedGeneration):
        return _open_fitting(db, generations, fingerprint)
    return None
