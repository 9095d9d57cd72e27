"""`python -m evals bench ...`: measures speed and memory."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.answering.reader.packaged import PackagedReader
from bot.cli.context import AsJson, Context
from bot.cluster.ray_cluster import ClusterOptions
from bot.render.envelope import shape
from bot.render.terminal import figures_table
from bot.service.attache import Attache
from bot.service.sessions import load_embedder
from evals.speed.build import bench_build
from evals.speed.encode import bench_encode
from evals.speed.figures import Bench
from evals.speed.index_speed import bench_indexes, read_judged
from evals.speed.ingest_speed import IngestBench, bench_ingest
from evals.speed.live_corpus import WARM_UP, bench_live
from evals.speed.load import bench_load, load_figures, texts_needed
from evals.speed.open_folder import count_passages, open_embedder, sample_passages, sample_questions
from evals.speed.pool_speed import bench_pool
from evals.speed.query_speed import bench_answer, bench_query
from evals.speed.ray_speed import WARM_UP as RAY_WARM_UP
from evals.speed.ray_speed import bench_ray
from evals.speed.read_speed import bench_read
from evals.speed.record_speed import bench_records
from evals.speed.report import save_figures, write_report
from evals.speed.resample import make_folder
from evals.speed.start import bench_memory, bench_start
from evals.speed.story_speed import bench_stories
from evals.speed.watch_speed import bench_watches
from index.embedding.embedder import SentenceEmbedder

Rounds = Annotated[int, typer.Option("--rounds", min=1, help="How often each thing is measured.")]
Questions = Annotated[int, typer.Option("--questions", min=1, help="Questions asked, after a warm-up.")]
Keep = Annotated[Path | None, typer.Option("--keep", help="Also save the figures in this folder, for the report.")]


bench_app = typer.Typer(help="Measure speed and memory on this machine.", no_args_is_help=True)


@bench_app.command()
def make(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The data folder to make; it must not hold a corpus.")],
    passages: Annotated[int, typer.Option("--passages", min=100, help="How many passages.")] = 10_000,
    like: Annotated[
        Path | None,
        typer.Option(
            "--like", help="Articles to draw from: a data folder, or files.", show_default="the starter briefs"
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same articles.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Make a corpus of any size by drawing real articles again and again."""
    shared: Context = context.obj
    with shared.row_progress("Making", passages) as advance:

        def on_done(count: int) -> None:
            for _ in range(count):
                advance()

        facts = make_folder(like, folder, passages, seed, load_embedder(shared.settings), on_done)
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
    """Measure encoding, compared with the model's bare matrix products and with plain float32."""
    shared: Context = context.obj
    texts = sample_passages(shared.settings, passages)
    embedder = SentenceEmbedder(shared.settings.model, shared.settings.device)
    _show(shared, bench_encode(embedder, texts, rounds), keep, as_json=as_json)


