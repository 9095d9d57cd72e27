"""How fast texts are encoded and questions answered here, each beside a baseline measured in the same run."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from sqlite_utils import Database

from bot.evaluation.evaluating import spread
from bot.service import Attache
from corpus.errors import BadInput
from index.embedder import SentenceEmbedder, load_plain

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

WARM_UP = 5


@dataclass(frozen=True, slots=True)
class EncodeBench:
    """Passages a second of ours and of plain `SentenceTransformer.encode`; the least cosine between their vectors."""

    passages: int
    precision: str
    ours_per_s: float
    plain_per_s: float
    ratio: float
    least_cosine: float


@dataclass(frozen=True, slots=True)
class QueryBench:
    """Milliseconds of each stage, `p50` and `p95`, and the whole as a multiple of encoding the query alone."""

    questions: int
    stages_ms: dict[str, dict[str, float]]
    encode_alone_ms: float
    ratio: float


def bench_encode(embedder: SentenceEmbedder, texts: Sequence[str], rounds: int = 3) -> EncodeBench:
    """Encodes the same texts with ours and with plain float32 in default batches, alternating, best round of each."""
    if not texts:
        raise BadInput("There are no passages to encode.", "Feed the corpus first: `attache ingest PATH`.")
    plain = load_plain(embedder.source)
    warm = list(texts[:8])
    embedder.encode(warm)
    _encode_plain(plain, warm)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_timed(lambda: embedder.encode(texts)))
        theirs.append(_timed(lambda: _encode_plain(plain, texts)))
    cosines = (embedder.encode(texts) * _encode_plain(plain, texts)).sum(axis=1)
    best_ours, best_theirs = min(ours), min(theirs)
    return EncodeBench(
        passages=len(texts),
        precision=str(embedder.load().dtype).removeprefix("torch."),
        ours_per_s=round(len(texts) / best_ours, 1),
        plain_per_s=round(len(texts) / best_theirs, 1),
        ratio=round(best_theirs / best_ours, 2),
        least_cosine=round(float(cosines.min()), 4),
    )


def bench_query(attache: Attache, questions: Sequence[str], embedder: SentenceEmbedder) -> QueryBench:
    """Asks every question after a warm-up, and encodes each alone beside it."""
    if not questions:
        raise BadInput("There are no titles to ask.", "Feed the corpus with articles that state their titles.")
    for question in questions[:WARM_UP]:
        attache.ask(question)
    alone, times = [], []
    for question in questions:
        alone.append(_timed(partial(embedder.encode, [question])) * 1e3)
        times.append(attache.ask(question).timings_ms)
    stages = {stage: spread([each[stage] for each in times]) for stage in times[0]}
    encode_alone = float(np.median(alone))
    return QueryBench(len(questions), stages, round(encode_alone, 2), round(stages["total"]["p50"] / encode_alone, 2))


def sample_passages(db: Database, count: int) -> list[str]:
    """Passages spread evenly over the corpus."""
    return _spread_over(db, "SELECT text FROM passages ORDER BY id", count)


def sample_titles(db: Database, count: int) -> list[str]:
    """Titles spread evenly over the corpus: questions as far as their length and words go."""
    return _spread_over(db, "SELECT title FROM articles WHERE title IS NOT NULL ORDER BY id", count)


def _spread_over(db: Database, sql: str, count: int) -> list[str]:
    texts = [row[0] for row in db.execute(sql)]
    return texts[:: max(1, len(texts) // count)][:count]


def _encode_plain(model: "SentenceTransformer", texts: Sequence[str]) -> np.ndarray:
    return model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
