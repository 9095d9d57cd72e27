"""Tables of named figures, as measuring commands print them."""

from typing import Any

from rich.table import Table


def figures_table(figures: dict[str, Any]) -> Table:
    """Formats named figures, nested at most twice, as rows of a table."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in figures.items():
        if name == "confusion":
            for gold, given in value.items():
                table.add_row(f"{gold} answered as", "   ".join(f"{each} {count}" for each, count in given.items()))
        elif isinstance(value, dict) and all(isinstance(each, dict) for each in value.values()):
            for stage, times in value.items():
                table.add_row(f"{name} {stage}", _in_a_row(times))
        elif isinstance(value, dict):
            table.add_row(name, _in_a_row(value))
        else:
            table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    return table


def _in_a_row(figures: dict[str, float]) -> str:
    return "   ".join(
        f"{name} {value:,.1f}" if isinstance(value, float) else f"{name} {value:,}" for name, value in figures.items()
    )
