"""The slash commands."""

import logging
import secrets

import discord
from discord import app_commands

from bot.discord.desk import Desk
from bot.discord.replying import reply_to

log = logging.getLogger(__name__)


def add_commands(tree: app_commands.CommandTree[discord.AutoShardedClient], desk: Desk) -> None:
    """Adds every command to a tree."""

    @app_commands.command(name="ask", description="Ask a question; the answer quotes and cites articles.")
    @app_commands.describe(
        question="Your question",
        since="Only articles from this day on, such as 2024-09-09 or last week",
        until="Only articles up to this day",
        publisher="Only articles of this publisher",
        private="Show the answer only to me",
    )
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, 1000],
        since: str | None = None,
        until: str | None = None,
        publisher: str | None = None,
        private: bool = False,
    ) -> None:
        # First of all: Discord gives up on an interaction after three seconds.
        await interaction.response.defer(ephemeral=private, thinking=True)
        async with desk.visit():
            content = await reply_to(desk, question, since=since, until=until, publisher=publisher)
            await interaction.followup.send(content, ephemeral=private, suppress_embeds=True)

    @app_commands.command(name="help", description="What I can do, and how to ask.")
    async def help_(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(
            "Mention me with a question, send it to me directly, or use `/ask`. I answer with quotes from the articles "
            "that my operator feeds me, each with its publisher, date and link, and I say so when they don't hold an "
            "answer.",
            ephemeral=True,
        )

    tree.add_command(ask)
    tree.add_command(help_)
    tree.error(on_command_error)


async def on_command_error(
    interaction: discord.Interaction[discord.AutoShardedClient], error: app_commands.AppCommandError
) -> None:
    """Tells whoever asked in one sentence what went wrong; the log has the rest."""
    incident = secrets.token_hex(4)
    log.error("incident %s in a command", incident, exc_info=error)
    content = f"Something went wrong that should not have (incident {incident}). Please try again."
    if interaction.response.is_done():
        await interaction.followup.send(content, ephemeral=True)
    else:
        await interaction.response.send_message(content, ephemeral=True)
