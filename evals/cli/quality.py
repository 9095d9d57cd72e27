"""`python -m evals quality attributions`, `kinds`, `reader`, `verdicts`, `writer`, `copies` and `stories`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.answering.attribution.finder import find_attributions
from bot.answering.question.kind_model import WEIGHTS_FILE as KINDS_FILE
from bot.answering.question.kind_model import KindModel
from bot.answering.reader.packaged import PackagedReader
from bot.cli.context import AsJson, Context
from bot.quality.evaluate import summarise
from bot.quality.rows import Row
from bot.render.envelope import shape
from bot.service.sessions import load_embedder, writing
from bot.writer.proof import Prover
from corpus.copies import Copies
from evals.cli.output import Weights, show_figures, show_sets
from evals.quality.attributions import COMPARED, evaluate_attributions, read_annotated
from evals.quality.copy_detection import evaluate_copies
from evals.quality.judged_corpora import CORPORA_FOLDER, Corpora, ask_corpora, asks_fact, count_questions
from evals.quality.reader_figures import measure_reader, measure_roles
from evals.quality.story_figures import measure_stories, news_corpus, read_pairs
from evals.quality.writer_figures import DRAFTS_FOLDER, measure_proofs, mistakes, read_drafts
from evals.reader.reader_rows import (
    EVENTS_FOLDER,
    QUOTES_FOLDER,
    SETS_FOLDER,
    read_annotated_file,
    read_events,
    read_joint_sets,
    read_quotes,
    read_role_pairs,
    read_sentence_sets,
)
from evals.training.fit_kinds import measure_kinds, read_labelled, read_terse

# Beside a checkout; they are not part of the project.
ANNOTATED_ARTICLES = Path("../shared/eval/polnear/dev.jsonl.gz")

NEWS_ARTICLES = Path("../shared/eval/news-2022/articles.jsonl.gz")

ANNOTATED_ROWS = Path("../shared/train")

quality_app = typer.Typer(
    help="Measure how well attributions and copies are found, and passages read.", no_args_is_help=True
)


@quality_app.command()
def attributions(
    context: typer.Context,
    articles: Annotated[Path, typer.Argument(help="JSONL or JSONL.gz of annotated articles.")] = ANNOTATED_ARTICLES,
    as_json: AsJson = False,
) -> None:
    """Find the attributions in annotated articles, and count how many are right."""
    shared: Context = context.obj
    if not articles.exists():
        shared.notify(f"Nothing measured: there are no annotated articles at {articles}.")
        return
    rows = read_annotated(articles)
    with shared.row_progress("Reading", len(rows)) as advance:
        figures = evaluate_attributions(rows, find_attributions, advance)
    if as_json:
        shared.print_json(shape("eval_attributions", figures))
    else:
        shared.out.print(_attributions_table(figures))
        for name in ("articles", "annotated", "found", "denials", "denials_found", "denials_whole"):
            shared.out.print(f"{name.replace('_', ' ')}: {figures[name]}")


@quality_app.command()
def reader(
    context: typer.Context,
    shared: Annotated[
        Path, typer.Option("--shared", help="Folder with rows.jsonl, whose rows of the split dev are measured, too.")
    ] = ANNOTATED_ROWS,
    weights: Weights = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first rows of each set.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read annotated passages that the reader was not trained on, and count how many it reads right."""
    given: Context = context.obj
    written = {
        "written events": read_events(EVENTS_FOLDER),
        "written quotes": read_quotes(QUOTES_FOLDER),
        "sentence sets": read_sentence_sets(SETS_FOLDER),
        "sentence sets, read together": read_joint_sets(SETS_FOLDER),
    }
    sets = {name: [each for each in rows if each.split == "dev"][:limit] for name, rows in written.items()}
    if (shared / "rows.jsonl").is_file():
        sets["news"] = [each for each in read_annotated_file(shared) if each.split == "dev"][:limit]
    else:
        given.notify(f"News not measured: there are no annotated rows in {shared}.")
    model = PackagedReader(weights, None) if weights else PackagedReader()
    figures: dict[str, Any] = {}
    for name, rows in sets.items():
        with given.row_progress(f"Reading {name}", len(rows)) as advance:
            figures[name] = measure_reader(model, rows, advance)
    pairs = read_role_pairs()[:limit]
    with given.row_progress("Reading swapped roles", len(pairs)) as advance:
        figures["swapped roles"] = measure_roles(model, pairs, advance)
    show_sets(given, "eval_reader", figures, as_json=as_json)


@quality_app.command()
def kinds(
    context: typer.Context,
    weights: Annotated[Path, typer.Option("--weights", help="Other weights of the classifier.")] = KINDS_FILE,
    as_json: AsJson = False,
) -> None:
    """Tell the kinds of written messages that the classifier was not fitted on, and count the right ones."""
    given: Context = context.obj
    model = KindModel.load(weights)
    sets = {"written": list(read_labelled()), "terse": list(read_terse())}
    figures = {name: measure_kinds(model, messages) for name, messages in sets.items()}
    show_sets(given, "eval_kinds", figures, as_json=as_json)


