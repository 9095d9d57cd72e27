"""What the bot says about itself and about what it keeps: `/help`, `/about`, `/privacy`, `/my-data`."""

import asyncio
import gzip
import io
import json
from collections.abc import Iterator
from importlib import metadata
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.bot import AttacheBot
from bot.discord.cogs._private_reply import page_turned, private_visit
from bot.discord.cogs.lookup import model_name
from bot.discord.errors import NotAllowed
from bot.discord.transport.page import Page
from bot.discord.views.guide import (
    Entry,
    Guide,
    about_page,
    confirm_page,
    deleted_page,
    export_text,
    help_page,
    privacy_page,
)
from bot.discord.workers.lookups import count_holdings
from bot.records import members

DISTRIBUTION = "attache"
EXPORT_NAME = "my-data.json"
Node = app_commands.Command[Any, ..., Any] | app_commands.Group


class About(commands.Cog):
    """Tells what the bot can do, what it is, and what it keeps; hands out and deletes what it keeps."""

    my_data = app_commands.Group(name="my-data", description="What I keep about you: have it, or delete it.")

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        bot.presses |= {"help": self.turn_help, "forget-me": self.forget, "forget-not": self.forget_not}

    @app_commands.command(description="What I can do, and how to ask me.")
    async def help(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Shows how to ask, and every command that the one who asks may use."""
        async with private_visit(self.bot, interaction) as visit:
            await visit.show(help_page(guide(interaction), 0, "help", visit.scope.phrases))

    async def turn_help(self, interaction: discord.Interaction[AttacheBot], _argument: str, page: int) -> None:
        """Turns to another page of the help."""
        visit = await page_turned(self.bot, interaction)
        await visit.show(help_page(guide(interaction), page, "help", visit.scope.phrases))

    @app_commands.command(description="What I am, in which version, and what I read.")
    async def about(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Shows version, corpus and model."""
        async with private_visit(self.bot, interaction) as visit:
            filters = visit.scope.filters()
            holdings, (version, home) = await self.bot.shelves.run(
                lambda db: (count_holdings(db, filters), distribution())
            )
            model = model_name(self.bot.settings)
            await visit.show(about_page(version, home, holdings, model, visit.scope.phrases))

    @app_commands.command(description="What I keep about you, and for how long.")
    async def privacy(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Shows what is kept in this place."""
        async with private_visit(self.bot, interaction) as visit:
            await visit.show(privacy_page(visit.scope))

    @my_data.command(name="export", description="Sends you a file with all that I keep about you; only you see it.")
    async def export(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Hands out what is kept about whoever asks."""
        async with private_visit(self.bot, interaction) as visit:
            stored = await self.bot.records.read(lambda db: members.export(db, interaction.user.id))
            count = sum(len(rows) for rows in stored.values() if isinstance(rows, list))
            file = await asyncio.to_thread(export_file, stored, interaction.filesize_limit)
            await visit.show(Page([export_text(count, visit.scope.phrases)], files=[file]))

    @my_data.command(name="delete", description="Deletes what I keep about you, after asking once more.")
    async def delete(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Asks whether it is meant."""
        async with private_visit(self.bot, interaction) as visit:
            await visit.show(confirm_page(interaction.user.id, "forget-me", "forget-not", visit.scope.phrases))

    async def forget(self, interaction: discord.Interaction[AttacheBot], user_id: str, _page: int) -> None:
        """Deletes what is kept about whoever confirmed it."""
        _only(interaction, user_id)
        visit = await page_turned(self.bot, interaction)
        staying = await self.bot.records.read(lambda db: members.count_staying(db, interaction.user.id))
        deleted = await members.delete_all(self.bot.records, interaction.user.id)
        await visit.show(deleted_page(deleted, staying, visit.scope.phrases))

    async def forget_not(self, interaction: discord.Interaction[AttacheBot], user_id: str, _page: int) -> None:
        """Leaves everything as it is."""
        _only(interaction, user_id)
        await (await page_turned(self.bot, interaction)).say("data-kept")


def guide(interaction: discord.Interaction[AttacheBot]) -> Guide:
    """What the one who asks may use, read from the command tree."""
    tree = interaction.client.tree
    everyone: list[Entry] = []
    admin: list[Entry] = []
    for command in tree.get_commands(type=discord.AppCommandType.chat_input):
        needed = command.default_permissions
        if needed is None:
            everyone.extend(_entries(command))
        elif interaction.guild_id is not None and interaction.permissions >= needed:
            admin.extend(_entries(command))
    menus = [menu.name for menu in tree.get_commands(type=discord.AppCommandType.message)]
    return Guide(everyone, menus, admin, _mention(interaction))


def distribution() -> tuple[str, str]:
    """The version of this program, and the address that it states as its own, or nothing."""
    try:
        about = metadata.metadata(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "0", ""
    urls = [each.partition(",")[2].strip() for each in about.get_all("Project-URL") or []]
    return about["Version"], next(iter(urls), "")


def export_file(stored: dict[str, Any], limit: int) -> discord.File:
    """Somebody's data as a file; packed where Discord would not take it otherwise."""
    data = json.dumps(stored, ensure_ascii=False, indent=2).encode()
    if len(data) <= limit:
        return discord.File(io.BytesIO(data), EXPORT_NAME)
    return discord.File(io.BytesIO(gzip.compress(data)), f"{EXPORT_NAME}.gz")


def _entries(command: Node) -> Iterator[Entry]:
    for each in command.walk_commands() if isinstance(command, app_commands.Group) else (command,):
        if isinstance(each, app_commands.Command):
            yield Entry(each.qualified_name, each.description)


def _mention(interaction: discord.Interaction[AttacheBot]) -> str:
    """The bot's mention; empty where it gets no messages: in servers that it is no member of, and in group chats."""
    client = interaction.client
    is_heard = (
        client.get_guild(interaction.guild_id) is not None
        if interaction.guild_id
        else (not interaction.context.private_channel)
    )
    return client.user.mention if is_heard and client.user else ""


def _only(interaction: discord.Interaction[AttacheBot], user_id: str) -> None:
    if str(interaction.user.id) != user_id:
        raise NotAllowed("Only the one whose data it is can do that.")
