"""The client: which messages are questions, and where their answers go."""

import asyncio
import contextlib
import hashlib
import json
import re
from collections import OrderedDict
from pathlib import Path

import aiohttp
import discord
from discord import app_commands

from bot.discord.commands import add_commands
from bot.discord.desk import Desk
from bot.discord.replying import reply_to

# Messages that a reconnect may deliver once more come within minutes; this many are remembered.
REMEMBERED_MESSAGES = 10_000
SYNCED_COMMANDS_FILE = "discord-commands.sha256"


class AttacheClient(discord.AutoShardedClient):
    """Answers mentions, direct messages and slash commands. Needs no privileged intent.

    Args:
        desk: answers the questions.
        data_dir: where it remembers which commands Discord already knows.
        connector: reaches Discord; None for the ordinary one.
        shard_count: None lets Discord decide.
    """

    def __init__(
        self,
        desk: Desk,
        data_dir: Path,
        *,
        connector: aiohttp.BaseConnector | None = None,
        shard_count: int | None = None,
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            connector=connector,
            shard_count=shard_count,
        )
        self.desk = desk
        self.tree = app_commands.CommandTree(self)
        self._data_dir = data_dir
        self._seen: OrderedDict[int, None] = OrderedDict()
        add_commands(self.tree, desk)

    async def setup_hook(self) -> None:
        """Tells Discord the commands, if they are not the ones that it was told last."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps([self.application_id, payload], sort_keys=True).encode()).hexdigest()
        known = self._data_dir / SYNCED_COMMANDS_FILE
        if await asyncio.to_thread(_read, known) != digest:
            await self.tree.sync()
            # A data folder that can't be written costs a sync at every start, not the start.
            with contextlib.suppress(OSError):
                await asyncio.to_thread(known.write_text, digest, "utf-8")

    async def on_message(self, message: discord.Message) -> None:
        """Answers a message that is meant for this bot, once."""
        if message.author.bot or self.user is None or not self._is_for_me(message) or not self._is_first(message.id):
            return
        question = re.sub(rf"<@!?{self.user.id}>", " ", message.content).strip()
        if not question:
            await message.reply("Ask me something, such as: Did Iran deny the missile reports?")
            return
        async with self.desk.visit():
            async with message.channel.typing():
                content = await reply_to(self.desk, question)
            await message.reply(content, suppress_embeds=True)

    def _is_for_me(self, message: discord.Message) -> bool:
        if message.guild is None:
            return True
        # @everyone and roles are no question to this bot: only its own name is.
        return any(user.id == self.user.id for user in message.mentions) if self.user else False

    def _is_first(self, message_id: int) -> bool:
        if message_id in self._seen:
            return False
        self._seen[message_id] = None
        if len(self._seen) > REMEMBERED_MESSAGES:
            self._seen.popitem(last=False)
        return True


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
