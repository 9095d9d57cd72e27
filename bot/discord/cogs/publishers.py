"""`/corpus publisher`: operators edit the facts about a publisher for all servers."""

import asyncio
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.bot import AttacheBot
from bot.discord.cogs._admin import Admin, admin_command, record_action
from bot.discord.scope import LONGEST_PUBLISHER
from bot.discord.views.escape import brief, escape, publisher_facts
from bot.service.publishers import edit_publisher
from corpus.publishers.directory import PublisherEdit
from corpus.publishers.publisher import Kind

LONGEST_SOURCE = 300
LONGEST_DOMAIN = 253
KINDS = [app_commands.Choice(name=kind.value, value=kind.value) for kind in Kind if kind is not Kind.OWN_BRIEF]


class PublisherCommands(commands.Cog):
    """Adds the command to `/corpus`."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Add the command to `/corpus`."""
        corpus = self.bot.tree.get_command("corpus")
        assert isinstance(corpus, app_commands.Group)
        corpus.add_command(_make_command(self.bot), override=True)


# Built for each bot, because a command belongs to one group.
def _make_command(bot: AttacheBot) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(description="Change the facts about a publisher for all servers (operators only)")
    @app_commands.describe(
        name="Its name, or its domain",
        kind="What it is",
        country="Two letters of ISO 3166, such as QA",
        state_controlled="Whether a state controls it",
        domain="Domain of its pages",
        source="Where that is stated",
    )
    @app_commands.choices(kind=KINDS)
    async def publisher(
        interaction: discord.Interaction[AttacheBot],
        name: app_commands.Range[str, 1, LONGEST_PUBLISHER],
        kind: str | None = None,
        country: app_commands.Range[str, 2, 2] | None = None,
        state_controlled: bool | None = None,
        domain: app_commands.Range[str, 1, LONGEST_DOMAIN] | None = None,
        source: app_commands.Range[str, 1, LONGEST_SOURCE] | None = None,
    ) -> None:
        domains = (domain,) if domain else None
        edit = PublisherEdit(domains, country, Kind(kind) if kind else None, state_controlled, source)
        async with admin_command(bot, interaction) as admin:
            await _change(admin, name, edit)

    return publisher


async def _change(admin: Admin, name: str, edit: PublisherEdit) -> None:
    admin.check_operator()
    settings, phrases = admin.bot.settings, admin.scope.phrases
    # In a thread: another writer may hold the lock for a while.
    found = await asyncio.to_thread(edit_publisher, settings, name, edit)
    facts = publisher_facts(found.country, found.kind, phrases, is_state=found.state_controlled)
    shown = escape(brief(found.name, LONGEST_PUBLISHER))
    await record_action(admin, "corpus publisher", found.name)
    await admin.say("publisher-changed", name=f"{shown} ({facts})" if facts else shown)
