"""`attache eval questions`, `attache calibrate` and `attache bench load`."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from rich.table import Table

from bot.answering.refusal import CALIBRATION_FILE
from bot.benching.loaded import load_figures
from bot.benching.opening import embedder_of, questions_of, reading
from bot.benching.report import keep_figures
from bot.cli.context import AsJson, Context
from bot.evaluation.calibrating import Calibration, calibrate
from bot.evaluation.evaluating import Outcome, evaluate, outcome_shape, summarise
from bot.evaluation.ingesting import IngestBench, bench_ingest
from bot.evaluation.living import WARM_UP, bench_living
from bot.evaluation.rows import read_rows
from bot.rendering.envelope import shape
from bot.service import Attache
from corpus.catalog import corpus_facts
from corpus.errors import BadInput

Questions = Annotated[Path, typer.Argument(help="JSONL: id, question, answers, article_ids, asked_at, answerable.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first rows.")]

bench_app = typer.Typer(help="Measure how fast it is here.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command("calibrate")(calibrate_refusal)
    bench_app.command("load")(bench_asking)
    bench_app.command("ingest")(bench_taking_in)
    bench_app.command("live")(bench_changing)
    app.add_typer(bench_app, name="bench")


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
    # Opened first: to find out that the file can't be written only after all the work would lose it.
    with _written(rows_to) as file:
        outcomes = _outcomes(shared, questions, limit)
        if file is not None:
            file.writelines(json.dumps(outcome_shape(each), ensure_ascii=False) + "\n" for each in outcomes)
    figures = summarise(outcomes)
    if as_json:
        shared.print_json(shape("eval", figures))
    else:
        shared.out.print(_figures_table(figures))


def calibrate_refusal(
    context: typer.Context,
    questions: Questions,
    wrongly_refused: Annotated[
        float,
        typer.Option("--wrongly-refused", min=0.01, max=0.5, help="Share of answerable questions it may refuse."),
    ] = 0.10,
    write: Annotated[bool, typer.Option("--write", help="Make it the calibration that answers use.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fit when to refuse on questions with known answers; print the cross-validated trade-off curve."""
    shared: Context = context.obj
    today = datetime.now(UTC).date().isoformat()
    found = calibrate(
        _outcomes(shared, questions, None),
        wrongly_refused=wrongly_refused,
        source=questions.parent.name,
        today=today,
    )
    if write:
        CALIBRATION_FILE.write_text(json.dumps(asdict(found.model), indent=2) + "\n", encoding="utf-8")
        shared.notify(f"Written to {CALIBRATION_FILE}.")
    if as_json:
        shared.print_json(
            shape(
                "calibration",
                {"auc": found.auc, "curve": [asdict(p) for p in found.curve], "model": asdict(found.model)},
            )
        )
    else:
        shared.out.print(_curve_table(found))
        shared.out.print(f"Area under the ROC curve {found.auc:.3f}; chosen threshold {found.model.threshold:.3f}.")


