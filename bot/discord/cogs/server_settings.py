"""`/settings`: admins show and change the settings of their server and of its channels."""

from collections.abc import Sequence

import discord
import structlog
from discord import app_commands
from discord.ext import commands
from pydantic import BaseModel

from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._admin import Admin, admin_command, admin_group, record_action
from bot.discord.cogs._setting_choices import channel_value_choices, name_choices, value_choices
from bot.discord.errors import Refused
from bot.discord.scope import server_collection
from bot.discord.transport.page import text_page
from bot.discord.views.escape import escape, truncate
from bot.discord.views.server_settings import NAMES_PUBLISHERS, channel_settings_page, settings_page, value_text
from bot.discord.workers.settings_cache import DEFAULTS
from bot.records.channel_settings import ChannelSettings, settings_of
from bot.records.server_settings import ServerSettings, is_reset, setting_name, setting_text
from bot.service.lookups import unknown_publishers
from corpus.article import SHARED_COLLECTION
from corpus.errors import AttacheError, StorageFailure
from corpus.publishers.directory import Publishers

log = structlog.get_logger(__name__)

# Where people write: text and announcement channels, chats of voice and stage channels, forums, and threads.
Channel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel | discord.Thread
# Of Discord's ids; Python refuses to read numbers of thousands of digits.
_MAX_ID_DIGITS = 20
# Characters of the publishers that no article has.
LONGEST_NAMES = 200


