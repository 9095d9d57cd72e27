"""Brings the vector index up to date with the corpus, and heals it from stored vectors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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
from index.live.new_passages import FollowedPassages

# Articles that are cut anew in one transaction.
ARTICLES_AT_ONCE = 64
# How many passages may have joined or gone before the next generation is built: a tenth of it, within bounds. What
# joined costs each search one product with its vectors; building anew costs as much as the whole index.
STALE_SHARE = 10
FEWEST_STALE = 2_000
MOST_STALE = 20_000


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What bringing the index up to date took: texts embedded, the live generation, and the vectors that are searched.

    `built` tells that a new generation was built. Where it was not, what is new joins the searches of the one before.
    """

    embedded: int
    generation: str
    vectors: int
    built: bool


@dataclass(frozen=True, slots=True)
class Staleness:
    """How far a generation is behind: passages that joined since it was built, and its own that are gone."""

    joined: int
    gone: int


def refresh(
    db: Database,
    generations: Generations,
    embedder: Embedder,
    *,
    full: bool = False,
    most_stale: int | None = None,
    on_progress: Callable[[EmbeddingProgress], None] = lambda _progress: None,
    on_cut: Callable[[int, int], None] = lambda _done, _total: None,
) -> RefreshReport:
    """Embeds the passages that have no vector yet, and builds the next generation where the live one is behind.

    Args:
        db: the corpus, opened for writing.
        generations: where generations lie.
        embedder: the model.
        full: cut every article's passages again by today's rules and build in any case; vectors of unchanged passages
            are used again all the same.
        most_stale: how many passages may have joined or gone without a new generation; by default a tenth.
        on_progress: told of finished embeddings.
        on_cut: told how many articles were cut again, and of how many.
    """
    if full:
        recut_all(db, on_cut)
    # An upgrade may have dropped the signatures; until they are made again every answer makes those that it needs.
    Copies(db).sign_missing()
    embeddings = Embeddings(db, embedder.fingerprint)
    # Who wants all of it in step trusts no note of how far embedding came.
    if full or most_stale == 0:
        embeddings.look_again()
    embedded = embeddings.embed_missing(embedder, on_progress)
    if full:
        embeddings.drop_orphans()
    live = None if full else _usable(db, generations, embedder.fingerprint)
    if live is not None and (count := _current_count(db, live[1], most_stale)) is not None:
        generations.tidy()
        return RefreshReport(embedded, live[0], count, built=False)
    generation = rebuild(db, generations, embedder)
    return RefreshReport(embedded, generation.name, len(generation.index), built=True)


def _current_count(db: Database, manifest: Manifest, most_stale: int | None) -> int | None:
    """How many passages a generation with what joined it holds; None where it is too far behind to be kept."""
    stale = staleness(db, manifest)
    if stale.joined + stale.gone > (_bound(manifest.count) if most_stale is None else most_stale):
        return None
    return manifest.count + stale.joined - stale.gone


def is_newer(db: Database, manifest: Manifest) -> bool:
    """Whether a generation was built from a later state than the database has: an older one was put in its place."""
    return manifest.revision > revision(db)


def set_damaged_aside(generations: Generations) -> str | None:
    """Moves the live generation out of the way if it is damaged; returns a sentence about the damage."""
    name = generations.live_name()
    if name is None:
        return None
    try:
        generations.verify(name)
    except DamagedGeneration as error:
        generations.set_aside(name)
        return error.message
    return None


def rebuild(db: Database, generations: Generations, embedder: Embedder) -> Generation:
    """Builds and switches to a generation of all stored vectors; embeds nothing."""
    with _unmapped(db):
        name = _write(db, generations, embedder)
    # A power cut may lose what was committed last; an index that knows more than the database would name the wrong
    # passages, once their ids are given to others.
    db.execute("PRAGMA wal_checkpoint(FULL)")
    return generations.switch(name)


@contextmanager
def _unmapped(db: Database) -> Iterator[None]:
    """Reads the database instead of mapping it: a pass over all of it would count as memory held, up to 1 GB."""
    before = int(db.execute("PRAGMA mmap_size").fetchone()[0])
    db.execute("PRAGMA mmap_size = 0")
    try:
        yield
    finally:
        db.execute(f"PRAGMA mmap_size = {before}")


def _write(db: Database, generations: Generations, embedder: Embedder) -> str:
    # The revision is read first: what changes while vectors are loaded makes the generation old, never falsely new.
    built_from = revision(db)
    dimension = embedder.dimension
    # One transaction: vectors and words are of the same passages.
    with db.atomic():
        embeddings = Embeddings(db, embedder.fingerprint)
        ids = embeddings.passages()
        postings = Postings.build(_texts(db, ids.tolist()))
        content = Content(ids, embeddings.parts(dimension), postings)
        return generations.write(content, model=embedder.fingerprint, dimension=dimension, revision=built_from)


def load_content(db: Database, embedder: Embedder) -> tuple[StoredVectors, Postings]:
    """Every passage that has a vector, and its words."""
    dimension = embedder.dimension
    with db.atomic():
        stored = Embeddings(db, embedder.fingerprint).load(dimension)
        return stored, Postings.build(_texts(db, stored.ids.tolist()))


def count_words(db: Database) -> LiveWords:
    """The words of every passage, counted anew: for whoever needs no vectors. Takes seconds for a large corpus."""
    ids = np.fromiter((row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")), dtype=np.int64)
    return LiveWords(db, ids, Postings.build(_texts(db, ids.tolist())), FollowedPassages(db, ids))


def _texts(db: Database, ids: list[int]) -> Iterator[tuple[str, str]]:
    """Title and text of passages, given in ascending order."""
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
    """Cuts every article's passages again, by today's rules; tells how many are done, and of how many."""
    articles = Articles(db)
    ids = list(articles.ids())
    for first in range(0, len(ids), ARTICLES_AT_ONCE):
        with db.atomic():
            for article_id in ids[first : first + ARTICLES_AT_ONCE]:
                articles.recut(article_id)
        on_cut(min(first + ARTICLES_AT_ONCE, len(ids)), len(ids))


def staleness(db: Database, manifest: Manifest) -> Staleness:
    """How far a generation is behind the corpus, where every passage has its vector."""
    later = int(db.execute("SELECT count(*) FROM passages WHERE id > ?", (manifest.last,)).fetchone()[0])
    # SQLite counts a whole table by an index of it; a part of it row by row, with all its text.
    earlier = int(db.execute("SELECT count(*) FROM passages").fetchone()[0]) - later
    # Passages may have been without a vector when it was built, in the middle of others: they joined too.
    return Staleness(later + max(0, earlier - manifest.count), max(0, manifest.count - earlier))


def _bound(count: int) -> int:
    return min(MOST_STALE, max(FEWEST_STALE, count // STALE_SHARE))


def _usable(db: Database, generations: Generations, model: str) -> tuple[str, Manifest] | None:
    """The live generation's name and manifest, if it is that model's, of this database, and its files are there."""
    name, manifest = generations.live_name(), generations.live_manifest()
    if name is None or manifest is None:
        return None
    is_ours = manifest.model == model and not is_newer(db, manifest)
    return (name, manifest) if is_ours and generations.has_files(name, manifest) else None
