"""Translated names and descriptions of commands."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where

from bot.discord.i18n.phrases import ENGLISH, LANGUAGES, Phrases, phrases_for, phrases_in

# A command as code; escaped text has a backslash before each backtick.
_TYPED = re.compile(r"(?<!\\)`(/[^`\\\n]{1,100})`")

_TRANSLATED = frozenset(each.value for each in discord.Locale if each.value.split("-")[0] in {*LANGUAGES} - {ENGLISH})


def phrase_key(context: app_commands.TranslationContextTypes) -> str | None:
    """Return the key of a name or description, such as `command-corpus-add`; None for choices."""
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
            # Choices name settings and publishers, which are not translated.
            return None


def command_name(command: str, phrases: Phrases) -> str:
    """Return a command's qualified name in this language: `meine-daten holen`."""
    parts = command.split(" ")
    keys = [f"command-{_slug(' '.join(parts[: end + 1]))}" for end in range(len(parts))]
    return " ".join(phrases.say(key) if phrases.has(key) else part for key, part in zip(keys, parts, strict=True))


def format_command(command: str, phrases: Phrases) -> str:
    """Format a command as code, as it is typed."""
    return f"`/{command_name(command, phrases)}`"


def menu_name(menu: str, phrases: Phrases) -> str:
    """Return a message menu's name in this language; it may have spaces."""
    key = f"command-{_slug(menu)}"
    return phrases.say(key) if phrases.has(key) else menu


def command_description(command: str, english: str, phrases: Phrases) -> str:
    """Return a command's description in this language."""
    key = f"command-{_slug(command)}-description"
    return phrases.say(key) if phrases.has(key) else english


class CommandLinks:
    """Turns the commands that a text names into links that people can press, with the ids that Discord gave them.

    Discord finds a subcommand by its own name, so in other languages those stay as they are typed there.

    Args:
        ids: the id of each top-level command, by name.
        commands: the qualified names of all commands.
    """

    def __init__(self, ids: Mapping[str, int] | None = None, commands: Iterable[str] = ()) -> None:
        self._links: dict[str, str] = {}
        for command in commands:
            number = (ids or {}).get(command.split(" ")[0])
            for name in (command_name(command, phrases_in(language)) for language in LANGUAGES if number):
                if name == command or " " not in command:
                    self._links[f"/{name}"] = f"</{name}:{number}>"

    def add(self, text: str) -> str:
        """Return a text with links for the commands in it; unknown ones stay as they are."""
        return _TYPED.sub(lambda match: self._links.get(match[1], match[0]), text) if self._links else text


class FluentTranslator(app_commands.Translator):
    """Translate names and descriptions of commands; those without a translation stay English."""

    async def translate(
        self, _string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes, /
    ) -> str | None:
        """Return the text in that locale, or None."""
        # First, since discord.py asks for each of its thirty locales: thousands of times before the bot starts.
        if locale.value not in _TRANSLATED:
            return None
        phrases, key = phrases_for(locale), phrase_key(context)
        return phrases.say(key) if key is not None and phrases.has(key) else None


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-").replace("_", "-")