class SettingsCommands(commands.Cog, name="ServerSettings"):
    """The commands of `/settings`."""

    settings = admin_group("settings", "Choose how the bot behaves in this server")

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot

    @settings.command(description="Show every setting of this server or of a channel")
    @app_commands.describe(channel="Only the settings of this channel")
    async def show(self, interaction: discord.Interaction[AttacheBot], channel: Channel | None = None) -> None:
        """Show every setting with its value and what it does."""
        async with admin_command(self.bot, interaction) as admin:
            phrases, chosen = admin.scope.phrases, await self.bot.settings_cache.channels(admin.server_id)
            if channel is None:
                known = await self._publishers(admin.scope.settings)
                await admin.show(settings_page(admin.scope.settings, chosen, phrases, known))
            else:
                own = settings_of(chosen, channel.id, getattr(channel, "parent_id", None))
                known = await self._publishers(own)
                await admin.show(channel_settings_page(own, channel.id, phrases, known))

    @settings.command(name="set", description="Change a setting of this server or of a channel")
    @app_commands.describe(setting="Which setting", value="Its new value", channel="Only in this channel")
    async def change(
        self,
        interaction: discord.Interaction[AttacheBot],
        setting: app_commands.Range[str, 1, 100],
        value: app_commands.Range[str, 1, 6000],
        channel: Channel | None = None,
    ) -> None:
        """Change one setting."""
        async with admin_command(self.bot, interaction) as admin:
            if channel is not None:
                await self._set_in(admin, channel, setting, value)
                return
            name = setting_name(setting)
            await self._set(admin, name, self._checked(admin, name, value))

    @settings.command(description="Reset a setting of this server or of a channel to its default")
    @app_commands.describe(setting="Which setting", channel="Only in this channel")
    async def reset(
        self,
        interaction: discord.Interaction[AttacheBot],
        setting: app_commands.Range[str, 1, 100],
        channel: Channel | None = None,
    ) -> None:
        """Reset one setting to its default."""
        async with admin_command(self.bot, interaction) as admin:
            if channel is None:
                await self._set(admin, setting_name(setting), "default")
            else:
                await self._set_in(admin, channel, setting, "default")

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Delete the settings of a channel that is gone."""
        await self._forget(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Delete the settings of a thread that is gone."""
        await self._forget(event.guild_id, event.thread_id)

    async def _forget(self, server_id: int, channel_id: int) -> None:
        try:
            await self.bot.settings_cache.forget_channel(server_id, channel_id)
        except StorageFailure as failure:
            log.warning("could not delete settings of a channel", reason=failure.message)

    @change.autocomplete("setting")
    @reset.autocomplete("setting")
    async def complete_setting(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the settings, with what each does."""

        async def choices() -> list[app_commands.Choice[str]]:
            scope, _server_id = await self.bot.admin_scope(interaction)
            return name_choices(
                typed, scope.phrases, ChannelSettings if _chosen_channel(interaction) else ServerSettings
            )

        return await safe_choices(choices())

    @change.autocomplete("value")
    async def complete_value(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer values for the chosen setting."""

        async def choices() -> list[app_commands.Choice[str]]:
            scope, server_id = await self.bot.admin_scope(interaction)
            typed_name = str(getattr(interaction.namespace, "setting", None) or "")
            channel_id = _chosen_channel(interaction)
            if channel_id is None:
                return await value_choices(self.bot, scope, server_id, setting_name(typed_name), typed)
            own = settings_of(await self.bot.settings_cache.channels(server_id), channel_id)
            return await channel_value_choices(self.bot, scope, own, setting_name(typed_name, ChannelSettings), typed)

        return await safe_choices(choices())

    async def _set(self, admin: Admin, name: str, value: str) -> None:
        settings = await self.bot.settings_cache.set(admin.server_id, name, value)
        shown = setting_text(settings, name)
        # Posted to the former log channel, so that everybody there sees who moved the log.
        is_default = getattr(settings, name) == getattr(DEFAULTS, name)
        await record_action(admin, "settings reset" if is_default else "settings set", f"{name} = {shown}")
        value = value_text(settings, name, admin.scope.phrases, await self._publishers(settings))
        said = admin.scope.phrases.say("setting-changed", name=name, value=value)
        await self._tell_changed(admin, settings, name, said)

    async def _set_in(self, admin: Admin, channel: Channel, setting: str, value: str) -> None:
        name, phrases = setting_name(setting, ChannelSettings), admin.scope.phrases
        if name == "answers" and value.strip().casefold() == "questions" and not self.bot.settings.message_content:
            raise Refused(phrases.say("setting-no-message-content"))
        chosen = await self.bot.settings_cache.set_in(admin.server_id, channel.id, name, value)
        own = settings_of(chosen, channel.id, getattr(channel, "parent_id", None))
        action = "settings set" if name in chosen.get(channel.id, {}) else "settings reset"
        await record_action(admin, action, f"{name} = {setting_text(own, name)} (channel {channel.id})")
        shown = value_text(own, name, phrases, await self._publishers(own))
        said = phrases.say("setting-changed-in", name=name, value=shown, channel=f"<#{channel.id}>")
        await self._tell_changed(admin, own, name, said)

    async def _tell_changed(self, admin: Admin, settings: BaseModel, name: str, said: str) -> None:
        """Say that a setting was changed, and which of its publishers no article has, such as misspelt ones."""
        if name in NAMES_PUBLISHERS and (unknown := await self._unknown(admin, name, getattr(settings, name))):
            names = escape(truncate(", ".join(unknown), LONGEST_NAMES))
            said += f"\n{admin.scope.phrases.say('setting-unknown-publishers', publishers=names)}"
        await admin.show(text_page(said))

    async def _unknown(self, admin: Admin, setting: str, names: Sequence[str]) -> list[str]:
        """Return the publishers without an article; what only claims to be one's is hidden with it, but not found."""
        within, is_hiding = (SHARED_COLLECTION, server_collection(admin.server_id)), setting == "hidden_publishers"
        try:
            return await self.bot.corpus_reader.run(
                lambda db: unknown_publishers(db, within, names, counts_claims=is_hiding)
            )
        except AttacheError as failure:
            log.info("publishers not checked", failure=type(failure).__name__)
            return []

    async def _publishers(self, settings: BaseModel) -> Publishers | None:
        """Return what is known of publishers, where settings name some; None if it can't be read now."""
        if not any(getattr(settings, name, ()) for name in NAMES_PUBLISHERS):
            return None
        try:
            return await self.bot.corpus_reader.run(Publishers)
        except AttacheError as failure:
            log.info("publishers not marked", failure=type(failure).__name__)
            return None

    def _checked(self, admin: Admin, name: str, value: str) -> str:
        """Return the value if it makes sense in this server.

        Raises:
            Refused: it does not, although it is valid for the setting.
        """
        if is_reset(name, value):
            return value
        phrases = admin.scope.phrases
        if name == "hidden_collections":
            names = {each.strip(' "').casefold() for each in value.split(",")} - {""}
            if names != {SHARED_COLLECTION}:
                raise Refused(phrases.say("setting-only-shared"))
            return SHARED_COLLECTION
        if name == "log_channel":
            self._check_log_channel(admin, value)
        return value

    def _check_log_channel(self, admin: Admin, value: str) -> None:
        """Refuse a channel of another server, or one that the bot may not write to."""
        digits = value.strip().removeprefix("<#").removesuffix(">")
        guild = self.bot.get_guild(admin.server_id)
        if guild is None or not digits.isdecimal() or len(digits) > _MAX_ID_DIGITS:
            # The setting itself rejects what is not a channel.
            return
        channel = guild.get_channel_or_thread(int(digits))
        if not isinstance(channel, discord.abc.Messageable):
            raise Refused(admin.scope.phrases.say("setting-unknown-channel"))
        allowed = channel.permissions_for(guild.me)
        if not (allowed.view_channel and allowed.send_messages):
            raise Refused(admin.scope.phrases.say("setting-locked-channel"))


def _chosen_channel(interaction: discord.Interaction[AttacheBot]) -> int | None:
    """Return the channel that is filled in while another option is typed."""
    channel = getattr(interaction.namespace, "channel", None)
    return getattr(channel, "id", None)
