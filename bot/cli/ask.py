"""`attache ask`, `attache search` and `attache verify`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import AsJson, Write
from bot.cli.filter_options import Collection, Language, Publisher, Since, Until, filters_of


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(ask)
    app.command()(search)
    app.command()(verify)


def ask(  # noqa: PLR0913, PLR0917 - an option each
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question.")],
    publisher: Publisher = None,
    collection: Collection = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    write: Write = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question with quotes and sources; exit code 3 if no article answers it."""
    from bot.cli.ask_run import answer  # noqa: PLC0415 - takes most of a second

    filters = filters_of(publisher, collection, since, until, language)
    answer(context.obj, question, filters, write=write, as_json=as_json)


def verify(
    context: typer.Context,
    answer: Annotated[Path, typer.Argument(help="File with what `attache ask --write --json` printed.")],
    as_json: AsJson = False,
) -> None:
    """Check the quotes of a written answer, and prove its sentences again; exit code 1 if anything fails."""
    from bot.cli.ask_run import verify_file  # noqa: PLC0415 - takes most of a second

    verify_file(context.obj, answer, as_json=as_json)


def search(  # noqa: PLR0913, PLR0917 - an option each
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words to search for.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="Maximum number of passages.")] = 10,
    publisher: Publisher = None,
    collection: Collection = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Show the best passages with their scores; exit code 3 if there are none."""
    from bot.cli.ask_run import show_passages  # noqa: PLC0415 - takes most of a second

    filters = filters_of(publisher, collection, since, until, language)
    show_passages(context.obj, query, limit, filters, as_json=as_json)
