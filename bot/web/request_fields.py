"""What readers put into addresses: words, days, numbers of pages."""

from datetime import UTC, date, datetime

from datasette.utils.asgi import Request

from bot.answering.question.kind import LONGEST_QUESTION
from corpus.dates import parse_bound
from corpus.errors import BadInput
from index.filters import Filters

_LONGEST_NAME = 200


def words(request: Request) -> str:
    """Return the words to search for; empty for none.

    Raises:
        BadInput: they are too long.
    """
    text = " ".join(_value(request, "q").split())
    if len(text) > LONGEST_QUESTION:
        raise BadInput(f"This is longer than {LONGEST_QUESTION:,} characters.", "Ask a shorter question.")
    return text


def narrowed(request: Request, filters: Filters) -> Filters:
    """Return the filters, narrowed to the days and the publisher that the address names.

    Raises:
        BadInput: a day can't be read.
    """
    publisher = " ".join(_value(request, "publisher").split())[:_LONGEST_NAME]
    since, until = (_day(request, name) for name in ("since", "until"))
    return Filters(
        publishers=(publisher,) if publisher else (), collections=filters.collections, since=since, until=until
    )


def asked(request: Request) -> dict[str, str]:
    """Return what the search form was sent with, to fill it again."""
    return {name: _value(request, name)[:LONGEST_QUESTION] for name in ("q", "since", "until", "publisher")}


def number(request: Request, name: str, least: int = 0) -> int:
    """Return a number of an address, at least `least`; that for anything else."""
    text = _value(request, name)
    return max(least, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else least


def _value(request: Request, name: str) -> str:
    return str(request.args.get(name) or "").encode("utf-8", "replace").decode()


def _day(request: Request, name: str) -> date | None:
    text = _value(request, name).strip()
    return parse_bound(text, today=datetime.now(UTC).date(), end=name == "until") if text else None
