"""Trains the classifiers of question kinds, follow-ups, and questions about the bot on labelled messages."""

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answering.question.about_bot import OTHER, bot_subject
from bot.answering.question.clauses import AUXILIARIES, WH_WORDS
from bot.answering.question.kind import QuestionKind
from bot.answering.question.kind_model import BUCKETS, KindModel, features, features_with_form
from bot.quality.rows import read_rows
from evals.quality.judged_corpora import corpora
from index.embedding.embedder import Vectors, packaged_embedder
from index.search.query import strip_time_words
from index.terms import words

# The written questions, part of a checkout; every fifth line of a file is held out.
QUESTIONS_FOLDER = Path(__file__).parents[1] / "data" / "questions"
# Terse ones; nothing is fitted on them.
TERSE_FOLDER = QUESTIONS_FOLDER / "held_out_terse"
FOLLOW_UPS_FOLDER = Path(__file__).parents[1] / "data" / "follow_ups"
ABOUT_FOLDER = Path(__file__).parents[1] / "data" / "about_bot"
HELD_OUT = 5
# Inverse regularisation strength (scikit-learn's C).
REGULARISATION = 40.0
# Questions of corpora, and of those annotated for the reader, that are added for each kind; and how often a written one
# counts beside them.
MOST_ADDED = 600
WRITTEN_SHARE = 3
# What the corpora call questions with a kind of answer, and those that may ask for a verdict or for something else.
_OPEN_KINDS = {"who", "what", "when", "where", "why", "how", "how_many"}
_MIXED_KINDS = {"list", "which", "howmany", "false_premise"}
_VERDICT = {each.value for each in QuestionKind if each.asks_verdict}
_KINDS_OF_ROWS = {"yn": "yes_no", "said": "what", "howmany": "how_many", "which": "list"}


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with its kind."""

    text: str
    kind: str
    is_held_out: bool = False


def read_labelled(folder: Path = QUESTIONS_FOLDER) -> Iterator[LabelledQuestion]:
    """Yield the written questions."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            fields = json.loads(line)
            yield LabelledQuestion(fields["q"], fields["kind"], number % HELD_OUT == HELD_OUT - 1)


def read_terse() -> Iterator[LabelledQuestion]:
    """Yield the terse messages that nothing is fitted on."""
    yield from (replace(each, is_held_out=True) for each in read_labelled(TERSE_FOLDER))


def read_about_bot() -> Iterator[LabelledQuestion]:
    """Yield the messages about the bot, and as others the questions about the world and about answers.

    "What are your sources?" is among both: below an answer, the classifier of follow-ups is asked first.
    """
    about = [*read_labelled(ABOUT_FOLDER)]
    yield from about
    known = {_plain(each.text) for each in about if each.kind != OTHER}
    for folder, talk in ((QUESTIONS_FOLDER, QuestionKind.SMALL_TALK), (FOLLOW_UPS_FOLDER, "talk")):
        # Talk has messages about the bot among it.
        rows = (each for each in read_labelled(folder) if each.kind != talk and _plain(each.text) not in known)
        yield from (replace(each, kind=OTHER) for each in rows)


def _plain(text: str) -> str:
    return text.lower().strip(" ?!.")


def read_annotated_questions(path: Path) -> Iterator[LabelledQuestion]:
    """Yield the questions of annotated rows whose kind is plain, at most MOST_ADDED of each."""
    counts: dict[str, int] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = _KINDS_OF_ROWS.get(row["k"], row["k"])
        is_list = " | " in row["a"]
        # A statement is a claim; a list has several answers, other kinds one.
        if (row["k"] == "yn" and not row["q"].endswith("?")) or is_list != (kind == "list"):
            continue
        counts[kind] = counts.get(kind, 0) + 1
        # They call amounts counts, too.
        is_amount = kind == QuestionKind.HOW_MANY and "how much" in row["q"].lower()
        if counts[kind] <= MOST_ADDED and not is_amount:
            yield LabelledQuestion(row["q"], kind)


def read_corpus_questions(folder: Path) -> Iterator[LabelledQuestion]:
    """Yield the questions of the written corpora in a folder whose kind is plain."""
    for path in corpora(folder):
        for row in read_rows(path):
            first, second, *_ = [*words(row.question), "", ""]
            if first in WH_WORDS or row.kind in _OPEN_KINDS | _MIXED_KINDS:
                # They call amounts counts, too.
                is_plain = first in WH_WORDS and row.kind in _OPEN_KINDS and second != "much"
                kind = row.kind if is_plain else None
            else:
                is_question = first in AUXILIARIES or row.question.endswith("?")
                kind = QuestionKind.YES_NO if is_question else QuestionKind.CLAIM
            if kind is not None:
                yield LabelledQuestion(row.question, kind)