@quality_app.command()
def verdicts(
    context: typer.Context,
    weights: Weights = None,
    which: Annotated[
        Corpora, typer.Option("--corpora", help="Which to ask; nothing was fitted on those that are held out.")
    ] = Corpora.HELD_OUT,
    facts: Annotated[bool, typer.Option("--facts", help="Only the questions that ask for a fact.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the judged questions of written corpora, and count the right verdicts and what is refused."""
    given: Context = context.obj
    folder = CORPORA_FOLDER / which
    reader = PackagedReader(weights, None) if weights else None
    is_asked = asks_fact if facts else _any
    with given.row_progress("Asking", count_questions(folder, is_asked)) as advance:
        asked = ask_corpora(folder, reader, advance, is_asked=is_asked)
    figures = summarise([outcome for outcomes in asked.values() for outcome in outcomes])
    show_figures(given, "eval", figures, as_json=as_json)


def _any(_row: Row) -> bool:
    return True


@quality_app.command()
def writer(
    context: typer.Context,
    drafts: Annotated[
        list[Path] | None, typer.Argument(help="Files of drafts; by default those that the proof was tuned on.")
    ] = None,
    kept_back: Annotated[
        bool, typer.Option("--kept-back", help="The drafts that it was not tuned on; look at the figures only.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Also print each mistake.")] = False,
    weights: Weights = None,
    as_json: AsJson = False,
) -> None:
    """Prove written sentences, half of the drafts with one planted fault, and count what is caught and dropped."""
    shared: Context = context.obj
    paths = drafts or [DRAFTS_FOLDER / ("kept_back.jsonl" if kept_back else "drafts.jsonl")]
    rows = [row for path in paths for row in read_drafts(path)]
    prover = Prover(PackagedReader(weights, None) if weights else PackagedReader())
    with shared.row_progress("Proving", len(rows)) as advance:
        figures = measure_proofs(prover, rows, advance)
    show_figures(shared, "eval_writer", figures, as_json=as_json)
    for kind, checked in mistakes(prover, rows) if show and not as_json else ():
        why = " ".join(problem.detail for problem in checked.problems)
        shared.out.print(Text(f"{kind}: {checked.draft.text} {list(checked.draft.citations)} {why}"))


@quality_app.command()
def copies(
    context: typer.Context,
    articles: Annotated[int, typer.Option("--articles", min=2, help="Articles to make copies of.")] = 300,
    as_json: AsJson = False,
) -> None:
    """Make copies of stored articles, and count how many are distinguished from other reports of the same days."""
    shared: Context = context.obj
    # Opened for writing to sign articles that have no signature yet.
    with (
        writing(shared.settings, "measuring copies", wait_s=0.0) as db,
        shared.row_progress("Comparing", articles) as advance,
    ):
        Copies(db).sign_missing()
        figures = evaluate_copies(db, articles, advance)
    if as_json:
        shared.print_json(shape("eval_copies", figures))
        return
    for table in _copies_tables(figures):
        shared.out.print(table)
    shared.out.print(
        f"{figures['copies']} made copies, {figures['neighbours']} other reports; {figures['put_aside']} stored pairs"
        f" left out because they are copies already. Chosen: threshold {figures['chosen_threshold']},"
        f" {figures['chosen_banding'][0]} bands of {figures['chosen_banding'][1]} rows."
    )


@quality_app.command()
def stories(
    context: typer.Context,
    articles: Annotated[
        Path, typer.Argument(help="JSONL or JSONL.gz of the articles whose pairs are labelled.")
    ] = NEWS_ARTICLES,
    as_json: AsJson = False,
) -> None:
    """Group a year's news into stories, and count how many labelled pairs are rightly together or apart."""
    shared: Context = context.obj
    if not articles.exists():
        shared.notify(f"Nothing measured: there are no articles at {articles}.")
        return
    embedder = load_embedder(shared.settings)
    with news_corpus(embedder, articles, shared.notify) as db:
        figures = measure_stories(db, embedder, read_pairs())
    show_figures(shared, "eval_stories", figures, as_json=as_json)


def _copies_tables(figures: dict[str, Any]) -> list[Table]:
    thresholds = Table("threshold", "precision", "recall", "false copies", box=None, padding=(0, 2, 0, 0))
    for at in figures["thresholds"]:
        row = (at["precision"], at["recall"], at["neighbours_taken"])
        thresholds.add_row(f"{at['threshold']:.2f}", *(f"{figure:.3f}" for figure in row))
    kinds = Table("at the chosen threshold", "recognised", box=None, padding=(1, 2, 0, 0))
    for kind, share in figures["kinds"].items():
        kinds.add_row(kind, f"{share:.3f}")
    bandings = Table("bands", "rows", "copies found", "compared, mean", "p95", box=None, padding=(1, 2, 0, 0))
    for at in figures["bandings"]:
        compared = (f"{at['compared_mean']:.1f}", f"{at['compared_p95']:.0f}")
        bandings.add_row(str(at["bands"]), str(at["rows"]), f"{at['found']:.3f}", *compared)
    return [thresholds, kinds, bandings]


def _attributions_table(figures: dict[str, Any]) -> Table:
    table = Table("", "", "precision", "recall", "F1", box=None, padding=(0, 2, 0, 0))
    for role in COMPARED:
        for how, scores in figures[role].items():
            table.add_row(role, how, *(f"{scores[name]:.3f}" for name in ("precision", "recall", "f1")))
    return table
