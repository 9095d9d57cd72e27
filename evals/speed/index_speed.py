"""`bench indexes`: the index in the data folder and the one in Milvus side by side, over the same articles."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import SecretStr
from sqlite_utils import Database

from bot.service.index_place import open_passages
from bot.service.sessions import open_to_read
from bot.settings import Settings
from corpus.errors import BadInput
from evals.speed.figures import Bench, Figure, figure, this_machine
from evals.speed.open_folder import open_embedder, sample_filters, sample_questions
from evals.speed.start import resident_mb
from index.embedding.embedder import Embedder, Vectors
from index.embedding.vector_store import Embeddings, StoredVectors
from index.filters import Filters, article_condition
from index.generation.generations import Generations
from index.search.passage_index import PassageIndex
from index.search.retriever import DEPTH, Retriever
from index.search.stopwatch import Stopwatch

_WARM_UP = 3
# As many as a search shows at first.
_HITS = 5
_LOCK_WAIT_S = 60.0


@dataclass
class _Measured:
    """One index under one filter: milliseconds of each search, and shares of the lists of the exact search found."""

    times: list[float]
    vectors: list[float]
    words: list[float]


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question, and the external ids of the articles that answer it."""

    question: str
    article_ids: frozenset[str]


def read_judged(path: Path) -> list[JudgedQuestion]:
    """Read questions from JSONL with `question` and `article_ids`; those without articles are left out.

    Raises:
        BadInput: it can't be read, or holds none.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        judged = [JudgedQuestion(str(row["question"]), frozenset(map(str, row["article_ids"]))) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path} can't be read as questions.", "Give JSONL with `question`, `article_ids`.") from error
    judged = [each for each in judged if each.article_ids]
    if not judged:
        raise BadInput(f"{path} has no question with articles.", "Give JSONL with `question`, `article_ids`.")
    return judged


def bench_indexes(settings: Settings, count: int, judged: Sequence[JudgedQuestion] = ()) -> Bench:
    """Search both indexes for the same questions, in turns, and compare what they find with an exact search.

    The words of the index in the data folder are exact, and are what the other's are compared with. For judged
    questions, a hit@5 is the share that has an article of theirs among the articles of the best five passages.

    Raises:
        BadInput: the settings name no Milvus server.
        IndexUnreachable: the server doesn't answer.
    """
    if settings.milvus is None:
        raise BadInput("ATTACHE_INDEX names no Milvus server.", "Set it, such as milvus://127.0.0.1:19530/bench.")
    questions = sample_questions(settings, count + _WARM_UP)
    embedder = open_embedder(settings)
    vectors = embedder.encode(questions)
    filters = {"no filter": Filters()} | sample_filters(settings)
    db = open_to_read(settings.data_dir)
    try:
        memory, indexes = _open(settings, db, embedder)
        stored = Embeddings(db, embedder.fingerprint).load(embedder.dimension)
        measured = {(name, each): _Measured([], [], []) for each in filters for name in indexes}
        for name, within in filters.items():
            passing = _passing(db, stored, within)
            for number, (question, vector) in enumerate(zip(questions, vectors, strict=True)):
                nearest = _nearest(stored, passing, vector)
                exact_words: set[int] | None = None
                for index, passages in indexes.items():
                    watch = Stopwatch()
                    found = passages.find(question, vector, DEPTH, within, watch)
                    best = sorted(found.cosines, key=lambda each: -found.cosines[each])[:DEPTH]
                    exact_words = set(found.bm25) if exact_words is None else exact_words
                    if number >= _WARM_UP:
                        each = measured[index, name]
                        each.times.append(sum(watch.timings_ms.values()))
                        each.vectors.append(_share(nearest, set(best)))
                        each.words.append(_share(exact_words, set(found.bm25)))
        hit_figures = [
            figure(f"{index}, hit@{_HITS}", "", [_hit_rate(db, passages, settings, embedder, judged)])
            for index, passages in indexes.items()
            if judged
        ]
    finally:
        db.close()
    baseline = f"{next(iter(indexes))}, no filter"
    first = measured[next(iter(indexes)), "no filter"].times
    figures = [
        each
        for (index, name), found in measured.items()
        for each in _figures(f"{index}, {name}", found, None if f"{index}, {name}" == baseline else first)
    ]
    figures += hit_figures
    figures += [figure(f"memory of {index} in this process", "MB", [used]) for index, used in memory.items()]
    described: dict[str, str | int | float] = {"passages": len(stored.ids), "questions": len(first)}
    return Bench("indexes", described, baseline, tuple(figures), this_machine())


def _hit_rate(
    db: Database, index: PassageIndex, settings: Settings, embedder: Embedder, judged: Sequence[JudgedQuestion]
) -> float:
    retriever = Retriever(db, index, embedder, per_article=settings.passages_per_article)
    found = (retriever.search(each.question, _HITS, Filters()).hits for each in judged)
    right = (
        any(hit.article.external_id in each.article_ids for hit in hits)
        for each, hits in zip(judged, found, strict=True)
    )
    return sum(right) / len(judged)


def _figures(name: str, found: _Measured, baseline: list[float] | None) -> list[Figure]:
    return [
        figure(name, "ms", found.times, baseline),
        figure(f"{name}, share of the nearest {DEPTH}", "", found.vectors),
        figure(f"{name}, share of the best {DEPTH} by words", "", found.words),
    ]


def _open(settings: Settings, db: Database, embedder: Embedder) -> tuple[dict[str, float], dict[str, PassageIndex]]:
    places = {"data folder": settings.model_copy(update={"index": SecretStr("")}), "Milvus": settings}
    memory, indexes = {}, {}
    for name, place in places.items():
        before = resident_mb()
        indexes[name] = open_passages(
            place, Generations(place.data_dir), db, embedder, lambda _sentence: None, _LOCK_WAIT_S
        ).passages
        indexes[name].find("news", embedder.encode(["news"])[0], DEPTH, Filters(), Stopwatch())
        memory[name] = resident_mb() - before
    return memory, indexes


def _passing(db: Database, stored: StoredVectors, filters: Filters) -> Vectors:
    """Return 0 for each passage that passes, and minus infinity for the others, `(n,)` float32."""
    condition, parameters = article_condition(db, filters)
    rows = db.execute(
        f"SELECT passages.id FROM passages JOIN articles ON articles.id = passages.article_id WHERE {condition}",
        parameters,
    )
    ids = np.fromiter((row[0] for row in rows), dtype=np.int64)
    return np.where(np.isin(stored.ids, ids), np.float32(0), np.float32(-np.inf))


def _nearest(stored: StoredVectors, passing: Vectors, vector: Vectors) -> set[int]:
    cosines = stored.vectors @ vector + passing
    best = np.argsort(-cosines, kind="stable")[:DEPTH]
    return set(stored.ids[best[np.isfinite(cosines[best])]].tolist())


def _share(wanted: set[int], found: set[int]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0
