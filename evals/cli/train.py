"""`python -m evals train ...`: trains the models from annotated data."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.table import Table

from bot.answering.attribution.tagger import WEIGHTS_FILE
from bot.answering.question.kind_model import ABOUT_FILE, ACTS_FILE, KindModel, features_with_form
from bot.answering.question.kind_model import WEIGHTS_FILE as KINDS_FILE
from bot.answering.reader.packaged import WEIGHTS_FILE as READER_FILE
from bot.answering.reader.packaged import PackagedReader
from bot.answering.refusal import CALIBRATION_FILE as REFUSAL_FILE
from bot.answering.verdict.verdict_model import WEIGHTS_FILE as VERDICTS_FILE
from bot.cli.context import AsJson, Context
from bot.cli.eval import curve_table
from bot.quality.calibrate import calibrate, measured_questions
from bot.quality.verdict_fit import VerdictPoint, fit_verdicts
from bot.render.envelope import shape
from bot.service.sessions import load_embedder
from bot.writer.proof import Prover
from bot.writer.proof_model import WEIGHTS_FILE as PROOFS_FILE
from evals.cli.output import Weights, show_figures, writing_to
from evals.quality.attributions import read_annotated
from evals.quality.judged_corpora import (
    CORPORA_FOLDER,
    WRITTEN,
    Corpora,
    ask_corpora,
    asks_fact,
    count_questions,
    judged_questions,
    read_judged,
    read_measured,
)
from evals.quality.reader_figures import measure_reader
from evals.quality.story_figures import measure_stories, news_corpus, read_pairs
from evals.quality.writer_figures import DRAFTS_FOLDER, read_drafts
from evals.reader.corpus_rows import read_asked
from evals.reader.reader_rows import (
    EVENTS_FOLDER,
    QUOTES_FOLDER,
    SETS_FOLDER,
    make_negatives,
    read_annotated_file,
    read_events,
    read_joint_sets,
    read_quotes,
    read_sentence_sets,
    sample_public,
)
from evals.training.fit_kinds import (
    FOLLOW_UPS_FOLDER,
    WRITTEN_SHARE,
    fit_kinds,
    measure_about,
    measure_kinds,
    no_vectors,
    read_about_bot,
    read_annotated_questions,
    read_bare_questions,
    read_corpus_questions,
    read_labelled,
    sample_by_kind,
)
from evals.training.fit_proof import fit_proofs, judge
from evals.training.fit_stories import fit_likeness
from evals.training.fit_tagger import train_tagger
from index.embedding.models import packaged_weights

# Rows with texts that don't settle their question, how often a pass shows each written quote, and passes.
NEGATIVES = 4_000
QUOTE_SHARE = 2
PASSES = 2
# The probability that a shown verdict has to have; docs/decisions/0022 gives the trade-off.
SHOWN_FROM = 0.65
# The same of a written sentence; docs/decisions/0023 says how it is used, docs/evaluation.md what it gives.
SENTENCE_SHOWN_FROM = 0.82

train_app = typer.Typer(help="Train the models from annotated data.", no_args_is_help=True)


@train_app.command()
def attributions(
    context: typer.Context,
    articles: Annotated[Path, typer.Argument(help="JSONL or JSONL.gz of annotated articles.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write the weights to.")] = WEIGHTS_FILE,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How many epochs to train.")] = 10,
    leave_out: Annotated[
        int | None, typer.Option("--leave-out", min=2, help="Leave out every n-th article, to measure on.")
    ] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, help="CPU threads; no more than idle cores.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Train the tagger that finds attributions."""
    shared: Context = context.obj
    rows = [row for at, row in enumerate(read_annotated(articles)) if leave_out is None or at % leave_out]
    losses: list[float] = []
    with shared.row_progress("Training", rounds) as advance:

        def on_round(loss: float) -> None:
            losses.append(round(loss, 4))
            advance()

        arrays = train_tagger(rows, rounds, threads, on_round)
    with writing_to(out), out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    if as_json:
        shared.print_json(shape("train_attributions", {"articles": len(rows), "losses": losses, "written": str(out)}))
    else:
        shared.out.print(f"Trained on {len(rows):,} articles; mean loss by round: {losses}.")
        shared.out.print(f"Written to {out}.")


