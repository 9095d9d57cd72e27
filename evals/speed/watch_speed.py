"""`bench watches`: comparing new passages with thousands of watched questions, and answers meanwhile."""

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from bot.records.records import RECORDS_NAME, open_records
from bot.records.watches import Watch, add_watch, load_vectors, mark_near
from bot.service.attache import Attache
from bot.service.near_questions import NewPassages, find_near
from bot.service.watched_answers import LOOKS_S, QUOTES, ROUND_S
from bot.settings import Settings
from corpus.database import write_transaction
from evals.speed.figures import Bench, Figure, figure, this_machine, timed
from evals.speed.open_folder import count_passages, open_embedder, sample_questions

BASELINE = "answer a question"
# As many as an article has, and as many as a hundred have.
ARTICLE, HUNDRED_ARTICLES = 13, 1300
# Seconds between two questions of members.
PAUSE_S = 0.05
_MODEL = "synthetic"
_DAY = "2024-01-01T00:00:00Z"


def bench_watches(settings: Settings, watches: int, questions: int, rounds: int) -> Bench:
    """Measure comparing new passages with so many watches, and answers while they come in and watches are asked again.

    The vectors of watches and new passages are made; answers and looks are real ones over the data folder. For `rounds`
    rounds of the bot each, in turns, questions are asked alone and while every watch is due all the time.
    """
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
            quiet, busy, looks = _answer(settings, texts, Path(folder) / RECORDS_NAME, one, rounds)
        finally:
            db.close()
    facts: dict[str, str | int | float] = {"passages": count_passages(settings), "watches": watches}
    return Bench(
        "watches",
        facts,
        BASELINE,
        (
            figure(BASELINE, "ms", quiet),
            figure("the same while articles come in and all watches are due", "ms", busy, quiet),
            _tail(quiet, busy),
            figure("ask a watched question again, its wait included", "ms", looks, quiet),
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


def _tail(quiet: list[float], busy: list[float]) -> Figure:
    """Return the 95th percentile beside watches, as a multiple of the one without."""
    slow, base = (float(np.percentile(each, 95)) for each in (busy, quiet))
    return Figure(
        "the slowest twentieth of them (p95), and its ratio to p95 alone",
        "ms",
        slow,
        slow,
        0.0,
        len(busy),
        round(slow / base, 3),
    )


def _note(db: Database, ids: list[int]) -> None:
    with write_transaction(db):
        mark_near(db, ids, 1)


def _answer(
    settings: Settings, texts: list[str], records: Path, passages: list[NewPassages], rounds: int
) -> tuple[list[float], list[float], list[float]]:
    """Ask for whole rounds of the bot in turns, alone and while articles come in that are near to all watches.

    Returns milliseconds of each answer, alone and meanwhile, and of each look. As in the bot, one thread answers and
    looks: a question that finds a look running waits for its end.
    """
    busy_now, stop = threading.Event(), threading.Event()
    looks: list[float] = []
    taken: dict[bool, list[float]] = {False: [], True: []}
    with ThreadPoolExecutor(1) as one_thread:
        attache = one_thread.submit(lambda: Attache(settings, embedder=open_embedder(settings))).result()

        def look(text: str) -> float:
            began = time.perf_counter()
            # Without the cache of answers: each article that comes in empties it.
            one_thread.submit(attache.investigate, text, quotes=QUOTES).result()
            return time.perf_counter() - began

        def watch() -> None:
            due = cycle(texts)
            # A connection is of the thread that opened it.
            with closing(open_records(records)) as db:
                go_round(db, due)

        def go_round(db: Database, due: Iterator[str]) -> None:
            left_s = 0.0
            while not stop.is_set():
                busy_now.wait()
                began, left_s = time.perf_counter(), min(LOOKS_S, left_s + LOOKS_S)
                known = load_vectors(db, _MODEL)
                find_near(known.vectors, known.servers, passages)
                while busy_now.is_set() and left_s > 0:
                    looks.append(look(next(due)) * 1e3)
                    left_s -= looks[-1] / 1e3
                stop.wait(max(0.0, ROUND_S - (time.perf_counter() - began)))

        for text in texts:
            # Once before, so that neither side finds more in memory.
            look(text)
        thread = threading.Thread(target=watch)
        thread.start()
        questions = cycle(texts)
        try:
            for number in range(2 * rounds):
                is_busy = bool(number % 2)
                (busy_now.set if is_busy else busy_now.clear)()
                end = time.perf_counter() + ROUND_S
                while time.perf_counter() < end:
                    taken[is_busy].append(look(next(questions)) * 1e3)
                    time.sleep(PAUSE_S)
        finally:
            stop.set()
            busy_now.set()
            thread.join()
            one_thread.submit(attache.close).result()
    return taken[False], taken[True], looks


def _passages(count: int, dimension: int, rng: np.random.Generator) -> list[NewPassages]:
    return [NewPassages(0, _unit(count, dimension, rng))]


def _unit(count: int, dimension: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return random vectors `(count, dimension)` of unit length; none is near to another."""
    vectors = rng.standard_normal((count, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _ms(seconds: list[float]) -> list[float]:
    return [each * 1e3 for each in seconds]
