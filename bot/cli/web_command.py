"""`attache web`."""

from typing import Annotated

import typer

from bot.cli.context import Context, well_formed


def register(app: typer.Typer) -> None:
    """Register the command of this module."""
    app.command()(web)


def web(
    context: typer.Context,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; any but this machine's own needs ATTACHE_WEB_TOKEN.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 for any free one.")] = 8001,
    collection: Annotated[
        list[str] | None, typer.Option("--collection", help="Also show this private collection; repeatable.")
    ] = None,
    feeds: Annotated[bool, typer.Option("--feeds", help="Also list feeds in trouble.")] = False,
    unanswered: Annotated[
        list[int] | None,
        typer.Option(
            "--unanswered", metavar="SERVER", help="Also list this Discord server's unanswered questions; repeatable."
        ),
    ] = None,
) -> None:
    """Serve a page to look around in: search, stories, articles, edits, timelines, coverage; it changes nothing."""
    from bot.cli.web_run import run_web  # noqa: PLC0415 - imports everything that answers, and Datasette

    shared: Context = context.obj
    collections = tuple(map(well_formed, collection or ()))
    run_web(shared, well_formed(host), port, collections, feeds=feeds, servers=tuple(unanswered or ()))
