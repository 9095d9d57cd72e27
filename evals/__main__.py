"""`python -m evals`: measures and trains, over the same data folders and settings as `attache`."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli.main import common, main

# Only the module of the group that is run is imported: torch, discord.py and matplotlib take seconds.
GROUPS = {
    "bench": ("evals.cli.bench", "bench_app", "Measure how fast it is here."),
    "quality": ("evals.cli.quality", "quality_app", "Measure how well attributions and copies are found."),
    "train": ("evals.cli.train", "train_app", "Fit what the program learns from data."),
}


class LazyGroups(TyperGroup):
    """Imports a group when it is first run."""

    # ANN401: typer keeps these types private.
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - see above
        """Lists the groups."""
        return list(GROUPS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - see above
        """Imports a group, or describes it where only the list of groups is wanted."""
        if cmd_name not in GROUPS:
            return None
        module, name, text = GROUPS[cmd_name]
        if ctx.resilient_parsing:
            return TyperCommand(cmd_name, help=text)
        return typer.main.get_group(getattr(import_module(module), name))


app = typer.Typer(
    name="python -m evals",
    cls=LazyGroups,
    help="Measure Attaché and train its models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.callback()(common)

if __name__ == "__main__":
    main(app)
