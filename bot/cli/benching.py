"""`attache bench make`, `build`, `query`, `answer`, `start`, `memory`, `encode` and `report`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.benching.asking import bench_answer, bench_query
from bot.benching.building import bench_build
from bot.benching.encoding import bench_encode
from bot.benching.figures import Bench
from bot.benching.learning import make_like
from bot.benching.opening import passages_of
from bot.benching.report import keep_figures, write_report
from bot.benching.starting import bench_memory, bench_start
from bot.cli.context import AsJson, Context
from bot.cli.measuring import bench_app
from bot.rendering.envelope import shape
from index.embedder import SentenceEmbedder

Rounds = Annotated[int, typer.Option("--rounds", min=1, help="How often each thing is measured.")]
Questions = Annotated[int, typer.Option("--questions", min=10, help="Questions asked, after a warm-up.")]
Keep = Annotated[Path | None, typer.Option("--keep", help="Also write the figures into this folder, for the report.")]


def register(_app: typer.Typer) -> None:
    """Adds the commands of this module to `attache bench`."""
    bench_app.command("make")(make_folder)
    bench_app.command("encode")(encode)
    bench_app.command("build")(build)
    bench_app.command("query")(query)
    bench_app.command("answer")(answer)
    bench_app.command("start")(start)
    bench_app.command("memory")(memory)
    bench_app.command("report")(report)


def make_folder(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The data folder to make; it must hold no corpus.")],
    passages: Annotated[int, typer.Option("--passages", min=100, help="How many passages.")] = 10_000,
    like: Annotated[
        Path | None,
        typer.Option(
            "--like", help="What to be like: a data folder, or articles to read. [default: the starter briefs]"
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same articles.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Make a corpus of any size, with words and vectors like those of a real one."""
    shared: Context = context.obj
    with shared.row_progress("Making", passages) as advance:
        facts = make_like(like, folder, passages, seed, SentenceEmbedder(shared.settings.model), advance)
    if as_json:
        shared.print_json(shape("bench_make", asdict(facts)))
        return
    table = Table("", "real", "made", box=None, padding=(0, 2, 0, 0))
    for name, (real, made) in facts.likeness.items():
        table.add_row(name, f"{real:,g}", f"{made:,g}")
    shared.out.print(table)
    shared.out.print(f"{facts.passages:,} passages of {facts.articles:,} articles, {facts.questions:,} questions.")


def encode(
    context: typer.Context,
    passages: Annotated[int, typer.Option("--passages", min=8, help="Passages of the corpus to encode.")] = 256,
    rounds: Rounds = 5,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Encoding, beside the bare matrix products of the model and plain float32 encoding in the same run."""
    shared: Context = context.obj
    texts = passages_of(shared.settings, passages)
    _show(shared, bench_encode(SentenceEmbedder(shared.settings.model), texts, rounds), keep, as_json=as_json)


def build(context: typer.Context, rounds: Rounds = 3, keep: Keep = None, as_json: AsJson = False) -> None:
    """The index from stored vectors, beside writing the same vectors as they are; the live one stays."""
    shared: Context = context.obj
    _show(shared, bench_build(shared.settings, rounds), keep, as_json=as_json)


def query(context: typer.Context, questions: Questions = 100, keep: Keep = None, as_json: AsJson = False) -> None:
    """Searches by stage, without and with filters, beside one product of all vectors with the question's."""
    shared: Context = context.obj
    _show(shared, bench_query(shared.settings, questions), keep, as_json=as_json)


def answer(context: typer.Context, questions: Questions = 100, keep: Keep = None, as_json: AsJson = False) -> None:
    """Whole answers by stage, beside encoding the question alone."""
    shared: Context = context.obj
    _show(shared, bench_answer(shared.settings, questions), keep, as_json=as_json)


def start(context: typer.Context, rounds: Rounds = 5, keep: Keep = None, as_json: AsJson = False) -> None:
    """Whole processes: help, status and a first answer, beside Python alone."""
    shared: Context = context.obj
    _show(shared, bench_start(shared.settings, rounds), keep, as_json=as_json)


def memory(context: typer.Context, questions: Questions = 50, keep: Keep = None, as_json: AsJson = False) -> None:
    """Resident memory on the way to the first answers, beside the program without a corpus."""
    shared: Context = context.obj
    _show(shared, bench_memory(shared.settings, questions), keep, as_json=as_json)


def report(
    context: typer.Context,
    figures: Annotated[Path, typer.Argument(help="The folder that benches kept their figures in (`--keep`).")],
    write: Annotated[Path, typer.Option("--write", help="The page to write.")] = Path("docs/performance.md"),
    pictures: Annotated[
        Path, typer.Option("--pictures", help="The folder for its plots, which needs the extra `bench`.")
    ] = Path("docs/pictures"),
) -> None:
    """Write the page of figures with its plots from what benches kept."""
    shared: Context = context.obj
    written = write_report(figures, write, pictures)
    shared.notify(f"Written to {write}, with {len(written)} plots in {pictures}.")


def _show(shared: Context, bench: Bench, keep: Path | None, *, as_json: bool) -> None:
    if keep is not None:
        keep_figures(bench, keep)
    if as_json:
        shared.print_json(shape("bench", asdict(bench)))
        return
    shared.out.print(Text(f"{bench.bench}: " + ", ".join(f"{name} {value}" for name, value in bench.settings.items())))
    table = Table("", "median", "p95", "IQR", "times", "ratio", box=None, padding=(0, 2, 0, 0))
    for each in bench.figures:
        numbers = (f"{each.median:g} {each.unit}", f"{each.p95:g}", f"{each.iqr:g}", str(each.count))
        table.add_row(each.name, *numbers, "" if each.ratio is None else f"{each.ratio:g}")
    shared.out.print(table)
    shared.out.print(f"Ratios to “{bench.baseline}”. Load average {bench.machine.load}.")