@bench_app.command()
def read(
    context: typer.Context,
    questions: Annotated[int, typer.Option("--questions", min=1, help="Questions read, after a warm-up.")] = 30,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Measure reading the sentences of a question, compared with reading them in float32."""
    shared: Context = context.obj
    _show(shared, bench_read(PackagedReader(device=shared.settings.device), questions), keep, as_json=as_json)


@bench_app.command()
def build(context: typer.Context, rounds: Rounds = 3, keep: Keep = None, as_json: AsJson = False) -> None:
    """Measure building the index from stored vectors, compared with just writing them; the live index stays."""
    shared: Context = context.obj
    _show(shared, bench_build(shared.settings, rounds), keep, as_json=as_json)


@bench_app.command()
def query(context: typer.Context, questions: Questions = 100, keep: Keep = None, as_json: AsJson = False) -> None:
    """Measure searches by stage, with and without filters, compared with one product of all vectors."""
    shared: Context = context.obj
    _show(shared, bench_query(shared.settings, questions), keep, as_json=as_json)


@bench_app.command()
def indexes(
    context: typer.Context,
    questions: Questions = 100,
    judged: Annotated[
        Path | None,
        typer.Option("--judged", help="JSONL of `question` and `article_ids`: also tell how many are found (hit@5)."),
    ] = None,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Measure searches in the data folder and in Milvus side by side, and what each finds of an exact search's list."""
    shared: Context = context.obj
    known = read_judged(judged) if judged is not None else []
    _show(shared, bench_indexes(shared.settings, questions, known), keep, as_json=as_json)


@bench_app.command()
def answer(context: typer.Context, questions: Questions = 100, keep: Keep = None, as_json: AsJson = False) -> None:
    """Measure whole answers by stage, compared with encoding the question."""
    shared: Context = context.obj
    _show(shared, bench_answer(shared.settings, questions), keep, as_json=as_json)


@bench_app.command()
def stories(
    context: typer.Context,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="New articles that are grouped one by one.")] = 100,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Measure grouping articles into stories, all of them and one at a time; the folder itself stays as it is."""
    shared: Context = context.obj
    _show(shared, bench_stories(shared.settings, rounds), keep, as_json=as_json)


@bench_app.command()
def watches(
    context: typer.Context,
    count: Annotated[int, typer.Option("--watches", min=1, help="How many questions are watched.")] = 10_000,
    questions: Questions = 50,
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, help="Rounds of the bot (20 s) alone, and with watches.")
    ] = 3,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Measure comparing new passages with watched questions, and answers while these are asked again."""
    shared: Context = context.obj
    _show(shared, bench_watches(shared.settings, count, questions, rounds), keep, as_json=as_json)


@bench_app.command()
def start(context: typer.Context, rounds: Rounds = 5, keep: Keep = None, as_json: AsJson = False) -> None:
    """Measure whole processes: help, status and a first answer, compared with Python alone."""
    shared: Context = context.obj
    _show(shared, bench_start(shared.settings, rounds), keep, as_json=as_json)


@bench_app.command()
def memory(context: typer.Context, questions: Questions = 50, keep: Keep = None, as_json: AsJson = False) -> None:
    """Measure resident memory step by step, compared with the program without a corpus."""
    shared: Context = context.obj
    _show(shared, bench_memory(shared.settings, questions), keep, as_json=as_json)


@bench_app.command()
def report(
    context: typer.Context,
    figures: Annotated[Path, typer.Argument(help="The folder with figures saved by `--keep`.")],
    write: Annotated[Path, typer.Option("--write", help="The page to write.")] = Path("docs/performance-figures.md"),
    pictures: Annotated[Path, typer.Option("--pictures", help="The folder for its plots.")] = Path("docs/pictures"),
) -> None:
    """Write a page of tables and plots from saved figures."""
    shared: Context = context.obj
    plots = write_report(figures, write, pictures)
    shared.notify(f"Written to {write}, with {len(plots)} plots in {pictures}.")


