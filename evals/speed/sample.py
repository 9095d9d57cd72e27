"""Reads a real set of articles, of which the made ones shall be like."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np

from bot.service.sessions import reading
from corpus.article import Rejection
from corpus.database import DATABASE_NAME
from corpus.errors import BadInput, UnreadableSource
from corpus.formats import find_files, read_path
from corpus.ingest import normalise
from corpus.passages import cut_passages
from corpus.starter import starter_files
from index.embedding.embedder import Embedder, Vectors

# Enough for the frequencies of all but the rarest words, and read in seconds.
ARTICLES_READ = 1_000
# Passages that are encoded where the set has no stored vectors; more takes minutes on a small machine.
PASSAGES_ENCODED = 1_200
_MAX_BYTES = 20_000_000
# The sample is the same at every run.
_SEED = 1


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """A real article: its passages as text, and where they are known its vectors.

    `vectors` is `(passages, dimension)` float32 of unit length, `title_vector` `(dimension,)`.
    """

    title: str | None
    publisher: str | None
    published_at: str | None
    passages: tuple[str, ...]
    vectors: Vectors | None = None
    title_vector: Vectors | None = None


def read_sample(source: Path | None, embedder: Embedder) -> list[SampleArticle]:
    """A sample of a real set, with vectors for at least a part of it.

    Args:
        source: a data folder, whose stored vectors are used, or a file or folder that `ingest` reads; None for the
            starter briefs.
        embedder: makes the vectors where none are stored.

    Raises:
        BadInput: there is nothing in it to learn from.
    """
    if source is not None and (source / DATABASE_NAME).is_file():
        found = _of_folder(source, embedder.fingerprint)
    else:
        found = _of_files(starter_files() if source is None else list(find_files([source])))
    found = [each for each in found if each.passages]
    if len(found) < 2:
        raise BadInput(f"There are no articles in {source} to learn from.", "Name a data folder or a .jsonl file.")
    return found if found[0].vectors is not None else _encoded(found, embedder)


def _of_files(paths: Sequence[Path]) -> list[SampleArticle]:
    items = [item for path in paths for item in read_path(path, max_bytes=_MAX_BYTES)]
    kept = [item for item in items if not isinstance(item, Rejection)]
    random.Random(_SEED).shuffle(kept)  # noqa: S311 - a sample, no secret
    found = []
    for item in kept[:ARTICLES_READ]:
        try:
            draft = normalise(item.parse())
        except UnreadableSource:
            continue
        texts = tuple(draft.body[span.start : span.end] for span in cut_passages(draft.body, draft.language))
        found.append(SampleArticle(draft.title, draft.publisher, draft.published_at, texts))
    return found


def _of_folder(folder: Path, fingerprint: str) -> list[SampleArticle]:
    with reading(folder) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM articles ORDER BY id")]
        chosen = sorted(random.Random(_SEED).sample(ids, min(ARTICLES_READ, len(ids))))  # noqa: S311 - a sample
        vector = """(SELECT vector FROM embeddings WHERE text_sha256 = {} AND model_id =
            (SELECT id FROM models WHERE fingerprint = :model))"""
        rows = db.execute(
            f"""SELECT articles.id, title, publisher, published_at, text, {vector.format("passages.sha256")},
                {vector.format("title_sha256")}
            FROM articles JOIN passages ON passages.article_id = articles.id
            WHERE articles.id IN ({",".join(map(str, chosen))}) ORDER BY articles.id, ordinal""",
            {"model": fingerprint},
        ).fetchall()
    return [_article(list(group)) for _, group in groupby(rows, itemgetter(0))]


def _article(rows: list[tuple[int, str, str, str, str, bytes | None, bytes | None]]) -> SampleArticle:
    _, title, publisher, published_at, _, _, title_vector = rows[0]
    vectors = [vector for *_, vector, _ in rows if vector is not None]
    return SampleArticle(
        title,
        publisher,
        published_at,
        tuple(row[4] for row in rows),
        np.stack([_vector(each) for each in vectors]) if len(vectors) == len(rows) else None,
        _vector(title_vector) if title_vector else None,
    )


def _vector(stored: bytes) -> Vectors:
    return np.frombuffer(stored, dtype="<f2").astype(np.float32)


def _encoded(articles: list[SampleArticle], embedder: Embedder) -> list[SampleArticle]:
    """The articles, the first of them with vectors."""
    found, passages = [], 0
    for each in articles:
        if passages >= PASSAGES_ENCODED:
            found.append(each)
            continue
        passages += len(each.passages)
        vectors = embedder.encode([*each.passages, each.title or each.passages[0]])
        found.append(
            SampleArticle(each.title, each.publisher, each.published_at, each.passages, vectors[:-1], vectors[-1])
        )
    return found
