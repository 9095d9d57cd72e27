"""What Discord takes as application commands, by the documented limits."""

import re
from typing import Any

from tests.wire.refusals import Form

# discord.com/developers/docs/interactions/application-commands
NAME = re.compile(r"^[-_'\w]{1,32}$")
MOST = {1: 100, 2: 15, 3: 15}
MOST_OPTIONS = 25
MOST_TEXT = 8000
KINDS = set(range(1, 12))
LOCALES = set(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja"
    " zh-TW ko".split()
)


def check_commands(commands: list[dict[str, Any]]) -> None:
    """Checks a bulk overwrite.

    Raises:
        Refused: 50035 with the paths of what is wrong.
    """
    form = Form()
    names = [(each.get("type", 1), each.get("name")) for each in commands]
    for kind, most in MOST.items():
        if sum(each[0] == kind for each in names) > most:
            form.error((), "MAX_COMMANDS", f"At most {most} commands of type {kind}")
    for place, command in enumerate(commands):
        if names.count(names[place]) > 1:
            form.error((place, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Command with that name exists")
        _check_command(form, place, command)
    form.check()


def _check_command(form: Form, place: int, command: dict[str, Any]) -> None:
    kind = command.get("type", 1)
    if kind == 1:
        _check_names(form, (place,), command)
        _check_texts(form, (place,), command, "description", 100)
        _check_options(form, (place,), command.get("options"), depth=0)
    else:
        _check_texts(form, (place,), command, "name", 32)
        if command.get("description"):
            form.error((place, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", "Menus have none")
    if text_size(command) > MOST_TEXT:
        form.error((place,), "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({MOST_TEXT})")
    needed = command.get("default_member_permissions")
    if needed is not None and not str(needed).isdecimal():
        form.error((place, "default_member_permissions"), "NUMBER_TYPE_COERCE", "Not a permission set")
    for name, known in (("contexts", {0, 1, 2}), ("integration_types", {0, 1})):
        if not set(command.get(name) or []) <= known:
            form.error((place, name), "BASE_TYPE_CHOICES", f"must be of {known}")


def _check_names(form: Form, path: tuple[Any, ...], thing: dict[str, Any]) -> None:
    given = {("name",): thing.get("name")}
    given |= {("name_localizations", locale): name for locale, name in (thing.get("name_localizations") or {}).items()}
    for where, name in given.items():
        if len(where) == 2 and where[1] not in LOCALES:
            form.error((*path, *where), "BASE_TYPE_CHOICES", "Unknown locale")
        if not isinstance(name, str) or not NAME.match(name) or name != name.lower():
            form.error((*path, *where), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_texts(form: Form, path: tuple[Any, ...], thing: dict[str, Any], name: str, most: int) -> None:
    form.length((*path, name), thing.get(name), most, 1)
    for locale, text in (thing.get(f"{name}_localizations") or {}).items():
        form.length((*path, f"{name}_localizations", locale), text, most, 1)


def _check_options(form: Form, path: tuple[Any, ...], options: object, depth: int) -> None:
    optional_seen = False
    for place, option in enumerate(form.count((*path, "options"), options, MOST_OPTIONS)):
        where = (*path, "options", place)
        _check_names(form, where, option)
        _check_texts(form, where, option, "description", 100)
        kind = option.get("type")
        if kind not in KINDS or (kind in (1, 2) and depth > 1):
            form.error((*where, "type"), "BASE_TYPE_CHOICES", "No such type here")
        if kind in (1, 2):
            _check_options(form, where, option.get("options"), depth + 1)
            continue
        if option.get("required") and optional_seen:
            form.error(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before")
        optional_seen = optional_seen or not option.get("required")
        _check_choices(form, where, option)


def _check_choices(form: Form, where: tuple[Any, ...], option: dict[str, Any]) -> None:
    choices = form.count((*where, "choices"), option.get("choices"), 25)
    if choices and option.get("autocomplete"):
        form.error((*where, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Not with choices")
    for number, choice in enumerate(choices):
        _check_texts(form, (*where, "choices", number), choice, "name", 100)
        if isinstance(choice.get("value"), str):
            form.length((*where, "choices", number, "value"), choice["value"], 100)
    for bound in ("min_length", "max_length"):
        if option.get(bound) is not None and not 0 <= option[bound] <= 6000:
            form.error((*where, bound), "NUMBER_TYPE_MAX", "Must be between 0 and 6000")


def text_size(thing: dict[str, Any]) -> int:
    """Characters of names, descriptions and values of a command, in the language where they are longest."""
    size = 0
    for name in ("name", "description"):
        texts = [thing.get(name) or "", *(thing.get(f"{name}_localizations") or {}).values()]
        size += max(map(len, texts))
    size += sum(len(str(choice.get("value"))) + text_size(choice) for choice in thing.get("choices") or [])
    return size + sum(text_size(option) for option in thing.get("options") or [])
