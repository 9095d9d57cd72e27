"""`attache ingest` and `attache reindex`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import AsJson, Context, ExitCode, well_formed
from bot.render.envelope import shape
from bot.render.json_shapes import ingest_shape, refresh_fields
from bot.render.terminal import show_ingest, show_refresh
from bot.service.ingest import ingest as feed
from bot.service.ingest import is_package
from bot.service.ingest import reindex as bring_up_to_date
from bot.service.links import is_link
from corpus.article import SHARED_COLLECTION
from corpus.formats.table import parse_columns
from corpus.ingest import IngestOptions
from index.embedding.embedder import SentenceEmbedder

Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait while another program is writing.")]
Columns = Annotated[
    str | None, typer.Option("--columns", help="Which columns of tables to read: title=headline,body=text,...")
]
Collection = Annotated[
    str | None,
    typer.Option(
        "--collection", help=f"The collection to put them in. [default: {SHARED_COLLECTION}]", show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(ingest)
    app.command()(reindex)


def ingest(
    context: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH_OR_LINK",
            help="Files and folders of the kinds that docs/commands.md lists, links to articles (https://...), or the"
            " word `factbook`.",
        ),
    ],
    collection: Collection = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", help="The publisher of articles that state none.")
    ] = None,
    columns: Columns = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Take articles in; what can't be read is named with its reason and skipped (exit code 1), the rest goes in."""
    shared: Context = context.obj
    settings = shared.settings
    options = IngestOptions(
        well_formed(collection or SHARED_COLLECTION),
        well_formed(publisher) if publisher else None,
        settings.max_article_mb * 1024 * 1024,
        columns=parse_columns(well_formed(columns)) if columns else None,
        # Exported articles go back where they were, unless another place is named.
        restores=collection is None,
    )
    given = [source if is_link(source) or is_package(source) else Path(source) for source in sources]
    with shared.feed_progress() as progress:
        report = feed(settings, SentenceEmbedder(settings.model), given, options, wait_s=wait, progress=progress)
    if as_json:
        shared.print_json(ingest_shape(report))
    else:
        show_ingest(shared.out, report)
    if report.ingest.rejected:
        raise typer.Exit(ExitCode.FAILURE)


def reindex(
    context: typer.Context,
    full: Annotated[
        bool,
        typer.Option("--full", help="Cut every article's passages again by today's rules; stored vectors are reused."),
    ] = False,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Embed what has no vector yet, and build the vector index if anything changed."""
    shared: Context = context.obj
    settings = shared.settings
    with shared.feed_progress() as progress:
        report = bring_up_to_date(settings, SentenceEmbedder(settings.model), full=full, wait_s=wait, progress=progress)
    if as_json:
        shared.print_json(shape("reindex", refresh_fields(report)))
    else:
        show_refresh(shared.out, report)