@train_app.command()
def kinds(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="The file to write the weights to.")] = KINDS_FILE,
    rows: Annotated[
        Path | None, typer.Option("--rows", help="rows.jsonl, whose questions are trained on, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train the classifier of question kinds on the written questions, and those of the written corpora."""
    shared: Context = context.obj
    questions = list(read_labelled())
    folder = CORPORA_FOLDER / Corpora.READER
    of_corpora = [*sample_by_kind(read_corpus_questions(folder)), *sample_by_kind(read_bare_questions(folder))]
    annotated = read_annotated_questions(rows) if rows else ()
    arrays = fit_kinds([*questions * WRITTEN_SHARE, *of_corpora, *annotated], read=features_with_form)
    with writing_to(out), out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    figures = measure_kinds(KindModel.load(out), questions)
    show_figures(shared, "train_kinds", figures, as_json=as_json)


@train_app.command()
def acts(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="The file to write the weights to.")] = ACTS_FILE,
    as_json: AsJson = False,
) -> None:
    """Train the classifier of what follow-ups want on the written messages."""
    shared: Context = context.obj
    messages = list(read_labelled(FOLLOW_UPS_FOLDER))
    arrays = fit_kinds(messages, no_vectors)
    with writing_to(out), out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    figures = measure_kinds(KindModel.load(out), messages, no_vectors)
    # None of them asks for a verdict.
    del figures["asks_verdict"]
    show_figures(shared, "train_acts", figures, as_json=as_json)


@train_app.command()
def about(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="The file to write the weights to.")] = ABOUT_FILE,
    as_json: AsJson = False,
) -> None:
    """Train the classifier of questions about the bot itself on the written messages."""
    shared: Context = context.obj
    messages = list(read_about_bot())
    arrays = fit_kinds(messages)
    with writing_to(out), out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    figures = measure_about(KindModel.load(out), messages)
    show_figures(shared, "train_about", figures, as_json=as_json)


@train_app.command()
def stories(
    context: typer.Context,
    articles: Annotated[Path, typer.Argument(help="JSONL or JSONL.gz of the articles whose pairs are labelled.")],
    as_json: AsJson = False,
) -> None:
    """Fit when two articles tell of one event; the weights go into index/stories/likeness.py by hand."""
    shared: Context = context.obj
    embedder = load_embedder(shared.settings)
    pairs = read_pairs()
    with news_corpus(embedder, articles, shared.notify) as db:
        measure_stories(db, embedder, pairs)
        fitted = fit_likeness(db, embedder, pairs)
    show_figures(shared, "train_stories", asdict(fitted), as_json=as_json)