@bench_app.command()
def load(
    context: typer.Context,
    questions: Annotated[int, typer.Option("--questions", min=10, max=300, help="Questions asked at once.")] = 200,
    distinct: Annotated[int, typer.Option("--distinct", min=1, help="Different ones among them.")] = 12,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often, with other questions each time.")] = 3,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Measure how long members wait when many ask at once, compared with one question alone."""
    shared: Context = context.obj
    with Attache(shared.settings, embedder=open_embedder(shared.settings), notify=shared.notify) as attache:
        attache.open()
        texts = sample_questions(shared.settings, texts_needed(distinct, rounds))
        result = asyncio.run(bench_load(attache, texts, questions, distinct, rounds))
    if keep is not None:
        save_figures(load_figures(result, count_passages(shared.settings)), keep)
    _print_named(shared, asdict(result), "bench_load", as_json=as_json)


@bench_app.command()
def pool(
    context: typer.Context,
    processes: Annotated[int, typer.Option("--processes", min=2, max=64, help="How many processes answer.")] = 2,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often, with other questions each time.")] = 3,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Measure 16 questions at once of a thread, one process and several, and what a noisy server costs another."""
    shared: Context = context.obj
    _show(shared, bench_pool(shared.settings, processes, rounds), keep, as_json=as_json)


@bench_app.command()
def records(
    context: typer.Context,
    servers: Annotated[int, typer.Option("--servers", min=1, help="How many servers ask.")] = 10_000,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="How long each number of processes writes.")] = 10,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Measure storing answers as fast as Discord lets a bot send them, from one process, two and four at once."""
    shared: Context = context.obj
    _show(shared, bench_records(servers, (1, 2, 4), seconds), keep, as_json=as_json)


@bench_app.command()
def ingest(
    context: typer.Context,
    articles: Annotated[int, typer.Option("--articles", min=1, help="Made articles, read from JSONL.")] = 1_000,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Made web pages.")] = 100,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often, each into a new data folder.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Measure how fast articles and pages are ingested, without encoding, by stage, and in how much memory."""
    shared: Context = context.obj

    def on_mark(count: int, memory_mb: float) -> None:
        shared.notify(f"{count:,} articles, {memory_mb:,.0f} MB.")

    results = [bench_ingest("articles", articles, rounds, on_mark), bench_ingest("pages", pages, rounds, on_mark)]
    if as_json:
        shared.print_json(shape("bench_ingest", {each.kind: asdict(each) for each in results}))
    else:
        for each in results:
            shared.out.print(_ingest_table(each))


@bench_app.command()
def ray(
    context: typer.Context,
    articles: Annotated[int, typer.Option("--articles", min=RAY_WARM_UP + 1, help="Made articles, in JSONL.")] = 400,
    pages: Annotated[int, typer.Option("--pages", min=RAY_WARM_UP + 1, help="Made web pages.")] = 100,
    address: Annotated[str, typer.Option("--ray", help="A cluster on this machine, as of `ingest`.")] = "local",
    workers: Annotated[int, typer.Option("--workers", min=1, help="How many workers.")] = 2,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often, each into a new data folder.")] = 3,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Measure reading and embedding an archive on a Ray cluster of this machine, compared with this process alone."""
    shared: Context = context.obj
    result = bench_ray(shared.settings, ClusterOptions(address, workers), articles, pages, rounds)
    _show(shared, result, keep, as_json=as_json)


@bench_app.command()
def live(
    context: typer.Context,
    questions: Annotated[int, typer.Option("--questions", min=5, help="Titles to ask in each half.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Measure questions while articles, builds and backups come and go, compared with a quiet corpus."""
    shared: Context = context.obj
    texts = sample_questions(shared.settings, 2 * questions + WARM_UP)
    result = bench_live(shared.settings, open_embedder(shared.settings), texts, questions)
    _print_named(shared, asdict(result), "bench_live", as_json=as_json)


def _show(shared: Context, bench: Bench, keep: Path | None, *, as_json: bool) -> None:
    if keep is not None:
        save_figures(bench, keep)
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


def _print_named(shared: Context, figures: dict[str, Any], kind: str, *, as_json: bool) -> None:
    if as_json:
        shared.print_json(shape(kind, figures))
    else:
        shared.out.print(figures_table(figures))


def _ingest_table(result: IngestBench) -> Table:
    table = Table(result.kind, "median", "least", "most", box=None, padding=(0, 2, 0, 0))
    rows = {"a second": result.per_s, "a second, without signing": result.per_s_without_signing}
    rows |= {f"{stage}, ms each": spread for stage, spread in result.stages_ms.items()}
    for name, each in rows.items():
        table.add_row(name, f"{each.median:.2f}", f"{each.least:.2f}", f"{each.most:.2f}")
    table.add_row("memory, MB", "", "", f"{result.peak_mb:.0f}")
    return table
