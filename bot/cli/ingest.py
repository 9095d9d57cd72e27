"""`attache ingest` and `attache reindex`."""

from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.context import AsJson, Context, ExitCode, Wait, well_formed
from bot.render.envelope import shape
from bot.render.json_shapes import ingest_shape
from bot.render.terminal import show_ingest, show_refresh
from bot.service import ingest as service
from bot.service.sessions import load_embedder
from corpus.article import SHARED_COLLECTION

Columns = Annotated[
    str | None, typer.Option("--columns", help="Which columns of tables to read: title=headline,body=text,...")
]
Collection = Annotated[
    str | None,
    typer.Option(
        "--collection", help=f"The collection for the articles. [default: {SHARED_COLLECTION}]", show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(ingest)
    app.command()(reindex)


def ingest(  # noqa: PLR0913, PLR0917 - each option is a parameter
    context: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH_OR_LINK",
            help="Files and folders in the formats of docs/commands.md, links (https://...), or `factbook`.",
        ),
    ],
    collection: Collection = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", help="The publisher of articles that state none.")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="The title of the article, if it states none; for one file or link.")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="The publication date of articles that state none, such as 2024-09-09.")
    ] = None,
    columns: Columns = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Add articles; unreadable ones are listed with the reason and skipped (exit code 1)."""
    shared: Context = context.obj
    settings = shared.settings
    options = service.ingest_options(
        settings,
        collection=well_formed(collection) if collection else None,
        publisher=well_formed(publisher) if publisher else None,
        columns=well_formed(columns) if columns else None,
        title=well_formed(title) if title else None,
        date=well_formed(date) if date else None,
    )
    given = list(map(service.parse_source, sources))
    with shared.ingest_progress() as progress:
        report = service.ingest(settings, load_embedder(settings), given, options, wait_s=wait, progress=progress)
    if as_json:
        shared.print_json(ingest_shape(report))
    else:
        show_ingest(shared.out, report)
    if report.ingest.rejected or report.index.problem:
        raise typer.Exit(ExitCode.FAILURE)


def reindex(
    context: typer.Context,
    full: Annotated[
        bool, typer.Option("--full", help="Cut every article into passages again by the current rules; reuses vectors.")
    ] = False,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Embed texts that have no vector yet, and build the index if anything changed."""
    shared: Context = context.obj
    settings = shared.settings
    with shared.ingest_progress() as progress:
        report = service.reindex(settings, load_embedder(settings), full=full, wait_s=wait, progress=progress)
    if as_json:
        shared.print_json(shape("reindex", asdict(report)))
    else:
        show_refresh(shared.out, report)
    if report.problem:
        raise typer.Exit(ExitCode.FAILURE)
