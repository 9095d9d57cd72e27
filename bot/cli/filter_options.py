"""The options of commands that restrict which articles are read: publisher, collection, dates."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.context import well_formed
from corpus.dates import parse_bound
from index.filters import Filters

Publisher = Annotated[list[str] | None, typer.Option("--publisher", help="Only this publisher; repeatable.")]
Collection = Annotated[list[str] | None, typer.Option("--collection", help="Only this collection; repeatable.")]
Since = Annotated[
    str | None, typer.Option("--since", help="Only articles from this day on: 2024-09-09, 2024, last week.")
]
Until = Annotated[str | None, typer.Option("--until", help="Only articles up to this day, inclusive.")]


def filters_of(
    publisher: list[str] | None, collection: list[str] | None, since: str | None, until: str | None
) -> Filters:
    """Return the filters that the options state.

    Raises:
        BadInput: a date can't be parsed.
    """
    today = datetime.now(UTC).date()
    return Filters(
        publishers=tuple(map(well_formed, publisher or ())),
        collections=tuple(map(well_formed, collection or ())),
        since=None if since is None else parse_bound(since, today=today, end=False),
        until=None if until is None else parse_bound(until, today=today, end=True),
    )
