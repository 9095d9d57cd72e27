"""`attache train`."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from bot.answering.attributing.tagger import WEIGHTS_FILE
from bot.cli.context import AsJson, Context
from bot.evaluation.attributions import read_annotated
from bot.rendering.envelope import shape
from corpus.errors import BadInput

train_app = typer.Typer(help="Fit what the program learns from data.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    train_app.callback()(_keep_group)
    train_app.command("attributions")(train_attributions)
    app.add_typer(train_app, name="train")


def _keep_group() -> None:
    """Fit what the program learns from data."""


def train_attributions(
    context: typer.Context,
    articles: Annotated[Path, typer.Argument(help="JSONL or JSONL.gz of annotated articles.")],
    out: Annotated[Path, typer.Option("--out", help="Where the weights are written.")] = WEIGHTS_FILE,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often every article is seen.")] = 10,
    leave_out: Annotated[
        int | None, typer.Option("--leave-out", min=2, help="Leave every n-th article out, to measure on.")
    ] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, help="CPU threads; no more than idle cores.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Train the tagger that finds attributions."""
    # PLC0415: torch takes seconds to import, and no other command needs this.
    from bot.training.fitting import train_tagger  # noqa: PLC0415 - see above

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
