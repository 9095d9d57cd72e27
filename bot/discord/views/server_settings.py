"""The pages of a server's settings, and of a channel's."""

from collections.abc import Collection

from pydantic import BaseModel

from bot.discord.i18n.command_names import command_name
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import escape, marked_name, truncate
from bot.records.channel_settings import ChannelSettings
from bot.records.server_settings import ServerSettings, quoted_name, setting_text
from corpus.publishers.directory import Publishers

# Characters of one value; a plain message holds all settings at their longest.
_LONGEST_VALUE = 60
_MAX_CHANNELS = 3
# Settings of a server and of a channel that name publishers.
NAMES_PUBLISHERS = frozenset(("hidden_publishers", "publishers"))


def settings_page(
    settings: ServerSettings, channels: Collection[int], phrases: Phrases, known: Publishers | None = None
) -> Page:
    """Return every setting with name, value and description, and the channels that have settings of their own.

    Publishers are marked by what is `known` of them.
    """
    lines = [_line(settings, name, phrases, known) for name in ServerSettings.model_fields]
    if channels:
        named = ", ".join(f"<#{channel}>" for channel in sorted(channels)[:_MAX_CHANNELS])
        more = len(channels) - _MAX_CHANNELS
        listed = f"{named} {phrases.say('and-more', count=more)}" if more > 0 else named
        lines.append(phrases.say("settings-of-channels", channels=listed))
    return Page([f"### {phrases.say('settings-title')}", "\n".join(lines), f"-# {phrases.say('settings-hint')}"])


def channel_settings_page(
    settings: ChannelSettings, channel_id: int, phrases: Phrases, known: Publishers | None = None
) -> Page:
    """Return every setting of a channel with name, value and description; changed values are bold."""
    lines = [_line(settings, name, phrases, known) for name in ChannelSettings.model_fields]
    title = phrases.say("channel-settings-title", channel=f"<#{channel_id}>")
    return Page([f"### {title}", "\n".join(lines), f"-# {phrases.say('settings-hint')}"])


def value_text(settings: BaseModel, name: str, phrases: Phrases, known: Publishers | None) -> str:
    """Return a value to show: channels as links, everything else as plain text; long lists are truncated."""
    text = setting_text(settings, name)
    if name in NAMES_PUBLISHERS and (chosen := getattr(settings, name)):
        text = ", ".join(marked_name(each, known, phrases).replace(each, quoted_name(each), 1) for each in chosen)
    if "<#" not in text:
        return escape(truncate(text, _LONGEST_VALUE))
    channels = text.split(", ")
    shown = ", ".join(channels[:2])
    return shown if len(channels) <= 2 else f"{shown}, … ({len(channels)})"


def _line(settings: BaseModel, name: str, phrases: Phrases, known: Publishers | None) -> str:
    model, value = type(settings), value_text(settings, name, phrases, known)
    if getattr(settings, name) != model.model_fields[name].default:
        value = f"**{value}**"
    return f"`{name}`: {value}\n-# {setting_description(name, phrases, model)}"


def setting_description(name: str, phrases: Phrases, model: type[BaseModel] = ServerSettings) -> str:
    """Return what a setting does, with commands named in this language."""
    return phrases.say(setting_key(name, model), insights=f"/{command_name('insights', phrases)}")


def setting_key(name: str, model: type[BaseModel] = ServerSettings) -> str:
    """Return the key of a setting's description."""
    part = name.replace("_", "-")
    return f"channel-setting-{part}" if model is ChannelSettings else f"setting-{part}"
