"""`python -m evals train ...`: trains the models from annotated data."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bot.answering.attribution.tagger import WEIGHTS_FILE
from bot.cli.context import AsJson, Context
from bot.render.envelope import shape
from corpus.errors import BadInput
from evals.quality.attributions import read_annotated
from evals.training.fit_tagger import train_tagger

train_app = typer.Typer(help="Train the models from annotated data.", no_args_is_help=True)


@train_app.callback()
def _keep_group() -> None:
    """Forces Typer to build a group for a single command."""


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
    try:
        with out.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
    except OSError as error:
        raise BadInput(f"The file {out} can't be written ({error.strerror}).", "Choose another.") from error
    if as_json:
        shared.print_json(shape("train_attributions", {"articles": len(rows), "losses": losses, "written": str(out)}))
    else:
        shared.out.print(f"Trained on {len(rows):,} articles; mean loss by round: {losses}.")
        shared.out.print(f"Written to {out}.")
