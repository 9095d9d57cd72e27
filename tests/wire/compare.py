"""Puts the same requests to this server and to simcord, and shows where they disagree, and what the documents say."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import simcord
from discord import app_commands
from discord.ext import commands
from simcord.env import Env

from tests.wire.probes import PROBES, Ground, Probe
from tests.wire.script import make_place
from tests.wire.server import TOKEN, Server
from tests.wire.world import SEND, VIEW


class Bare(commands.Bot):
    """A bot with one command, which hands its interaction on and answers nothing."""

    def __init__(self, **more: Any) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = True
        super().__init__(command_prefix=commands.when_mentioned, help_command=None, intents=intents, **more)
        self.came: asyncio.Queue[discord.Interaction] = asyncio.Queue()

    async def setup_hook(self) -> None:
        @self.tree.command(description="Hands its interaction on")
        @app_commands.allowed_installs(guilds=True, users=True)
        async def probe(interaction: discord.Interaction) -> None:
            self.came.put_nowait(interaction)

        await self.tree.sync()


class WireGround:
    """Our server, for one comparison."""

    def __init__(self, server: Server, bot: Bare) -> None:
        self._server, self.bot = server, bot
        self._place = make_place(server)
        self._foreign = make_place(server, "foreign", has_bot=False, has_commands=False)
        self.channel_id = self._place.channel.id
        self.mute_id = self._place.new_channel("mute", denied=SEND).id
        self.hidden_id = self._place.new_channel("hidden", denied=VIEW).id
        self.message_id = int(self._place.bob.writes("a")["id"])

    async def interaction(self, *, is_capped: bool = False) -> discord.Interaction:
        (self._foreign if is_capped else self._place).bob.runs("probe")
        return await asyncio.wait_for(self.bot.came.get(), 5)

    async def advance(self, seconds: float) -> None:
        self._server.clock.advance(seconds)


class SimGround:
    """simcord, for one comparison."""

    def __init__(self, env: Env, bot: Bare) -> None:
        self._env, self.bot = env, bot
        guild = env.create_guild("one")
        self._member = guild.add_member(env.create_user("bob"))
        self._channel = guild.create_text_channel("general")
        self.channel_id = self._channel.id
        everyone = guild.default_role
        self.mute_id = self._closed(guild, "mute", everyone, send_messages=False)
        self.hidden_id = self._closed(guild, "hidden", everyone, view_channel=False)
        self.message_id = env.backend.create_message(self.channel_id, self._member.id, "a").id

    def _closed(self, guild: Any, name: str, everyone: Any, **rights: bool) -> int:
        overwrites = {everyone: discord.PermissionOverwrite(**rights)}
        return guild.create_text_channel(name, overwrites=overwrites).id

    async def interaction(self, *, is_capped: bool = False) -> discord.Interaction:
        if is_capped:
            raise NotImplementedError("no server without the application")
        await self._member.slash(self._channel, "probe")
        return await asyncio.wait_for(self.bot.came.get(), 5)

    async def advance(self, seconds: float) -> None:
        await self._env.advance_time(seconds)


@asynccontextmanager
async def wire_ground() -> AsyncIterator[Ground]:
    """Our server with a bot that is connected to it."""
    server = Server()
    # Limits are no part of the comparison, and would be waited for.
    server.buckets.limits = dict.fromkeys(server.buckets.limits, (1000, 1.0))
    await server.start()
    bot = Bare(connector=server.connector())
    ground = WireGround(server, bot)
    running = asyncio.create_task(bot.start(TOKEN))
    await server.until(lambda: bot.guilds and bot.guilds[0].text_channels, "the bot")
    try:
        yield ground
    finally:
        await bot.close()
        await asyncio.gather(running, return_exceptions=True)
        await server.stop()


@asynccontextmanager
async def sim_ground() -> AsyncIterator[Ground]:
    """simcord with the same bot."""
    bot = Bare()
    async with simcord.run(bot, check_errors=False) as env:
        yield SimGround(env, bot)


@dataclass(frozen=True)
class Finding:
    """How a request was answered by both."""

    probe: Probe
    wire: str
    simcord: str

    @property
    def row(self) -> str:
        """As a line of the table in docs/wire.md."""
        return f"| {self.probe.name} | {self.probe.expected} | {self.wire} | {self.simcord} | `{self.probe.page}` |"


async def answers(make: Any) -> dict[str, str]:
    """The answers of one of them; what it can't be asked is `none`."""
    found = {}
    async with make() as ground:
        for probe in PROBES:
            try:
                found[probe.name] = await asyncio.wait_for(probe.put(ground), 10)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is its answer
                found[probe.name] = f"none ({type(error).__name__})"
    return found


async def compare() -> list[Finding]:
    """Every request, put to both."""
    logging.getLogger("discord").setLevel(logging.CRITICAL)
    wire, simcord = await answers(wire_ground), await answers(sim_ground)
    return [Finding(probe, wire[probe.name], simcord[probe.name]) for probe in PROBES]


def main() -> None:
    """Prints the table of those that disagree."""
    findings = asyncio.run(compare())
    apart = [each for each in findings if each.wire != each.simcord]
    print(f"{len(findings)} requests, {len(apart)} answered differently:\n")  # noqa: T201 - a command
    print("| request | documented | this server | simcord | page |\n| --- | --- | --- | --- | --- |")  # noqa: T201
    for each in apart:
        print(each.row)  # noqa: T201


if __name__ == "__main__":
    main()
