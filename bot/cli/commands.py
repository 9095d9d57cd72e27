"""The table of commands; only the module of the command that runs is imported."""

from collections import UserDict
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Entry:
    """The modules of `bot.cli` that register a command, and its line in the list of commands."""

    modules: tuple[str, ...]
    help: str


# In the order of `attache --help`, which imports none of these modules.
COMMANDS = {
    "ask": Entry(("ask",), "Answer a question with quotes and sources; exit code 3 if no article answers it."),
    "search": Entry(("ask",), "Show the best passages with their scores; exit code 3 if there are none."),
    "verify": Entry(
        ("ask",), "Check the quotes of a written answer, and prove its sentences again; exit code 1 if anything fails."
    ),
    "ingest": Entry(("ingest",), "Add articles; unreadable ones are listed with the reason and skipped (exit code 1)."),
    "reindex": Entry(("ingest",), "Embed texts that have no vector yet, and build the index if anything changed."),
    "poll": Entry(
        ("feeds",), "Poll the feeds that are due, with --watch until stopped. `attache bot` polls by itself."
    ),
    "stories": Entry(("story_commands",), "Show the stories, each the articles on one event; merge and split them."),
    "coverage": Entry(
        ("overview",),
        "Show who reports a story and who does not, who was first, and who copied whom; exit code 3 if none is found.",
    ),
    "timeline": Entry(
        ("overview",),
        "Show the statements that answer a question by date, each quoted; exit code 3 if no article answers it.",
    ),
    "about": Entry(
        ("overview",), "Show what the articles tell of a country, group or person; exit code 3 if none names it."
    ),
    "brief": Entry(
        ("brief_commands",),
        "Show what is new: changed answers, top stories, disputes, and what publishers changed silently.",
    ),
    "briefs": Entry(("brief_commands",), "Have briefs sent by e-mail, to a webhook, or into a feed file."),
    "web": Entry(
        ("web_command",),
        "Serve a page to look around in: search, stories, articles, edits, timelines, coverage; it changes nothing.",
    ),
    "watches": Entry(("watch_commands",), "Show the questions that members of Discord servers watch; remove some."),
    "status": Entry(("health",), "Show what the data folder contains."),
    "doctor": Entry(("health",), "Check the data folder, the index and the settings; exit code 1 if a check fails."),
    "article": Entry(("articles",), "Show an article with its copies and former texts, or what changed in it."),
    "remove": Entry(("articles",), "Remove an article with all its versions, for good."),
    "calibrate": Entry(
        ("eval",), "Fit when to refuse questions for a fact, on some with known answers, and print the trade-off curve."
    ),
    "export": Entry(
        ("backup",), "Write every article with its former texts to a file that `attache ingest` restores without loss."
    ),
    "backup": Entry(
        ("backup",),
        "Copy the data folder while it is in use: articles, vectors, index, calibration, and the bot's records.",
    ),
    "restore": Entry(("backup",), "Verify a backup and replace the data folder with it; stop the bot first."),
    "bot": Entry(("run_bot",), "Run the Discord bot until it is stopped."),
    "sync": Entry(
        ("run_bot",), "Register the bot's commands with Discord; `attache bot` does so itself when they change."
    ),
    "eval": Entry(("eval",), "Ask questions with known answers, and count what was found, shown and refused."),
    "feeds": Entry(("feeds",), "Manage the feeds that keep the corpus current."),
    "publishers": Entry(("publishers",), "Manage what is known of publishers: country, kind, and state control."),
    "footers": Entry(("publishers",), "Manage the lines that are dropped from the ends of a publisher's articles."),
}


class Program(TyperGroup):
    """All commands, each imported at first use."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - as typer passes them
        super().__init__(**attributes)
        self.commands = _LazyCommands(COMMANDS)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - private to typer
        """List the commands without importing them."""
        lazy = self.commands
        self.commands = {name: TyperCommand(name, help=entry.help) for name, entry in COMMANDS.items()}
        try:
            super().format_help(ctx, formatter)
        finally:
            self.commands = lazy


class _LazyCommands(UserDict[str, Any]):
    """Commands by name."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - private to typer
        return _load(super().__getitem__(name).modules)[name]


@cache
def _load(modules: tuple[str, ...]) -> dict[str, Any]:
    """Return the commands of some modules by name; cached, since a module must register its commands only once."""
    group = typer.Typer()
    group.callback()(_keep_group)
    for module in modules:
        import_module(f"bot.cli.{module}").register(group)
    return dict(typer.main.get_group(group).commands)


def _keep_group() -> None:
    """Forces Typer to build a group for a single command."""
