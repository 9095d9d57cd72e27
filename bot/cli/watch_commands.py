"""`attache watches`: the questions that members of Discord servers watch, listed and removed by the operator."""

from typing import Annotated

import typer
from rich.text import Text

from bot.cli.context import LARGEST_NUMBER, AsJson, Context
from bot.render.envelope import shape
from bot.render.formatters import plural
from bot.render.watch_words import show_watches, watches_shape
from bot.service import watched_answers as service

group = typer.Typer(help="Show the questions that members of Discord servers watch; remove some.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    group.command(name="list")(show_all)
    group.command()(remove)
    app.add_typer(group, name="watches")


def show_all(context: typer.Context, as_json: AsJson = False) -> None:
    """List every watched question with its server, and why its watcher can't be told, if so."""
    shared: Context = context.obj
    found = service.read_watches(shared.settings)
    if as_json:
        shared.print_json(watches_shape(found))
    else:
        show_watches(shared.out, found)


def remove(
    context: typer.Context,
    numbers: Annotated[
        list[int],
        typer.Argument(max=LARGEST_NUMBER, metavar="NUMBER...", help="Their numbers in `attache watches list`."),
    ],
    as_json: AsJson = False,
) -> None:
    """Remove watches, also while the bot runs; if one does not exist, none is removed."""
    shared: Context = context.obj
    service.remove_watches(shared.settings, numbers)
    count = len(dict.fromkeys(numbers))
    if as_json:
        shared.print_json(shape("watch_removal", {"removed": count}))
    else:
        shared.out.print(Text(f"Removed {plural(count, 'watch', 'watches')}."))
