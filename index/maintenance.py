"""Brings the vector index up to date with the corpus, and heals it from stored vectors."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from corpus.articles import Articles
from corpus.catalog import revision
from index.embedder import Embedder
from index.embeddings import EmbeddingProgress, Embeddings
from index.errors import DamagedGeneration
from index.generations import Generation, Generations, verify_files

# Articles that are cut anew in one transaction.
ARTICLES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What bringing the index up to date took: texts embedded, and the live generation with its vectors."""

    embedded: int
    generation: str
    vectors: int
    built: bool


def refresh(
    db: Database,
    generations: Generations,
    embedder: Embedder,
    *,
    full: bool = False,
    on_progress: Callable[[EmbeddingProgress], None] = lambda _progress: None,
    on_cut: Callable[[int, int], None] = lambda _done, _total: None,
) -> RefreshReport:
    """Embeds the passages that have no vector yet, and builds the next generation if anything changed.

    Args:
        db: the corpus, opened for writing.
        generations: where generations lie.
        embedder: the model.
        full: cut every article's passages again by today's rules and build in any case; vectors of unchanged passages
            are used again all the same.
        on_progress: told of finished embeddings.
        on_cut: told how many articles were cut again, and of how many.
    """
    if full:
        recut_all(db, on_cut)
    embeddings = Embeddings(db, embedder.fingerprint)
    embedded = embeddings.embed_missing(embedder, on_progress)
    if full:
        embeddings.drop_orphans()
    live = None if full or embedded else _current(db, generations, embeddings, embedder.fingerprint)
    if live is not None:
        return RefreshReport(0, live[0], live[1], built=False)
    generation = rebuild(db, generations, embedder)
    return RefreshReport(embedded, generation.name, len(generation.index), built=True)


def rebuild(db: Database, generations: Generations, embedder: Embedder) -> Generation:
    """Builds and switches to a generation of all stored vectors; embeds nothing."""
    # The revision is read first: what changes while vectors are loaded makes the generation old, never falsely new.
    built_from = revision(db)
    stored = Embeddings(db, embedder.fingerprint).load(embedder.dimension)
    return generations.build(stored, model=embedder.fingerprint, dimension=embedder.dimension, revision=built_from)


def recut_all(db: Database, on_cut: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Cuts every article's passages again, by today's rules; tells how many are done, and of how many."""
    articles = Articles(db)
    ids = list(articles.ids())
    for first in range(0, len(ids), ARTICLES_AT_ONCE):
        with db.atomic():
            for article_id in ids[first : first + ARTICLES_AT_ONCE]:
                articles.recut(article_id)
        on_cut(min(first + ARTICLES_AT_ONCE, len(ids)), len(ids))


def _current(db: Database, generations: Generations, embeddings: Embeddings, model: str) -> tuple[str, int] | None:
    """Name and vector count of the live generation, if it is whole and holds every passage as it is now."""
    name = generations.live_name()
    if name is None:
        return None
    try:
        manifest = generations.manifest(name)
        # The count too: a run that was killed after its last vector and before the index was built leaves the revision.
        if manifest.model != model or manifest.revision != revision(db) or manifest.count != embeddings.count():
            return None
        verify_files(generations.folder(name), manifest)
    except DamagedGeneration:
        return None
    return name, manifest.count
