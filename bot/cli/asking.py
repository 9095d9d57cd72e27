"""`attache ask` and `attache search`."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.text import Text

from bot.cli.context import AsJson, Context, ExitCode, well_formed
from bot.rendering.shapes import answer_shape, search_shape
from bot.rendering.terminal import show_answer, show_hits
from bot.rendering.wording import describe_filters
from bot.service import Attache
from corpus.dates import parse_bound
from index.filters import Filters

Publisher = Annotated[list[str] | None, typer.Option("--publisher", help="Only this publisher; may be given again.")]
Collection = Annotated[list[str] | None, typer.Option("--collection", help="Only this collection; may be given again.")]
Since = Annotated[
    str | None, typer.Option("--since", help="Only articles from this day on: 2024-09-09, 2024, last week.")
]
Until = Annotated[str | None, typer.Option("--until", help="Only articles up to this day, inclusive.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(ask)
    app.command()(search)


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question.")],
    publisher: Publisher = None,
    collection: Collection = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with quotes and sources; exit code 3 when the corpus does not know."""
    shared: Context = context.obj
    filters = _filters(publisher, collection, since, until)
    with Attache(shared.settings, notify=shared.notify) as attache:
        answer = attache.ask(question, filters)
    if as_json:
        shared.print_json(answer_shape(answer))
    else:
        show_answer(shared.out, answer)
    if answer.is_refusal:
        raise typer.Exit(ExitCode.NOT_FOUND)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words to search for.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="Passages to show.")] = 10,
    publisher: Publisher = None,
    collection: Collection = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Show the best passages with their scores; exit code 3 when there are none."""
    shared: Context = context.obj
    filters = _filters(publisher, collection, since, until)
    with Attache(shared.settings, notify=shared.notify) as attache:
        result = attache.search(query, limit, filters)
    if as_json:
        shared.print_json(search_shape(query, filters, result))
    elif result.hits:
        show_hits(shared.out, result)
    else:
        within = describe_filters(filters)
        shared.out.print(Text(f"No passage was found ({within})." if within else "No passage was found."))
    if not result.hits:
        raise typer.Exit(ExitCode.NOT_FOUND)


def _filters(
    publisher: list[str] | None, collection: list[str] | None, since: str | None, until: str | None
) -> Filters:
    today = datetime.now(UTC).date()
    return Filters(
        publishers=tuple(map(well_formed, publisher or ())),
        collections=tuple(map(well_formed, collection or ())),
        since=_bound(since, today, end=False),
        until=_bound(until, today, end=True),
    )


def _bound(text: str | None, today: date, *, end: bool) -> date | None:
    return None if text is None else parse_bound(text, today=today, end=end)
