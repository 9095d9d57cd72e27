"""Corpora of any size for measuring speed: real articles drawn again and again, with other names and a little noise."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.errors import BadInput
from evals.speed.made import MadeArticle, MadeFacts, MadeQuestion, refuse_corpus, write_made
from evals.speed.sample import SampleArticle, read_sample
from index.embedding.embedder import Embedder, Vectors

STARTER = "starter briefs"
# Length of the noise added to a unit vector before it is scaled to unit length again: copies of one passage then have
# a cosine of about 0.74 to each other, as two reports of one event have.
NOISE = 0.6
# Copies of one article are at most this many days from the original's date.
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
    """Makes a data folder of `passages` passages out of `source`, or of the starter briefs where that is None.

    Args:
        source: a data folder, or a file or folder that `attache ingest` reads.
        folder: the data folder to make; it must hold no corpus.
        passages: how many passages it gets.
        seed: the same seed makes the same folder.
        embedder: makes the vectors of real articles that have none stored.
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
    """Draws articles in random order, all before any comes again, until they have `passages` passages.

    In every copy the names are exchanged for others of the sample, one for one, so that no text occurs twice and each
    copy tells a story of its own with the words of a real one.
    """
    names = sorted({name for each in real for text in each.passages for name in _NAME.findall(text)})
    chance = random.Random(seed)  # noqa: S311 - to be the same again, not to be secret
    noise = np.random.default_rng(seed)
    number = 0
    while passages > 0:
        for article in chance.sample(real, len(real)):
            if passages <= 0:
                return
            made = _copy(article, passages, dict(zip(names, chance.sample(names, len(names)), strict=True)), noise)
            shift = timedelta(days=chance.randint(-DAYS, DAYS))
            day = date.fromisoformat(article.published_at[:10]) + shift if article.published_at else None
            question = _question(made, noise) if number % ARTICLES_PER_QUESTION == 0 else None
            yield MadeArticle(
                title=made.title or "",
                publisher=article.publisher,
                published_at=day.isoformat() if day else None,
                passages=made.passages,
                vectors=_present(made.vectors),
                title_vector=_present(made.title_vector),
                question=question,
            )
            passages -= len(made.passages)
            number += 1


def _copy(article: SampleArticle, most: int, names: dict[str, str], noise: np.random.Generator) -> SampleArticle:
    """The first `most` passages of an article, renamed, with noise on their vectors."""

    def renamed(text: str) -> str:
        return _NAME.sub(lambda found: names.get(found[0], found[0]), text)

    title = article.title or article.passages[0].partition(".")[0]
    vectors = _present(article.vectors)[:most]
    title_vector = vectors[0] if article.title_vector is None else article.title_vector
    return SampleArticle(
        renamed(title),
        article.publisher,
        article.published_at,
        tuple(islice(map(renamed, article.passages), most)),
        _noisy(vectors, noise),
        _noisy(title_vector[None], noise)[0],
    )


def _question(article: SampleArticle, noise: np.random.Generator) -> MadeQuestion | None:
    """Asks for an article by its title; the answer is a name in its first passage."""
    found = _NAME.findall(article.passages[0])
    if not found:
        return None
    text = f"Did {article.title} happen?" if len(article.title or "") % 2 else f"What about {article.title}?"
    return MadeQuestion(text, _noisy(_present(article.title_vector)[None], noise)[0], found[0])


def _noisy(vectors: Vectors, noise: np.random.Generator) -> Vectors:
    drawn = noise.standard_normal(vectors.shape, dtype=np.float32)
    moved = vectors + NOISE * drawn / np.linalg.norm(drawn, axis=-1, keepdims=True)
    unit: Vectors = moved / np.linalg.norm(moved, axis=-1, keepdims=True)
    return unit


def _present(vectors: Vectors | None) -> Vectors:
    assert vectors is not None
    return vectors
