"""`bench read`: reading the sentences of a question, compared with reading them in float32."""

import time
from itertools import islice

import numpy as np

from bot.answering.reader.packaged import PackagedReader
from bot.answering.reader.relations import RELATIONS, Excerpt
from bot.answering.verdict.readings import FIRST_SENTENCES
from evals.reader.reader_rows import QUOTES_FOLDER, read_quotes
from evals.speed.figures import Bench, figure, this_machine

BASELINE = "the same in float32"
_WARM_UP = 3


def bench_read(reader: PackagedReader, questions: int) -> Bench:
    """Read written quotes, as many with each question as an answer reads first, with both readers in turn.

    Also told is how much what they say differs: the mean and the largest difference of a probability, and the share of
    texts whose most probable relation is another one.

    Args:
        reader: is measured.
        questions: how many, after a warm-up.
    """
    plain = PackagedReader(device=reader.device, in_float32=True)
    # One question of each quote.
    rows = [*{each.passage: each for each in read_quotes(QUOTES_FOLDER) if each.split == "dev"}.values()]
    excerpts = [Excerpt(each.heading, each.passage) for each in rows]
    ours: list[float] = []
    theirs: list[float] = []
    differences: list[np.ndarray] = []
    others: list[bool] = []
    asked = range(0, len(rows) - FIRST_SENTENCES, FIRST_SENTENCES)
    for number, begin in enumerate(islice(asked, _WARM_UP + questions)):
        question, texts = rows[begin].question, excerpts[begin : begin + FIRST_SENTENCES]
        said, took = _timed_read(reader, question, texts)
        said_plainly, took_plainly = _timed_read(plain, question, texts)
        if number >= _WARM_UP:
            ours.append(took)
            theirs.append(took_plainly)
            differences.append(np.abs(said - said_plainly))
            others += (said.argmax(1) != said_plainly.argmax(1)).tolist()
    difference = np.concatenate(differences)
    settings: dict[str, str | int | float] = {
        "passages": len(others),
        "mean_difference": round(float(difference.mean()), 5),
        "largest_difference": round(float(difference.max()), 3),
        "other_relation": round(sum(others) / len(others), 4),
    }
    return Bench(
        "read",
        settings,
        BASELINE,
        (
            figure(BASELINE, "s", theirs),
            figure(f"read {FIRST_SENTENCES} sentences", "s", ours, theirs),
            figure("read, to float32 in its round", "times", [a / b for a, b in zip(ours, theirs, strict=True)]),
        ),
        this_machine(),
    )


def _timed_read(reader: PackagedReader, question: str, texts: list[Excerpt]) -> tuple[np.ndarray, float]:
    """Return the probabilities of the relations, `(texts, relations)`, and how many seconds reading took."""
    began = time.perf_counter()
    said = reader.read(question, texts, with_spans=False)
    took = time.perf_counter() - began
    return np.array([[each.probability(relation) for relation in RELATIONS] for each in said]), took
