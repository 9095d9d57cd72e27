"""`attache bot` and `attache sync`."""

import asyncio
import os
from typing import Annotated

import typer

from bot.cli.context import Context
from bot.service.attache import Attache


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(bot)
    app.command()(sync)


def bot(
    context: typer.Context,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Check token shape, settings, corpus, index, models and commands; connect to nothing."
        ),
    ] = False,
) -> None:
    """Run the Discord bot until it is told to stop."""
    # PLC0415: discord.py takes a third of the start of every other command, none of which needs it; nor the log.
    from bot.discord.process import command_names, read_token, run_bot  # noqa: PLC0415 - see above
    from bot.ops.log import keep_log  # noqa: PLC0415 - see above
    from bot.ops.metrics import Metrics  # noqa: PLC0415 - see above
    from bot.ops.service_manager import Notifier  # noqa: PLC0415 - see above

    shared: Context = context.obj
    settings = shared.settings
    read_token(settings)
    keep_log(settings.log_format)
    with Attache(settings, notify=shared.notify) as attache:
        if dry_run:
            attache.warm_up()
            names = asyncio.run(command_names(settings, attache))
            shared.out.print(
                f"Token, corpus, index and models are in order; commands: {', '.join(names)}. Nothing was sent."
            )
        else:
            asyncio.run(run_bot(settings, attache, Metrics(), Notifier.from_environment(os.environ)))


def sync(context: typer.Context) -> None:
    """Tell Discord the bot's commands now; `attache bot` does so by itself when they have changed."""
    from bot.discord.process import sync_commands  # noqa: PLC0415 - see above

    shared: Context = context.obj
    with Attache(shared.settings, notify=shared.notify) as attache:
        count = asyncio.run(sync_commands(shared.settings, attache))
    shared.out.print(f"Discord knows {count} commands and menus now; it shows them within a minute or so.")
