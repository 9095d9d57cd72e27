"""Lists of things with their numbers, for the terminal."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text


def numbered_list(items: Iterable[tuple[int, Text]]) -> Table:
    """Return a list in which each item stands beside its number."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column()
    for number, text in items:
        table.add_row(str(number), text)
    return table


def two_lines(first: str, second: str) -> Text:
    """Return a bold line with a faint one below."""
    return Text("\n").join([Text(first, style="bold"), Text(second, style="dim")])
