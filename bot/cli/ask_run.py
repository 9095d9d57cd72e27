"""Run `attache ask` and `attache search`; apart from their options, since it imports everything that answers."""

import typer
from rich.text import Text

from bot.cli.context import Context, ExitCode
from bot.render.formatters import describe_filters
from bot.render.json_shapes import answer_shape, search_shape
from bot.render.terminal import show_answer, show_hits
from bot.service.attache import Attache
from index.filters import Filters


def answer(shared: Context, question: str, filters: Filters, *, as_json: bool) -> None:
    """Answer a question.

    Raises:
        typer.Exit: the answer is a refusal.
    """
    with Attache(shared.settings, notify=shared.notify) as attache:
        found = attache.ask(question, filters)
    if as_json:
        shared.print_json(answer_shape(found))
    else:
        show_answer(shared.out, found)
    if found.is_refusal:
        raise typer.Exit(ExitCode.NOT_FOUND)


def show_passages(shared: Context, query: str, limit: int, filters: Filters, *, as_json: bool) -> None:
    """Show the best passages.

    Raises:
        typer.Exit: there are none.
    """
    with Attache(shared.settings, notify=shared.notify) as attache:
        result = attache.search(query, limit, filters)
    if as_json:
        shared.print_json(search_shape(query, filters, result))
    elif result.hits:
        show_hits(shared.out, result)
    else:
        limits = describe_filters(filters)
        shared.out.print(Text(f"No passages found ({limits})." if limits else "No passages found."))
    if not result.hits:
        raise typer.Exit(ExitCode.NOT_FOUND)
