"""Which module registers each command; only the module of the command that runs is imported."""

from collections import UserDict
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Entry:
    """The modules of `bot.cli` that register a command, and what the list of commands says of it."""

    modules: tuple[str, ...]
    help: str


# In the order of the help, which imports none of them.
COMMANDS = {
    "ask": Entry(("ask",), "Answer a question with quotes and sources; exit code 3 when the corpus does not know."),
    "search": Entry(("ask",), "Show the best passages with their scores; exit code 3 when there are none."),
    "ingest": Entry(
        ("ingest",),
        "Take articles in; what can't be read is named with its reason and skipped (exit code 1), the rest goes in.",
    ),
    "reindex": Entry(("ingest",), "Embed what has no vector yet, and build the vector index if anything changed."),
    "poll": Entry(("feeds",), "Poll the feeds that are due; with --watch for ever. `attache bot` does so by itself."),
    "status": Entry(("health",), "Show what the data folder holds."),
    "doctor": Entry(("health",), "Check the data folder, the index and the settings; exit code 1 when a check fails."),
    "article": Entry(
        ("articles",),
        "Show an article whole, with its copies and every text that it had before; or what changed in it.",
    ),
    "remove": Entry(("articles",), "Remove an article with all its versions, for good."),
    "calibrate": Entry(
        ("eval",),
        "Fit when to refuse on questions with known answers; print the cross-validated trade-off curve.",
    ),
    "export": Entry(
        ("backup",),
        "Write every article with its former texts to a file that `attache ingest` takes back without loss.",
    ),
    "backup": Entry(
        ("backup",),
        "Copy the data folder while it is in use: articles, vectors, index, and what the bot keeps of servers.",
    ),
    "restore": Entry(("backup",), "Check a backup and put it in the place of the data folder; stop the bot first."),
    "bot": Entry(("run_bot",), "Run the Discord bot until it is told to stop."),
    "sync": Entry(
        ("run_bot",), "Tell Discord the bot's commands now; `attache bot` does so by itself when they have changed."
    ),
    "eval": Entry(("eval",), "Ask questions with known answers, and count what was found, shown and refused."),
    "feeds": Entry(("feeds",), "The feeds that the corpus is kept current from."),
    "publishers": Entry(("publishers",), "Who the publishers are: country, kind, and whether a state controls them."),
    "footers": Entry(("publishers",), "Lines that come back under a publisher's articles and are dropped."),
}


class Program(TyperGroup):
    """All commands; each is made when it is first looked at."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - as typer hands them over
        super().__init__(**attributes)
        self.commands = _OnDemand(COMMANDS)

    # ANN401: typer keeps these types private.
    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - see above
        """Lists the commands without making them."""
        made, self.commands = (
            self.commands,
            {name: TyperCommand(name, help=entry.help) for name, entry in COMMANDS.items()},
        )
        try:
            super().format_help(ctx, formatter)
        finally:
            self.commands = made


class _OnDemand(UserDict[str, Any]):
    """Commands by name."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - see above
        return _made(super().__getitem__(name).modules)[name]


@cache
def _made(modules: tuple[str, ...]) -> dict[str, Any]:
    """The commands of some modules by name. Each is told to register them once, or they would be there twice."""
    group = typer.Typer()
    group.callback()(_keep_group)
    for module in modules:
        import_module(f"bot.cli.{module}").register(group)
    return dict(typer.main.get_group(group).commands)


def _keep_group() -> None:
    """Forces Typer to build a group for a single command."""
