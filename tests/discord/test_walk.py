"""A walk over every command, menu and option: each has help, translation, permission and a test."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.app_commands import TranslationContext
from discord.app_commands import TranslationContextLocation as Where

from bot.discord.bot import AttacheBot
from bot.discord.i18n.command_names import command_name, phrase_key
from bot.discord.i18n.phrases import ENGLISH, LANGUAGES, phrases_in

ADMINS = ("corpus", "news", "briefs", "settings", "insights", "stories")
SOURCE = Path(__file__).parents[2] / "bot" / "discord"
SHARED_TEXTS = SOURCE.parent / "render" / "locales"
TESTS = Path(__file__).parent
NAME = re.compile(r"^[-_\w]{1,32}$")


@pytest.fixture
async def bot(simcord_bot: AttacheBot):
    async with simcord_bot:
        await simcord_bot.load_cogs()
        yield simcord_bot


def everything(bot: AttacheBot) -> list[Any]:
    """Commands, groups and menus."""
    menus = [each for each in bot.tree.get_commands() if isinstance(each, app_commands.ContextMenu)]
    return [*bot.tree.walk_commands(), *menus]


def texts(command: Any) -> Iterator[tuple[str, TranslationContext]]:
    """Every name and description that Discord shows, with where it stands."""
    is_group = isinstance(command, app_commands.Group)
    yield command.name, TranslationContext(Where.group_name if is_group else Where.command_name, command)
    if isinstance(command, app_commands.ContextMenu):
        return
    where = Where.group_description if is_group else Where.command_description
    yield command.description, TranslationContext(where, command)
    for option in [] if is_group else command.parameters:
        yield option.name, TranslationContext(Where.parameter_name, option)
        yield option.description, TranslationContext(Where.parameter_description, option)


async def test_every_command_and_option_says_what_it_does(bot: AttacheBot):
    for command in everything(bot):
        for text, context in texts(command):
            assert text.strip() not in {"", "…"}, context.data
            limit = 32 if context.location in {Where.command_name, Where.group_name, Where.parameter_name} else 100
            assert len(text) <= limit


async def test_every_command_and_option_is_translated(bot: AttacheBot):
    missing = []
    for language in LANGUAGES:
        phrases = phrases_in(language)
        for command in everything(bot) if language != ENGLISH else ():
            for text, context in texts(command):
                key = phrase_key(context)
                if key is None or not phrases.has(key):
                    missing.append(f"{language}: {key} = {text}")
                    continue
                translated = phrases.say(key)
                is_name = context.location in {Where.command_name, Where.group_name, Where.parameter_name}
                assert len(translated) <= (32 if is_name else 100), key
                if is_name and not isinstance(command, app_commands.ContextMenu):
                    assert NAME.match(translated), key
                    assert translated == translated.lower(), key
    assert not missing, "\n".join(missing)


async def test_what_admins_do_is_shown_to_those_who_manage_a_server_and_only_there(bot: AttacheBot):
    for command in bot.tree.get_commands():
        payload = command.to_dict(bot.tree)
        if command.name in ADMINS:
            assert payload["default_member_permissions"] == discord.Permissions(manage_guild=True).value, command.name
            assert payload["contexts"] == [0], command.name
            assert payload["integration_types"] == [0], command.name
        else:
            assert payload["default_member_permissions"] is None, command.name
            assert payload["contexts"] == [0, 1, 2], command.name
            assert payload["integration_types"] == [0, 1], command.name


async def test_every_command_is_used_in_a_test(bot: AttacheBot):
    used = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__))
    for command in everything(bot):
        if not isinstance(command, app_commands.Group):
            assert f'"{command.qualified_name}"' in used, command.qualified_name


async def test_every_button_is_pressed_in_a_test(bot: AttacheBot):
    used = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    labels = {"retry": "Without filters", "share": "Share"}
    for verb in bot.button_handlers:
        assert f'"{labels.get(verb, verb)}"' in used or f"attache:{verb}:" in used, verb


def text_files(language: str) -> list[Path]:
    """Return the files of texts that the bot says in a language, its own and those that all front ends share."""
    return [
        file for folder in (SHARED_TEXTS, SOURCE / "i18n" / "locales") for file in (folder / language).glob("*.ftl")
    ]


def test_every_phrase_that_the_code_says_exists_in_every_language_and_none_is_left_over():
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    keys = {
        language: {
            key
            for file in text_files(language)
            for key in re.findall(r"^([a-z][\w-]*) =", file.read_text(encoding="utf-8"), re.MULTILINE)
        }
        for language in LANGUAGES
    }
    translations = ("command-", "option-")
    english = {key for key in keys[ENGLISH] if not key.startswith(translations)}
    for language in LANGUAGES:
        assert {key for key in keys[language] if not key.startswith(translations)} == english
    for key in re.findall(r"""\.say\(\s*["']([a-z][\w-]*)["']""", code):
        assert key in english, key
    unused = {key for key in english if f'"{key}"' not in code and f"'{key}'" not in code}
    # Keys that are put together: `setting-NAME`, `stage-NAME` and the like have their family in the code.
    families = set(re.findall(r"""f["']([a-z][a-z-]*-)\{""", code))
    assert not {key for key in unused if not key.startswith(tuple(families))}


async def test_a_phrase_names_commands_as_its_readers_see_them(bot: AttacheBot):
    commands = [each.qualified_name for each in bot.tree.walk_commands()]
    for language in LANGUAGES:
        phrases = phrases_in(language)
        seen = {command_name(each, phrases) for each in commands}
        for file in text_files(language):
            for named in re.findall(r"`/([^`{]+)`", file.read_text(encoding="utf-8")):
                assert named in seen, f"{language}: /{named}"


def test_every_placeholder_of_a_phrase_stands_in_every_language():
    found: dict[str, dict[str, set[str]]] = {}
    for language in LANGUAGES:
        for file in text_files(language):
            blocks = re.split(r"^(?=[a-z][\w-]* =)", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            for block in blocks:
                if match := re.match(r"([a-z][\w-]*) =", block):
                    found.setdefault(match[1], {})[language] = set(re.findall(r"\{ ?\$(\w+)", block))
    for key, languages in found.items():
        if not key.startswith(("command-", "option-")):
            assert len({frozenset(names) for names in languages.values()}) == 1, key
