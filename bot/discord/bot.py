"""The client: its intents and features, who asks from where, and how every failure ends in a sentence."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.discord.errors import NotAllowed, is_too_late, reporting, sentence
from bot.discord.i18n.command_names import FluentTranslator
from bot.discord.i18n.phrases import Phrases, phrases_for
from bot.discord.questions.ask_flow import Asking
from bot.discord.questions.cooldowns import Cooldowns
from bot.discord.questions.search_flow import Searching
from bot.discord.scope import Scope, interaction_server, public_phrases
from bot.discord.transport.dedup import Remembered
from bot.discord.transport.gateway import credentials, outlast_faults
from bot.discord.transport.page import InteractionDelivery, text_page
from bot.discord.transport.retry import REQUEST_FAILURES, Pace, shut_out_s
from bot.discord.transport.session_limit import check_sessions
from bot.discord.views.buttons import Handler, Press
from bot.discord.workers.answer_queue import Desk
from bot.discord.workers.corpus_reader import Shelves
from bot.discord.workers.jobs import Jobs
from bot.discord.workers.settings_cache import ServerBook
from bot.ops.health import Health
from bot.ops.metrics import Metrics
from bot.ops.request_trace import traced
from bot.records.records import Records
from bot.records.server_settings import ServerSettings
from bot.settings import Settings
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

SYNCED_COMMANDS_FILE = "discord-commands.sha256"


class AttacheTree(app_commands.CommandTree["AttacheBot"]):
    """The commands, and the last border of what goes wrong in them."""

    async def interaction_check(self, interaction: discord.Interaction["AttacheBot"], /) -> bool:
        """Whether a command is to be run: not where it is delivered once more."""
        return interaction.client.interactions.is_new(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction["AttacheBot"], error: app_commands.AppCommandError, /
    ) -> None:
        """Tells whoever asked in one sentence what went wrong; the log has the rest."""
        await interaction.client.tell_failure(interaction, error)


class AttacheBot(commands.AutoShardedBot):
    """The bot. Needs no privileged intent unless the settings ask for one.

    Args:
        settings: the settings of this process.
        desk: answers the questions.
        shelves: looks articles up.
        records: keeps what servers and members chose and asked.
        jobs: does long work.
        metrics: counts what happens.
        features: the cogs to load, each made with the bot; the order is that of the commands in lists.
        connector: reaches Discord; None for the ordinary one.
        shard_count: None lets Discord decide.
    """

    def __init__(  # noqa: PLR0913 - every part is passed by itself
        self,
        settings: Settings,
        desk: Desk,
        shelves: Shelves,
        records: Records,
        jobs: Jobs,
        metrics: Metrics,
        features: Sequence[type[commands.Cog]],
        *,
        connector: aiohttp.BaseConnector | None = None,
        shard_count: int | None = None,
    ) -> None:
        super().__init__(
            # There are no commands in messages: a mention is a question.
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=AttacheTree,
            connector=connector,
            http_trace=traced(metrics, self._note_reply),
            shard_count=shard_count,
            **_options(settings),
        )
        self.settings = settings
        self.desk = desk
        self.shelves = shelves
        self.records = records
        self.jobs = jobs
        self.metrics = metrics
        self.health = Health()
        self.book = ServerBook(records)
        cooldowns = Cooldowns()
        self.asking = Asking(desk, records, cooldowns, metrics)
        self.searching = Searching(desk, records, cooldowns)
        self.pace = Pace(tell=metrics.took)
        self.interactions = Remembered()
        self.presses: dict[str, Handler] = {}
        self._features = features
        self._is_launched = False

    async def load_features(self) -> None:
        """Adds every command, menu and button; connects to nothing."""
        await self.tree.set_translator(FluentTranslator())
        self.add_dynamic_items(Press)
        for feature in self._features:
            await self.add_cog(feature(self))

    async def setup_hook(self) -> None:
        """Loads the features, and tells Discord the commands if they are not the ones that it was told last."""
        await self.load_features()
        outlast_faults(self)
        digest = await self.commands_digest()
        known = self.settings.data_dir / SYNCED_COMMANDS_FILE
        if await asyncio.to_thread(_read, known) != digest:
            try:
                await self.sync_commands()
            except discord.HTTPException as error:
                # Too many new ones in a day, say. The commands that Discord knows go on working, and so do mentions.
                log.warning("commands not synced", status=error.status, code=error.code, reason=error.text)

    async def commands_digest(self) -> str:
        """A hash of the commands in all languages, as Discord is told them."""
        translator = self.tree.translator
        payload = [
            await command.get_translated_payload(self.tree, translator) if translator else command.to_dict(self.tree)
            for command in self.tree.get_commands()
        ]
        return hashlib.sha256(json.dumps([self.application_id, payload], sort_keys=True).encode()).hexdigest()

    async def sync_commands(self) -> int:
        """Tells Discord the commands, and remembers that it knows them; returns how many."""
        synced = await self.tree.sync()
        known = self.settings.data_dir / SYNCED_COMMANDS_FILE
        digest = await self.commands_digest()
        try:
            await asyncio.to_thread(known.write_text, digest, "utf-8")
        except OSError as error:
            # A data folder that can't be written costs a sync at every start, not the start.
            log.warning("synced commands could not be noted", reason=str(error))
        return len(synced)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Begins a session for every shard, and runs until the bot is closed.

        Raises:
            AttacheError: Discord allows no new sessions for a while.
        """
        await check_sessions(self.http, self.shard_count)
        await super().connect(reconnect=reconnect)

    async def launch_shards(self) -> None:
        """Begins the first session of every shard."""
        await super().launch_shards()
        self._is_launched = True

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Counts the sessions that are begun, which Discord limits by the day, and waits as the library does.

        Raises:
            AttacheError: Discord allows no new ones for a while.
        """
        # Those of the launch were asked for together; the library would try for ever to launch what is refused here.
        if self._is_launched:
            await check_sessions(self.http, 1)
        await super().before_identify_hook(shard_id, initial=initial)
        self.metrics.identifies.inc()

    def _note_reply(self, status: int, headers: Mapping[str, str]) -> None:
        """Sends nothing more of its own accord while Discord shuts the bot out; every refused request counts there."""
        seconds = shut_out_s(status, headers)
        if seconds is not None:
            self.pace.hold(seconds)
            log.error("Discord refuses all requests of this address for a while", seconds=seconds)

    async def on_message(self, message: discord.Message) -> None:
        """Questions in messages are the business of a feature; there are no commands in messages."""

    async def scope_of(self, interaction: discord.Interaction[Any], *, private: bool) -> Scope:
        """Who asks and where; in the asker's own language where only the asker reads it."""
        server_id = interaction_server(interaction)
        settings = await self.book.settings(server_id)
        phrases = phrases_for(interaction.locale) if private else public_phrases(settings, interaction.guild_locale)
        return Scope(interaction.user.id, server_id, interaction.channel_id or 0, settings, phrases)

    async def scope_of_message(self, message: discord.Message) -> Scope:
        """Who asks and where, for a message that the bot can read as a member of its server."""
        server_id = message.guild.id if message.guild else None
        settings = await self.book.settings(server_id)
        locale = message.guild.preferred_locale if message.guild else None
        return Scope(message.author.id, server_id, message.channel.id, settings, public_phrases(settings, locale))

    async def admin_scope(self, interaction: discord.Interaction[Any]) -> tuple[Scope, int]:
        """The scope of an admin, and the server's id.

        Raises:
            NotAllowed: whoever acts may not manage this server, whatever Discord let through.
        """
        server_id = interaction_server(interaction)
        if server_id is None or not interaction.permissions.manage_guild:
            raise NotAllowed("Only people who may manage this server can do that.")
        return await self.scope_of(interaction, private=True), server_id

    def may_answer_in(self, settings: ServerSettings, channel: object) -> bool:
        """Whether a server lets questions be answered in this channel."""
        if not settings.channels:
            return True
        ids = {getattr(channel, "id", None), getattr(channel, "parent_id", None)}
        return bool(ids & set(settings.channels))

    async def handle(self, interaction: discord.Interaction[Any], handler: Handler, argument: str, page: int) -> None:
        """Runs what a button does, once; what fails is told in a sentence that only whoever pressed sees."""
        if not self.interactions.is_new(interaction.id):
            return
        phrases = phrases_for(interaction.locale)
        async with self.desk.visit(), reporting(lambda told: self.tell(interaction, told), phrases):
            await handler(interaction, argument, page)

    async def tell(self, interaction: discord.Interaction[Any], text: str) -> None:
        """Says something that only the one who acted sees, whether or not the interaction was acknowledged."""
        if not interaction.response.is_done():
            await interaction.response.send_message(text, ephemeral=True)
        elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await InteractionDelivery(interaction).show(text_page(text))
        else:
            await interaction.followup.send(text, ephemeral=True)

    async def tell_failure(self, interaction: discord.Interaction[Any], error: Exception) -> None:
        """Tells in one sentence what went wrong; what comes too late is only logged."""
        if is_too_late(error):
            log.info("too late")
            return
        try:
            await self.tell(interaction, sentence(error, phrases_for(interaction.locale)))
        except REQUEST_FAILURES as unsent:
            log.warning(
                "a failure could not be told", failure=type(unsent).__name__, code=getattr(unsent, "code", None)
            )

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """The last border for events: the log has the traceback."""
        log.exception("event failed", event_name=event_method)  # noqa: LOG004 - the library calls it from its handler

    def phrases(self, interaction: discord.Interaction[Any]) -> Phrases:
        """The words for what only the one who acts reads."""
        return phrases_for(interaction.locale)

    async def close(self) -> None:
        """Closes the connection and the files."""
        try:
            await super().close()
        finally:
            await self.jobs.close()
            await self.shelves.close()
            await asyncio.to_thread(self.records.close)


async def completions(work: Awaitable[list[app_commands.Choice[str]]]) -> list[app_commands.Choice[str]]:
    """Choices for a field that is being typed; a failure offers none rather than an error."""
    try:
        return await work
    except AttacheError as error:
        log.info("no completions", failure=type(error).__name__)
        return []


def _options(settings: Settings) -> dict[str, Any]:
    """What the bot is to Discord, and how Discord is reached."""
    proxy = settings.discord_proxy
    return {
        "intents": _intents(settings),
        "allowed_mentions": discord.AllowedMentions.none(),
        "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        "allowed_installs": app_commands.AppInstallationType(guild=True, user=True),
        "max_messages": None,
        "proxy": proxy.address if proxy else None,
        "proxy_auth": credentials(proxy),
    }


def _intents(settings: Settings) -> discord.Intents:
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.dm_messages = True
    intents.message_content = settings.message_content
    return intents


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
