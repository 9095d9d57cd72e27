"""`bench start` and `bench memory`: time and memory of whole processes."""

import subprocess
import sys
from functools import partial
from pathlib import Path

from bot.settings import Settings
from evals.speed.figures import Bench, Figure, figure, this_machine, timed
from evals.speed.open_folder import count_passages, open_attache, open_embedder, sample_questions

BASELINE = "python alone"
_MAIN = "from bot.cli.main import main; main()"
_FIRST = "from evals.speed.start import answer_first; answer_first()"
# Linux only.
_STATUS = Path("/proc/self/status")


def bench_start(settings: Settings, rounds: int) -> Bench:
    """Time whole processes; their files are in the system's cache."""
    question = sample_questions(settings, 1)[0]
    folder = ["--data-dir", str(settings.data_dir)]
    commands = {
        BASELINE: ["-c", "pass"],
        "attache ask --help": ["-c", _MAIN, "ask", "--help"],
        "attache status": ["-c", _MAIN, *folder, "status", "--json"],
        "first answer": ["-c", _FIRST, str(settings.data_dir), settings.model, question],
    }
    times = {name: timed(partial(_run, command), rounds) for name, command in commands.items()}
    figures = tuple(
        figure(name, "s", seconds, None if name == BASELINE else times[BASELINE]) for name, seconds in times.items()
    )
    return Bench("start", {"passages": count_passages(settings), "rounds": rounds}, BASELINE, figures, this_machine())


def answer_first() -> None:
    """Open a data folder and answer one question, in a process started by `bench start`."""
    folder, model, question = sys.argv[1:4]
    settings = Settings.load(env_file=None, data_dir=Path(folder), model=model)
    with open_attache(settings, open_embedder(settings)) as attache:
        attache.ask(question)


def bench_memory(settings: Settings, count: int) -> Bench:
    """Measure this process's resident memory after each step on the way to `count` answers, and its peak.

    "of it mapped" are pages of mapped files, which the system can take back at any time.
    """
    steps: list[tuple[str, str]] = [("modules imported", _status())]
    embedder = open_embedder(settings)
    questions = sample_questions(settings, count)
    embedder.encode(questions[:1])
    steps.append(("model loaded", _status()))
    with open_attache(settings, embedder) as attache:
        steps.append(("index opened", _status()))
        for question in questions:
            attache.investigate(question)
        steps.append((f"{len(questions)} questions answered", _status()))
    base = _megabytes(steps[0][1], "VmRSS")
    figures: list[Figure] = []
    for name, status in steps:
        figures.append(figure(name, "MB", [_megabytes(status, "VmRSS")], [base]))
        figures.append(figure(f"{name}, of it mapped", "MB", [_megabytes(status, "RssFile")]))
    figures.append(figure("peak", "MB", [peak_mb()], [base]))
    described: dict[str, str | int | float] = {"passages": count_passages(settings), "questions": len(questions)}
    return Bench("memory", described, steps[0][0], tuple(figures), this_machine())


def peak_mb() -> float:
    """Return this process's peak memory in MB; 0 on systems other than Linux."""
    return _megabytes(_status(), "VmHWM")


def resident_mb() -> float:
    """Return this process's resident memory in MB; 0 on systems other than Linux."""
    return _megabytes(_status(), "VmRSS")


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603 - our own commands


def _status() -> str:
    return _STATUS.read_text(encoding="utf-8") if _STATUS.exists() else ""


def _megabytes(status: str, name: str) -> float:
    line = next((line for line in status.splitlines() if line.startswith(f"{name}:")), f"{name}: 0 kB")
    return int(line.split()[1]) / 1024
