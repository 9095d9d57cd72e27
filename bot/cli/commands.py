"""Which module each command is in; only that of the command which is run is imported."""

from collections import UserDict
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

_BENCH = ("benching", "measuring")
# In the order of the help.
MODULES = {
    "ask": ("asking",),
    "search": ("asking",),
    "ingest": ("feeding",),
    "reindex": ("feeding",),
    "poll": ("feeds",),
    "status": ("health",),
    "doctor": ("health",),
    "article": ("keeping",),
    "remove": ("keeping",),
    "calibrate": _BENCH,
    "export": ("moving",),
    "backup": ("moving",),
    "restore": ("moving",),
    "bot": ("serving",),
    "sync": ("serving",),
    "eval": ("evaluating",),
    "feeds": ("feeds",),
    "bench": _BENCH,
    "publishers": ("publishers",),
    "footers": ("publishers",),
    "train": ("training",),
}


class Program(TyperGroup):
    """All commands; each is made when it is first looked at."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - as typer hands them over
        super().__init__(**attributes)
        self.commands = _OnDemand(MODULES)


# ANN401: typer keeps the type of a command private.
class _OnDemand(UserDict[str, Any]):
    """Commands by name."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - see above
        return _made(super().__getitem__(name))[name]


@cache
def _made(modules: tuple[str, ...]) -> dict[str, Any]:
    """The commands of some modules by name. Each is told to register them once, or they would be there twice."""
    group = typer.Typer()
    group.callback()(_keep_group)
    for module in modules:
        import_module(f"bot.cli.{module}").register(group)
    return dict(typer.main.get_group(group).commands)


def _keep_group() -> None:
    """Of one command alone typer would make no group."""
