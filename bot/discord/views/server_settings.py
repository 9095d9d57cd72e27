"""The page of a server's settings."""

from bot.discord.i18n.command_names import command_name
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import escape, truncate
from bot.discord.workers.settings_cache import DEFAULTS
from bot.records.server_settings import ServerSettings, setting_text

# Characters of one value; a plain message holds all settings at their longest.
_LONGEST_VALUE = 60


def settings_page(settings: ServerSettings, phrases: Phrases) -> Page:
    """Return every setting with name, value and description; changed values are bold."""
    lines = [_line(settings, name, phrases) for name in ServerSettings.model_fields]
    return Page([f"### {phrases.say('settings-title')}", "\n".join(lines), f"-# {phrases.say('settings-hint')}"])


def value_text(settings: ServerSettings, name: str) -> str:
    """Return a value to show: channels as links, everything else as plain text; long lists are truncated."""
    text = setting_text(settings, name)
    if "<#" not in text:
        return escape(truncate(text, _LONGEST_VALUE))
    channels = text.split(", ")
    shown = ", ".join(channels[:2])
    return shown if len(channels) <= 2 else f"{shown}, … ({len(channels)})"


def _line(settings: ServerSettings, name: str, phrases: Phrases) -> str:
    value = value_text(settings, name)
    if getattr(settings, name) != getattr(DEFAULTS, name):
        value = f"**{value}**"
    return f"`{name}`: {value}\n-# {setting_description(name, phrases)}"


def setting_description(name: str, phrases: Phrases) -> str:
    """Return what a setting does, with commands named in this language."""
    return phrases.say(setting_key(name), insights=f"/{command_name('insights', phrases)}")


def setting_key(name: str) -> str:
    """Return the key of a setting's description."""
    return f"setting-{name.replace('_', '-')}"
