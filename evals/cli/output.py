"""What measuring and training commands share: printing figures, and writing a model to the file that was named."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.context import Context
from bot.render.envelope import shape
from bot.render.terminal import figures_table
from corpus.errors import BadInput

Weights = Annotated[Path | None, typer.Option("--weights", help="Other weights of the reader.")]


def show_figures(context: Context, kind: str, figures: dict[str, Any], *, as_json: bool) -> None:
    """Print figures as a table, or as a JSON document of this kind."""
    if as_json:
        context.print_json(shape(kind, figures))
    else:
        context.out.print(figures_table(figures))


def show_sets(context: Context, kind: str, figures: dict[str, Any], *, as_json: bool) -> None:
    """Print the figures of several sets, each under its name, or as a JSON document of this kind."""
    if as_json:
        context.print_json(shape(kind, figures))
        return
    for name, found in figures.items():
        context.out.print(f"{name}:")
        context.out.print(figures_table(found))


@contextmanager
def writing_to(path: Path) -> Iterator[Path]:
    """Yield a path to write to; a failure to do so becomes a sentence.

    Raises:
        BadInput: the file can't be written.
    """
    try:
        yield path
    except OSError as error:
        raise BadInput(f"The file {path} can't be written ({error.strerror}).", "Choose another.") from error
