"""`attache eval` and `attache calibrate`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import typer

from bot.cli.context import AsJson, Context
from bot.quality.calibrate import FOLDS, MAX_WRONG, CalibrationRow, calibrate, read_outcomes
from bot.quality.evaluate import Outcome, evaluate, summarise
from bot.quality.rows import read_rows
from bot.render.envelope import shape
from bot.render.terminal import figures_table
from bot.service.attache import Attache
from bot.service.calibration import write_calibration
from corpus.errors import BadInput

Questions = Annotated[Path, typer.Argument(help="JSONL: id, question, answers, article_ids, asked_at, answerable.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first rows.")]


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command("eval")(evaluate_questions)
    app.command("calibrate")(calibrate_answers)


def evaluate_questions(
    context: typer.Context,
    questions: Questions,
    limit: Limit = None,
    rows_to: Annotated[
        Path | None, typer.Option("--rows", help="Write every row's outcome to this JSONL file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask questions with known answers, and count what was found, shown and refused."""
    shared: Context = context.obj
    # Opened first, so that a file that can't be written fails before the work, not after.
    with _open_for_writing(rows_to) as file:
        outcomes = _outcomes(shared, questions, limit)
        if file is not None:
            file.writelines(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in outcomes)
    figures = summarise(outcomes)
    if as_json:
        shared.print_json(shape("eval", figures))
    else:
        shared.out.print(figures_table(figures))


def calibrate_answers(
    context: typer.Context,
    outcomes: Annotated[
        list[Path], typer.Argument(help="JSONL files that `attache eval --rows` wrote, of one corpus each.")
    ],
    max_wrong: Annotated[
        float, typer.Option("--max-wrong", min=0.0, max=0.5, help="Share of definite verdicts that may be wrong.")
    ] = MAX_WRONG,
    wrongly_refused: Annotated[
        float,
        typer.Option("--wrongly-refused", min=0.01, max=0.5, help="Share of answerable open questions it may refuse."),
    ] = 0.10,
    write: Annotated[bool, typer.Option("--write", help="Use the result for this data folder's answers.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fit when to show a verdict and when to refuse on evaluated questions, and print held-out figures."""
    shared: Context = context.obj
    rows = [row for path in outcomes for row in _read_outcomes(path, is_one_of_many=len(outcomes) >= FOLDS)]
    found = calibrate(
        rows,
        max_wrong=max_wrong,
        wrongly_refused=wrongly_refused,
        source=", ".join(path.stem for path in outcomes)[:200],
        today=datetime.now(UTC).date().isoformat(),
    )
    if write:
        shared.notify(f"Written to {write_calibration(shared.settings, found.fields)}.")
    if as_json:
        shared.print_json(shape("calibration", {"figures": found.figures, "model": found.fields}))
    else:
        thresholds = {name: found.fields[name] for name in ("show", "refuse")}
        shared.out.print(figures_table(found.figures | thresholds))


def _read_outcomes(path: Path, *, is_one_of_many: bool) -> list[CalibrationRow]:
    try:
        lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        return read_outcomes(lines, path.stem if is_one_of_many else "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"The outcomes in {path} can't be read: {error}.", "Write them with `attache eval QUESTIONS --rows FILE`."
        ) from error


@contextmanager
def _open_for_writing(path: Path | None) -> Iterator[IO[str] | None]:
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"The file {path} can't be written ({error.strerror}).", "Choose another.") from error
    with file:
        yield file


def _outcomes(shared: Context, questions: Path, limit: int | None) -> list[Outcome]:
    rows = read_rows(questions, limit)
    with Attache(shared.settings, notify=shared.notify) as attache, shared.row_progress("Asking", len(rows)) as advance:
        return evaluate(attache, rows, advance)
