"""`bench watches`: comparing new passages with thousands of watched questions, and answers meanwhile."""

import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from bot.records.records import RECORDS_NAME, open_records
from bot.records.watches import Watch, add_watch, load_vectors, mark_near
from bot.service.attache import Attache
from bot.service.near_questions import NewPassages, find_near
from bot.settings import Settings
from corpus.database import write_transaction
from evals.speed.figures import Bench, figure, this_machine, timed
from evals.speed.open_folder import count_passages, open_embedder, sample_questions

BASELINE = "answer a question"
# As many as an article has, and as many as a hundred have.
ARTICLE, HUNDRED_ARTICLES = 13, 1300
# Seconds between two comparisons of the load; the bot's rounds are 20 apart.
PAUSE_S = 0.5
_MODEL = "synthetic"
_DAY = "2024-01-01T00:00:00Z"


def bench_watches(settings: Settings, watches: int, questions: int) -> Bench:
    """Compare made vectors of passages with those of so many watches, alone and while questions are answered."""
    embedder = open_embedder(settings)
    texts = sample_questions(settings, questions)
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        db = open_records(Path(folder) / RECORDS_NAME)
        try:
            _fill(db, watches, embedder.dimension, rng)
            load = timed(lambda: load_vectors(db, _MODEL), 20)
            known = load_vectors(db, _MODEL)
            one, many = (_passages(count, embedder.dimension, rng) for count in (ARTICLE, HUNDRED_ARTICLES))
            compare = timed(lambda: find_near(known.vectors, known.servers, one), 20)
            compare_many = timed(lambda: find_near(known.vectors, known.servers, many), 20)
            note = timed(lambda: _note(db, known.ids[:10].tolist()), 20)
            quiet, busy = _answer(settings, texts, known.vectors, known.servers, many)
        finally:
            db.close()
    facts: dict[str, str | int | float] = {"passages": count_passages(settings), "watches": watches}
    return Bench(
        "watches",
        facts,
        BASELINE,
        (
            figure(BASELINE, "ms", quiet),
            figure("the same while passages are compared twice a second", "ms", busy, quiet),
            figure("load the questions' vectors", "ms", _ms(load), quiet),
            figure("compare the passages of one article", "ms", _ms(compare), quiet),
            figure("compare those of a hundred", "ms", _ms(compare_many), quiet),
            figure("note ten watches", "ms", _ms(note), quiet),
        ),
        this_machine(),
    )


def _fill(db: Database, count: int, dimension: int, rng: np.random.Generator) -> None:
    vectors = _unit(count, dimension, rng)
    with write_transaction(db):
        for number in range(count):
            # One each, or looking for the same question would take most of the time.
            watch = Watch(
                0, number, number % 100 + 1, 1, "direct", f"Question {number}?", None, None, (), private=False,
                language="en", made_at=_DAY, changed_at=_DAY, doubted_at=None, verdict="open", marks=(), last_passage=0,
            )  # fmt: skip
            add_watch(db, watch, _MODEL, vectors[number])


def _note(db: Database, ids: list[int]) -> None:
    with write_transaction(db):
        mark_near(db, ids, 1)


def _answer(
    settings: Settings,
    texts: list[str],
    questions: NDArray[np.float32],
    servers: NDArray[np.int64],
    passages: list[NewPassages],
) -> tuple[list[float], list[float]]:
    """Return milliseconds of each answer, alone and beside comparisons of one article's passages, in turns."""
    stop, pause = threading.Event(), threading.Event()

    def compare() -> None:
        while not stop.wait(PAUSE_S):
            if not pause.is_set():
                find_near(questions, servers, one_article)

    pause.set()
    one_article = [replace(each, vectors=each.vectors[:ARTICLE]) for each in passages]
    thread = threading.Thread(target=compare)
    thread.start()
    quiet: list[float] = []
    busy: list[float] = []
    try:
        with Attache(settings, embedder=open_embedder(settings)) as attache:
            for place, text in enumerate(texts):
                # Once before, so that neither finds more in memory; then in turns, for the machine's other load.
                attache.investigate(text)
                turns = ((False, quiet), (True, busy))
                for is_busy, taken in turns if place % 2 else turns[::-1]:
                    (pause.clear if is_busy else pause.set)()
                    start = time.perf_counter()
                    attache.investigate(text)
                    taken.append((time.perf_counter() - start) * 1e3)
    finally:
        stop.set()
        thread.join()
    return quiet, busy


def _passages(count: int, dimension: int, rng: np.random.Generator) -> list[NewPassages]:
    return [NewPassages(0, _unit(count, dimension, rng))]


def _unit(count: int, dimension: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return random vectors `(count, dimension)` of unit length; none is near to another."""
    vectors = rng.standard_normal((count, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _ms(seconds: list[float]) -> list[float]:
    return [each * 1e3 for each in seconds]
