"""Watched questions in English words, for the terminal, and as JSON."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.records.watches import Watch
from bot.render.envelope import Shape, shape
from bot.render.formatters import long_date, plural


def show_watches(console: Console, watches: list[Watch]) -> None:
    """Print a list of watches; private questions are theirs who asked them, so their words are left out."""
    if not watches:
        console.print("Nobody watches a question.")
        return
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column()
    for each in watches:
        told = Text("\n").join([Text(_question(each), style="bold"), Text(_facts(each), style="dim")])
        if each.problem:
            told.append(f"\ncan't be told since {plural(each.failures, 'try', 'tries')}", style="yellow")
        table.add_row(str(each.id), told)
    console.print(table)
    console.print(Text(f"{plural(len(watches), 'watch', 'watches')}.", style="dim"))


def watches_shape(watches: list[Watch]) -> Shape:
    """Return a list of watches; nobody's id, and no words of private questions."""
    return shape("watches", {"watches": [_watch(each) for each in watches]})


def _watch(watch: Watch) -> Shape:
    names = ("id", "place", "private", "made_at", "changed_at", "failures")
    server = str(watch.server_id) if watch.server_id else None
    question = None if watch.private else watch.question
    return {**{name: getattr(watch, name) for name in names}, "server": server, "question": question}


def _question(watch: Watch) -> str:
    return "(a private question)" if watch.private else watch.question


def _facts(watch: Watch) -> str:
    where = f"server {watch.server_id}" if watch.server_id else "direct messages"
    told = "in the channel" if watch.place == "channel" else "by direct message"
    return f"{where} · told {told} · since {long_date(watch.made_at)} · last change {long_date(watch.changed_at)}"
