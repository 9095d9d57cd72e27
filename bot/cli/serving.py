"""`attache bot`."""

import asyncio
import logging
from typing import Annotated

import typer

from bot.cli.context import Context
from bot.service import Attache


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(bot)


def bot(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check token shape, corpus, index and commands without connecting.")
    ] = False,
) -> None:
    """Run the Discord bot until it is told to stop."""
    # PLC0415: discord.py takes a third of the start of every other command, none of which needs it.
    from bot.discord.running import command_names, read_token, run_bot  # noqa: PLC0415 - see above

    shared: Context = context.obj
    settings = shared.settings
    read_token(settings)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with Attache(settings, notify=shared.notify) as attache:
        if dry_run:
            attache.open()
            names = asyncio.run(command_names(settings, attache))
            shared.out.print(f"Token, corpus and index are in order; commands: {', '.join(names)}. Nothing was sent.")
        else:
            asyncio.run(run_bot(settings, attache))
