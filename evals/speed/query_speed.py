"""`bench query` and `bench answer`: what a question costs, stage by stage."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from bot.service.attache import Attache
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.catalog import corpus_facts
from evals.speed.figures import Bench, Figure, figure, seconds, this_machine
from evals.speed.open_folder import embedder_of, filters_of, opened, questions_of
from index.embedding.embedder import Vectors
from index.embedding.vector_store import Embeddings
from index.filters import Filters

BASELINE = "bare product with every vector"
ENCODED_ALONE = "encode the question alone"
_WARM_UP = 5
_COUNT = 10


def bench_query(settings: Settings, count: int) -> Bench:
    """Searches for each question, without and with filters, beside one product of all vectors with the question's.

    Times of searches leave the encoding of the question out, which is a figure of its own.
    """
    questions = questions_of(settings, count + _WARM_UP)
    embedder = embedder_of(settings)
    filters = {"no filter": Filters()} | filters_of(settings)
    times: dict[str, list[float]] = {name: [] for name in filters}
    stages: dict[str, list[float]] = {}
    whole = []
    with opened(settings, embedder) as attache, reading(settings.data_dir) as db:
        stored = Embeddings(db, embedder.fingerprint).load(embedder.dimension)
        for question in questions[:_WARM_UP]:
            _search(attache, question, filters)
        bare = []
        for question in questions[_WARM_UP:] or questions:
            vector = embedder.encode([question])[0]
            bare.append(1e3 * seconds(partial(_product, stored.vectors, vector)))
            for name, found in _search(attache, question, filters).items():
                times[name].append(sum(took for stage, took in found.items() if stage != "embed"))
                if name == "no filter":
                    whole.append(sum(found.values()))
                    for stage, took in found.items():
                        stages.setdefault(stage, []).append(took)
    passages = len(stored.ids)
    return Bench(
        "query",
        {"passages": passages, "questions": len(bare)},
        BASELINE,
        (
            figure(BASELINE, "ms", bare),
            *(figure(f"search, {name}", "ms", taken, bare) for name, taken in times.items()),
            figure("no filter, with encoding the question", "ms", whole, bare),
            *(figure(f"stage {stage}", "ms", taken, bare) for stage, taken in stages.items()),
        ),
        this_machine(),
    )


def bench_answer(settings: Settings, count: int) -> Bench:
    """Answers each question in full, beside encoding it alone."""
    questions = questions_of(settings, count + _WARM_UP)
    embedder = embedder_of(settings)
    stages: dict[str, list[float]] = {}
    alone, again = [], []
    open_ones: list[float] = []
    polar: list[float] = []
    with opened(settings, embedder) as attache:
        for question in questions[:_WARM_UP]:
            attache.ask(question)
        for question in questions[_WARM_UP:] or questions:
            alone.append(1e3 * seconds(partial(embedder.encode, [question])))
            answer = attache.investigate(question).answer
            for stage, took in answer.timings_ms.items():
                stages.setdefault(stage, []).append(took)
            (polar if answer.proposition is not None else open_ones).append(answer.timings_ms["answer"])
            attache.ask(question)
            again.append(1e3 * seconds(partial(attache.ask, question)))
    figures = [figure(ENCODED_ALONE, "ms", alone)]
    figures += [figure(f"stage {stage}", "ms", taken, alone) for stage, taken in stages.items()]
    figures += _kinds(open_ones, polar, alone)
    figures.append(figure("the same question again", "ms", again, alone))
    with reading(settings.data_dir) as db:
        passages = corpus_facts(db).passages
    shown: dict[str, str | int | float] = {"passages": passages, "questions": len(alone)}
    return Bench("answer", shown, ENCODED_ALONE, tuple(figures), this_machine())


def _kinds(open_ones: Sequence[float], polar: Sequence[float], alone: Sequence[float]) -> list[Figure]:
    named = {"answer stage, open questions": open_ones, "answer stage, yes/no questions": polar}
    return [figure(name, "ms", taken, alone) for name, taken in named.items() if taken]


def _search(attache: Attache, question: str, filters: dict[str, Filters]) -> dict[str, dict[str, float]]:
    return {name: attache.search(question, _COUNT, each).timings_ms for name, each in filters.items()}


def _product(vectors: Vectors, vector: Vectors) -> object:
    """What any exact search has to do at least: one pass over all vectors, and the best hundred of it."""
    cosines = vectors @ vector
    return np.argpartition(-cosines, min(100, len(cosines) - 1))[:100]
