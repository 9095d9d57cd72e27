"""`attache eval` and `attache calibrate`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.table import Table

from bot.cli.context import AsJson, Context
from bot.quality.calibrate import Calibration, calibrate, measured_questions
from bot.quality.evaluate import Outcome, evaluate, summarise
from bot.quality.rows import Row, read_rows
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
    app.command("calibrate")(calibrate_refusal)


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
    rows = read_rows(questions, limit)
    if rows_to is not None and rows_to.exists() and rows_to.samefile(questions):
        raise BadInput("The outcomes would overwrite the questions.", "Choose another file for --rows.")
    # Opened first, so that a file that can't be written fails before the work, not after.
    with _open_for_writing(rows_to) as file:
        outcomes = _outcomes(shared, rows)
        if file is not None:
            file.writelines(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in outcomes)
    figures = summarise(outcomes)
    if as_json:
        shared.print_json(shape("eval", figures))
    else:
        shared.out.print(figures_table(figures))


def calibrate_refusal(
    context: typer.Context,
    questions: Questions,
    wrongly_refused: Annotated[
        float, typer.Option("--wrongly-refused", min=0.01, max=0.5, help="Share of answerable questions it may refuse.")
    ] = 0.10,
    write: Annotated[bool, typer.Option("--write", help="Use the result for this data folder's answers.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fit when to refuse questions for a fact, on some with known answers, and print the trade-off curve."""
    shared: Context = context.obj
    found = calibrate(
        list(measured_questions(questions.parent.name, _outcomes(shared, read_rows(questions)))),
        wrongly_refused=wrongly_refused,
        today=datetime.now(UTC).date().isoformat(),
    )
    if write:
        shared.notify(f"Written to {write_calibration(shared.settings, found.model)}.")
    if as_json:
        curve = [asdict(point) for point in found.curve]
        shared.print_json(shape("calibration", {"auc": found.auc, "curve": curve, "model": asdict(found.model)}))
    else:
        shared.out.print(curve_table(found))
        shared.out.print(f"Area under the ROC curve {found.auc:.3f}; chosen threshold {found.model.threshold:.3f}.")


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


def _outcomes(shared: Context, rows: list[Row]) -> list[Outcome]:
    with Attache(shared.settings, notify=shared.notify) as attache, shared.row_progress("Asking", len(rows)) as advance:
        return evaluate(attache, rows, advance)


def curve_table(found: Calibration) -> Table:
    """Return the trade-off of a fit as a table."""
    table = Table("wrongly refused", "absent refused", "± over splits", "threshold", box=None, padding=(0, 2, 0, 0))
    for point in found.curve:
        figures = (point.wrongly_refused, point.absent_refused, point.spread, point.threshold)
        table.add_row(*(f"{figure:.3f}" for figure in figures))
    return table
