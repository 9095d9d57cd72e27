"""A server's settings as its admins see them."""

from bot.discord.i18n.command_names import name_of
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import escape, shortened
from bot.discord.workers.settings_cache import DEFAULTS
from bot.records.server_settings import ServerSettings, setting_text

# Characters of one value: with all settings at their longest a message in plain text still holds them.
LONGEST_VALUE = 60


def settings_page(settings: ServerSettings, phrases: Phrases) -> Page:
    """Every setting: name, value, what it does; what was chosen stands in bold."""
    lines = [_line(settings, name, phrases) for name in ServerSettings.model_fields]
    return Page([f"### {phrases.say('settings-title')}", "\n".join(lines), f"-# {phrases.say('settings-hint')}"])


def value_text(settings: ServerSettings, name: str) -> str:
    """A value for people: channels are links, everything else is plain text; long lists end with an ellipsis."""
    text = setting_text(settings, name)
    if "<#" not in text:
        return escape(shortened(text, LONGEST_VALUE))
    channels = text.split(", ")
    shown = ", ".join(channels[:2])
    return shown if len(channels) <= 2 else f"{shown}, … ({len(channels)})"


def _line(settings: ServerSettings, name: str, phrases: Phrases) -> str:
    value = value_text(settings, name)
    if getattr(settings, name) != getattr(DEFAULTS, name):
        value = f"**{value}**"
    return f"`{name}`: {value}\n-# {setting_told(name, phrases)}"


def setting_told(name: str, phrases: Phrases) -> str:
    """What a setting does, with commands as those who speak that language see them."""
    return phrases.say(setting_key(name), insights=f"/{name_of('insights', phrases)}")


def setting_key(name: str) -> str:
    """The key of the phrase that tells what a setting does."""
    return f"setting-{name.replace('_', '-')}"
