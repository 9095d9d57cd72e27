"""Writes the page of the bot's Discord commands: `python -m tests.project.discord_commands`."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import discord
from discord import app_commands
from pydantic import BaseModel

from bot.discord.i18n.phrases import ENGLISH, phrases_in
from bot.discord.process import make_bot
from bot.discord.views.server_settings import setting_description
from bot.records.channel_settings import ChannelSettings
from bot.records.server_settings import ServerSettings, setting_text
from bot.service.attache import Attache
from bot.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "discord-commands.md"
HEAD = """# Discord commands

Written from the commands themselves by `make command-page`; `make check` says when it is out of date. Options in
brackets may be left out. [discord.md](discord.md) tells what members and admins do with them.
"""
Command = app_commands.Command[object, ..., object]


async def page() -> str:
    """The page as the commands are now."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(None, data_dir=Path(folder))
        with Attache(settings) as attache:
            async with make_bot(settings, attache) as bot:
                await bot.load_cogs()
                every = [each for each in bot.tree.walk_commands() if isinstance(each, app_commands.Command)]
                menus = bot.tree.get_commands(type=discord.AppCommandType.message)
                parts = [
                    HEAD,
                    *_table("For everybody", [each for each in every if not needs_rights(each)]),
                    *_table("For those who may manage the server", [each for each in every if needs_rights(each)]),
                    "## In the menu of a message",
                    f"Under *Apps*: {', '.join(f'*{menu.name}*' for menu in menus)}.\n",
                    *_settings("Settings of a server", ServerSettings),
                    *_settings("Settings of a channel", ChannelSettings),
                ]
    return "\n".join(parts).rstrip() + "\n"


def needs_rights(command: Command) -> bool:
    """Whether only some people see a command."""
    return (command.root_parent or command).default_permissions is not None


def _table(title: str, commands: list[Command]) -> Iterator[str]:
    yield f"## {title}\n| command | does | options |\n| --- | --- | --- |"
    for command in sorted(commands, key=lambda each: each.qualified_name):
        options = "<br>".join(map(_option, command.parameters))
        yield f"| `/{command.qualified_name}` | {_cell(command.description)} | {options} |"
    yield ""


def _option(option: app_commands.Parameter) -> str:
    name = option.name if option.required else f"[{option.name}]"
    limits = _limits(option)
    return f"`{name}`: {_cell(option.description)}{limits and f' ({limits})'}"


def _limits(option: app_commands.Parameter) -> str:
    if option.choices:
        return ", ".join(f"`{choice.name}`" for choice in option.choices)
    low, high = option.min_value, option.max_value
    if option.type is discord.AppCommandOptionType.string:
        return f"at most {high:,} characters" if high else ""
    return f"{low:,} to {high:,}" if low is not None and high is not None else ""


def _settings(title: str, model: type[BaseModel]) -> Iterator[str]:
    phrases, defaults = phrases_in(ENGLISH), model()
    yield f"## {title}\n| setting | default | what |\n| --- | --- | --- |"
    for name in model.model_fields:
        what = setting_description(name, phrases, model)
        yield f"| `{name}` | {_cell(setting_text(defaults, name))} | {_cell(what)} |"
    yield ""


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|")


def main() -> None:
    """Writes the page."""
    PAGE.write_text(asyncio.run(page()), encoding="utf-8")


if __name__ == "__main__":
    main()
