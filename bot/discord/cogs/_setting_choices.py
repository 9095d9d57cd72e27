"""Autocomplete choices of `/settings set`: names of settings, and values for each."""

from collections.abc import Sequence

import discord
from discord import app_commands
from pydantic import BaseModel

from bot.discord.bot import AttacheBot
from bot.discord.cogs._autocomplete import matching_choices
from bot.discord.i18n.phrases import Phrases
from bot.discord.scope import Scope
from bot.discord.views.escape import visible
from bot.discord.views.server_settings import setting_description
from bot.records.channel_settings import ChannelSettings
from bot.records.server_settings import ServerSettings, setting_text
from bot.records.time_zones import zone_names
from bot.service.lookups import publisher_names
from corpus.article import SHARED_COLLECTION

_MESSAGE_CHANNELS = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel)
_CHANNEL_SETTINGS = ("channels", "thread_channels")
_VALUES = {
    "language": ("auto", "en", "de"),
    "answer_style": ("rich", "plain"),
    "hidden_collections": (SHARED_COLLECTION, "none"),
    "questions_per_minute_member": ("3", "6", "12", "30"),
    "questions_per_minute_server": ("30", "120", "300", "600"),
    "keep_days": ("1", "7", "30", "90", "365"),
}
_CHANNEL_VALUES = {
    "answers": ("mentions", "quiet", "questions"),
    "collection": ("all", "shared", "own"),
    "language": ("server", "en", "de"),
    "quotes": ("automatic", "1", "2", "3", "4", "5"),
}


def name_choices(
    typed: str, phrases: Phrases, model: type[BaseModel] = ServerSettings
) -> list[app_commands.Choice[str]]:
    """Return the settings of a server or a channel whose name or description contains the typed text."""
    wanted = typed.casefold().strip()
    labels = {name: f"{name} · {setting_description(name, phrases, model)}" for name in model.model_fields}
    # "thread channels" is typed for `thread_channels`; a long description is searched as a whole.
    found = (
        (name, label)
        for name, label in labels.items()
        if wanted.replace(" ", "_") in name or wanted in label.casefold()
    )
    return matching_choices(found, "")


async def value_choices(
    bot: AttacheBot, scope: Scope, server_id: int, name: str, typed: str
) -> list[app_commands.Choice[str]]:
    """Return values for a setting; for a list, the present list with one more entry."""
    if name in _CHANNEL_SETTINGS or name == "log_channel":
        return _channel_choices(bot.get_guild(server_id), scope.settings, name, typed)
    if name == "hidden_publishers":
        return await _publisher_choices(bot, scope, typed, scope.settings.hidden_publishers)
    if name == "time_zone":
        return matching_choices(((each, each) for each in zone_names()), typed)
    return _value_choices(_VALUES.get(name, ("on", "off")), typed)


async def channel_value_choices(
    bot: AttacheBot, scope: Scope, settings: ChannelSettings, name: str, typed: str
) -> list[app_commands.Choice[str]]:
    """Return values for a setting of a channel."""
    if name == "publishers":
        return await _publisher_choices(bot, scope, typed, settings.publishers)
    return _value_choices(_CHANNEL_VALUES[name], typed)


def _value_choices(values: Sequence[str], typed: str) -> list[app_commands.Choice[str]]:
    return matching_choices(((each, each) for each in values), typed)


def _channel_choices(
    guild: discord.Guild | None, settings: ServerSettings, name: str, typed: str
) -> list[app_commands.Choice[str]]:
    wanted = typed.casefold().strip().lstrip("#")
    kinds = _MESSAGE_CHANNELS if name == "log_channel" else (*_MESSAGE_CHANNELS, discord.ForumChannel)
    places = [each for each in (guild.channels if guild else ()) if isinstance(each, kinds)]
    found = [each for each in places if wanted in each.name.casefold()]
    chosen = [] if name == "log_channel" else list(getattr(settings, name))
    names = {each.id: each.name for each in (guild.channels if guild else ())}
    choices = _none_choice(wanted)
    for channel in found:
        ids = [*(each for each in chosen if each != channel.id), channel.id]
        label = ", ".join(f"#{names.get(each, each)}" for each in reversed(ids))
        choices.append((", ".join(f"<#{each}>" for each in ids), label))
    return matching_choices(choices, "")


def _none_choice(wanted: str) -> list[tuple[str, str]]:
    return [("none", "none")] if "none".startswith(wanted) else []


async def _publisher_choices(
    bot: AttacheBot, scope: Scope, typed: str, chosen: tuple[str, ...]
) -> list[app_commands.Choice[str]]:
    wanted = typed.rsplit(",", 1)[-1].casefold().strip()
    choices = _none_choice(wanted)
    for publisher in await bot.corpus_reader.run(lambda db: publisher_names(db, scope.collections)):
        if publisher in chosen or wanted not in publisher.casefold() or publisher != visible(publisher):
            continue
        value = setting_text(ServerSettings(hidden_publishers=(*chosen, publisher)), "hidden_publishers")
        choices.append((value, value))
    return matching_choices(choices, "")
