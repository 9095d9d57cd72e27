"""`attache bot` and `attache sync`."""

import asyncio
import os
from collections.abc import Iterator
from typing import Annotated

import typer

from bot.cli.context import Context
from bot.service.attache import Attache
from bot.service.folder_checks import refuse_newer_folder
from bot.service.lookups import list_publishers
from bot.service.process_memory import share_arenas
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.starter import STARTER_PUBLISHER
from index.filters import Filters


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
    from bot.discord.process import UNKNOWN_APPLICATION, command_names, invite_link, read_token, run_bot  # noqa: PLC0415 - discord.py loads slowly
    from bot.ops.log import configure_logging  # noqa: PLC0415 - discord.py loads slowly
    from bot.ops.metrics import Metrics  # noqa: PLC0415 - discord.py loads slowly
    from bot.ops.service_manager import Notifier  # noqa: PLC0415 - discord.py loads slowly

    # Before the first thread.
    share_arenas()
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
            link = invite_link(settings)
            for note in dry_run_notes(settings, knows_application=UNKNOWN_APPLICATION not in link):
                shared.out.print(f"Note: {note}")
            shared.out.print(f"Add the bot to a server: {link}", soft_wrap=True)
        else:
            asyncio.run(run_bot(settings, attache, Metrics(), Notifier.from_environment(os.environ)))


def dry_run_notes(settings: Settings, *, knows_application: bool) -> Iterator[str]:
    """Yield what the bot would run without, and what that means.

    Args:
        settings: the settings; the corpus is there.
        knows_application: whether the link that adds the bot names its application.
    """
    with reading(settings.data_dir) as db:
        publishers = list_publishers(db, Filters())
    if all(each.publisher == STARTER_PUBLISHER for each in publishers):
        yield (
            "the only articles are the project's own background briefs. Add news with `attache ingest` and "
            "`attache feeds add`."
        )
    if not settings.operators:
        yield "nobody can change the shared articles in Discord, since ATTACHE_OPERATORS is empty."
    if not settings.message_content:
        yield (
            "ATTACHE_MESSAGE_CONTENT is off, so every question has to mention the bot, and no channel can have all of "
            "its questions answered."
        )
    if not knows_application:
        yield (
            "the token does not tell the application's id. Copy it from Discord's developer portal, General "
            "Information, into the link."
        )


def sync(context: typer.Context) -> None:
    """Register the bot's commands with Discord; `attache bot` does so itself when they change."""
    from bot.discord.process import sync_commands  # noqa: PLC0415 - discord.py loads slowly

    shared: Context = context.obj
    with Attache(shared.settings, notify=shared.notify) as attache:
        count = asyncio.run(sync_commands(shared.settings, attache))
    shared.out.print(f"Registered {count} commands and menus with Discord; they appear within about a minute.")
