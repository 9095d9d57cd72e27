"""Every command has help and documentation; every documented setting and make target exists."""

import re
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr

from bot.cli.commands import COMMANDS as PROGRAM
from bot.cli.main import app
from bot.settings import PREFIX, Settings
from tests.project import discord_commands

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
MADE = re.compile(r"^\s*(?:\$ )?make ([a-z][\w-]*)", re.MULTILINE)
MADE_INLINE = re.compile(r"`make ([a-z][\w-]*)")


def read(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())


def commands(group: object, name: str) -> Iterator[tuple[str, object]]:
    yield name, group
    for child, command in getattr(group, "commands", {}).items():
        yield from commands(command, f"{name} {child}")


COMMANDS = dict(commands(typer.main.get_command(app), "attache"))


def test_the_tree_of_commands_is_walked() -> None:
    assert {"attache", "attache ask", "attache feeds add"} <= COMMANDS.keys()


def test_the_list_of_commands_says_what_each_says_itself_and_leaves_none_out() -> None:
    registered = typer.Typer()
    for module in sorted({module for entry in PROGRAM.values() for module in entry.modules}):
        import_module(f"bot.cli.{module}").register(registered)
    every = typer.main.get_group(registered).commands
    assert {name: entry.help for name, entry in PROGRAM.items()} == {name: each.help for name, each in every.items()}
    modules = {path.stem for path in (ROOT / "bot" / "cli").glob("*.py") if "def register(" in read(path)}
    assert modules == {module for entry in PROGRAM.values() for module in entry.modules}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    silent = [each.name for each in command.params if each.name != "help" and not getattr(each, "help", None)]
    assert silent == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "attache"])
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"\b{name}\b", read(ROOT / "docs" / "commands.md", ROOT / "README.md"))


def test_every_documented_command_exists() -> None:
    tried = re.findall(r"`(attache(?: [a-z][a-z-]*)+)", read(*DOCUMENTS))
    assert {" ".join(found.split()[:2]) for found in tried} <= COMMANDS.keys()


async def test_the_page_of_discord_commands_is_what_they_say_themselves() -> None:
    assert read(discord_commands.PAGE) == await discord_commands.page(), "Write it again: make command-page"


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([\w-]+):", read(ROOT / "Makefile"), re.MULTILINE))
    text = read(*DOCUMENTS)
    named = set(MADE_INLINE.findall(text)) | set(MADE.findall("\n".join(FENCED.findall(text))))
    assert named <= targets


def test_every_make_target_that_is_declared_exists_and_says_what_it_does() -> None:
    makefile = read(ROOT / "Makefile")
    [declared] = re.findall(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    described = set(re.findall(r"^([\w-]+):.*## ", makefile, re.MULTILINE))
    assert set(declared.split()) == described


def example_lines() -> list[str]:
    return (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()


def default(name: str) -> str:
    value = Settings.model_fields[name].default
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value).lower() if isinstance(value, bool) else "" if value in (None, ()) else str(value)


def test_the_example_names_every_setting_with_its_default_and_nothing_else() -> None:
    stated = [
        match.groups() for line in example_lines() if (match := re.fullmatch(rf"(?:# )?{PREFIX}(\w+)=(.*)", line))
    ]
    assert [key for key, _ in stated] == list(dict.fromkeys(key for key, _ in stated))
    assert dict(stated) == {name.upper(): default(name) for name in Settings.model_fields}
    assert all(re.match(rf"#|{PREFIX}|$", line) for line in example_lines())


def test_every_setting_of_the_example_is_explained_just_above() -> None:
    lines = example_lines()
    for above, line in pairwise(lines):
        if re.match(rf"(?:# )?{PREFIX}\w+=", line):
            assert re.match(rf"# (?!{PREFIX})\w", above), line


def test_the_example_itself_is_a_file_of_settings_that_loads(tmp_path: Path) -> None:
    active = [re.sub(rf"^# (?={PREFIX}\w+=)", "", line) for line in example_lines()]
    (tmp_path / ".env").write_text("\n".join(active), encoding="utf-8")
    assert Settings.load(tmp_path / ".env") == Settings.load(None)
