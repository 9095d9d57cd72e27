"""Choices for fields that are being typed, only of what the person may read."""

from typing import Any

import discord
from discord import app_commands
from sqlite_utils import Database

from bot.discord.views.escape import brief, shortened, visible
from bot.discord.workers.lookups import titled
from corpus.articles import Articles
from corpus.catalog import publishers
from index.filters import Filters

# discord.com/developers/docs/interactions/application-commands: 25 choices, 100 characters of name and value.
MOST_CHOICES = 25
LONGEST_CHOICE = 100


async def publisher_choices(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
    """Publishers whose name holds what is typed, those with the most articles first."""
    scope = await interaction.client.scope_of(interaction, private=True)
    hidden = {name.casefold() for name in scope.settings.hidden_publishers}

    def read(db: Database) -> list[str]:
        return [each.publisher for each in publishers(db, scope.collections) if each.publisher]

    names = await interaction.client.shelves.run(read)
    return [
        app_commands.Choice(name=name, value=name)
        for name in names
        if typed.casefold().strip() in name.casefold() and name.casefold() not in hidden and len(name) <= LONGEST_CHOICE
    ][:MOST_CHOICES]


async def article_choices(
    interaction: discord.Interaction[Any], typed: str, collections: tuple[str, ...] | None = None
) -> list[app_commands.Choice[str]]:
    """Articles whose title or publisher holds the words that are typed, newest first; the value is the number.

    Of collections that are named outright, articles of hidden publishers are offered too: they are there to be removed.
    """
    scope = await interaction.client.scope_of(interaction, private=True)
    filters = scope.filters() if collections is None else Filters(collections=collections)

    def read(db: Database) -> list[app_commands.Choice[str]]:
        ids = titled(db, filters, typed.split(), MOST_CHOICES)
        facts = Articles(db).facts(ids)
        return [
            app_commands.Choice(name=choice_name(each.title, each.publisher, each.published_at), value=str(each.id))
            for each in (facts[article_id] for article_id in ids)
        ]

    choices: list[app_commands.Choice[str]] = await interaction.client.shelves.run(read)
    return choices


def choice_name(title: str | None, publisher: str | None, published_at: str | None) -> str:
    """`Title · Publisher · 2024-09-09` within 100 characters; the title gives way."""
    tail = "".join(f" · {part}" for part in (brief(publisher or "", 30), (published_at or "")[:10]) if part)
    return shortened(visible(title or "") or "?", LONGEST_CHOICE - len(tail)) + tail
