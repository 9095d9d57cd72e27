"""Watched questions in English words, for the terminal, and as JSON."""

from rich.console import Console
from rich.text import Text

from bot.records.watches import Watch
from bot.render.envelope import Shape, shape
from bot.render.formatters import long_date, plural
from bot.render.numbered_list import numbered_list, two_lines


def show_watches(console: Console, watches: list[Watch]) -> None:
    """Print a list of watches; private questions are theirs who asked them, so their words are left out."""
    if not watches:
        console.print("Nobody watches a question.")
        return
    console.print(numbered_list((each.id, _item(each)) for each in watches))
    console.print(Text(f"{plural(len(watches), 'watch', 'watches')}.", style="dim"))


def watches_shape(watches: list[Watch]) -> Shape:
    """Return a list of watches; nobody's id, and no words of private questions."""
    return shape("watches", {"watches": [_watch(each) for each in watches]})


def _watch(watch: Watch) -> Shape:
    names = ("id", "place", "private", "made_at", "changed_at", "failures")
    server = str(watch.server_id) if watch.server_id else None
    question = None if watch.private else watch.question
    return {**{name: getattr(watch, name) for name in names}, "server": server, "question": question}


def _item(watch: Watch) -> Text:
    told = two_lines(_question(watch), _facts(watch))
    if watch.problem:
        told.append(f"\ncan't be told since {plural(watch.failures, 'try', 'tries')}", style="yellow")
    return told


def _question(watch: Watch) -> str:
    return "(a private question)" if watch.private else watch.question


def _facts(watch: Watch) -> str:
    where = f"server {watch.server_id}" if watch.server_id else "direct messages"
    told = "in the channel" if watch.place == "channel" else "by direct message"
    return f"{where} · told {told} · since {long_date(watch.made_at)} · last change {long_date(watch.changed_at)}"
