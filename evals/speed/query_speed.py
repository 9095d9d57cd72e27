"""`bench query` and `bench answer`: the time of a question, stage by stage."""

from functools import partial

import numpy as np

from bot.service.attache import Attache
from bot.service.sessions import reading
from bot.settings import Settings
from evals.speed.figures import Bench, figure, seconds, this_machine
from evals.speed.open_folder import count_passages, open_attache, open_embedder, sample_filters, sample_questions
from index.embedding.embedder import Vectors
from index.embedding.vector_store import Embeddings
from index.filters import Filters

QUERY_BASELINE = "bare product with every vector"
ANSWER_BASELINE = "encode the question alone"
_WARM_UP = 5
_HITS = 10


def bench_query(settings: Settings, count: int) -> Bench:
    """Search for each question, with and without filters, and multiply its vector with all others to compare.

    Encoding the question is left out of the searches' times; it is a figure of its own.
    """
    questions = sample_questions(settings, count + _WARM_UP)
    embedder = open_embedder(settings)
    filters = {"no filter": Filters()} | sample_filters(settings)
    times: dict[str, list[float]] = {name: [] for name in filters}
    stages: dict[str, list[float]] = {}
    whole = []
    with open_attache(settings, embedder) as attache, reading(settings.data_dir) as db:
        stored = Embeddings(db, embedder.fingerprint).load(embedder.dimension)
        for question in questions[:_WARM_UP]:
            _search(attache, question, filters)
        bare = []
        for question in questions[_WARM_UP:] or questions:
            vector = embedder.encode([question])[0]
            bare.append(1e3 * seconds(partial(_product, stored.vectors, vector)))
            for name, timings_ms in _search(attache, question, filters).items():
                times[name].append(sum(each for stage, each in timings_ms.items() if stage != "embed"))
                if name == "no filter":
                    whole.append(sum(timings_ms.values()))
                    for stage, each in timings_ms.items():
                        stages.setdefault(stage, []).append(each)
    return Bench(
        "query",
        {"passages": len(stored.ids), "questions": len(bare)},
        QUERY_BASELINE,
        (
            figure(QUERY_BASELINE, "ms", bare),
            *(figure(f"search, {name}", "ms", each, bare) for name, each in times.items()),
            figure("no filter, with encoding the question", "ms", whole, bare),
            *(figure(f"stage {stage}", "ms", each, bare) for stage, each in stages.items()),
        ),
        this_machine(),
    )


def bench_answer(settings: Settings, count: int) -> Bench:
    """Answer each question in full, and encode it alone to compare."""
    questions = sample_questions(settings, count + _WARM_UP)
    embedder = open_embedder(settings)
    stages: dict[str, list[float]] = {}
    alone: list[float] = []
    again: list[float] = []
    kinds: dict[str, list[float]] = {"open": [], "yes/no": []}
    with open_attache(settings, embedder) as attache:
        for question in questions[:_WARM_UP]:
            attache.ask(question)
        for question in questions[_WARM_UP:] or questions:
            alone.append(1e3 * seconds(partial(embedder.encode, [question])))
            answer = attache.investigate(question).answer
            for stage, each in answer.timings_ms.items():
                stages.setdefault(stage, []).append(each)
            kinds["yes/no" if answer.kind.asks_verdict else "open"].append(answer.timings_ms["answer"])
            attache.ask(question)
            again.append(1e3 * seconds(partial(attache.ask, question)))
    figures = (
        figure(ANSWER_BASELINE, "ms", alone),
        *(figure(f"stage {stage}", "ms", each, alone) for stage, each in stages.items()),
        *(figure(f"answer stage, {kind} questions", "ms", each, alone) for kind, each in kinds.items() if each),
        figure("the same question again", "ms", again, alone),
    )
    described: dict[str, str | int | float] = {"passages": count_passages(settings), "questions": len(alone)}
    return Bench("answer", described, ANSWER_BASELINE, figures, this_machine())


def _search(attache: Attache, question: str, filters: dict[str, Filters]) -> dict[str, dict[str, float]]:
    return {name: attache.search(question, _HITS, each).timings_ms for name, each in filters.items()}


def _product(vectors: Vectors, vector: Vectors) -> object:
    """Do the least that any exact search must: one pass over all vectors, and the best hundred."""
    cosines = vectors @ vector
    return np.argpartition(-cosines, min(100, len(cosines) - 1))[:100]