def bench_asking(
    context: typer.Context,
    questions: Annotated[int, typer.Option("--questions", min=10, max=300, help="Questions asked at once.")] = 200,
    distinct: Annotated[int, typer.Option("--distinct", min=1, help="Different ones among them.")] = 12,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often, with other questions each time.")] = 3,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Also write the figures into this folder, for the report.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How long people wait when many ask the bot at once, beside one alone in the same run."""
    # PLC0415: discord.py takes a third of the start of every other command, none of which needs it.
    from bot.evaluation.loading import bench_load, texts_needed  # noqa: PLC0415 - see above

    shared: Context = context.obj
    with Attache(shared.settings, embedder=embedder_of(shared.settings), notify=shared.notify) as attache:
        attache.open()
        texts = questions_of(shared.settings, texts_needed(distinct, rounds))
        found = asyncio.run(bench_load(attache, texts, questions, distinct, rounds))
    if keep is not None:
        with reading(shared.settings) as db:
            keep_figures(load_figures(found, corpus_facts(db).passages), keep)
    _print_bench(shared, asdict(found), "bench_load", as_json=as_json)


def bench_taking_in(
    context: typer.Context,
    articles: Annotated[int, typer.Option("--articles", min=1, help="Made articles, taken in from JSONL.")] = 1_000,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Made web pages.")] = 100,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often, each into a new data folder.")] = 3,
    as_json: AsJson = False,
) -> None:
    """How fast articles and pages are taken in, apart from encoding, by stage, and in how much memory."""
    shared: Context = context.obj

    def on_mark(count: int, held_mb: float) -> None:
        shared.notify(f"{count:,} articles, {held_mb:,.0f} MB.")

    found = [
        bench_ingest("articles", articles, rounds, on_mark),
        bench_ingest("pages", pages, rounds, on_mark),
    ]
    if as_json:
        shared.print_json(shape("bench_ingest", {each.kind: asdict(each) for each in found}))
    else:
        for each in found:
            shared.out.print(_ingest_table(each))


def bench_changing(
    context: typer.Context,
    questions: Annotated[int, typer.Option("--questions", min=5, help="Titles to ask in each half.")] = 100,
    as_json: AsJson = False,
) -> None:
    """What a question costs while articles come and go, the index is built and backed up, beside a calm corpus."""
    shared: Context = context.obj
    texts = questions_of(shared.settings, 2 * questions + WARM_UP)
    found = bench_living(shared.settings, embedder_of(shared.settings), texts, questions)
    _print_bench(shared, asdict(found), "bench_live", as_json=as_json)


@contextmanager
def _written(path: Path | None) -> Iterator[IO[str] | None]:
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
    with (
        Attache(shared.settings, notify=shared.notify) as attache,
        shared.row_progress("Asking", len(rows)) as advance,
    ):
        return evaluate(attache, rows, advance)


def _print_bench(shared: Context, figures: dict[str, Any], kind: str, *, as_json: bool) -> None:
    if as_json:
        shared.print_json(shape(kind, figures))
    else:
        shared.out.print(_figures_table(figures))


def _figures_table(figures: dict[str, Any]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in figures.items():
        if name == "confusion":
            for gold, given in value.items():
                table.add_row(f"{gold} answered as", "   ".join(f"{each} {count}" for each, count in given.items()))
        elif isinstance(value, dict) and all(isinstance(each, dict) for each in value.values()):
            for stage, times in value.items():
                table.add_row(f"{name} {stage}", _in_a_row(times))
        elif isinstance(value, dict):
            table.add_row(name, _in_a_row(value))
        else:
            table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    return table


def _ingest_table(found: IngestBench) -> Table:
    table = Table(found.kind, "median", "least", "most", box=None, padding=(0, 2, 0, 0))
    rows = {"a second": found.per_s, "a second, without signing": found.per_s_without_signing}
    rows |= {f"{stage}, ms each": spread for stage, spread in found.stages_ms.items()}
    for name, each in rows.items():
        table.add_row(name, f"{each.median:.2f}", f"{each.least:.2f}", f"{each.most:.2f}")
    table.add_row("memory, MB", "", "", f"{found.peak_mb:.0f}")
    return table


def _in_a_row(figures: dict[str, float]) -> str:
    return "   ".join(
        f"{name} {value:,.1f}" if isinstance(value, float) else f"{name} {value:,}" for name, value in figures.items()
    )


def _curve_table(found: Calibration) -> Table:
    table = Table("wrongly refused", "absent refused", "± over splits", "threshold", box=None, padding=(0, 2, 0, 0))
    for point in found.curve:
        numbers: Sequence[float] = (
            point.wrongly_refused,
            point.absent_refused,
            point.spread,
            point.threshold,
        )
        table.add_row(*(f"{number:.3f}" for number in numbers))
    return table
