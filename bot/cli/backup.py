"""`attache export`, `attache backup` and `attache restore`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from bot.cli.context import AsJson, Context, well_formed
from bot.cli.filter_options import Collection
from bot.render.envelope import shape
from bot.render.formatters import plural
from bot.render.sizes import size
from bot.service.backup import back_up
from bot.service.backup_manifest import read_manifest
from bot.service.export import export_corpus
from bot.service.restore import restore as restore_backup


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(export)
    app.command()(backup)
    app.command()(restore)


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, .jsonl or .jsonl.gz.")],
    collection: Collection = None,
    as_json: AsJson = False,
) -> None:
    """Write every article with its former texts to a file that `attache ingest` restores without loss."""
    shared: Context = context.obj
    report = export_corpus(shared.settings, file, [well_formed(each) for each in collection or ()])
    if as_json:
        shared.print_json(shape("export", {**asdict(report), "path": str(report.path)}))
    else:
        what = f"{plural(report.articles, 'article')} with {plural(report.versions, 'former text')}"
        shared.out.print(Text(f"Wrote {what} to {report.path} ({size(report.bytes)})."))


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet.")],
    as_json: AsJson = False,
) -> None:
    """Copy the data folder while it is in use: articles, vectors, index, calibration, and the bot's records."""
    shared: Context = context.obj
    manifest = back_up(shared.settings, folder, shared.notify)
    if as_json:
        shared.print_json(shape("backup", {"folder": str(folder), **asdict(manifest)}))
    else:
        shared.out.print(
            Text(f"Backed up {plural(manifest.articles, 'article')} to {folder} ({size(manifest.bytes)}).")
        )


def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that `attache backup` made.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a data folder that is not empty.")] = False,
    as_json: AsJson = False,
) -> None:
    """Verify a backup and replace the data folder with it; stop the bot first."""
    shared: Context = context.obj
    manifest = read_manifest(folder)
    former = restore_backup(shared.settings, folder, force=force)
    if as_json:
        content = {"articles": manifest.articles, "created_at": manifest.created_at, "former": former and str(former)}
        shared.print_json(shape("restore", content))
        return
    shared.out.print(Text(f"Restored {plural(manifest.articles, 'article')} as of {manifest.created_at}."))
    if former:
        shared.out.print(Text(f"The old data folder is now {former}; delete it when you are sure."))
