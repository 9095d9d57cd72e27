"""`python -m evals`: measures and trains, with the data folders and settings of `attache`."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli.main import common, main

# Module, application and description of each group. Only the group that runs is imported: torch, discord.py and
# matplotlib take seconds.
GROUPS = {
    "bench": ("evals.cli.bench", "bench_app", "Measure speed and memory on this machine."),
    "device": ("evals.cli.device_command", "device_app", "Measure encoding and reading on the processor and a GPU."),
    "quality": ("evals.cli.quality", "quality_app", "Measure how well attributions and copies are found."),
    "train": ("evals.cli.train", "train_app", "Train the models from annotated data."),
}


class LazyGroups(TyperGroup):
    """Lists the groups by their descriptions and imports the one that runs."""

    # ANN401: typer keeps these types private.
    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - as typer passes them
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=text) for name, (_, _, text) in GROUPS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as typer passes them
        """Import the group that the first argument names."""
        name, _, rest = super().resolve_command(ctx, args)
        module, app_name, _ = GROUPS[str(name)]
        return name, typer.main.get_group(getattr(import_module(module), app_name)), rest


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