@train_app.command()
def reader(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="Folder of checkpoints; a stopped training resumes from it.")],
    shared: Annotated[
        Path | None, typer.Option("--shared", help="Folder with rows.jsonl and public sets to train on, too.")
    ] = None,
    rows: Annotated[
        list[Path] | None, typer.Option("--rows", help="Further annotated rows over the passages of --shared.")
    ] = None,
    start: Annotated[Path | None, typer.Option("--start", help="Weights to go on from.")] = None,
    public: Annotated[int, typer.Option("--public", min=0, help="Rows of each public set in stage one.")] = 70_000,
    limit: Annotated[int | None, typer.Option("--limit", min=8, help="Only so many rows of each stage.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train the reader's network on written events, and on annotated and public rows where they are given."""
    # PLC0415: transformers takes seconds to import, and the other trainings do not need it.
    from bot.answering.reader.pairs import load_pair_tokenizer  # noqa: PLC0415 - imports tokenizers
    from evals.reader.reader_network import load_network, load_weights, save_weights  # noqa: PLC0415 - imports transformers
    from evals.reader.train_reader import Stage, train  # noqa: PLC0415 - imports torch

    given: Context = context.obj
    annotated = [*read_events(EVENTS_FOLDER), *(read_annotated_file(shared, rows or ()) if shared else ())]
    quotes = list(read_quotes(QUOTES_FOLDER))
    sets = [*read_sentence_sets(SETS_FOLDER), *read_joint_sets(SETS_FOLDER)]
    held_out = [each for each in (*annotated, *quotes, *sets) if each.split == "dev"][:limit]
    trained_on = [each for each in annotated if each.split != "dev"]
    most = NEGATIVES if limit is None else min(limit, NEGATIVES)
    negatives = make_negatives([each for each in trained_on if each.spans is not None], most)
    plain = [each for each in quotes if each.split != "dev"]
    trained_on += [*negatives, *plain * QUOTE_SHARE, *(each for each in sets if each.split != "dev")]
    # A trial with a few rows does not ask thousands of questions first.
    if limit is None:
        corpora = CORPORA_FOLDER / Corpora.READER
        with given.row_progress("Asking", count_questions(corpora)) as advance:
            trained_on += read_asked(corpora, PackagedReader(), advance)
    stages = [Stage("annotated", trained_on[:limit], PASSES, 1.5e-4, is_varied=True)]
    if shared and public:
        stages.insert(0, Stage("public", sample_public(shared, limit or public), 1, 2e-4))
    folder = packaged_weights().parent
    network, tokenizer = load_network(folder), load_pair_tokenizer(folder)
    if start is not None:
        load_weights(network, start)
    out.mkdir(parents=True, exist_ok=True)
    train(network, tokenizer, stages, out, report=given.notify)
    save_weights(network, out / READER_FILE.name)
    with given.row_progress("Reading what was left out", len(held_out)) as advance:
        found = measure_reader(PackagedReader(out / READER_FILE.name, None), held_out, advance)
    show_figures(given, "train_reader", found, as_json=as_json)


@train_app.command()
def verdicts(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="The file to write the model to.")] = VERDICTS_FILE,
    weights: Weights = None,
    rows: Annotated[
        list[Path] | None, typer.Option("--rows", help="Files of `attache eval --rows` to fit on, too, by folder.")
    ] = None,
    shown_from: Annotated[
        float, typer.Option("--shown-from", min=0, max=1, help="The probability that a shown verdict has to have.")
    ] = SHOWN_FROM,
    as_json: AsJson = False,
) -> None:
    """Fit the model that decides yes/no questions on the judged questions of the written corpora."""
    given: Context = context.obj
    reader = PackagedReader(weights, None) if weights else None
    corpora = CORPORA_FOLDER / Corpora.VERDICTS
    with given.row_progress("Asking", count_questions(corpora)) as advance:
        asked = ask_corpora(corpora, reader, advance)
    questions = [*judged_questions(asked), *(each for path in rows or () for each in read_judged(path))]
    fitted = fit_verdicts(questions, shown_from)
    with writing_to(out):
        out.write_text(json.dumps(asdict(fitted.model), indent=1) + "\n", encoding="utf-8")
    if as_json:
        by_source = {source: asdict(point) for source, point in fitted.by_source.items()}
        curve = [asdict(point) for point in fitted.curve]
        given.print_json(shape("train_verdicts", {"curve": curve, "by_source": by_source}))
        return
    given.out.print(f"Fitted on {fitted.model.fitted_on} questions; on corpora left out of the fit:")
    given.out.print(_points_table("shown from", {f"{point.shown_from:.2f}": point for point in fitted.curve}))
    given.out.print(f"From {shown_from:.2f} on:")
    given.out.print(_points_table("source", fitted.by_source))
    given.out.print(f"Written to {out}.")


