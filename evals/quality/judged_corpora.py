"""Asks the judged questions of small written corpora, each corpus in a data folder of its own."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.answering.answer import Verdict
from bot.answering.reader.relations import Reader
from bot.quality.evaluate import Outcome, evaluate
from bot.quality.rows import read_rows
from bot.quality.verdict_fit import JudgedQuestion
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.embedding.embedder import Embedder, packaged_embedder

# The written corpora, part of a checkout.
CORPORA_FOLDER = Path(__file__).parents[1] / "data" / "corpora"
_ARTICLES = ".articles.jsonl"
# The source of their questions.
WRITTEN = "written corpora"
# How much a question of other sets weighs: they are few, and who wrote them did not write ours.
OTHERS_WEIGHT = 3.0


class Corpora(StrEnum):
    """Folders of `NAME.articles.jsonl` with the questions over them in `NAME.jsonl`.

    The reader learns from `READER`, the verdict model is fitted on `VERDICTS`, and nothing on the tricky questions of
    `HELD_OUT` and the plain ones of `HELD_OUT_PLAIN`.
    """

    READER = "reader"
    VERDICTS = "verdicts"
    HELD_OUT = "held_out"
    HELD_OUT_PLAIN = "held_out_plain"


def corpora(folder: Path) -> list[Path]:
    """Return the files of questions in a folder, each beside its articles."""
    return [path.with_name(path.name.replace(_ARTICLES, ".jsonl")) for path in sorted(folder.glob(f"*{_ARTICLES}"))]


def count_questions(folder: Path) -> int:
    """Return how many questions the corpora of a folder have."""
    return sum(len(read_rows(path)) for path in corpora(folder))


def ask_corpora(folder: Path, reader: Reader | None, on_done: Callable[[], None]) -> dict[str, list[Outcome]]:
    """Ask the questions of every corpus in a folder, by its name; `reader` None stands for the packaged one."""
    embedder, found = packaged_embedder(), {}
    for path in corpora(folder):
        with opened(path, embedder, reader) as attache:
            found[path.stem] = evaluate(attache, read_rows(path), on_done)
    return found


def judged_questions(asked: dict[str, list[Outcome]]) -> Iterator[JudgedQuestion]:
    """Yield what was measured for the questions, with the right verdicts."""
    for name, outcomes in asked.items():
        for each in outcomes:
            if each.judged is not None:
                yield JudgedQuestion(WRITTEN, name, each.verdict_measures, each.judged.gold, each.judged.given)


def read_judged(path: Path) -> Iterator[JudgedQuestion]:
    """Yield what was measured for the questions of a file of `attache eval --rows`, as one group."""
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["judged"]:
            right, given = tuple(map(Verdict, row["judged"]["gold"])), row["judged"]["given"]
            source = path.resolve().parent.name
            verdict = given and Verdict(given)
            yield JudgedQuestion(source, str(path), row["verdict_measures"], right, verdict, OTHERS_WEIGHT)


@contextmanager
def opened(path: Path, embedder: Embedder, reader: Reader | None) -> Iterator[Attache]:
    """Open the articles beside a file of questions, in a data folder of their own."""
    with TemporaryDirectory() as folder:
        settings = Settings.load(env_file=None, data_dir=Path(folder))
        ingest(settings, embedder, [path.with_name(path.stem + _ARTICLES)], IngestOptions())
        with Attache(settings, embedder=embedder, reader=reader) as attache:
            yield attache
