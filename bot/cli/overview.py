"""`attache coverage`, `attache timeline` and `attache about`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import AsJson, well_formed
from bot.cli.filter_options import Collection, Publisher, Since, Until, filters_of

Picture = Annotated[Path | None, typer.Option("--picture", help="Also draw it into this PNG file.")]
Light = Annotated[bool, typer.Option("--light", help="Draw on a light ground.")]


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(coverage)
    app.command()(timeline)
    app.command()(about)


def coverage(
    context: typer.Context,
    about: Annotated[
        list[str], typer.Argument(metavar="NUMBER_OR_WORDS", help="A story's number, or words to find it.")
    ],
    collection: Collection = None,
    picture: Picture = None,
    light: Light = False,
    as_json: AsJson = False,
) -> None:
    """Show who reports a story and who does not, who was first, and who copied whom; exit code 3 if none is found."""
    from bot.cli.overview_run import run_coverage  # noqa: PLC0415 - takes most of a second

    filters = filters_of(None, collection, None, None)
    run_coverage(context.obj, well_formed(" ".join(about)), filters, picture, dark=not light, as_json=as_json)


def timeline(  # noqa: PLR0913, PLR0917 - each option is an argument
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question.")],
    seen: Annotated[str | None, typer.Option("--seen", help="Mark what came in after this day as new.")] = None,
    publisher: Publisher = None,
    collection: Collection = None,
    since: Since = None,
    until: Until = None,
    picture: Picture = None,
    light: Light = False,
    as_json: AsJson = False,
) -> None:
    """Show the statements that answer a question by date, each quoted; exit code 3 if no article answers it."""
    from bot.cli.overview_run import run_timeline  # noqa: PLC0415 - takes most of a second

    filters = filters_of(publisher, collection, since, until)
    run_timeline(context.obj, well_formed(question), filters, seen, picture, dark=not light, as_json=as_json)


def about(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A country, group or person.")],
    collection: Collection = None,
    as_json: AsJson = False,
) -> None:
    """Show what the articles tell of a country, group or person; exit code 3 if none names it."""
    from bot.cli.overview_run import run_about  # noqa: PLC0415 - takes most of a second

    run_about(context.obj, well_formed(name), filters_of(None, collection, None, None), as_json=as_json)
