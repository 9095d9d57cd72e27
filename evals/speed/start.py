"""`bench start` and `bench memory`: what a process takes before and for its first answers."""

import subprocess
import sys
from functools import partial
from pathlib import Path

from bot.service.sessions import reading
from bot.settings import Settings
from corpus.catalog import corpus_facts
from evals.speed.figures import Bench, Figure, figure, this_machine, timed
from evals.speed.open_folder import embedder_of, opened, questions_of

BASELINE = "python alone"
_MAIN = "from bot.cli.main import main; main()"
_FIRST = "from evals.speed.start import answer_first; answer_first()"
# Linux tells the memory of a process here; elsewhere there is no such file.
_STATUS = Path("/proc/self/status")


def bench_start(settings: Settings, rounds: int) -> Bench:
    """Whole processes, from their start to their end; files that were read before are in the system's cache."""
    question = questions_of(settings, 1)[0]
    folder = ["--data-dir", str(settings.data_dir)]
    runs = {
        BASELINE: ["-c", "pass"],
        "attache ask --help": ["-c", _MAIN, "ask", "--help"],
        "attache status": ["-c", _MAIN, *folder, "status", "--json"],
        "first answer": ["-c", _FIRST, str(settings.data_dir), settings.model, question],
    }
    times = {name: timed(partial(_run, command), rounds) for name, command in runs.items()}
    with reading(settings.data_dir) as db:
        passages = corpus_facts(db).passages
    figures = tuple(
        figure(name, "s", taken, None if name == BASELINE else times[BASELINE]) for name, taken in times.items()
    )
    return Bench("start", {"passages": passages, "rounds": rounds}, BASELINE, figures, this_machine())


def answer_first() -> None:
    """What `bench start` runs in a process of its own: opens a data folder and answers one question."""
    folder, model, question = sys.argv[1:4]
    settings = Settings.load(env_file=None, data_dir=Path(folder), model=model)
    with opened(settings, embedder_of(settings)) as attache:
        attache.ask(question)


def bench_memory(settings: Settings, count: int) -> Bench:
    """Resident memory of this process after each step on the way to `count` answers, and its peak.

    "of it mapped" is what the system can take back at any time: pages of files that are mapped into memory.
    """
    steps: list[tuple[str, str]] = [("modules imported", _status())]
    embedder = embedder_of(settings)
    questions = questions_of(settings, count)
    embedder.encode(questions[:1])
    steps.append(("model loaded", _status()))
    with opened(settings, embedder) as attache:
        steps.append(("index opened", _status()))
        for question in questions:
            attache.investigate(question)
        steps.append((f"{len(questions)} questions answered", _status()))
    with reading(settings.data_dir) as db:
        passages = corpus_facts(db).passages
    base = _megabytes(steps[0][1], "VmRSS")
    figures: list[Figure] = []
    for name, status in steps:
        figures.append(figure(name, "MB", [_megabytes(status, "VmRSS")], [base]))
        figures.append(figure(f"{name}, of it mapped", "MB", [_megabytes(status, "RssFile")]))
    figures.append(figure("peak", "MB", [peak_mb()], [base]))
    return Bench(
        "memory", {"passages": passages, "questions": len(questions)}, steps[0][0], tuple(figures), this_machine()
    )


def peak_mb() -> float:
    """The most memory that this process ever held, in MB; 0 where the system does not tell."""
    return _megabytes(_status(), "VmHWM")


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603 - our own commands


def _status() -> str:
    return _STATUS.read_text(encoding="utf-8") if _STATUS.exists() else ""


def _megabytes(status: str, name: str) -> float:
    line = next((line for line in status.splitlines() if line.startswith(f"{name}:")), f"{name}: 0 kB")
    return int(line.split()[1]) / 1024
