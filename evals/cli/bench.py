"""`python -m evals bench ...`: how fast everything is."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.context import AsJson, Context
from bot.render.envelope import shape
from bot.render.figures_table import figures_table
from bot.service.attache import Attache
from bot.service.sessions import reading
from corpus.catalog import corpus_facts
from evals.speed.build import bench_build
from evals.speed.encode import bench_encode
from evals.speed.figures import Bench
from evals.speed.ingest_speed import IngestBench, bench_ingest
from evals.speed.live_corpus import WARM_UP, bench_living
from evals.speed.load import bench_load, texts_needed
from evals.speed.load_figures import load_figures
from evals.speed.open_folder import embedder_of, passages_of, questions_of
from evals.speed.query_speed import bench_answer, bench_query
from evals.speed.report import keep_figures, write_report
from evals.speed.resample import make_folder as make_data_folder
from evals.speed.start import bench_memory, bench_start
from index.embedding.embedder import SentenceEmbedder

Rounds = Annotated[int, typer.Option("--rounds", min=1, help="How often each thing is measured.")]
Questions = Annotated[int, typer.Option("--questions", min=10, help="Questions asked, after a warm-up.")]
Keep = Annotated[Path | None, typer.Option("--keep", help="Also write the figures into this folder, for the report.")]


bench_app = typer.Typer(help="Measure how fast it is here.", no_args_is_help=True)


@bench_app.command()
def make(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The data folder to make; it must hold no corpus.")],
    passages: Annotated[int, typer.Option("--passages", min=100, help="How many passages.")] = 10_000,
    like: Annotated[
        Path | None,
        typer.Option(
            "--like",
            help="Articles to draw from: a data folder, or files. [default: the starter briefs]",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same articles.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Make a corpus of any size from real articles, drawn again and again."""
    shared: Context = context.obj
    with shared.row_progress("Making", passages) as advance:

        def on_done(count: int) -> None:
            for _ in range(count):
                advance()

        facts = make_data_folder(like, folder, passages, seed, SentenceEmbedder(shared.settings.model), on_done)
    if as_json:
        shared.print_json(shape("bench_make", asdict(facts)))
        return
    shared.out.print(f"{facts.passages:,} passages of {facts.articles:,} articles, {facts.questions:,} questions.")


@bench_app.command()
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


@bench_app.command()
def build(context: typer.Context, rounds: Rounds = 3, keep: Keep = None, as_json: AsJson = False) -> None:
    """The index from stored vectors, beside writing the same vectors as they are; the live one stays."""
    shared: Context = context.obj
    _show(shared, bench_build(shared.settings, rounds), keep, as_json=as_json)


@bench_app.command()
def query(context: typer.Context, questions: Questions = 100, keep: Keep = None, as_json: AsJson = False) -> None:
    """Searches by stage, without and with filters, beside one product of all vectors with the question's."""
    shared: Context = context.obj
    _show(shared, bench_query(shared.settings, questions), keep, as_json=as_json)


@bench_app.command()
def answer(context: typer.Context, questions: Questions = 100, keep: Keep = None, as_json: AsJson = False) -> None:
    """Whole answers by stage, beside encoding the question alone."""
    shared: Context = context.obj
    _show(shared, bench_answer(shared.settings, questions), keep, as_json=as_json)


@bench_app.command()
def start(context: typer.Context, rounds: Rounds = 5, keep: Keep = None, as_json: AsJson = False) -> None:
    """Whole processes: help, status and a first answer, beside Python alone."""
    shared: Context = context.obj
    _show(shared, bench_start(shared.settings, rounds), keep, as_json=as_json)


@bench_app.command()
def memory(context: typer.Context, questions: Questions = 50, keep: Keep = None, as_json: AsJson = False) -> None:
    """Resident memory on the way to the first answers, beside the program without a corpus."""
    shared: Context = context.obj
    _show(shared, bench_memory(shared.settings, questions), keep, as_json=as_json)


@bench_app.command()
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


@bench_app.command()
def load(
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
    shared: Context = context.obj
    with Attache(shared.settings, embedder=embedder_of(shared.settings), notify=shared.notify) as attache:
        attache.open()
        texts = questions_of(shared.settings, texts_needed(distinct, rounds))
        found = asyncio.run(bench_load(attache, texts, questions, distinct, rounds))
    if keep is not None:
        with reading(shared.settings.data_dir) as db:
            keep_figures(load_figures(found, corpus_facts(db).passages), keep)
    _print_named(shared, asdict(found), "bench_load", as_json=as_json)


@bench_app.command()
def ingest(
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


@bench_app.command()
def live(
    context: typer.Context,
    questions: Annotated[int, typer.Option("--questions", min=5, help="Titles to ask in each half.")] = 100,
    as_json: AsJson = False,
) -> None:
    """What a question costs while articles come and go, the index is built and backed up, beside a calm corpus."""
    shared: Context = context.obj
    texts = questions_of(shared.settings, 2 * questions + WARM_UP)
    found = bench_living(shared.settings, embedder_of(shared.settings), texts, questions)
    _print_named(shared, asdict(found), "bench_live", as_json=as_json)


def _print_named(shared: Context, figures: dict[str, Any], kind: str, *, as_json: bool) -> None:
    if as_json:
        shared.print_json(shape(kind, figures))
    else:
        shared.out.print(figures_table(figures))


def _ingest_table(found: IngestBench) -> Table:
    table = Table(found.kind, "median", "least", "most", box=None, padding=(0, 2, 0, 0))
    rows = {"a second": found.per_s, "a second, without signing": found.per_s_without_signing}
    rows |= {f"{stage}, ms each": spread for stage, spread in found.stages_ms.items()}
    for name, each in rows.items():
        table.add_row(name, f"{each.median:.2f}", f"{each.least:.2f}", f"{each.most:.2f}")
    table.add_row("memory, MB", "", "", f"{found.peak_mb:.0f}")
    return table
