"""Updates the index to the current articles and rebuilds it from stored vectors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from sqlite_utils import Database

from corpus.articles import Articles
from corpus.catalog import revision
from corpus.copies import Copies
from index.embedding.embedder import Embedder
from index.embedding.vector_store import EmbeddingProgress, Embeddings, StoredVectors
from index.errors import DamagedGeneration
from index.generation.generations import Content, Generation, Generations, Manifest
from index.generation.postings import Postings
from index.live.live_words import LiveWords
from index.live.new_passages import PassageTracker
from index.stories.grouper import group_queued

# Articles cut into passages again in one transaction.
ARTICLES_AT_ONCE = 64
# How many passages may be added or removed before a new generation is built: a tenth of it, within bounds. Each added
# passage costs every search one more product of vectors; a build costs as much as the whole index.
STALE_SHARE = 10
MIN_STALE = 2_000
MAX_STALE = 20_000


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """Texts embedded by a refresh, the live generation, and the number of vectors searched.

    `built` is false where the live generation was kept and searches combine it with the new passages. `problem` says
    why a server with the index couldn't be brought up to date; everything is stored, and the next refresh does it.
    """

    embedded: int
    generation: str
    vectors: int
    built: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Staleness:
    """How far a generation is out of date: passages added (`joined`) and removed (`gone`) since it was built."""

    joined: int
    gone: int


class IndexServer(Protocol):
    """An index outside of the data folder, kept up to date from it."""

    def update(self, db: Database, embedder: Embedder, *, full: bool, is_check: bool) -> RefreshReport:
        """Bring the index up to date with the database; what fails is done by the next call.

        Args:
            db: the corpus, opened for writing.
            embedder: the model of the vectors.
            full: build it anew.
            is_check: compare it with the database first, and build it anew if it differs.
        """


def refresh(
    db: Database,
    index: Generations | IndexServer,
    embedder: Embedder,
    *,
    full: bool = False,
    max_stale: int | None = None,
    on_progress: Callable[[EmbeddingProgress], None] = lambda _progress: None,
) -> RefreshReport:
    """Embed the passages that have no vector, and update the index.

    Args:
        db: the corpus, opened for writing.
        index: the data folder's generations, or the server that takes their place.
        embedder: the model.
        full: always build, and delete the vectors of former texts.
        max_stale: passages that may be added or removed without a build; by default a tenth of the generation.
        on_progress: called with the progress of embedding.
    """
    # An upgrade may have dropped the signatures.
    Copies(db).sign_missing()
    embeddings = Embeddings(db, embedder.fingerprint)
    if full or max_stale == 0:
        embeddings.recheck_all()
    embedded = embeddings.embed_missing(embedder, on_progress)
    if full:
        embeddings.delete_orphans()
    return replace(update_index(db, index, embedder, full=full, max_stale=max_stale), embedded=embedded)


def update_index(
    db: Database,
    index: Generations | IndexServer,
    embedder: Embedder,
    *,
    full: bool = False,
    max_stale: int | None = None,
) -> RefreshReport:
    """Group new articles into stories, and build a new generation if the live one is too far out of date.

    Embeds nothing. Arguments as of `refresh`.
    """
    group_queued(db, embedder)
    if not isinstance(index, Generations):
        return index.update(db, embedder, full=full, is_check=max_stale == 0)
    return _update_generations(db, index, embedder, full=full, max_stale=max_stale)


def _update_generations(
    db: Database, generations: Generations, embedder: Embedder, *, full: bool, max_stale: int | None
) -> RefreshReport:
    live = None if full else _usable(db, generations, embedder.fingerprint)
    if live is not None:
        name, manifest = live
        stale = staleness(db, manifest)
        bound = min(MAX_STALE, max(MIN_STALE, manifest.count // STALE_SHARE))
        if stale.joined + stale.gone <= (bound if max_stale is None else max_stale):
            generations.clean_up()
            return RefreshReport(0, name, manifest.count + stale.joined - stale.gone, built=False)
    generation = rebuild(db, generations, embedder)
    return RefreshReport(0, generation.name, len(generation.index), built=True)


def is_newer(db: Database, manifest: Manifest) -> bool:
    """Return whether a generation is newer than the database, as after restoring an older database."""
    return manifest.revision > revision(db)


def quarantine_damaged(index: Generations | IndexServer) -> str | None:
    """Move the live generation out of the way if it is damaged; return a sentence about the damage."""
    name = index.live_name() if isinstance(index, Generations) else None
    if not isinstance(index, Generations) or name is None:
        return None
    try:
        index.verify(name)
    except DamagedGeneration as error:
        index.quarantine(name)
        return error.message
    return None


def rebuild(db: Database, generations: Generations, embedder: Embedder) -> Generation:
    """Build a generation of all stored vectors and make it live; embeds nothing."""
    # Read first: a change while vectors are loaded makes the generation too old, never falsely new.
    built_from = revision(db)
    dimension = embedder.dimension
    # One transaction, so that vectors and words are of the same passages.
    with _unmapped(db), db.atomic():
        embeddings = Embeddings(db, embedder.fingerprint)
        ids = embeddings.passage_ids()
        content = Content(ids, embeddings.batches(dimension), Postings.build(_texts(db, ids.tolist())))
        name = generations.write(content, model=embedder.fingerprint, dimension=dimension, revision=built_from)
    # A power cut may lose the last commits. An index newer than the database would name the wrong passages once their
    # ids are given to others.
    db.execute("PRAGMA wal_checkpoint(FULL)")
    return generations.activate(name)


@contextmanager
def _unmapped(db: Database) -> Iterator[None]:
    """Turn off memory mapping of the database: a full scan would count as up to 1 GB of resident memory."""
    before = int(db.execute("PRAGMA mmap_size").fetchone()[0])
    db.execute("PRAGMA mmap_size = 0")
    try:
        yield
    finally:
        db.execute(f"PRAGMA mmap_size = {before}")


def load_vectors_and_postings(db: Database, embedder: Embedder) -> tuple[StoredVectors, Postings]:
    """Load every stored vector of a passage, and build the postings of the same passages."""
    dimension = embedder.dimension
    with db.atomic():
        stored = Embeddings(db, embedder.fingerprint).load(dimension)
        return stored, Postings.build(_texts(db, stored.ids.tolist()))


def count_words(db: Database) -> LiveWords:
    """Index the words of every passage without any vectors; takes seconds for a large corpus."""
    ids = np.fromiter((row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")), dtype=np.int64)
    return LiveWords(db, ids, Postings.build(_texts(db, ids.tolist())), PassageTracker(db, ids))


def _texts(db: Database, ids: list[int]) -> Iterator[tuple[str, str]]:
    """Yield title and text of passages; `ids` are ascending."""
    rows = db.execute(
        """SELECT passages.id, coalesce(articles.title, ''), passages.text
        FROM passages JOIN articles ON articles.id = passages.article_id ORDER BY passages.id"""
    )
    wanted = iter(ids)
    following = next(wanted, None)
    for passage_id, title, text in rows:
        if passage_id == following:
            yield title, text
            following = next(wanted, None)


def recut_all(db: Database, on_cut: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Cut every article into passages again, by the current rules."""
    articles = Articles(db)
    ids = list(articles.ids())
    for first in range(0, len(ids), ARTICLES_AT_ONCE):
        with db.atomic():
            for article_id in ids[first : first + ARTICLES_AT_ONCE]:
                articles.recut(article_id)
        on_cut(min(first + ARTICLES_AT_ONCE, len(ids)), len(ids))


def staleness(db: Database, manifest: Manifest) -> Staleness:
    """Return how far a generation is out of date; assumes that every passage has a vector."""
    later = int(db.execute("SELECT count(*) FROM passages WHERE id > ?", (manifest.last,)).fetchone()[0])
    # SQLite counts a whole table by an index; a part of it row by row, with all its text.
    earlier = int(db.execute("SELECT count(*) FROM passages").fetchone()[0]) - later
    # More earlier passages than the generation holds: some had no vector when it was built.
    return Staleness(later + max(0, earlier - manifest.count), max(0, manifest.count - earlier))


def _usable(db: Database, generations: Generations, model: str) -> tuple[str, Manifest] | None:
    """Return the live generation's name and manifest if it fits the model and the database and its files exist."""
    name, manifest = generations.live_name(), generations.live_manifest()
    if name is None or manifest is None:
        return None
    fits = manifest.model == model and not is_newer(db, manifest)
    return (name, manifest) if fits and generations.has_files(name, manifest) else None
