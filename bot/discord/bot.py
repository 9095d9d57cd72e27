"""The Discord client: intents, cogs, command sync, the scope of a request, and the last-resort error handler."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.abc import Snowflake
from discord.ext import commands

from bot.discord.errors import NotAllowed, report_errors
from bot.discord.i18n.command_names import CommandLinks, FluentTranslator
from bot.discord.i18n.phrases import phrases_for
from bot.discord.questions.ask_flow import AskFlow
from bot.discord.questions.cooldowns import Cooldowns
from bot.discord.questions.follow_up_flow import FollowUpFlow
from bot.discord.questions.near_passages import NearPassages
from bot.discord.questions.search_flow import SearchFlow
from bot.discord.questions.write_flow import WriteFlow
from bot.discord.scope import Scope, public_phrases, server_id_of
from bot.discord.transport.dedup import SeenIds
from bot.discord.transport.gateway import harden_client, proxy_auth
from bot.discord.transport.page import InteractionDelivery, text_page
from bot.discord.transport.retry import RateLimiter, ban_seconds
from bot.discord.transport.session_limit import check_session_limit
from bot.discord.views.buttons import ButtonHandler, PersistentButton
from bot.discord.views.page_links import PageLinks
from bot.discord.workers.answer_queue import AnswerQueue
from bot.discord.workers.corpus_reader import CorpusReader
from bot.discord.workers.jobs import Jobs
from bot.discord.workers.settings_cache import SettingsCache
from bot.ops.health import Health
from bot.ops.metrics import Metrics
from bot.ops.request_trace import trace_config
from bot.records.channel_settings import ChannelSettings, settings_of
from bot.records.records import Records
from bot.settings import Settings
from bot.writer.writer import Writer
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)
ChoiceValue = TypeVar("ChoiceValue", str, int)

SYNCED_COMMANDS_FILE = "discord-commands.sha256"
# The id of each command, as the last sync returned it.
COMMAND_IDS_FILE = "discord-commands.json"


class AttacheTree(app_commands.CommandTree["AttacheBot"]):
    """The command tree, with the last-resort error handler of commands."""

    async def interaction_check(self, interaction: discord.Interaction["AttacheBot"], /) -> bool:
        """Run an interaction only once, even if Discord delivers it twice."""
        return interaction.client.interactions.add(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction["AttacheBot"], error: app_commands.AppCommandError, /
    ) -> None:
        """Show the user one sentence about the error; the log gets the details."""
        bot, phrases = interaction.client, phrases_for(interaction.locale)
        async with report_errors(lambda text: bot.reply_privately(interaction, text), phrases):
            raise error


class AttacheBot(commands.AutoShardedBot):
    """The bot. Needs no privileged intent unless the settings ask for one.

    Args:
        settings: the settings of this process.
        answer_queue: answers the questions.
        corpus_reader: looks articles up.
        records: stores settings and asked questions.
        jobs: runs long jobs.
        writer: puts answers into sentences; None without a model.
        metrics: the counters to update.
        cogs: the cogs to load, in the order in which `/help` lists their commands.
        connector: reaches Discord; None for aiohttp's default.
        shard_count: None lets Discord decide.
    """

    def __init__(  # noqa: PLR0913 - each part is passed separately
        self,
        settings: Settings,
        answer_queue: AnswerQueue,
        corpus_reader: CorpusReader,
        records: Records,
        jobs: Jobs,
        writer: Writer | None,
        metrics: Metrics,
        cogs: Sequence[type[commands.Cog]],
        *,
        connector: aiohttp.BaseConnector | None = None,
        shard_count: int | None = None,
    ) -> None:
        super().__init__(
            # Messages hold no commands: a mention is a question.
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=AttacheTree,
            connector=connector,
            http_trace=trace_config(metrics, self._check_ban),
            shard_count=shard_count,
            **_options(settings),
        )
        self.settings = settings
        self.writer = writer
        self.answer_queue = answer_queue
        self.corpus_reader = corpus_reader
        self.records = records
        self.jobs = jobs
        self.metrics = metrics
        self.health = Health()
        self.settings_cache = SettingsCache(records)
        self.cooldowns = Cooldowns()
        passages = NearPassages(answer_queue, corpus_reader)
        self.write_flow = WriteFlow(answer_queue, writer, may_write_private=settings.writer_private)
        self.ask_flow = AskFlow(answer_queue, passages, records, metrics, self.write_flow)
        self.search_flow = SearchFlow(passages, records, self.cooldowns)
        self.page_links = PageLinks(settings.web_url)
        self.follow_ups = FollowUpFlow(answer_queue, self.ask_flow, self.search_flow, self.page_links)
        self.rate_limiter = RateLimiter(observe=metrics.observe_stage)
        self.interactions = SeenIds()
        self.button_handlers: dict[str, ButtonHandler] = {}
        self.command_links = CommandLinks()
        self._cog_types = cogs
        self._is_launched = False

    async def load_cogs(self) -> None:
        """Add every command, menu and button, without connecting."""
        await self.tree.set_translator(FluentTranslator())
        self.add_dynamic_items(PersistentButton)
        for cog in self._cog_types:
            await self.add_cog(cog(self))

    async def setup_hook(self) -> None:
        """Load the cogs, and sync the commands if they have changed since the last sync."""
        await self.load_cogs()
        harden_client(self)
        digest = await self.commands_digest()
        known = self.settings.data_dir / SYNCED_COMMANDS_FILE
        ids = _read_ids(await asyncio.to_thread(_read_text, self._ids_file))
        self._link_commands(ids)
        if not ids or await asyncio.to_thread(_read_text, known) != digest:
            try:
                await self.sync_commands(digest)
            except discord.HTTPException as error:
                # Such as too many new ones in a day. The commands that Discord already knows still work.
                log.warning("commands not synced", status=error.status, code=error.code, reason=error.text)

    @property
    def _ids_file(self) -> Path:
        return self.settings.data_dir / COMMAND_IDS_FILE

    def _link_commands(self, ids: Mapping[str, int]) -> None:
        """Make the commands in texts links, with the ids of the last sync."""
        self.command_links = CommandLinks(ids, [each.qualified_name for each in self.tree.walk_commands()])

    async def commands_digest(self) -> str:
        """Return a hash of the commands in all languages, as they are sent to Discord."""
        translator = self.tree.translator
        payload = [
            await command.get_translated_payload(self.tree, translator) if translator else command.to_dict(self.tree)
            for command in self.tree.get_commands()
        ]
        return hashlib.sha256(json.dumps([self.application_id, payload], sort_keys=True).encode()).hexdigest()

    async def sync_commands(self, digest: str) -> int:
        """Upload the commands to Discord, store their hash, which `commands_digest` gives, and return how many."""
        synced = await self.tree.sync()
        ids = {command.name: command.id for command in synced}
        self._link_commands(ids)
        known = self.settings.data_dir / SYNCED_COMMANDS_FILE
        try:
            await asyncio.to_thread(self._ids_file.write_text, json.dumps(ids), "utf-8")
            await asyncio.to_thread(known.write_text, digest, "utf-8")
        except OSError as error:
            # Costs a sync at every start, but must not prevent the start.
            log.warning("could not store the hash of the commands", reason=str(error))
        return len(synced)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Start a session for every shard, and run until the bot is closed.

        Raises:
            AttacheError: the daily limit of sessions is reached.
        """
        await check_session_limit(self.http, self.shard_count)
        await super().connect(reconnect=reconnect)

    async def launch_shards(self) -> None:
        """Start the first session of every shard."""
        await super().launch_shards()
        self._is_launched = True

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Check the daily limit before a session starts, and count the session.

        Raises:
            AttacheError: the limit is reached.
        """
        # `connect` has checked the launch as a whole; discord.py would retry a launch that fails here for ever.
        if self._is_launched:
            await check_session_limit(self.http, 1)
        await super().before_identify_hook(shard_id, initial=initial)
        self.metrics.identifies.inc()

    def _check_ban(self, status: int, headers: Mapping[str, str]) -> None:
        """Pause sending while Discord bans this address: every further request would prolong the ban."""
        seconds = ban_seconds(status, headers)
        if seconds is not None:
            self.rate_limiter.block(seconds)
            log.error("temporarily banned by Discord", seconds=seconds)

    async def on_message(self, message: discord.Message) -> None:
        """Do nothing: messages hold no commands, and the cog `QuestionMessages` answers questions."""

    async def scope_of(self, interaction: discord.Interaction[Any], *, private: bool) -> Scope:
        """Return who asks and where, in the asker's own language if the reply is private."""
        server_id, here = server_id_of(interaction), interaction.channel or discord.Object(interaction.channel_id or 0)
        scope = await self._scope(interaction.user.id, server_id, here, interaction.guild_locale)
        return replace(scope, phrases=phrases_for(interaction.locale)) if private else scope

    async def scope_of_message(self, message: discord.Message) -> Scope:
        """Return who wrote a message and where."""
        server_id = message.guild.id if message.guild else None
        locale = message.guild.preferred_locale if message.guild else None
        return await self._scope(message.author.id, server_id, message.channel, locale)

    async def scope_in(self, guild: discord.Guild, channel_id: int = 0) -> Scope:
        """Return the scope of what the bot does by itself in a server, or in one of its channels.

        Raises:
            StorageFailure: the settings can't be read.
        """
        here = guild.get_channel_or_thread(channel_id) or discord.Object(channel_id)
        return await self._scope(0, guild.id, here, guild.preferred_locale)

    async def _scope(
        self, user_id: int, server_id: int | None, here: Snowflake, locale: discord.Locale | None
    ) -> Scope:
        settings, chosen = await self.settings_cache.get(server_id), await self.settings_cache.channels(server_id)
        parent_id = getattr(here, "parent_id", None)
        own = settings_of(chosen, here.id, parent_id)
        # A channel that answers every question is one that questions are answered in.
        may_answer = (
            not settings.channels or own.answers == "questions" or bool({here.id, parent_id} & set(settings.channels))
        )
        phrases = public_phrases(settings, locale, own)
        return Scope(user_id, server_id, here.id, settings, phrases, own, may_answer)

    async def admin_scope(self, interaction: discord.Interaction[Any]) -> tuple[Scope, int]:
        """Return an admin's scope, and the server's id.

        Raises:
            NotAllowed: the user may not manage this server, whatever Discord's own checks say.
        """
        server_id = server_id_of(interaction)
        if server_id is None or not interaction.permissions.manage_guild:
            raise NotAllowed("not-manager")
        # Admins manage the server, whatever is chosen for the channel in which they do.
        return replace(await self.scope_of(interaction, private=True), channel=ChannelSettings()), server_id

    async def handle(
        self, interaction: discord.Interaction[Any], handler: ButtonHandler, argument: str, page: int
    ) -> None:
        """Run a button's handler once; show an error to the user privately."""
        if not self.interactions.add(interaction.id):
            return
        phrases = phrases_for(interaction.locale)
        async with (
            self.answer_queue.hold_open(),
            report_errors(lambda text: self.reply_privately(interaction, text), phrases),
        ):
            await handler(interaction, argument, page)

    async def reply_privately(self, interaction: discord.Interaction[Any], text: str) -> None:
        """Show a text to the user only, whether or not the interaction was acknowledged."""
        if not interaction.response.is_done():
            await interaction.response.send_message(text, ephemeral=True)
        elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await InteractionDelivery(interaction).show(text_page(text))
        else:
            await interaction.followup.send(text, ephemeral=True)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log the traceback of an event handler's error."""
        log.exception("event failed", event_name=event_method)  # noqa: LOG004 - discord.py calls it while handling the exception

    async def close(self) -> None:
        """Close the connection and the files."""
        try:
            await super().close()
        finally:
            await self.jobs.close()
            if self.writer is not None:
                await self.writer.close()
            await self.corpus_reader.close()
            await asyncio.to_thread(self.records.close)


async def safe_choices(
    work: Awaitable[list[app_commands.Choice[ChoiceValue]]],
) -> list[app_commands.Choice[ChoiceValue]]:
    """Await autocomplete choices; return none if they can't be read."""
    try:
        return await work
    except AttacheError as error:
        log.info("no choices", failure=type(error).__name__)
        return []


def _options(settings: Settings) -> dict[str, Any]:
    proxy = settings.discord_proxy
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.dm_messages = True
    intents.message_content = settings.message_content
    return {
        "intents": intents,
        "allowed_mentions": discord.AllowedMentions.none(),
        "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        "allowed_installs": app_commands.AppInstallationType(guild=True, user=True),
        "max_messages": None,
        "proxy": proxy.address if proxy else None,
        "proxy_auth": proxy_auth(proxy),
    }


def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _read_ids(text: str) -> dict[str, int]:
    """Return the ids of the commands in a file; none from one that is damaged, which the next sync writes anew."""
    try:
        ids = json.loads(text or "{}")
        return {str(name): int(number) for name, number in ids.items()}
    except (ValueError, AttributeError, TypeError):
        return {}
