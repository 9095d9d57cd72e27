"""Names and descriptions of commands in the languages of Discord's users."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where

from bot.discord.i18n.phrases import ENGLISH, Phrases, phrases_for


def phrase_key(context: app_commands.TranslationContextTypes) -> str | None:
    """The key of a name or description: `command-corpus-add`, `option-ask-since`, each with `-description`."""
    data: Any = context.data
    match context.location:
        case Where.command_name | Where.group_name:
            return f"command-{_slug(data.qualified_name)}"
        case Where.command_description | Where.group_description:
            return f"command-{_slug(data.qualified_name)}-description"
        case Where.parameter_name:
            return f"option-{_slug(data.command.qualified_name)}-{_slug(data.name)}"
        case Where.parameter_description:
            return f"option-{_slug(data.command.qualified_name)}-{_slug(data.name)}-description"
        case _:
            # Choices are names of settings and of publishers: the same in every language.
            return None


def name_of(command: str, phrases: Phrases) -> str:
    """A command's qualified name as somebody with this language sees it: `meine-daten exportieren`."""
    parts = command.split(" ")
    keys = [f"command-{_slug(' '.join(parts[: place + 1]))}" for place in range(len(parts))]
    return " ".join(phrases.say(key) if phrases.has(key) else part for key, part in zip(keys, parts, strict=True))


def shown_command(command: str, phrases: Phrases) -> str:
    """A command as it is typed, marked as such."""
    return f"`/{name_of(command, phrases)}`"


def menu_name_of(menu: str, phrases: Phrases) -> str:
    """A message menu's name as somebody with this language sees it; it may have spaces."""
    key = f"command-{_slug(menu)}"
    return phrases.say(key) if phrases.has(key) else menu


def description_of(command: str, english: str, phrases: Phrases) -> str:
    """A command's description as somebody with this language sees it."""
    key = f"command-{_slug(command)}-description"
    return phrases.say(key) if phrases.has(key) else english


class FluentTranslator(app_commands.Translator):
    """Looks names and descriptions up among the phrases; what has no translation stays English."""

    async def translate(
        self,
        _string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
        /,
    ) -> str | None:
        """The text in that locale, or None."""
        phrases, key = phrases_for(locale), phrase_key(context)
        if phrases.language == ENGLISH or key is None or not phrases.has(key):
            return None
        return phrases.say(key)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-").replace("_", "-")
