"""Makes corpora of any size by drawing real articles again and again, with exchanged names and noise on vectors."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from corpus.errors import BadInput
from evals.speed.made import MadeArticle, MadeFacts, MadeQuestion, refuse_corpus, write_made
from evals.speed.sample import SampleArticle, read_sample
from index.embedding.embedder import Embedder, Vectors

STARTER = "starter briefs"
# Length of the noise added to a unit vector before it is normalised again. Copies of one passage then have a cosine of
# about 0.74 to each other, like two reports of one event.
NOISE = 0.6
# A copy is dated at most this many days before or after the original.
DAYS = 365
# One article in this many has a question about it.
ARTICLES_PER_QUESTION = 7
_NAME = re.compile(r"\b[A-Z][a-z]{3,}\b")


def make_folder(
    source: Path | None,
    folder: Path,
    passages: int,
    seed: int,
    embedder: Embedder,
    on_done: Callable[[int], None] = lambda _count: None,
) -> MadeFacts:
    """Make a data folder of `passages` passages from real articles.

    Args:
        source: a data folder, or a file or folder that `attache ingest` reads; None for the starter briefs.
        folder: the data folder to make; it must not hold a corpus.
        passages: how many passages it gets.
        seed: the same seed makes the same folder.
        embedder: encodes real articles without stored vectors.
        on_done: called with the number of passages of each batch.

    Raises:
        BadInput: there is nothing to draw from, or the folder holds a corpus.
        StorageFailure: the folder can't be written.
    """
    refuse_corpus(folder)
    real = [each for each in read_sample(source, embedder) if each.vectors is not None]
    if not real:
        raise BadInput(f"There are no articles with vectors in {source}.", "Run `attache reindex` on it first.")
    drawn = resample(real, passages, seed)
    return write_made(folder, drawn, seed=seed, like=source.name if source else STARTER, on_done=on_done)


def resample(real: Sequence[SampleArticle], passages: int, seed: int) -> Iterator[MadeArticle]:
    """Draw articles in random order, each once before any is drawn again, until they have `passages` passages.

    Each copy has the sample's names exchanged one for one, so that no text occurs twice and each copy reads like a
    report of another event in real words.
    """
    names = sorted({name for each in real for text in each.passages for name in _NAME.findall(text)})
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    noise = np.random.default_rng(seed)
    number = 0
    while passages > 0:
        for article in chance.sample(real, len(real)):
            if passages <= 0:
                return
            exchanged = dict(zip(names, chance.sample(names, len(names)), strict=True))
            copy = _copy(article, passages, exchanged, timedelta(days=chance.randint(-DAYS, DAYS)), noise)
            asked = _question(copy, noise) if number % ARTICLES_PER_QUESTION == 0 else None
            yield replace(copy, question=asked)
            passages -= len(copy.passages)
            number += 1


def _copy(
    article: SampleArticle, count: int, names: dict[str, str], shift: timedelta, noise: np.random.Generator
) -> MadeArticle:
    """Copy the first `count` passages of an article, renamed, moved in time, with noise on the vectors."""

    def rename(text: str) -> str:
        return _NAME.sub(lambda match: names.get(match[0], match[0]), text)

    assert article.vectors is not None
    title_vector = article.vectors[0] if article.title_vector is None else article.title_vector
    day = date.fromisoformat(article.published_at[:10]) + shift if article.published_at else None
    return MadeArticle(
        title=rename(article.title or article.passages[0].partition(".")[0]),
        publisher=article.publisher,
        published_at=day.isoformat() if day else None,
        passages=tuple(map(rename, article.passages[:count])),
        vectors=_add_noise(article.vectors[:count], noise),
        title_vector=_add_noise(title_vector[None], noise)[0],
    )


def _question(article: MadeArticle, noise: np.random.Generator) -> MadeQuestion | None:
    """Ask for an article by its title; the answer is a name in its first passage."""
    names = _NAME.findall(article.passages[0])
    if not names:
        return None
    text = f"Did {article.title} happen?" if len(article.title) % 2 else f"What about {article.title}?"
    return MadeQuestion(text, _add_noise(article.title_vector[None], noise)[0], names[0])


def _add_noise(vectors: Vectors, noise: np.random.Generator) -> Vectors:
    drawn = noise.standard_normal(vectors.shape, dtype=np.float32)
    moved = vectors + NOISE * drawn / np.linalg.norm(drawn, axis=-1, keepdims=True)
    unit: Vectors = moved / np.linalg.norm(moved, axis=-1, keepdims=True)
    return unit
