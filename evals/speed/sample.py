"""Reads a sample of real articles to make corpora from."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np

from bot.service.sessions import reading
from corpus.article import Rejection
from corpus.database import DATABASE_NAME
from corpus.errors import BadInput, UnreadableSource
from corpus.formats import find_files, read_path
from corpus.passages import cut_passages
from corpus.prepare import normalise
from corpus.starter import starter_files
from index.embedding.embedder import Embedder, Vectors

# Enough words for any corpus, and read in seconds.
MAX_ARTICLES = 1_000
# Passages encoded where none are stored; more take minutes on a small machine.
MAX_ENCODED = 1_200
_MAX_BYTES = 20_000_000
# The same sample in every run.
_SEED = 1


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """A real article: its passages as text and, if known, as vectors.

    `vectors` is `(passages, dimension)` float32 of unit length, `title_vector` `(dimension,)`.
    """

    title: str | None
    publisher: str | None
    published_at: str | None
    passages: tuple[str, ...]
    vectors: Vectors | None = None
    title_vector: Vectors | None = None


def read_sample(source: Path | None, embedder: Embedder) -> list[SampleArticle]:
    """Read a sample of articles, at least some of them with vectors.

    Args:
        source: a data folder with stored vectors, or a file or folder that `ingest` reads; None for the starter briefs.
        embedder: encodes passages of a source without stored vectors.

    Raises:
        BadInput: there are no articles in it.
    """
    if source is not None and (source / DATABASE_NAME).is_file():
        articles = _read_folder(source, embedder.fingerprint)
    else:
        articles = _read_files(starter_files() if source is None else list(find_files([source])))
    articles = [each for each in articles if each.passages]
    if len(articles) < 2:
        raise BadInput(f"There are no articles to draw from in {source}.", "Name a data folder or a .jsonl file.")
    return articles if articles[0].vectors is not None else _encode(articles, embedder)


def starter_passages() -> list[str]:
    """Return the passages of the starter briefs."""
    return [text for each in _read_files(starter_files()) for text in each.passages]


def _read_files(paths: Sequence[Path]) -> list[SampleArticle]:
    items = [item for path in paths for item in read_path(path, max_bytes=_MAX_BYTES)]
    readable = [item for item in items if not isinstance(item, Rejection)]
    random.Random(_SEED).shuffle(readable)  # noqa: S311 - a sample, not a secret
    articles = []
    for item in readable[:MAX_ARTICLES]:
        try:
            draft = normalise(item.parse())
        except UnreadableSource:
            continue
        texts = tuple(draft.body[span.start : span.end] for span in cut_passages(draft.body, draft.language))
        articles.append(SampleArticle(draft.title, draft.publisher, draft.published_at, texts))
    return articles


def _read_folder(folder: Path, fingerprint: str) -> list[SampleArticle]:
    with reading(folder) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM articles ORDER BY id")]
        chosen = sorted(random.Random(_SEED).sample(ids, min(MAX_ARTICLES, len(ids))))  # noqa: S311 - a sample
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
        np.stack([_parse_vector(each) for each in vectors]) if len(vectors) == len(rows) else None,
        _parse_vector(title_vector) if title_vector else None,
    )


def _parse_vector(stored: bytes) -> Vectors:
    return np.frombuffer(stored, dtype="<f2").astype(np.float32)


def _encode(articles: list[SampleArticle], embedder: Embedder) -> list[SampleArticle]:
    """Add vectors to the first articles, up to `MAX_ENCODED` passages."""
    encoded, passages = [], 0
    for each in articles:
        if passages >= MAX_ENCODED:
            encoded.append(each)
            continue
        passages += len(each.passages)
        vectors = embedder.encode([*each.passages, each.title or each.passages[0]])
        encoded.append(replace(each, vectors=vectors[:-1], title_vector=vectors[-1]))
    return encoded