@train_app.command()
def refusal(
    context: typer.Context,
    rows: Annotated[
        list[Path] | None, typer.Option("--rows", help="Files of `attache eval --rows` to fit on, too, by folder.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The file to write the model to.")] = REFUSAL_FILE,
    weights: Weights = None,
    wrongly_refused: Annotated[
        float, typer.Option("--wrongly-refused", min=0.01, max=0.5, help="Share of answerable questions it may refuse.")
    ] = 0.10,
    as_json: AsJson = False,
) -> None:
    """Fit when questions for a fact are refused on those of the written corpora."""
    given: Context = context.obj
    reader = PackagedReader(weights, None) if weights else None
    corpora = CORPORA_FOLDER / Corpora.VERDICTS
    with given.row_progress("Asking", count_questions(corpora, asks_fact)) as advance:
        asked = ask_corpora(corpora, reader, advance, is_asked=asks_fact)
    questions = [
        *measured_questions(WRITTEN, chain.from_iterable(asked.values())),
        *(each for path in rows or () for each in read_measured(path)),
    ]
    found = calibrate(questions, wrongly_refused=wrongly_refused, today=datetime.now(UTC).date().isoformat())
    with writing_to(out):
        out.write_text(json.dumps(asdict(found.model), indent=2) + "\n", encoding="utf-8")
    if as_json:
        given.print_json(shape("train_refusal", {"auc": found.auc, "curve": [asdict(point) for point in found.curve]}))
        return
    given.out.print(curve_table(found))
    given.out.print(f"Area under the ROC curve {found.auc:.3f}; chosen threshold {found.model.threshold:.3f}.")
    given.out.print(f"Written to {out}.")


@train_app.command()
def proofs(
    context: typer.Context,
    drafts: Annotated[
        list[Path] | None, typer.Argument(help="Further files of drafts to fit on, beside the packaged ones.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The file to write the model to.")] = PROOFS_FILE,
    weights: Weights = None,
    shown_from: Annotated[
        float, typer.Option("--shown-from", min=0, max=1, help="The probability that a shown sentence has to have.")
    ] = SENTENCE_SHOWN_FROM,
    as_json: AsJson = False,
) -> None:
    """Fit the model that tells whether quotes say a written sentence, on drafts with planted faults."""
    given: Context = context.obj
    rows = [row for path in (DRAFTS_FOLDER / "drafts.jsonl", *(drafts or ())) for row in read_drafts(path)]
    prover = Prover(PackagedReader(weights, None) if weights else PackagedReader())
    with given.row_progress("Weighing", len(rows)) as advance:
        fitted = fit_proofs(judge(prover, rows, advance), shown_from)
    with writing_to(out):
        out.write_text(json.dumps(asdict(fitted.model), indent=1) + "\n", encoding="utf-8")
    curve = [asdict(point) for point in fitted.curve]
    if as_json:
        given.print_json(shape("train_proofs", {"fitted_on": fitted.model.fitted_on, "curve": curve}))
        return
    given.out.print(f"Fitted on {fitted.model.fitted_on} sentences; on articles left out of the fit:")
    table = Table("shown from", "faults caught", "true dropped", box=None, padding=(0, 2, 0, 0))
    for point in curve:
        table.add_row(*(f"{point[name]:.3f}" for name in ("shown_from", "faults_caught", "true_dropped")))
    given.out.print(table)
    given.out.print(f"Written to {out}.")


def _points_table(first: str, points: Mapping[str, VerdictPoint]) -> Table:
    table = Table(
        first, "questions", "accuracy", "definite", "of them right", "yes/no flips", "others refused",
        box=None, padding=(0, 2, 0, 0),
    )  # fmt: skip
    for name, point in points.items():
        shares = (point.definite_right, point.flips, point.others_refused)
        table.add_row(
            name, str(point.questions), f"{point.accuracy:.3f}", str(point.definite),
            *(f"{share:.3f}" for share in shares),
        )  # fmt: skip
    return table
