"""The options of commands that restrict which articles are read: publisher, collection, dates, language."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.context import well_formed
from corpus.dates import parse_bound
from corpus.errors import BadInput
from index.filters import Filters

Publisher = Annotated[list[str] | None, typer.Option("--publisher", help="Only this publisher; repeatable.")]
Collection = Annotated[list[str] | None, typer.Option("--collection", help="Only this collection; repeatable.")]
Since = Annotated[
    str | None, typer.Option("--since", help="Only articles from this day on: 2024-09-09, 2024, last week.")
]
Until = Annotated[str | None, typer.Option("--until", help="Only articles up to this day, inclusive.")]

Language = Annotated[
    list[str] | None, typer.Option("--language", help="Only articles in this language: en, de; repeatable.")
]


def filters_of(
    publisher: list[str] | None,
    collection: list[str] | None,
    since: str | None,
    until: str | None,
    language: list[str] | None = None,
) -> Filters:
    """Return the filters that the options state.

    Raises:
        BadInput: a date can't be parsed, or a language is no code of two letters.
    """
    for each in language or ():
        if not (len(each) == 2 and each.isascii() and each.isalpha()):
            raise BadInput(f"There is no language {well_formed(each)!r}.", "Use two letters (ISO 639-1): en, de, fr.")
    today = datetime.now(UTC).date()
    return Filters(
        publishers=tuple(map(well_formed, publisher or ())),
        collections=tuple(map(well_formed, collection or ())),
        since=None if since is None else parse_bound(since, today=today, end=False),
        until=None if until is None else parse_bound(until, today=today, end=True),
        languages=tuple(each.lower() for each in language or ()),
    )
