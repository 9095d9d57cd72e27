"""Whatever is typed into options with choices, from control characters to half surrogates: choices, or none."""

from collections.abc import Iterator

import pytest
from discord import app_commands
from simcord.env import Env

from bot.discord.bot import AttacheBot
from tests.discord.admins import make_server

ODD = ("a\0b", "\ud800", "\x1b[31m", "%_\\'\"*(", "9" * 30, "٣²", "a\u0301\u0316" * 500, "#" + " " * 1_000 + "1")


def commands(bot: AttacheBot) -> Iterator[app_commands.Command]:
    return (each for each in bot.tree.walk_commands() if isinstance(each, app_commands.Command))


@pytest.mark.parametrize("odd", ODD)
async def test_every_autocomplete_takes_odd_text(odd: str, simcord_env: Env, simcord_bot: AttacheBot) -> None:
    server, asked = make_server(simcord_env), 0
    for command in commands(simcord_bot):
        for option in command.parameters:
            if option.autocomplete:
                await server.alice.autocomplete(server.channel, command.qualified_name, option.name, odd)
                asked += 1
    assert asked >= 20
    assert list(simcord_env.errors) == []
