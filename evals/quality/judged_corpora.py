"""Asks the judged questions of small written corpora, each corpus in a data folder of its own."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.answering.answer import Verdict
from bot.answering.question.kind import question_kind
from bot.answering.reader.relations import Reader
from bot.answering.refusal import MEASURES
from bot.quality.calibrate import MeasuredQuestion
from bot.quality.evaluate import Outcome, evaluate
from bot.quality.rows import Row, read_rows
from bot.quality.verdict_fit import JudgedQuestion
from bot.service.attache import Attache
from bot.service.ingest import ingest, ingest_starter
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.embedding.embedder import Embedder, packaged_embedder
from index.search.query import strip_time_words

# The written corpora, part of a checkout.
CORPORA_FOLDER = Path(__file__).parents[1] / "data" / "corpora"
_ARTICLES = ".articles.jsonl"
# The source of their questions.
WRITTEN = "written corpora"


class Corpora(StrEnum):
    """Folders of questions, `NAME.jsonl`, over `NAME.articles.jsonl`, or without it over the starter briefs.

    The reader learns from `READER`, the verdict model is fitted on `VERDICTS`, and nothing on the tricky questions of
    `HELD_OUT`, the plain ones of `HELD_OUT_PLAIN`, those of `HELD_OUT_EVENTS` about events that several articles tell,
    those of `HELD_OUT_STARTER` over the starter briefs, and those of `HELD_OUT_CONTRASTS`, which differ in little from
    questions with another answer.
    """

    READER = "reader"
    VERDICTS = "verdicts"
    HELD_OUT = "held_out"
    HELD_OUT_PLAIN = "held_out_plain"
    HELD_OUT_EVENTS = "held_out_events"
    HELD_OUT_STARTER = "held_out_starter"
    HELD_OUT_CONTRASTS = "held_out_contrasts"


def corpora(folder: Path) -> list[Path]:
    """Return the files of questions in a folder."""
    return [path for path in sorted(folder.glob("*.jsonl")) if not path.name.endswith(_ARTICLES)]


# Asked of every question twice: to count them, and to ask them.
@cache
def asks_fact(row: Row) -> bool:
    """Return whether a question is one for a fact, which the refusal model decides."""
    vector = packaged_embedder().encode([strip_time_words(row.question)])[0]
    return question_kind(row.question, vector).asks_fact


def count_questions(folder: Path, is_counted: Callable[[Row], bool] = lambda _row: True) -> int:
    """Return how many questions the corpora of a folder have."""
    return sum(is_counted(row) for path in corpora(folder) for row in read_rows(path))


def ask_corpora(
    folder: Path,
    reader: Reader | None,
    on_done: Callable[[], None],
    *,
    is_asked: Callable[[Row], bool] = lambda _row: True,
) -> dict[str, list[Outcome]]:
    """Ask the questions of every corpus in a folder, by its name.

    Args:
        folder: of corpora.
        reader: None stands for the packaged one.
        on_done: called after each question.
        is_asked: which questions are; by default all.
    """
    embedder, found = packaged_embedder(), {}
    for path in corpora(folder):
        if rows := list(filter(is_asked, read_rows(path))):
            with opened(path, embedder, reader) as attache:
                found[path.stem] = evaluate(attache, rows, on_done)
    return found


def judged_questions(asked: dict[str, list[Outcome]]) -> Iterator[JudgedQuestion]:
    """Yield what was measured for the questions, with the right verdicts."""
    for name, outcomes in asked.items():
        for each in outcomes:
            if each.judged is not None:
                yield JudgedQuestion(WRITTEN, name, each.verdict_measures, each.judged.gold, each.judged.given)


def read_measured(path: Path) -> Iterator[MeasuredQuestion]:
    """Yield what was measured for the questions for a fact in a file of `attache eval --rows`, as one source."""
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["measures"].keys() >= set(MEASURES):
            yield MeasuredQuestion(path.resolve().parent.name, row["measures"], row["answerable"])


def read_judged(path: Path) -> Iterator[JudgedQuestion]:
    """Yield what was measured for the questions of a file of `attache eval --rows`, as one group."""
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["judged"]:
            right, given = tuple(map(Verdict, row["judged"]["gold"])), row["judged"]["given"]
            source = path.resolve().parent.name
            verdict = given and Verdict(given)
            yield JudgedQuestion(source, str(path), row["verdict_measures"], right, verdict)


@contextmanager
def opened(path: Path, embedder: Embedder, reader: Reader | None) -> Iterator[Attache]:
    """Open the articles that a file of questions asks about, in a data folder of their own."""
    articles = path.with_name(path.stem + _ARTICLES)
    with TemporaryDirectory() as folder:
        settings = Settings.load(env_file=None, data_dir=Path(folder))
        if articles.exists():
            ingest(settings, embedder, [articles], IngestOptions())
        else:
            ingest_starter(settings, embedder)
        with Attache(settings, embedder=embedder, reader=reader) as attache:
            yield attache
