"""`/stories`: admins merge and split stories of their server's own articles."""

import asyncio
import re

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._admin import admin_command, admin_group, record_action
from bot.discord.cogs._autocomplete import story_numbers
from bot.discord.scope import server_collection
from bot.service.stories import merge_stories, split_story
from corpus.errors import BadInput

LONGEST_LIST = 300
# SQLite's numbers.
_LARGEST = 2**53
StoryNumber = app_commands.Range[int, 1, _LARGEST]


class StoryAdmin(commands.Cog):
    """The admins' commands about stories."""

    stories = admin_group("stories", "Merge and split the stories of this server's own articles")

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot

    @stories.command(description="Move this server's own articles of a story into another story, for good")
    @app_commands.describe(number="The story: choose from the list", into="The story to move them into")
    async def merge(self, interaction: discord.Interaction[AttacheBot], number: StoryNumber, into: StoryNumber) -> None:
        """Merge a story into another."""
        async with admin_command(self.bot, interaction) as admin:
            collection = server_collection(admin.server_id)
            target = await asyncio.to_thread(merge_stories, self.bot.settings, number, into, collection=collection)
            await record_action(admin, "stories merge", f"{number} → {target}")
            await admin.say("story-merged", number=str(number), into=str(target))

    @stories.command(description="Move this server's own articles out of a story into a new one, for good")
    @app_commands.describe(number="The story: choose from the list", articles="The articles' numbers, such as 12 17")
    async def split(
        self,
        interaction: discord.Interaction[AttacheBot],
        number: StoryNumber,
        articles: app_commands.Range[str, 1, LONGEST_LIST],
    ) -> None:
        """Split articles off a story."""
        async with admin_command(self.bot, interaction) as admin:
            ids = [int(each) for each in re.findall(r"\d{1,15}", articles)]
            if not ids:
                raise BadInput("There is no number of an article in that.", "Write them like 12 17.")
            collection = server_collection(admin.server_id)
            created = await asyncio.to_thread(split_story, self.bot.settings, number, ids, collection=collection)
            await record_action(admin, "stories split", f"{number}: {', '.join(map(str, ids))} → {created}")
            await admin.say("story-split", number=str(number), created=str(created))

    @merge.autocomplete("number")
    @split.autocomplete("number")
    async def complete_own(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[int]]:
        """Offer stories with an article of the server's own."""

        async def choices() -> list[app_commands.Choice[int]]:
            _, server_id = await self.bot.admin_scope(interaction)
            return await story_numbers(interaction, typed, server_collection(server_id))

        return await safe_choices(choices())

    @merge.autocomplete("into")
    async def complete_into(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[int]]:
        """Offer stories of what the server reads."""

        async def choices() -> list[app_commands.Choice[int]]:
            await self.bot.admin_scope(interaction)
            return await story_numbers(interaction, typed, "")

        return await safe_choices(choices())