def read_bare_questions(folder: Path) -> Iterator[LabelledQuestion]:
    """Yield those of `read_corpus_questions` that only their mark makes questions: "rebels gone from the port?"."""
    for each in read_corpus_questions(folder):
        if each.kind == QuestionKind.YES_NO and (AUXILIARIES | WH_WORDS).isdisjoint(words(each.text)):
            yield each


def sample_by_kind(questions: Iterable[LabelledQuestion], most: int = MOST_ADDED) -> list[LabelledQuestion]:
    """Return at most so many questions of each kind, a sample of them where there are more."""
    by_kind: dict[str, list[LabelledQuestion]] = {}
    for each in questions:
        by_kind.setdefault(each.kind, []).append(each)
    chance = random.Random(1)  # noqa: S311 - a sample, no secret
    return [each for rows in by_kind.values() for each in chance.sample(rows, min(most, len(rows)))]


def embed_questions(questions: Sequence[LabelledQuestion]) -> Vectors:
    """Embed questions as they are before they are answered."""
    return packaged_embedder().encode([strip_time_words(each.text) for each in questions])


def no_vectors(questions: Sequence[LabelledQuestion]) -> Vectors:
    """Return vectors without dimensions, for a classifier over words alone."""
    return np.zeros((len(questions), 0), dtype=np.float32)


def fit_kinds(
    questions: Iterable[LabelledQuestion],
    embed: Callable[[Sequence[LabelledQuestion]], Vectors] = embed_questions,
    read: Callable[[str], list[int]] = features,
) -> dict[str, NDArray[Any]]:
    """Fit a classifier on all that is not held out; return the arrays of its file, the weights in 8 bits.

    `read` is `features` or `features_with_form`.
    """
    from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415 - takes a second to import
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes a second to import

    rows = [each for each in questions if not each.is_held_out]
    vectors = embed(rows)
    columns = [read(each.text) for each in rows]
    ends = np.cumsum([0, *map(len, columns)])
    values = np.concatenate([np.full(len(each), 1 / np.sqrt(max(1, len(each)))) for each in columns])
    matrix = csr_matrix((values, np.concatenate(columns), ends), shape=(len(rows), BUCKETS))
    joined = hstack([matrix, csr_matrix(vectors)]).tocsr()
    fitted = LogisticRegression(C=REGULARISATION, max_iter=2000).fit(joined, [each.kind for each in rows])
    weights, dense = fitted.coef_.T[:BUCKETS], fitted.coef_.T[BUCKETS:]
    scale = np.abs(weights).max() / 127
    form = {"reads_form": np.array(True)} if read is features_with_form else {}
    return form | {
        "weights": np.round(weights / scale).astype(np.int8),
        "dense": dense.astype(np.float16),
        "scale": np.array(scale, dtype=np.float32),
        "biases": fitted.intercept_.astype(np.float32),
        "kinds": np.frombuffer("\n".join(fitted.classes_).encode(), dtype=np.uint8),
    }


def measure_about(model: KindModel, messages: Sequence[LabelledQuestion]) -> dict[str, Any]:
    """Measure over held-out messages what is taken to be about the bot, and with which subject."""
    rows = [each for each in messages if each.is_held_out]
    packaged = packaged_embedder()
    given = [bot_subject(each.text, packaged, model=model) for each in rows]
    about = [(each.kind, found) for each, found in zip(rows, given, strict=True) if each.kind != OTHER]
    return {
        "messages": len(about),
        "recognised": round(float(np.mean([found is not None for _, found in about])), 4),
        "right_subject": round(float(np.mean([kind == found for kind, found in about if found])), 4),
        "others": len(rows) - len(about),
        "others_taken": sum(each.kind == OTHER and found is not None for each, found in zip(rows, given, strict=True)),
    }


def measure_kinds(
    model: KindModel,
    questions: Sequence[LabelledQuestion],
    embed: Callable[[Sequence[LabelledQuestion]], Vectors] = embed_questions,
) -> dict[str, Any]:
    """Measure the share of right kinds over held-out questions, and recall by kind."""
    rows = [each for each in questions if each.is_held_out]
    given = [
        max(found := model.probabilities(each.text, vector), key=found.__getitem__)
        for each, vector in zip(rows, embed(rows), strict=True)
    ]
    right: dict[str, list[bool]] = {}
    for each, kind in zip(rows, given, strict=True):
        right.setdefault(each.kind, []).append(each.kind == kind)
    return {
        "questions": len(rows),
        "asks_verdict": round(
            float(
                np.mean([(each.kind in _VERDICT) == (kind in _VERDICT) for each, kind in zip(rows, given, strict=True)])
            ),
            4,
        ),
        "accuracy": round(float(np.mean([flag for flags in right.values() for flag in flags])), 4),
        "recall": {kind: round(sum(flags) / len(flags), 3) for kind, flags in sorted(right.items())},
    }
