"""`attache ingest` and `attache reindex`."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.context import AsJson, Context, ExitCode, Wait, collection_name, well_formed
from bot.cluster.ray_cluster import ClusterOptions, RayCluster, open_cluster
from bot.render.envelope import shape
from bot.render.json_shapes import ingest_shape
from bot.render.terminal import show_ingest, show_refresh
from bot.service import ingest as service
from bot.service.sessions import load_embedder
from bot.settings import Settings
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


Ray = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="ADDRESS",
        help="Work on a Ray cluster: `local` starts one here, `auto`, HOST:6379 or ray://HOST:10001 join one.",
    ),
]
RayWorkers = Annotated[
    int,
    typer.Option(
        "--ray-workers", min=0, help="Workers on it. [default: one for each processor or GPU]", show_default=False
    ),
]
RayGpus = Annotated[
    float | None,
    typer.Option(
        "--ray-gpus",
        min=0,
        max=16,
        help="GPUs for each worker that embeds, such as 0.5. [default: 1 where the cluster has any]",
        show_default=False,
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
    ray: Ray = None,
    ray_workers: RayWorkers = 0,
    ray_gpus: RayGpus = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Add articles; unreadable ones are listed with the reason and skipped (exit code 1)."""
    shared: Context = context.obj
    settings = shared.settings
    options = service.ingest_options(
        settings,
        collection=collection_name(collection) if collection else None,
        publisher=well_formed(publisher) if publisher else None,
        columns=well_formed(columns) if columns else None,
        title=well_formed(title) if title else None,
        date=well_formed(date) if date else None,
    )
    given = list(map(service.parse_source, sources))
    with _cluster(settings, ray, ray_workers, ray_gpus) as cluster, shared.ingest_progress() as progress:
        report = service.ingest(
            settings, load_embedder(settings), given, options, wait_s=wait, progress=progress, cluster=cluster
        )
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
    ray: Ray = None,
    ray_workers: RayWorkers = 0,
    ray_gpus: RayGpus = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Embed texts that have no vector yet, and build the index if anything changed."""
    shared: Context = context.obj
    settings = shared.settings
    with _cluster(settings, ray, ray_workers, ray_gpus) as cluster, shared.ingest_progress() as progress:
        report = service.reindex(
            settings, load_embedder(settings), full=full, wait_s=wait, progress=progress, cluster=cluster
        )
    if as_json:
        shared.print_json(shape("reindex", asdict(report)))
    else:
        show_refresh(shared.out, report)
    if report.problem:
        raise typer.Exit(ExitCode.FAILURE)


def _cluster(
    settings: Settings, address: str | None, workers: int, gpus: float | None
) -> AbstractContextManager[RayCluster | None]:
    """Return the cluster of the options, to connect to."""
    return open_cluster(ClusterOptions(address, workers, gpus), settings.model) if address else nullcontext()
