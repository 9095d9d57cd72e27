"""Autocomplete choices of publishers, articles and stories, only of what the user may read."""

import re
from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands
from sqlite_utils import Database

from bot.discord.views.escape import brief, truncate, visible
from bot.render.formatters import publisher_words
from bot.service.lookups import find_by_words, publisher_names
from bot.service.stories import suggest_stories
from corpus.publishers.directory import Publishers
from index.filters import Filters

# discord.com/developers/docs/interactions/application-commands: 25 choices, 100 characters of name and value.
MAX_CHOICES = 25
LONGEST_CHOICE = 100
# Digits that SQLite can store.
_LONGEST_NUMBER = 18


async def publisher_choices(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
    """Return the publishers whose name contains the typed text, those with the most articles first."""
    scope = await interaction.client.scope_of(interaction, private=True)
    allowed = {name.casefold() for name in scope.channel.publishers}
    hidden = {name.casefold() for name in scope.settings.hidden_publishers}

    def find(db: Database) -> list[app_commands.Choice[str]]:
        names = publisher_names(db, scope.collections)
        shown = (each for each in names if each.casefold() not in hidden)
        return matching_choices(((each, each) for each in shown if not allowed or each.casefold() in allowed), typed)

    # In that thread, since there may be thousands.
    found: list[app_commands.Choice[str]] = await interaction.client.corpus_reader.run(find)
    return found


async def article_choices(
    interaction: discord.Interaction[Any], typed: str, collections: tuple[str, ...] | None = None
) -> list[app_commands.Choice[str]]:
    """Return the articles with all typed words in title or publisher, newest first; the values are their numbers.

    With explicit `collections`, articles of hidden publishers are included, so that they can be removed.
    """
    scope = await interaction.client.scope_of(interaction, private=True)
    filters = scope.filters() if collections is None else Filters(collections=collections)
    found = await interaction.client.corpus_reader.run(
        lambda db: find_by_words(db, filters, typed.split(), MAX_CHOICES)
    )
    # They were found by their words, wherever these stand.
    return matching_choices(
        ((str(each.id), choice_name(each.title, publisher_words(each), each.published_at)) for each in found), ""
    )


async def story_choices(
    interaction: discord.Interaction[Any], typed: str, own: str | None = None
) -> list[app_commands.Choice[str]]:
    """Return the stories with all typed words in a headline or publisher, the latest first; the values are numbers.

    `own` is as in `suggest_stories`.
    """
    scope = await interaction.client.scope_of(interaction, private=True)
    filters = scope.filters()
    found = await interaction.client.corpus_reader.run(
        lambda db: suggest_stories(db, filters, Publishers(db), typed, MAX_CHOICES, own=own)
    )
    return matching_choices(((str(each.id), choice_name(each.title, None, each.last_day)) for each in found), "")


async def story_numbers(interaction: discord.Interaction[Any], typed: str, own: str) -> list[app_commands.Choice[int]]:
    """Return what `story_choices` does for admins, for an option that is a number."""
    found = await story_choices(interaction, typed, own)
    return [app_commands.Choice(name=each.name, value=int(each.value)) for each in found]


def matching_choices(named: Iterable[tuple[str, str]], typed: str) -> list[app_commands.Choice[str]]:
    """Return the choices whose name contains the typed text, as many as Discord shows.

    Those in which it begins a word come first, else they keep their order.

    Args:
        named: value and name of each; those whose value is too long are left out, names are cut.
        typed: what the user has typed; case is ignored.
    """
    wanted = typed.casefold().strip()
    found = [each for each in named if wanted in each[1].casefold() and len(each[0]) <= LONGEST_CHOICE]
    if wanted:
        found.sort(key=lambda each: not re.search(rf"\b{re.escape(wanted)}", each[1].casefold()))
    return [
        app_commands.Choice(name=truncate(name, LONGEST_CHOICE), value=value) for value, name in found[:MAX_CHOICES]
    ]


def chosen_number(text: str) -> int:
    """Return the number that is the value of a choice; 0, which nothing has, for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else 0


def choice_name(title: str | None, publisher: str | None, published_at: str | None) -> str:
    """Return `Title · Publisher · 2024-09-09` in at most 100 characters; a long title is truncated."""
    tail = "".join(f" · {part}" for part in (brief(publisher or "", 30), (published_at or "")[:10]) if part)
    return truncate(visible(title or "") or "?", LONGEST_CHOICE - len(tail)) + tail
