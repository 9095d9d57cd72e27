"""`/corpus publisher`: operators change what is said of a publisher everywhere."""

import asyncio
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.bot import AttacheBot
from bot.discord.cogs._admin import Admin, administering, note_act
from bot.discord.scope import LONGEST_PUBLISHER
from bot.discord.views.escape import brief, escape, publisher_facts
from bot.service.publishers import edit_publisher
from corpus.publishers.directory import Edit
from corpus.publishers.publisher import Kind

LONGEST_SOURCE = 300
LONGEST_DOMAIN = 253
KINDS = [app_commands.Choice(name=kind.value, value=kind.value) for kind in Kind if kind is not Kind.OWN_BRIEF]


class PublishersFeature(commands.Cog):
    """The table of publishers, which all servers share."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Puts the command under `/corpus`."""
        corpus = self.bot.tree.get_command("corpus")
        assert isinstance(corpus, app_commands.Group)
        corpus.add_command(_make_command(self.bot), override=True)


# Made for each bot: a command belongs to the group that it stands in.
def _make_command(bot: AttacheBot) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(description="Change what is said of a publisher in all servers (operators only)")
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
        edit = Edit(domains, country, Kind(kind) if kind else None, state_controlled, source)
        async with administering(bot, interaction) as admin:
            await _change(admin, name, edit)

    return publisher


async def _change(admin: Admin, name: str, edit: Edit) -> None:
    admin.check_operator()
    settings, phrases = admin.bot.settings, admin.scope.phrases
    # Another writer may hold the corpus for a while: that must not hold up the bot.
    found = await asyncio.to_thread(edit_publisher, settings, name, edit)
    facts = publisher_facts(found.country, found.kind, phrases, is_state=found.state_controlled)
    shown = escape(brief(found.name, LONGEST_PUBLISHER))
    await note_act(admin, "corpus publisher", found.name)
    await admin.say("publisher-changed", name=f"{shown} ({facts})" if facts else shown)
