"""`attache export`, `attache backup` and `attache restore`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from bot.cli.context import AsJson, Context, well_formed
from bot.render.envelope import shape
from bot.render.formatters import plural
from bot.render.sizes import size
from bot.service.backup import back_up
from bot.service.export import export_corpus
from bot.service.restore import read_backup
from bot.service.restore import restore as put_in_place


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(export)
    app.command()(backup)
    app.command()(restore)


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write, .jsonl or .jsonl.gz.")],
    collection: Annotated[
        list[str] | None, typer.Option("--collection", help="Only this collection; may be given more than once.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write every article with its former texts to a file that `attache ingest` takes back without loss."""
    shared: Context = context.obj
    report = export_corpus(shared.settings, file, [well_formed(each) for each in collection or ()])
    if as_json:
        shared.print_json(shape("export", {**asdict(report), "path": str(report.path)}))
    else:
        what = f"{plural(report.articles, 'article')} with {plural(report.versions, 'former text')}"
        shared.out.print(Text(f"{what} in {report.path} ({size(report.bytes)})."))


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet.")],
    as_json: AsJson = False,
) -> None:
    """Copy the data folder while it is in use: articles, vectors, index, and what the bot keeps of servers."""
    shared: Context = context.obj
    manifest = back_up(shared.settings, folder, shared.notify)
    if as_json:
        shared.print_json(shape("backup", {"folder": str(folder), **asdict(manifest)}))
    else:
        shared.out.print(Text(f"{plural(manifest.articles, 'article')} in {folder} ({size(manifest.bytes)})."))


def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What `attache backup` made.")],
    force: Annotated[
        bool, typer.Option("--force", help="Put it in the place of a data folder with something in it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a backup and put it in the place of the data folder; stop the bot first."""
    shared: Context = context.obj
    manifest = read_backup(folder)
    former = put_in_place(shared.settings, folder, force=force)
    if as_json:
        content = {"articles": manifest.articles, "created_at": manifest.created_at, "former": former and str(former)}
        shared.print_json(shape("restore", content))
        return
    shared.out.print(Text(f"{plural(manifest.articles, 'article')} restored, as of {manifest.created_at}."))
    if former:
        shared.out.print(Text(f"The former data folder lies in {former}; delete it when you are sure."))
