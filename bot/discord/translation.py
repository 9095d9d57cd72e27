"""Names and descriptions of commands in the languages of Discord's users."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where

from bot.discord.phrases import ENGLISH, phrases_for


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
