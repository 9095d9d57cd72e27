"""`/help`, `/about`, `/privacy` and `/my-data`: the bot itself, and what it stores about a user."""

import asyncio
import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.bot import AttacheBot
from bot.discord.cogs._private_reply import private_reply, reply_in_place
from bot.discord.cogs.lookup import model_name
from bot.discord.errors import NotAllowed
from bot.discord.transport.page import Page
from bot.discord.views.guide import (
    CommandEntry,
    Guide,
    about_page,
    confirm_page,
    deleted_page,
    export_text,
    help_page,
    privacy_page,
)
from bot.records import members
from bot.records.channel_settings import asking_channels
from bot.service.lookups import count_corpus
from bot.service.self_facts import distribution

EXPORT_NAME = "my-data.json"
Node = app_commands.Command[Any, ..., Any] | app_commands.Group


class About(commands.Cog):
    """Explains the bot, and exports or deletes a user's data."""

    my_data = app_commands.Group(name="my-data", description="What I keep about you: download it, or delete it.")

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        bot.button_handlers |= {"help": self.turn_help, "forget-me": self.forget, "forget-not": self.forget_not}

    @app_commands.command(description="What I can do, and how to ask me.")
    async def help(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show how to ask, and every command that this user may run."""
        async with private_reply(self.bot, interaction) as reply:
            await reply.show(help_page(guide(interaction), 0, "help", reply.scope.phrases))

    async def turn_help(self, interaction: discord.Interaction[AttacheBot], _argument: str, page: int) -> None:
        """Show another page of the help."""
        reply = await reply_in_place(self.bot, interaction)
        await reply.show(help_page(guide(interaction), page, "help", reply.scope.phrases))

    @app_commands.command(description="What I am, my version, and what I have read.")
    async def about(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show version, counts and model."""
        async with private_reply(self.bot, interaction) as reply:
            filters = reply.scope.filters()
            counts, (version, home) = await self.bot.corpus_reader.run(
                lambda db: (count_corpus(db, filters), distribution())
            )
            model = model_name(self.bot.settings)
            await reply.show(about_page(version, home, counts, model, reply.scope.phrases))

    @app_commands.command(description="What I keep about you, and for how long.")
    async def privacy(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show what is stored here, and for how long."""
        async with private_reply(self.bot, interaction) as reply:
            chosen = await self.bot.settings_cache.channels(reply.scope.server_id)
            await reply.show(privacy_page(reply.scope, asking_channels(chosen)))

    @my_data.command(name="export", description="Get a file with all that I keep about you; only you see it.")
    async def export(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Send the user a file with their data."""
        async with private_reply(self.bot, interaction) as reply:
            stored = await self.bot.records.read(lambda db: members.export(db, interaction.user.id))
            count = sum(len(rows) for rows in stored.values() if isinstance(rows, list))
            file = await asyncio.to_thread(export_file, stored, interaction.filesize_limit)
            await reply.show(Page([export_text(count, reply.scope.phrases)], files=[file]))

    @my_data.command(name="delete", description="Delete what I keep about you; I ask once more first.")
    async def delete(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Ask for confirmation."""
        async with private_reply(self.bot, interaction) as reply:
            await reply.show(confirm_page(interaction.user.id, "forget-me", "forget-not", reply.scope.phrases))

    async def forget(self, interaction: discord.Interaction[AttacheBot], user_id: str, _page: int) -> None:
        """Delete the data of the user who confirmed."""
        _check_owner(interaction, user_id)
        reply = await reply_in_place(self.bot, interaction)
        remaining = await self.bot.records.read(lambda db: members.count_kept(db, interaction.user.id))
        deleted = await members.delete_all(self.bot.records, interaction.user.id)
        await reply.show(deleted_page(deleted, remaining, reply.scope.phrases))

    async def forget_not(self, interaction: discord.Interaction[AttacheBot], user_id: str, _page: int) -> None:
        """Keep the data."""
        _check_owner(interaction, user_id)
        await (await reply_in_place(self.bot, interaction)).say("data-kept")


def guide(interaction: discord.Interaction[AttacheBot]) -> Guide:
    """Return the commands that the user may run, from the command tree."""
    tree = interaction.client.tree
    everyone: list[CommandEntry] = []
    admin: list[CommandEntry] = []
    for command in tree.get_commands(type=discord.AppCommandType.chat_input):
        needed = command.default_permissions
        if needed is None:
            everyone.extend(_entries(command))
        elif interaction.guild_id is not None and interaction.permissions >= needed:
            admin.extend(_entries(command))
    menus = [menu.name for menu in tree.get_commands(type=discord.AppCommandType.message)]
    return Guide(everyone, menus, admin, _mention(interaction))


def export_file(stored: dict[str, Any], limit: int) -> discord.File:
    """Return a user's data as a JSON file, compressed if it exceeds Discord's limit."""
    data = json.dumps(stored, ensure_ascii=False, indent=2).encode()
    if len(data) <= limit:
        return discord.File(io.BytesIO(data), EXPORT_NAME)
    return discord.File(io.BytesIO(gzip.compress(data)), f"{EXPORT_NAME}.gz")


def _entries(command: Node) -> Iterator[CommandEntry]:
    for each in command.walk_commands() if isinstance(command, app_commands.Group) else (command,):
        if isinstance(each, app_commands.Command):
            yield CommandEntry(each.qualified_name, each.description)


def _mention(interaction: discord.Interaction[AttacheBot]) -> str:
    """Return the bot's mention; empty where it receives no messages: outside its servers, and in group chats."""
    client, guild_id = interaction.client, interaction.guild_id
    is_heard = client.get_guild(guild_id) is not None if guild_id else not interaction.context.private_channel
    return client.user.mention if is_heard and client.user else ""


def _check_owner(interaction: discord.Interaction[AttacheBot], user_id: str) -> None:
    if str(interaction.user.id) != user_id:
        raise NotAllowed("not-yours")
