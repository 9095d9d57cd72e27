"""`attache bot` and `attache sync`."""

import asyncio
import os
from typing import Annotated

import typer

from bot.cli.context import Context
from bot.service.attache import Attache
from bot.service.folder_checks import refuse_newer_folder


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(bot)
    app.command()(sync)


def bot(
    context: typer.Context,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Check the token's form, settings, corpus, index, models and commands, without connecting.",
        ),
    ] = False,
) -> None:
    """Run the Discord bot until it is stopped."""
    from bot.discord.process import command_names, invite_link, read_token, run_bot  # noqa: PLC0415 - discord.py loads slowly
    from bot.ops.log import configure_logging  # noqa: PLC0415 - discord.py loads slowly
    from bot.ops.metrics import Metrics  # noqa: PLC0415 - discord.py loads slowly
    from bot.ops.service_manager import Notifier  # noqa: PLC0415 - discord.py loads slowly

    shared: Context = context.obj
    settings = shared.settings
    read_token(settings)
    configure_logging(settings.log_format)
    with Attache(settings, notify=shared.notify) as attache:
        if dry_run:
            refuse_newer_folder(settings.data_dir)
            attache.warm_up()
            names = ", ".join(asyncio.run(command_names(settings, attache)))
            shared.out.print(f"Token, corpus, index and models are fine. Commands: {names}. Nothing was sent.")
            shared.out.print(f"Add the bot to a server: {invite_link(settings)}", soft_wrap=True)
        else:
            asyncio.run(run_bot(settings, attache, Metrics(), Notifier.from_environment(os.environ)))


def sync(context: typer.Context) -> None:
    """Register the bot's commands with Discord; `attache bot` does so itself when they change."""
    from bot.discord.process import sync_commands  # noqa: PLC0415 - discord.py loads slowly

    shared: Context = context.obj
    with Attache(shared.settings, notify=shared.notify) as attache:
        count = asyncio.run(sync_commands(shared.settings, attache))
    shared.out.print(f"Registered {count} commands and menus with Discord; they appear within about a minute.")
