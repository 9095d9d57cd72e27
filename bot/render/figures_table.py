"""Tables of the figures that evaluation commands print."""

from typing import Any

from rich.table import Table


def figures_table(figures: dict[str, Any]) -> Table:
    """Format named figures, nested at most twice, as a table."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in figures.items():
        if name == "confusion":
            for gold, given in value.items():
                table.add_row(f"{gold} answered as", "   ".join(f"{each} {count}" for each, count in given.items()))
        elif isinstance(value, dict) and all(isinstance(each, dict) for each in value.values()):
            for stage, times in value.items():
                table.add_row(f"{name} {stage}", _join(times))
        elif isinstance(value, dict):
            table.add_row(name, _join(value))
        else:
            table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    return table


def _join(figures: dict[str, float]) -> str:
    return "   ".join(
        f"{name} {value:,.1f}" if isinstance(value, float) else f"{name} {value:,}" for name, value in figures.items()
    )
