"""Opens the live vector index, and heals it where it is damaged or missing."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlite_utils import Database

from bot.service.sessions import reading
from bot.settings import Settings
from corpus.database import open_database, storage_errors
from corpus.errors import CorpusBusy, StorageFailure
from corpus.lock import writer_lock
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.embedding.vector_store import migrations as index_migrations
from index.errors import DamagedGeneration
from index.generation.generations import MANIFEST_VERSION, Generation, Generations, Manifest
from index.generation.vector_index import VectorIndex
from index.maintenance import is_newer, load_content, rebuild

# Seconds to wait for whoever writes, who may be healing the same damage. Nobody should wait longer for a first answer.
LOCK_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class StandIn(Generation):
    """The same index for this process alone, where the folder can't be written now.

    Args:
        stands_for: the generation on disk that could not be used; None when there was none.
    """

    stands_for: str | None


@contextmanager
def collecting_later() -> Iterator[None]:
    """Puts off looking for garbage while libraries are imported: a fifth of that time, for what stays to the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def open_index(
    settings: Settings,
    db: Database,
    embedder: Embedder,
    notify: Callable[[str], None],
    wait_s: float = LOCK_WAIT_S,
) -> Generation:
    """The live generation, verified; one that is damaged or missing is rebuilt from the stored vectors.

    Where it can't be rebuilt now, since somebody else is writing after `wait_s` seconds or the folder can't be
    written, a `StandIn` takes its place, and `heal` tries again.

    Raises:
        DamagedGeneration: the index was made by another model than the settings name.
        StorageFailure: a file of the index can't be read; it may be whole, so it is left as it is.
    """
    generations = Generations(settings.data_dir)
    try:
        generation = _of_database(db, generations.open_live(embedder.fingerprint))
    except DamagedGeneration as error:
        if error.hint:
            raise
        notify(f"{error.message} It is set aside and rebuilt from the stored vectors.")
        return _heal(settings, db, embedder, generations, notify, wait_s)
    if generation is None:
        notify("There is no vector index yet, so it is built from the stored vectors.")
        return _heal(settings, db, embedder, generations, notify, wait_s)
    return generation


def _of_database(db: Database, generation: Generation | None) -> Generation | None:
    if generation is not None and is_newer(db, generation.manifest):
        raise DamagedGeneration(f"The vector index {generation.name} is newer than the database.")
    return generation


def heal(settings: Settings, embedder: Embedder, notify: Callable[[str], None], wait_s: float) -> Generation | None:
    """The live generation, rebuilt where it is damaged or missing; None where the folder can't be written now."""
    generations = Generations(settings.data_dir)
    data_dir = settings.data_dir
    try:
        with writer_lock(data_dir, "rebuilding the vector index", wait_s=wait_s), storage_errors(data_dir):
            # Somebody else may have healed it while we waited for the lock.
            healed = _open_whole(settings, generations, embedder.fingerprint)
            return healed or _rebuilt(settings, embedder, generations, notify)
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
    # Before healing: what is switched to meanwhile must be noticed.
    live = generations.live_name()
    if healed := heal(settings, embedder, notify, wait_s):
        return healed
    notify("It can't be stored now (no room, no right, or another program writes), so it is held in memory.")
    return _in_memory(db, embedder, live)


def _rebuilt(
    settings: Settings, embedder: Embedder, generations: Generations, notify: Callable[[str], None]
) -> Generation:
    name = generations.live_name()
    if name is not None:
        generations.set_aside(name)
    db = open_database(settings.data_dir, (index_migrations,))
    try:
        embeddings = Embeddings(db, embedder.fingerprint)
        embeddings.look_again()
        if missing := embeddings.missing():
            notify(f"{missing:,} texts have no vector yet and are embedded first; this can take a while.")
            embeddings.embed_missing(embedder)
        return rebuild(db, generations, embedder)
    finally:
        db.close()


def _in_memory(db: Database, embedder: Embedder, stands_for: str | None) -> StandIn:
    stored, postings = load_content(db, embedder)
    index = VectorIndex.build(stored.ids, stored.vectors)
    manifest = Manifest(
        MANIFEST_VERSION, embedder.fingerprint, embedder.dimension, len(index), index.kind, 0, "", 0, {}
    )
    return StandIn("in memory", manifest, index, postings, stands_for)


def _open_whole(settings: Settings, generations: Generations, fingerprint: str) -> Generation | None:
    try:
        generation = generations.open_live(fingerprint)
    except DamagedGeneration:
        return None
    with reading(settings.data_dir) as db:
        return None if generation is None or is_newer(db, generation.manifest) else generation
