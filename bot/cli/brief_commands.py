"""`attache brief` and `attache briefs`: what is new, shown now, or sent by e-mail, webhook and feed file."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import AsJson, Write, well_formed
from bot.cli.filter_options import Since, Until, filters_of
from corpus.article import SHARED_COLLECTION
from corpus.errors import BadInput

Collections = Annotated[
    list[str] | None,
    typer.Option("--collection", help="Only this collection; repeatable. [default: shared]", show_default=False),
]

group = typer.Typer(help="Have briefs sent by e-mail, to a webhook, or into a feed file.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(brief)
    group.command()(add)
    group.command(name="list")(show_all)
    group.command()(remove)
    group.command()(send)
    app.add_typer(group, name="briefs")


def brief(
    context: typer.Context,
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=31, help="What came in during the last days. [default: 1]")
    ] = None,
    since: Since = None,
    until: Until = None,
    collection: Collections = None,
    write: Write = False,
    eml: Annotated[
        Path | None, typer.Option("--eml", help="Also write it as an e-mail into this file.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is new: changed answers, top stories, disputes, and what publishers changed silently."""
    from bot.cli.brief_run import run_brief  # noqa: PLC0415 - takes most of a second

    if days is not None and (since or until):
        raise BadInput("Days and dates can't be chosen together.", "Leave out --days, or --since and --until.")
    filters = filters_of(None, _collections(collection), since, until)
    run_brief(context.obj, filters, days or 1, eml, write=write, as_json=as_json)


def add(  # noqa: PLR0913, PLR0917 - each option is an argument
    context: typer.Context,
    at: Annotated[str, typer.Option("--at", help="Local time of day, such as 07:00.")] = "07:00",
    zone: Annotated[str, typer.Option("--zone", help="Time zone, such as Europe/Berlin.")] = "UTC",
    weekly: Annotated[
        str | None, typer.Option("--weekly", help="Only on this day of the week, such as Monday. [default: every day]")
    ] = None,
    mail: Annotated[str | None, typer.Option("--mail", help="Send it to this e-mail address.")] = None,
    webhook: Annotated[str | None, typer.Option("--webhook", help="Post it as signed JSON to this address.")] = None,
    feed: Annotated[Path | None, typer.Option("--feed", help="Add it to this Atom file.")] = None,
    collection: Collections = None,
    say_empty: Annotated[
        bool, typer.Option("--say-empty", help="Also send it, in one line, when there is nothing to tell.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Have a brief sent every day or week, in one of three ways; `attache bot` or `attache briefs send` sends it."""
    from bot.cli.brief_run import Schedule, add_rule  # noqa: PLC0415 - takes most of a second

    ways = [("mail", mail), ("webhook", webhook), ("feed", str(feed.absolute()) if feed else None)]
    chosen = [(way, target) for way, target in ways if target]
    if len(chosen) != 1:
        raise BadInput("A brief goes one way.", "Give one of --mail, --webhook and --feed.")
    [(way, target)] = chosen
    schedule = Schedule(well_formed(at), well_formed(zone), well_formed(weekly or ""))
    add_rule(
        context.obj, way, well_formed(target), schedule, _collections(collection), says_empty=say_empty, as_json=as_json
    )


def show_all(context: typer.Context, as_json: AsJson = False) -> None:
    """List the briefs that are sent, and why one could not be, if so."""
    from bot.cli.brief_run import list_rules  # noqa: PLC0415 - takes most of a second

    list_rules(context.obj, as_json=as_json)


def remove(
    context: typer.Context,
    number: Annotated[int, typer.Argument(min=1, metavar="NUMBER", help="Its number in `attache briefs list`.")],
    as_json: AsJson = False,
) -> None:
    """Send a brief no more."""
    from bot.cli.brief_run import remove_rule  # noqa: PLC0415 - takes most of a second

    remove_rule(context.obj, number, as_json=as_json)


def send(context: typer.Context, as_json: AsJson = False) -> None:
    """Send the briefs that are due, as from cron; a running bot does it by itself. Exit code 1 if one can't be sent."""
    from bot.cli.brief_run import send_due  # noqa: PLC0415 - takes most of a second

    send_due(context.obj, as_json=as_json)


def _collections(chosen: list[str] | None) -> list[str]:
    # What only one server may read is in no brief that does not name it.
    return chosen or [SHARED_COLLECTION]
