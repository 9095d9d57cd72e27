"""Asks the judged questions of small written corpora, each corpus in a data folder of its own."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

# `NAME.articles.jsonl` with the questions over them in `NAME.jsonl`; those of the sub-folder are never fitted on.
CORPORA_FOLDER = Path(__file__).parents[1] / "data" / "corpora"
HELD_OUT_FOLDER = CORPORA_FOLDER / "held_out"
_ARTICLES = ".articles.jsonl"
# The source of their questions.
WRITTEN = "written corpora"


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
        with _opened(path.with_name(path.stem + _ARTICLES), embedder, reader) as attache:
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
            yield JudgedQuestion(source, str(path), row["verdict_measures"], right, given and Verdict(given))


@contextmanager
def _opened(articles: Path, embedder: Embedder, reader: Reader | None) -> Iterator[Attache]:
    with TemporaryDirectory() as folder:
        settings = Settings.load(env_file=None, data_dir=Path(folder))
        ingest(settings, embedder, [articles], IngestOptions())
        with Attache(settings, embedder=embedder, reader=reader) as attache:
            yield attache
